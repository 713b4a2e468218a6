//! Follows `$ref`s.

use std::cell::RefCell;
use std::collections::HashSet;

use crate::diagnostics::{Diagnostic, did_you_mean};
use crate::load::{At, Documents, Json, parts_with_references, percent_decode};

/// Follows references in a set of documents and collects what is wrong with them.
#[derive(Debug)]
pub struct Resolver<'a> {
    documents: &'a Documents,
    found: RefCell<Vec<Diagnostic>>,
}

/// A value behind any chain of references.
#[derive(Debug, Clone)]
pub struct Resolved<'a> {
    /// The value itself.
    pub target: At<'a>,
    /// The values with a `$ref` on the way, outermost first; their siblings count.
    pub chain: Vec<At<'a>>,
    /// Root section and name of the value, when it stands there: `("definitions", "Foo")`.
    pub root: Option<(&'a str, &'a str)>,
}

impl<'a> Resolved<'a> {
    /// The values that may say something, the outermost first.
    pub fn layers(&self) -> impl DoubleEndedIterator<Item = At<'a>> {
        self.chain
            .iter()
            .copied()
            .chain(std::iter::once(self.target))
    }

    /// A member, of the outermost value that has it.
    pub fn get(&self, key: &str) -> Option<At<'a>> {
        self.layers().find_map(|layer| layer.get(key))
    }

    /// A text, of the outermost value that has it.
    pub fn string(&self, key: &str) -> Option<String> {
        self.get(key).and_then(At::as_str).map(str::to_owned)
    }

    /// Whether any value on the way says so, the outermost deciding.
    pub fn is(&self, key: &str) -> bool {
        self.get(key)
            .is_some_and(|at| matches!(at.node.json, Json::Bool(true)))
    }

    /// Name in `definitions`.
    pub fn definition(&self) -> Option<&'a str> {
        self.root
            .filter(|(section, _)| *section == "definitions")
            .map(|(_, name)| name)
    }

    /// Where the outermost value stands.
    pub fn outer(&self) -> At<'a> {
        self.chain.first().copied().unwrap_or(self.target)
    }
}

impl<'a> Resolver<'a> {
    /// Follows references in `documents`.
    pub fn new(documents: &'a Documents) -> Self {
        Self {
            documents,
            found: RefCell::default(),
        }
    }

    /// The documents.
    pub fn documents(&self) -> &'a Documents {
        self.documents
    }

    /// What was wrong with references so far.
    pub fn take_diagnostics(&self) -> Vec<Diagnostic> {
        self.found.take()
    }

    /// Follows a value's `$ref`, if it has one, to the end. `None` has been reported.
    pub fn follow(&self, at: At<'a>) -> Option<Resolved<'a>> {
        let mut chain: Vec<At<'a>> = Vec::new();
        let mut seen = HashSet::new();
        let mut root = None;
        let mut current = at;
        while let Some(reference) = current.get("$ref") {
            if !seen.insert(current.id()) {
                let text = reference.as_str().unwrap_or_default();
                let message = format!("`{text}` leads back to itself");
                let help = "one of the references on the way has to lead to a schema of its own";
                let found = Diagnostic::error("ref-cycle", message);
                self.report(found.at(reference.place()).help(help));
                return None;
            }
            chain.push(current);
            (current, root) = self.step(reference)?;
        }
        if chain.is_empty() {
            root = root_of(at);
        }
        Some(Resolved {
            target: current,
            chain,
            root,
        })
    }

    /// The value that one reference names.
    fn step(&self, reference: At<'a>) -> Option<(At<'a>, Option<(&'a str, &'a str)>)> {
        // One that is no text is reported by `keywords`.
        let text = reference.as_str()?;
        let (file, pointer) = text.split_once('#').unwrap_or((text, ""));
        let Some(document) = self.documents.find(reference.document, file) else {
            if !self.documents.is_unreadable(reference.document, file) {
                let message = format!("`{text}` names a file that was not read");
                let help = "a path is relative to the document that refers to it";
                let found = Diagnostic::error("unresolved-ref", message);
                self.report(found.at(reference.place()).help(help));
            }
            return None;
        };
        let mut current = document.root();
        let parts: Vec<String> = parts(pointer).collect();
        if !pointer.is_empty() && !pointer.starts_with('/') {
            let message = format!("`{text}` is not a JSON pointer");
            let help = "a pointer begins with `#/`, for example `#/definitions/Foo`";
            self.report(
                Diagnostic::error("unresolved-ref", message)
                    .at(reference.place())
                    .help(help),
            );
            return None;
        }
        let mut names = Vec::new();
        for part in &parts {
            let next = match &current.node.json {
                Json::Array(_) => part
                    .parse()
                    .ok()
                    .and_then(|at: usize| current.items().nth(at))
                    .map(|at| ("", at)),
                _ => current.member(part),
            };
            let Some((name, next)) = next else {
                let message = format!("`{text}` names nothing: there is no `{part}`");
                let help = did_you_mean(part, current.members().map(|(name, _)| name))
                    .unwrap_or_else(|| "correct the pointer, or add what it names".to_owned());
                self.report(
                    Diagnostic::error("unresolved-ref", message)
                        .at(reference.place())
                        .help(help),
                );
                return None;
            };
            names.push(name);
            current = next;
        }
        let root = match names[..] {
            [section, name] => Some((section, name)),
            _ => None,
        };
        Some((current, root))
    }

    fn report(&self, found: Diagnostic) {
        self.found.borrow_mut().push(found);
    }
}

/// Follows every reference of the documents, also where no operation leads.
pub fn check(documents: &Documents) -> Vec<Diagnostic> {
    fn visit<'a>(at: At<'a>, has_names: bool, resolver: &Resolver<'a>) {
        if at.str("$ref").is_some() {
            resolver.follow(at);
        }
        parts_with_references(at, has_names)
            .for_each(|(_, child, holds_names)| visit(child, holds_names, resolver));
        at.items().for_each(|child| visit(child, false, resolver));
    }
    let resolver = Resolver::new(documents);
    let definitions = documents.iter().filter(|document| document.is_definition);
    definitions.for_each(|document| visit(document.root(), false, &resolver));
    resolver.take_diagnostics()
}

/// Root section and name of a value that stands in one.
fn root_of(at: At<'_>) -> Option<(&str, &str)> {
    ["definitions", "parameters", "responses"]
        .into_iter()
        .find_map(|section| {
            at.document
                .root()
                .get(section)?
                .members()
                .find(|(_, member)| member.is(at))
                .map(|(name, _)| (section, name))
        })
}

/// Names on the way of a JSON pointer.
pub(crate) fn parts(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(unescape)
}

fn unescape(part: &str) -> String {
    percent_decode(part).replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn documents(files: &[(&str, &str)]) -> Documents {
        let mut documents = Documents::new("/d");
        for (name, text) in files {
            let (_, found) = documents.add(&Path::new("/d").join(name), (*text).to_owned(), true);
            assert_eq!(found, []);
        }
        documents
    }

    #[test]
    fn a_chain_over_files_ends_at_the_value_and_keeps_siblings() {
        let documents = documents(&[
            (
                "a.json",
                r#"{"x": {"$ref": "sub%20dir/b.json#/definitions/A~1B", "description": "outer"}}"#,
            ),
            (
                "sub dir/b.json",
                r##"{"definitions": {"A/B": {"$ref": "#/definitions/C"}, "C": {"type": "string", "description": "inner"}}}"##,
            ),
        ]);
        let resolver = Resolver::new(&documents);
        let resolved = resolver
            .follow(documents.get(0).unwrap().root().get("x").unwrap())
            .unwrap();
        assert_eq!(resolved.definition(), Some("C"));
        assert_eq!(resolved.string("type").as_deref(), Some("string"));
        assert_eq!(resolved.string("description").as_deref(), Some("outer"));
    }

    #[test]
    fn a_cycle_is_reported_once() {
        let documents = documents(&[(
            "a.json",
            r##"{"x": {"$ref": "#/y"}, "y": {"$ref": "#/x"}}"##,
        )]);
        let resolver = Resolver::new(&documents);
        assert!(
            resolver
                .follow(documents.get(0).unwrap().root().get("x").unwrap())
                .is_none()
        );
        let found = resolver.take_diagnostics();
        assert_eq!(
            found.iter().map(|found| found.code).collect::<Vec<_>>(),
            ["ref-cycle"]
        );
    }

    #[test]
    fn a_misspelt_reference_gets_a_suggestion() {
        let documents = documents(&[(
            "a.json",
            r##"{"x": {"$ref": "#/definitions/Datset"}, "definitions": {"Dataset": {}}}"##,
        )]);
        let resolver = Resolver::new(&documents);
        assert!(
            resolver
                .follow(documents.get(0).unwrap().root().get("x").unwrap())
                .is_none()
        );
        let found = resolver.take_diagnostics();
        assert_eq!(found[0].help.as_deref(), Some("did you mean `Dataset`?"));
    }
}
