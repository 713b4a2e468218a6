//! Names of groups of operations: the accessor on the service's client, which is a module too, and the group's client.

use super::operations::METHODS;
use super::scope::KEYWORDS;
use super::words::{pascal, snake};

/// Whether the names of two groups are the same to Rust: `HttpSuccess` and `httpSuccess`, `Foo2` and `Foo-2`.
pub fn same_group(a: &str, b: &str) -> bool {
    a == b || snake(a) == snake(b) || pascal(a) == pascal(b)
}

/// Accessor and client type of the group that a definition calls `wire`, in a service whose client is `client`.
///
/// A module cannot be called `r#enum` in a path, so a keyword gets a word behind it, as what every client has does.
pub fn group(wire: &str, client: &str) -> (String, String) {
    let mut accessor = snake(wire);
    let mut stem = pascal(wire);
    if !accessor.starts_with(char::is_alphabetic) {
        accessor = format!("group_{accessor}");
        stem = format!("Group{stem}");
    }
    let is_own_module = [
        "answers",
        "builder",
        "client",
        "exchanges",
        "groups",
        "headers",
        "operations",
        "requests",
        "xml",
    ];
    let is_taken = [KEYWORDS, METHODS, &is_own_module, &["self", "super"]]
        .iter()
        .any(|words| words.contains(&accessor.as_str()));
    if is_taken {
        accessor.push_str("_group");
    }
    let mut ty = format!("{stem}Client");
    if ty == client {
        ty = format!("{stem}GroupClient");
    }
    (accessor, ty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_legal_modules_methods_and_types() {
        for (wire, accessor, ty) in [
            ("Datasets", "datasets", "DatasetsClient"),
            ("Enum", "enum_group", "EnumClient"),
            ("Clone", "clone_group", "CloneClient"),
            ("Client", "client_group", "ClientClient"),
            ("Maps", "maps", "MapsGroupClient"),
            ("Xml", "xml_group", "XmlClient"),
            ("2D", "group_2d", "Group2dClient"),
        ] {
            let expected = (accessor.to_owned(), ty.to_owned());
            assert_eq!(group(wire, "MapsClient"), expected, "{wire}");
        }
        assert!(same_group("HttpSuccess", "httpSuccess"));
        assert!(same_group("Foo2", "Foo-2"));
        assert!(!same_group("HttpSuccess", "HttpFailure"));
    }
}
