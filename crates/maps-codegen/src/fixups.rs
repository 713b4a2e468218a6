//! Corrections of definitions, each with a reason, each failing when it no longer applies.

use std::path::Path;

use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::config::{Fixup, FixupKind};
use crate::diagnostics::Diagnostic;
use crate::load::{Documents, Json, Node, percent_decode};

/// Applies every fixup. `folder` holds the documents; `file` and `text` are the configuration's, for places.
pub fn apply(
    documents: &mut Documents,
    fixups: &[Fixup],
    folder: &Path,
    file: &str,
    text: &str,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for fixup in fixups {
        if documents.failed(&folder.join(&fixup.document)) {
            // That it cannot be read has been reported; what it says is not known.
            continue;
        }
        let document = documents
            .by_path(&folder.join(&fixup.document))
            .and_then(|index| documents.get_mut(index));
        let outcome = match document {
            // What is added has its place in the order of members, and what becomes required another one.
            Some(document) => run(&mut document.root, fixup).map(|()| document.root.put_in_order()),
            None => Err(format!("no service uses `{}`", fixup.document)),
        };
        if let Err(message) = outcome {
            found.push(
                Diagnostic::error("stale-fixup", message)
                    .at(fixup.place(file, text))
                    .help("the definition has changed: correct the fixup or remove it"),
            );
        }
    }
    found
}

/// Applies one fixup to a document.
fn run(root: &mut Node, fixup: &Fixup) -> Result<(), String> {
    let path = parts(fixup.at.get_ref())?;
    let (last, parents) = path
        .split_last()
        .ok_or("the pointer names the whole document")?;
    match fixup.kind {
        FixupKind::Add => add(find(root, parents)?, last, needed(&fixup.value, "value")?),
        FixupKind::Set => {
            let node = find(root, &path)?;
            expected(node, needed(&fixup.expect, "expect")?)?;
            *node = Node::in_place_of(needed(&fixup.value, "value")?, node.span);
            Ok(())
        }
        FixupKind::Remove => {
            expected(find(root, &path)?, needed(&fixup.expect, "expect")?)?;
            match &mut find(root, parents)?.json {
                Json::Object(members) => {
                    members.shift_remove(last);
                }
                Json::Array(items) => {
                    items.remove(last.parse().map_err(|_| format!("`{last}` is no index"))?);
                }
                _ => return Err("nothing can be removed there".to_owned()),
            }
            Ok(())
        }
        FixupKind::Pageable => {
            let next_link = needed(&fixup.next_link, "next-link")?;
            let items = needed(&fixup.items, "items")?;
            let value = json!({ "nextLinkName": next_link, "itemName": items });
            add(find(root, &path)?, "x-ms-pageable", &value)
        }
        FixupKind::SasHeader => {
            let node = find(root, &path)?;
            let name = member(node, "name")?;
            if is_header_name(&name.to_value()) {
                return Err("the scheme names a legal header".to_owned());
            }
            *name = Node::in_place_of(&json!("Authorization"), name.span);
            Ok(())
        }
        FixupKind::ItemLimits => {
            let node = find(root, &path)?;
            let members = object(node)?;
            let mut changed = false;
            for (wrong, right) in [("minimum", "minItems"), ("maximum", "maxItems")] {
                if let Some(value) = members.shift_remove(wrong) {
                    members.insert(right.to_owned(), value);
                    changed = true;
                }
            }
            changed
                .then_some(())
                .ok_or_else(|| "the array has neither `minimum` nor `maximum`".to_owned())
        }
        FixupKind::SingleValueDefault => {
            let members = object(find(root, &path)?)?;
            let single = match members.get("enum").map(|values| &values.json) {
                Some(Json::Array(values)) if values.len() == 1 => values[0].clone(),
                _ => return Err("it is no enum of one value".to_owned()),
            };
            if members.contains_key("default") {
                return Err("it has a default".to_owned());
            }
            members.shift_remove("enum");
            members.insert("default".to_owned(), single);
            Ok(())
        }
        FixupKind::Base => {
            let base = needed(&fixup.base, "base")?;
            let node = find(root, &path)?;
            if object(node)?.contains_key("allOf") {
                return Err("it has an `allOf`".to_owned());
            }
            add(node, "allOf", &json!([{ "$ref": base }]))
        }
    }
}

fn needed<'f, T>(value: &'f Option<T>, name: &str) -> Result<&'f T, String> {
    value
        .as_ref()
        .ok_or_else(|| format!("the fixup lacks `{name}`"))
}

fn parts(pointer: &str) -> Result<Vec<String>, String> {
    let rest = pointer
        .strip_prefix("#/")
        .ok_or_else(|| format!("`{pointer}` does not begin with `#/`"))?;
    Ok(rest
        .split('/')
        .map(|part| percent_decode(part).replace("~1", "/").replace("~0", "~"))
        .collect())
}

fn find<'n>(root: &'n mut Node, path: &[String]) -> Result<&'n mut Node, String> {
    let mut node = root;
    for part in path {
        let next = match &mut node.json {
            Json::Object(members) => members.get_mut(part),
            Json::Array(items) => part.parse().ok().and_then(|at: usize| items.get_mut(at)),
            _ => None,
        };
        node = next.ok_or_else(|| format!("there is no `{part}`"))?;
    }
    Ok(node)
}

fn object(node: &mut Node) -> Result<&mut IndexMap<String, Node>, String> {
    match &mut node.json {
        Json::Object(members) => Ok(members),
        _ => Err("it is no object".to_owned()),
    }
}

fn member<'n>(node: &'n mut Node, name: &str) -> Result<&'n mut Node, String> {
    object(node)?
        .get_mut(name)
        .ok_or_else(|| format!("there is no `{name}`"))
}

/// Adds a member that must not be there; it gets the place of the object that it is added to.
fn add(parent: &mut Node, name: &str, value: &Value) -> Result<(), String> {
    let span = parent.span;
    let members = object(parent)?;
    if members.contains_key(name) {
        return Err(format!("there is a `{name}` already"));
    }
    members.insert(name.to_owned(), Node::in_place_of(value, span));
    Ok(())
}

fn expected(node: &Node, expect: &Value) -> Result<(), String> {
    let is = node.to_value();
    if is == *expect {
        Ok(())
    } else {
        Err(format!("it is {is}, not {expect}"))
    }
}

/// Whether a value can name a header.
pub(crate) fn is_header_name(value: &Value) -> bool {
    value.as_str().is_some_and(|name| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::load::Span;

    fn fixed(document: &Value, fixup: &str) -> Result<Value, String> {
        let text = format!("[[fixup]]\ndocument = \"d.json\"\nreason = \"r\"\n{fixup}");
        let config = Config::read("s.toml", &text).unwrap();
        let mut root = Node::in_place_of(document, Span::default());
        run(&mut root, &config.fixup[0]).map(|()| root.to_value())
    }

    #[test]
    fn set_checks_what_it_replaces() {
        let set = "kind = \"set\"\nat = \"#/a/0\"\nexpect = 1\nvalue = 2";
        assert_eq!(fixed(&json!({"a": [1]}), set), Ok(json!({"a": [2]})));
        assert_eq!(
            fixed(&json!({"a": [3]}), set),
            Err("it is 3, not 1".to_owned())
        );
        assert_eq!(fixed(&json!({}), set), Err("there is no `a`".to_owned()));
    }

    #[test]
    fn single_value_default_moves_the_value() {
        let fixup = "kind = \"single-value-default\"\nat = \"#/p\"";
        assert_eq!(
            fixed(&json!({"p": {"enum": ["x"]}}), fixup),
            Ok(json!({"p": {"default": "x"}}))
        );
        assert!(fixed(&json!({"p": {"enum": ["x", "y"]}}), fixup).is_err());
    }

    #[test]
    fn item_limits_move_to_their_own_keywords() {
        let fixup = "kind = \"item-limits\"\nat = \"#/p\"";
        let mended = json!({"p": {"type": "array", "maxItems": 5}});
        assert_eq!(
            fixed(&json!({"p": {"type": "array", "maximum": 5}}), fixup),
            Ok(mended.clone())
        );
        assert!(fixed(&mended, fixup).is_err());
    }

    #[test]
    fn a_legal_header_needs_no_fixup() {
        let fixup = "kind = \"sas-header\"\nat = \"#/s\"";
        let mended = json!({"s": {"name": "Authorization"}});
        assert_eq!(
            fixed(&json!({"s": {"name": "SAS Token"}}), fixup),
            Ok(mended.clone())
        );
        assert!(fixed(&mended, fixup).is_err());
    }
}
