//! JSON text to a tree with offsets.

use std::ops::Range;

use indexmap::IndexMap;
use indexmap::map::Entry;
use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde_json::Number;

use super::{Json, Node, Span};

/// A key that stands twice in one object.
pub(super) struct Duplicate {
    /// Where it stands again.
    pub(super) offset: usize,
    pub(super) key: String,
    /// Whether it has the value again that it had.
    pub(super) is_equal: bool,
}

/// What keeps a text from being JSON: where, and a message.
pub(super) type Fault = (Range<usize>, String);

/// Parses a text.
pub(super) fn parse(text: &str) -> Result<(Node, Vec<Duplicate>), Fault> {
    // Comments and trailing commas stand in published documents; nothing else beyond JSON does.
    let options = ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &options).map_err(|error| {
        let range = error.range();
        (range.start..range.end, sentence(&error.kind().to_string()))
    })?;
    let value = parsed
        .value
        .ok_or_else(|| (0..0, "the file is empty".to_owned()))?;
    let mut duplicates = Vec::new();
    let root = node(value, None, &mut duplicates);
    Ok((root, duplicates))
}

/// Messages of this project start in lower case.
fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}

/// A number that is what it says to the last digit, where serde_json's own reading of fractions is not.
fn number(text: &str) -> Option<Number> {
    let read: Number = text.parse().ok()?;
    if read.is_f64() {
        Number::from_f64(text.parse().ok()?)
    } else {
        Some(read)
    }
}

fn node(value: Value<'_>, key: Option<usize>, duplicates: &mut Vec<Duplicate>) -> Node {
    let (start, end) = (value.start(), value.end());
    let key = key.unwrap_or(start);
    let json = match value {
        Value::NullKeyword(_) => Json::Null,
        Value::BooleanLit(literal) => Json::Bool(literal.value),
        Value::NumberLit(literal) => number(literal.value)
            .map_or_else(|| Json::String(literal.value.to_owned()), Json::Number),
        Value::StringLit(literal) => Json::String(literal.value.into_owned()),
        Value::Array(array) => Json::Array(
            array
                .elements
                .into_iter()
                .map(|item| node(item, None, duplicates))
                .collect(),
        ),
        Value::Object(object) => {
            let mut members = IndexMap::with_capacity(object.properties.len());
            for property in object.properties {
                let offset = property.name.start();
                let value = node(property.value, Some(offset), duplicates);
                match members.entry(property.name.into_string()) {
                    Entry::Vacant(entry) => {
                        entry.insert(value);
                    }
                    Entry::Occupied(mut entry) => {
                        duplicates.push(Duplicate {
                            offset,
                            is_equal: entry.get().to_value() == value.to_value(),
                            key: entry.key().clone(),
                        });
                        entry.insert(value);
                    }
                }
            }
            Json::Object(members)
        }
    };
    Node {
        json,
        span: Span { key, start, end },
    }
}
