//! Names that stay: `spec/names.lock` remembers what each item is called, so that a new one never takes the name of an old
//! one, whatever the order of the documents.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::diagnostics::Diagnostic;
use crate::model::{Place, TypeDef, TypeKind};

/// Names of one version of one service: by namespace, then by item.
pub type Locked = BTreeMap<String, BTreeMap<String, String>>;

/// The whole file: by service, then by version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    services: BTreeMap<String, BTreeMap<String, Locked>>,
}

const HEAD: &str = "\
# Rust names of the generated items, kept by `cargo xtask codegen`: what stands here keeps its name, whatever is added to
# the definitions. `services.toml` wins; a line that is removed is made again by the rules.
";

impl Lock {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// The message of the TOML parser.
    pub fn read(text: &str) -> Result<Self, String> {
        let services = toml::from_str(text).map_err(|error| error.to_string())?;
        Ok(Self { services })
    }

    /// Names of one version.
    pub fn version(&self, service: &str, version: &str) -> Locked {
        let version = self.services.get(service).and_then(|of| of.get(version));
        version.cloned().unwrap_or_default()
    }

    /// Sets the names of one version.
    pub fn set(&mut self, service: &str, version: &str, names: Locked) {
        let versions = self.services.entry(service.to_owned()).or_default();
        versions.insert(version.to_owned(), names);
    }

    /// The file.
    pub fn text(&self) -> String {
        let mut out = HEAD.to_owned();
        for (service, versions) in &self.services {
            for (version, scopes) in versions {
                for (scope, items) in scopes.iter().filter(|(_, items)| !items.is_empty()) {
                    let (service, version, scope) =
                        (quoted(service), quoted(version), quoted(scope));
                    let _ = writeln!(out, "\n[{service}.{version}.{scope}]");
                    for (item, name) in items {
                        let _ = writeln!(out, "{} = {}", quoted(item), quoted(name));
                    }
                }
            }
        }
        out
    }
}

/// A text as TOML has it: the escapes are those of JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text)
        .to_string()
        .replace('\u{7f}', "\\u007f")
}

/// What a run knows of names: those of the last one, and its own.
#[derive(Debug, Default)]
pub(super) struct Keeper {
    /// What was read.
    pub(super) locked: Locked,
    /// What this run has made.
    pub(super) made: Locked,
}

impl Keeper {
    pub(super) fn new(locked: Locked) -> Self {
        Self {
            locked,
            made: Locked::default(),
        }
    }

    /// The name of an item in the last run.
    pub(super) fn name(&self, scope: &str, item: &str) -> Option<&str> {
        self.locked.get(scope)?.get(item).map(String::as_str)
    }

    /// Keeps the name of an item, and reports it when it is not the one that was to stay.
    pub(super) fn keep(
        &mut self,
        scope: &str,
        item: &str,
        ident: &str,
        place: Option<&Place>,
    ) -> Option<Diagnostic> {
        let ident = ident.trim_start_matches("r#");
        let old = self.name(scope, item).filter(|old| *old != ident);
        let fault = old.map(|old| {
            let message = format!("{scope} `{item}` is `{old}` in spec/names.lock, which cannot stay; it would be `{ident}`");
            let help = "give it another name in spec/services.toml, or remove the line of spec/names.lock";
            Diagnostic::error("locked-name", message)
                .at_maybe(place.cloned())
                .help(help)
        });
        let items = self.made.entry(scope.to_owned()).or_default();
        items.insert(item.to_owned(), ident.to_owned());
        fault
    }
}

/// What a type is called in the lock: where it stands, which does not depend on what else there is.
pub(super) fn type_item(def: &TypeDef) -> String {
    let file = def.place.file.rsplit('/').next().unwrap_or_default();
    // A base that is a kind itself is two types.
    let kind = match def.kind {
        TypeKind::Union(_) => " (any kind)",
        TypeKind::Struct(_) | TypeKind::Enum(_) => "",
    };
    format!("{file}{}{kind}", def.place.pointer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_as_it_was_written() {
        let mut lock = Lock::default();
        let items = [
            ("", "empty"),
            ("a \"quoted\" \\ one", "a_quoted_one"),
            ("line\nend\u{7f}\u{1}", "line_end"),
            ("größe = 1", "größe"),
        ];
        let items = items.map(|(item, name)| (item.to_owned(), name.to_owned()));
        let names = Locked::from([("field of a.json#/definitions/A".to_owned(), items.into())]);
        lock.set("route", "1.0", names);
        assert_eq!(Lock::read(&lock.text()), Ok(lock));
    }

    #[test]
    fn a_file_that_is_none_is_refused() {
        assert!(Lock::read("[a").is_err());
        assert!(Lock::read("a = 1").is_err());
    }
}
