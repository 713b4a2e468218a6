//! Every keyword of the input format: handled, or ignored for a reason. Anything else is reported.
//!
//! The walk goes over documents as they lie on disk, by kind of node; the tables of `table` say what each kind may hold.

use std::collections::{HashMap, HashSet};

use crate::diagnostics::{Diagnostic, Severity, did_you_mean};
use crate::load::{At, Documents, Json};
use crate::resolve::{Resolver, parts};

mod docs;
mod table;

pub use docs::markdown;
use table::{Holds, Keyword, NODES, Node, State};

/// Reports keywords that are neither handled nor listed as ignored, and values of the wrong JSON type.
///
/// What operations reach comes first. The rest of the documents that were asked for is at most warned of, and the rest of
/// files that they refer to is nobody's concern.
pub fn check(documents: &Documents) -> Vec<Diagnostic> {
    let mut walk = Walk::new(documents);
    let roots = || documents.iter().filter(|document| document.is_root);
    let (whole, shared): (Vec<_>, Vec<_>) =
        roots().partition(|document| document.root().get("swagger").is_some());
    // Files of shared parts come last: one that is a schema as a whole has been seen as such.
    for documents in [whole, shared] {
        walk.is_reached = true;
        for document in documents {
            walk.visit(document.root(), Node::Document);
        }
        walk.follow();
        walk.is_reached = false;
        for (at, keyword) in std::mem::take(&mut walk.sections) {
            walk.visit_value(at, Node::Document, keyword);
        }
        walk.follow();
    }
    walk.finish()
}

/// Makes errors of the warnings about what is neither handled nor ignored for a reason.
pub fn deny_unhandled(diagnostics: &mut [Diagnostic]) {
    let unhandled = diagnostics.iter_mut();
    for found in unhandled.filter(|found| found.code.starts_with("unhandled-")) {
        found.severity = Severity::Error;
    }
}

/// All keywords with the kind of node they stand at, and the reason when they are ignored.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str, Option<&'static str>)> {
    NODES.iter().flat_map(|(node, keywords)| {
        keywords.iter().map(|keyword| {
            let reason = match keyword.state {
                State::Handled => None,
                State::Ignored(reason) => Some(reason),
            };
            (node.name(), keyword.name, reason)
        })
    })
}

/// A walk over documents by kind of node. What a reference leads to is of the kind of the referring node.
struct Walk<'a> {
    documents: &'a Documents,
    /// Whether operations lead to what is visited.
    is_reached: bool,
    /// Sections of named parts, which are reached by reference or not at all.
    sections: Vec<(At<'a>, &'static Keyword)>,
    /// Nodes whose kind is known.
    seen: HashSet<usize>,
    /// Nodes that a reference passes through on its way.
    passed: HashSet<usize>,
    references: Vec<(At<'a>, Node)>,
    /// Definitions by the base that they extend.
    kinds: HashMap<usize, Vec<At<'a>>>,
    /// Bases whose kinds are reached with them, to be visited.
    bases: Vec<At<'a>>,
    unknown: Vec<(At<'a>, &'a str, Node)>,
    found: Vec<Diagnostic>,
}

impl<'a> Walk<'a> {
    fn new(documents: &'a Documents) -> Self {
        Self {
            documents,
            is_reached: true,
            sections: Vec::new(),
            seen: HashSet::new(),
            passed: HashSet::new(),
            references: Vec::new(),
            kinds: kinds(documents),
            bases: Vec::new(),
            unknown: Vec::new(),
            found: Vec::new(),
        }
    }

    fn visit(&mut self, at: At<'a>, node: Node) {
        if !self.seen.insert(at.id()) {
            return;
        }
        if !at.is_object() {
            self.wrong_type(at, node, node.name(), "an object");
            let is_truth = node == Node::Schema && matches!(at.node.json, Json::Bool(_));
            if is_truth || (node != Node::Document && is_empty(at)) {
                self.is_no_error("nothing is known of it, as of `{}`");
            }
            return;
        }
        if node == Node::Schema && at.get("discriminator").is_some() {
            self.bases.push(at);
        }
        for (name, value) in at.members() {
            match table::find(node, name) {
                Some(keyword) if node == Node::Document && keyword.is_section() => {
                    self.sections.push((value, keyword));
                }
                Some(keyword) => self.visit_value(value, node, keyword),
                None if node.takes_names(name) => {
                    if let Some(child) = node.named_children() {
                        self.visit(value, child);
                    }
                }
                None => self.unknown.push((value, name, node)),
            }
        }
    }

    fn visit_value(&mut self, at: At<'a>, node: Node, keyword: &Keyword) {
        if !keyword.holds.fits(&at.node.json) {
            let name = format!("`{}`", keyword.name);
            self.wrong_type(at, node, &name, keyword.holds.expected());
            // Without what it holds, or leads to, the document says something else.
            let is_needed = keyword.holds.is_structure() || keyword.name == "$ref";
            let is_tuple = keyword.name == "items" && matches!(at.node.json, Json::Array(_));
            if is_tuple {
                self.is_no_error(
                    "items may be anything: one schema for all of them is what this format has",
                );
            } else if !is_needed || is_empty(at) {
                self.is_no_error("it is read as if it were not there");
            }
            return;
        }
        match keyword.holds {
            Holds::Node(child) => self.visit(at, child),
            Holds::SchemaOrTruth if at.is_object() => self.visit(at, Node::Schema),
            Holds::ListOf(child) => at.items().for_each(|item| self.visit(item, child)),
            Holds::NamesOf(child) => at.members().for_each(|(_, item)| self.visit(item, child)),
            Holds::Texts => {
                let what = format!("an item of `{}`", keyword.name);
                for item in at.items().filter(|item| item.as_str().is_none()) {
                    self.wrong_type(item, node, &what, "a text");
                    self.is_no_error("it is left out");
                }
            }
            Holds::Text if keyword.name == "$ref" => self.references.push((at, node)),
            _ => {}
        }
    }

    /// Visits what has been met so far and stands elsewhere: behind references, and the kinds of bases.
    fn follow(&mut self) {
        loop {
            self.follow_references();
            let Some(base) = self.bases.pop() else { return };
            for kind in self.kinds.remove(&base.id()).unwrap_or_default() {
                self.visit(kind, Node::Schema);
                self.bases.push(kind);
            }
        }
    }

    fn follow_references(&mut self) {
        while let Some((reference, node)) = self.references.pop() {
            let text = reference.as_str().unwrap_or_default();
            let (file, pointer) = text.split_once('#').unwrap_or((text, ""));
            // References that lead nowhere are reported by `resolve`.
            let Some(document) = self.documents.find(reference.document, file) else {
                continue;
            };
            let mut target = Some(document.root());
            for part in parts(pointer) {
                target = target.and_then(|at| match &at.node.json {
                    Json::Array(_) => at.items().nth(part.parse().ok()?),
                    _ => at.get(&part),
                });
                self.passed.extend(target.map(At::id));
            }
            if let Some(target) = target {
                self.visit(target, node);
            }
        }
    }

    /// Unknown keywords last: a section of an unknown name that references lead into is known by them.
    fn finish(mut self) -> Vec<Diagnostic> {
        for (at, name, node) in self.unknown {
            if !self.passed.contains(&at.id()) {
                self.found.push(unhandled(at, name, node));
            }
        }
        self.found
    }

    fn wrong_type(&mut self, at: At<'a>, node: Node, what: &str, expected: &str) {
        let mut found = wrong_type(at, what, expected);
        if node.is_example() || !self.is_reached {
            // Without an example an operation has plainer docs and the same code.
            found.severity = Severity::Warning;
        }
        self.found.push(found);
    }

    /// Takes back that the last finding is an error: the meaning is clear.
    fn is_no_error(&mut self, help: &str) {
        if let Some(found) = self.found.last_mut() {
            found.severity = Severity::Warning;
            found.help = Some(help.to_owned());
        }
    }
}

/// Definitions by the base that they extend.
fn kinds(documents: &Documents) -> HashMap<usize, Vec<At<'_>>> {
    let resolver = Resolver::new(documents);
    let mut kinds: HashMap<usize, Vec<At<'_>>> = HashMap::new();
    let roots = documents.iter().map(|document| document.root());
    let definitions = roots.filter_map(|root| root.get("definitions"));
    for (_, definition) in definitions.flat_map(At::members) {
        let bases = definition.get("allOf").into_iter().flat_map(At::items);
        for base in bases.filter(|base| base.str("$ref").is_some()) {
            if let Some(base) = resolver.follow_quietly(base) {
                kinds.entry(base.target.id()).or_default().push(definition);
            }
        }
    }
    kinds
}

/// Whether a value of the wrong type says nothing at all, so that nothing is lost with it.
fn is_empty(at: At<'_>) -> bool {
    match &at.node.json {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        Json::Bool(_) | Json::Number(_) => false,
    }
}

fn wrong_type(at: At<'_>, what: &str, expected: &str) -> Diagnostic {
    let is = match at.node.json {
        Json::Null => "null",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    };
    Diagnostic::error("wrong-type", format!("{what} must be {expected}, not {is}"))
        .at(at.place())
        .help("correct the document, or add a fixup to spec/services.toml")
}

fn unhandled(at: At<'_>, name: &str, node: Node) -> Diagnostic {
    let names = table::of(node).iter().map(|keyword| keyword.name);
    let elsewhere = NODES.iter().find(|(_, keywords)| {
        let mut keywords = keywords.iter();
        keywords.any(|keyword| keyword.name == name)
    });
    // Words of other formats and of habit for one thing.
    let is_null = name.to_ascii_lowercase().contains("nullable");
    let nullable = table::find(node, "x-nullable").filter(|_| is_null);
    let meant = nullable.map(|keyword| format!("in OpenAPI 2.0 `{}` says so", keyword.name));
    let help = match (meant.or_else(|| did_you_mean(name, names)), elsewhere) {
        (Some(help), _) => help,
        (None, Some((other, _))) => format!("it belongs at {}", other.name()),
        (None, None) => {
            "it has no effect; remove it, or add it to crates/maps-codegen/src/keywords/table.rs"
                .to_owned()
        }
    };
    let message = format!("`{name}` means nothing at {}", node.name());
    Diagnostic::warning("unhandled-keyword", message)
        .at(at.place())
        .help(help)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn found(text: &str) -> Vec<String> {
        let mut documents = Documents::new("/d");
        documents.add(Path::new("/d/a.json"), text.to_owned(), true);
        check(&documents)
            .into_iter()
            .map(|found| {
                format!(
                    "{} {}",
                    found.code,
                    found.place.map(|place| place.pointer).unwrap_or_default()
                )
            })
            .collect()
    }

    /// A document with every kind of node, each holding the keyword `x-unknown`.
    const EVERYWHERE: &str = r##"{
      "swagger": "2.0", "x-unknown": 1,
      "info": {"title": "t", "version": "1", "x-unknown": 1, "contact": {"x-unknown": 1}, "license": {"x-unknown": 1}},
      "x-ms-parameterized-host": {"hostTemplate": "h", "x-unknown": 1, "parameters": []},
      "securityDefinitions": {"k": {"type": "apiKey", "x-unknown": 1}},
      "paths": {"x-unknown": 1, "/a": {"x-unknown": 1, "parameters": [{"x-unknown": 1, "items": {"x-unknown": 1}}],
        "get": {"x-unknown": 1,
          "x-ms-examples": {"E": {"x-unknown": 1, "responses": {"x-unknown": 1, "200": {"x-unknown": 1}}}}, "x-ms-pageable": {"x-unknown": 1}, "x-ms-long-running-operation-options": {"x-unknown": 1},
          "responses": {"x-unknown": 1, "200": {"x-unknown": 1, "headers": {"h": {"x-unknown": 1}}, "schema": {"x-unknown": 1}}}}}},
      "externalDocs": {"x-unknown": 1},
      "parameters": {"P": {"x-unknown": 1, "x-ms-parameter-grouping": {"x-unknown": 1}}},
      "responses": {"R": {"x-unknown": 1}},
      "definitions": {"D": {"x-unknown": 1, "x-ms-enum": {"x-unknown": 1, "values": [{"x-unknown": 1}]},
        "properties": {"p": {"x-unknown": 1}}, "allOf": [{"x-unknown": 1}], "items": {"x-unknown": 1},
        "additionalProperties": {"x-unknown": 1}, "externalDocs": {"x-unknown": 1}, "xml": {"x-unknown": 1}}},
      "tags": [{"x-unknown": 1}]
    }"##;

    #[test]
    fn an_unknown_keyword_is_reported_at_every_kind_of_node() {
        let found = found(EVERYWHERE);
        let places = EVERYWHERE.matches("x-unknown").count();
        assert_eq!(found.len(), places, "{found:#?}");
        assert!(
            found.iter().all(
                |found| found.starts_with("unhandled-keyword") && found.ends_with("/x-unknown")
            )
        );
    }

    #[test]
    fn the_document_with_unknown_keywords_has_every_kind_of_node() {
        let mut documents = Documents::new("/d");
        documents.add(Path::new("/d/a.json"), EVERYWHERE.to_owned(), true);
        let messages: Vec<String> = check(&documents)
            .into_iter()
            .map(|found| found.message)
            .collect();
        for (node, _) in table::NODES {
            let message = format!("`x-unknown` means nothing at {}", node.name());
            assert!(messages.contains(&message), "{message}");
        }
    }

    #[test]
    fn a_value_of_the_wrong_type_is_reported() {
        assert_eq!(
            found(
                r#"{"info": [], "definitions": {"A": {"required": ["a", 1], "properties": {"required": {"minLength": "x"}}}}}"#
            ),
            [
                "wrong-type #/info",
                "wrong-type #/definitions/A/properties/required/minLength",
                "wrong-type #/definitions/A/required/1"
            ]
        );
    }

    #[test]
    fn what_a_reference_leads_to_is_of_the_kind_of_the_referring_node() {
        let mut documents = Documents::new("/d");
        let schema = r#"{"type": "object", "propertys": {}}"#;
        let shared = r#"{"Foo": {"typ": "string"}, "Bar": {}}"#;
        let main = r#"{"swagger": "2.0", "definitions": {
            "A": {"$ref": "schema.json"}, "B": {"$ref": "shared.json#/Foo"}}}"#;
        for (name, text) in [
            ("a.json", main),
            ("schema.json", schema),
            ("shared.json", shared),
        ] {
            documents.add(&Path::new("/d").join(name), text.to_owned(), true);
        }
        let found: Vec<String> = check(&documents)
            .into_iter()
            .map(|found| format!("{}: {}", found.message, found.help.unwrap_or_default()))
            .collect();
        assert_eq!(found.len(), 3, "{found:#?}");
        for part in [
            "`propertys` means nothing at a schema: did you mean `properties`?",
            "`typ` means nothing at a schema: did you mean `type`?",
            "`Bar` means nothing at a document",
        ] {
            assert!(found.iter().any(|found| found.contains(part)), "{found:#?}");
        }
    }

    #[test]
    fn a_keyword_of_another_kind_of_node_is_told_where_it_belongs() {
        let mut documents = Documents::new("/d");
        let text = r#"{"swagger": "2.0", "nextLinkName": "x"}"#;
        documents.add(Path::new("/d/a.json"), text.to_owned(), true);
        let mut found = check(&documents);
        let help = found[0].help.as_deref();
        assert_eq!(help, Some("it belongs at `x-ms-pageable`"));
        deny_unhandled(&mut found);
        assert_eq!(found[0].severity, Severity::Error);
    }

    #[test]
    fn every_handled_keyword_is_read_by_a_stage() {
        fn read(folder: &Path, text: &mut String) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() && !path.ends_with("keywords") {
                    read(&path, text);
                } else if path.is_file() && !path.ends_with("keywords.rs") {
                    let file = std::fs::read_to_string(path).unwrap();
                    text.push_str(file.split("#[cfg(test)]").next().unwrap());
                }
            }
        }
        let mut sources = String::new();
        read(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut sources,
        );
        for (node, keyword, reason) in all() {
            let is_read = sources.contains(&format!("\"{keyword}\""));
            assert!(
                reason.is_some() || is_read,
                "{keyword} at {node} is read by nothing"
            );
        }
    }

    #[test]
    fn every_ignored_keyword_has_a_reason() {
        for (node, keyword, reason) in all() {
            assert!(
                reason.is_none_or(|reason| reason.len() > 10),
                "{keyword} at {node}"
            );
        }
    }

    #[test]
    fn no_node_lists_a_keyword_twice() {
        for (node, keywords) in table::NODES {
            let mut names = HashSet::new();
            for keyword in *keywords {
                assert!(
                    names.insert(keyword.name),
                    "{} at {}",
                    keyword.name,
                    node.name()
                );
            }
        }
    }
}
