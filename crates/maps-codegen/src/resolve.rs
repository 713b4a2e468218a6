//! Follows `$ref`s.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};

use crate::diagnostics::{Diagnostic, Severity, did_you_mean};
use crate::load::{
    At, Documents, Json, Unreadable, is_examples, parts_with_references, percent_decode,
};

/// Follows references in a set of documents and collects what is wrong with them.
#[derive(Debug)]
pub struct Resolver<'a> {
    documents: &'a Documents,
    /// Root section and name of the values that stand in one.
    roots: OnceCell<HashMap<usize, (&'a str, &'a str)>>,
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
            roots: OnceCell::new(),
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
                self.report(cycle(reference));
                return None;
            }
            chain.push(current);
            (current, root) = self.step(reference)?;
        }
        if chain.is_empty() {
            root = self.root_of(at);
        }
        Some(Resolved {
            target: current,
            chain,
            root,
        })
    }

    /// The same where another stage reports what is wrong.
    pub(crate) fn follow_quietly(&self, at: At<'a>) -> Option<Resolved<'a>> {
        let known = self.found.borrow().len();
        let resolved = self.follow(at);
        self.found.borrow_mut().truncate(known);
        resolved
    }

    /// The value that one reference names.
    fn step(&self, reference: At<'a>) -> Option<(At<'a>, Option<(&'a str, &'a str)>)> {
        // One that is no text is reported by `keywords`.
        let text = reference.as_str()?;
        let (file, pointer) = text.split_once('#').unwrap_or((text, ""));
        let Some(document) = self.documents.find(reference.document, file) else {
            self.report(self.unread(reference, text, file));
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

    /// What is wrong with a reference into a file that was not read.
    fn unread(&self, reference: At<'a>, text: &str, file: &str) -> Diagnostic {
        let beside = "a path is relative to the document that refers to it";
        let found = match self.documents.unreadable(reference.document, file) {
            Some((Unreadable::Remote, _)) => {
                let help = "keep the document beside this one and refer to it by a relative path";
                Diagnostic::error("remote-ref", format!("`{file}` is not a file")).help(help)
            }
            Some((Unreadable::Missing(reason), shown)) => {
                let message = format!("reading {shown}: {reason}");
                Diagnostic::error("missing-file", message).help(beside)
            }
            Some((Unreadable::Malformed, shown)) => {
                let message = format!("`{text}` leads into {shown}, which is not JSON");
                Diagnostic::error("unresolved-ref", message).help("correct that file")
            }
            None => {
                let message = format!("`{text}` names a file that was not read");
                Diagnostic::error("unresolved-ref", message).help(beside)
            }
        };
        found.at(reference.place())
    }

    /// Root section and name of a value that stands in one.
    fn root_of(&self, at: At<'a>) -> Option<(&'a str, &'a str)> {
        let roots = self.roots.get_or_init(|| {
            let roots = self.documents.iter().map(|document| document.root());
            let sections = roots.flat_map(|root| {
                let sections = ["definitions", "parameters", "responses"].into_iter();
                sections.filter_map(move |section| Some((section, root.get(section)?)))
            });
            let named = sections.flat_map(|(section, at)| {
                at.members()
                    .map(move |(name, member)| (member.id(), (section, name)))
            });
            named.collect()
        });
        roots.get(&at.id()).copied()
    }

    fn report(&self, found: Diagnostic) {
        self.found.borrow_mut().push(found);
    }
}

/// Follows every reference of the documents, also where no operation leads: there a fault is a warning. What operations
/// reach is followed again when it is built.
pub fn check(documents: &Documents) -> Vec<Diagnostic> {
    let mut check = Check {
        resolver: Resolver::new(documents),
        passed: HashSet::new(),
        found: Vec::new(),
    };
    for document in documents.iter().filter(|document| document.is_root) {
        check.visit(document.root(), false, false);
    }
    check.found
}

/// A walk over every reference.
struct Check<'a> {
    resolver: Resolver<'a>,
    /// References that have been followed to the end, or to a fault that has been reported.
    passed: HashSet<usize>,
    found: Vec<Diagnostic>,
}

impl<'a> Check<'a> {
    fn visit(&mut self, at: At<'a>, has_names: bool, is_example: bool) {
        if at.str("$ref").is_some() {
            self.follow(at, is_example);
        }
        for (key, child, holds_names) in parts_with_references(at, has_names) {
            self.visit(child, holds_names, is_example || is_examples(key));
        }
        at.items()
            .for_each(|child| self.visit(child, false, is_example));
    }

    /// Takes each step of a chain once, however many chains lead through it.
    fn follow(&mut self, at: At<'a>, is_example: bool) {
        let mut open = HashSet::new();
        let mut current = at;
        while let Some(reference) = current.get("$ref") {
            if open.contains(&current.id()) {
                self.resolver.report(cycle(reference));
                break;
            }
            if !self.passed.insert(current.id()) {
                break;
            }
            open.insert(current.id());
            match self.resolver.step(reference) {
                Some((next, _)) => current = next,
                None => break,
            }
        }
        for mut found in self.resolver.take_diagnostics() {
            found.severity = Severity::Warning;
            if is_example {
                // Without an example an operation has plainer docs and the same code.
                found.code = "missing-example";
                found.help = Some("the operation is documented without it".to_owned());
            }
            self.found.push(found);
        }
    }
}

fn cycle(reference: At<'_>) -> Diagnostic {
    let text = reference.as_str().unwrap_or_default();
    let help = "one of the references on the way has to lead to a schema of its own";
    Diagnostic::error("ref-cycle", format!("`{text}` leads back to itself"))
        .at(reference.place())
        .help(help)
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
