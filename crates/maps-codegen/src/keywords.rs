//! Every keyword of the input format: handled, or ignored for a reason. Anything else is reported.
//!
//! The walk goes over documents as they lie on disk, by kind of node; the tables of `table` say what each kind may hold.

use crate::diagnostics::{Diagnostic, did_you_mean};
use crate::load::{At, Documents, Json};

mod table;

use table::{Holds, Keyword, Node, State};

/// Reports keywords that are neither handled nor listed as ignored, and values of the wrong JSON type.
pub fn check(documents: &Documents) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for document in documents.iter().filter(|document| document.is_definition) {
        visit(document.root(), Node::Document, &mut found);
    }
    found
}

/// All keywords with the kind of node they stand at, and the reason when they are ignored.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str, Option<&'static str>)> {
    table::NODES.iter().flat_map(|(node, keywords)| {
        keywords.iter().map(|keyword| {
            let reason = match keyword.state {
                State::Handled => None,
                State::Ignored(reason) => Some(reason),
            };
            (node.name(), keyword.name, reason)
        })
    })
}

fn visit(at: At<'_>, node: Node, found: &mut Vec<Diagnostic>) {
    if !at.is_object() {
        found.push(wrong_type(at, node.name(), "an object"));
        return;
    }
    let keywords = table::of(node);
    for (name, value) in at.members() {
        match keywords.iter().find(|keyword| keyword.name == name) {
            Some(keyword) => visit_value(value, keyword, found),
            None if node.takes_names(name) => {}
            None => found.push(unhandled(value, name, node, keywords)),
        }
    }
    if let Some(child) = node.named_children() {
        // Paths begin with a slash; anything else is reported above.
        at.members()
            .filter(|(name, _)| node.takes_names(name))
            .for_each(|(_, value)| visit(value, child, found));
    }
}

fn visit_value(at: At<'_>, keyword: &Keyword, found: &mut Vec<Diagnostic>) {
    if !keyword.holds.fits(&at.node.json) {
        found.push(wrong_type(
            at,
            &format!("`{}`", keyword.name),
            keyword.holds.expected(),
        ));
        return;
    }
    match keyword.holds {
        Holds::Node(node) => visit(at, node, found),
        Holds::SchemaOrTruth if at.is_object() => visit(at, Node::Schema, found),
        Holds::ListOf(node) => at.items().for_each(|item| visit(item, node, found)),
        Holds::NamesOf(node) => at.members().for_each(|(_, item)| visit(item, node, found)),
        Holds::Texts => {
            let wrong = at.items().filter(|item| item.as_str().is_none());
            found.extend(
                wrong.map(|item| {
                    wrong_type(item, &format!("an item of `{}`", keyword.name), "a text")
                }),
            );
        }
        _ => {}
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
    Diagnostic::error("wrong-type", format!("{what} must be {expected}, not {is}")).at(at.place())
}

fn unhandled(at: At<'_>, name: &str, node: Node, keywords: &[Keyword]) -> Diagnostic {
    let help =
        did_you_mean(name, keywords.iter().map(|keyword| keyword.name)).unwrap_or_else(|| {
            "it has no effect; remove it, or add it to crates/maps-codegen/src/keywords/table.rs"
                .to_owned()
        });
    Diagnostic::warning(
        "unhandled-keyword",
        format!("`{name}` means nothing at {}", node.name()),
    )
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
        "get": {"x-unknown": 1, "x-ms-pageable": {"x-unknown": 1}, "x-ms-long-running-operation-options": {"x-unknown": 1},
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
                "wrong-type #/definitions/A/required/1",
                "wrong-type #/definitions/A/properties/required/minLength"
            ]
        );
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
}
