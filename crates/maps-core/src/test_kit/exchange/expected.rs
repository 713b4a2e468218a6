//! What a request has to look like, by the table of operations.

use maps_types::arbitrary::is_same;
use maps_types::operations::{
    Collection, Example, Kind, Location, Operation, Parameter, Property, Schema, Service, Text,
};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::test_kit::SentRequest;
use crate::upload::Upload;

/// A request that went out, and what it is compared with.
pub(super) struct Expected<'a> {
    pub(super) service: &'static Service,
    pub(super) operation: &'static Operation,
    pub(super) example: &'static Example,
    pub(super) base_path: &'static str,
    pub(super) fixed_query: &'a [(&'static str, &'static str)],
    pub(super) sent: &'a SentRequest,
}

/// Compares method, path, query, headers and body.
pub(super) fn check(expected: &Expected<'_>) -> Result<(), String> {
    check_path(expected)?;
    check_query(expected)?;
    for parameter in expected.declared(Location::Header) {
        let Some(value) = expected.given(parameter.name) else {
            continue;
        };
        let Some(text) = joined(&value, parameter.collection) else {
            continue;
        };
        let sent = expected.sent.headers.get(parameter.name);
        let sent = sent
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if !is_same_text(&text, sent) {
            return Err(format!(
                "the header `{}` is {sent:?} in place of {text:?}",
                parameter.name
            ));
        }
    }
    check_body(expected)
}

impl Expected<'_> {
    fn given(&self, name: &str) -> Option<Value> {
        let mut all = self.example.parameters.iter();
        let (_, text) = all.find(|(own, _)| *own == name)?;
        serde_json::from_str(text).ok()
    }

    fn declared(&self, location: Location) -> impl Iterator<Item = &'static Parameter> {
        let parameters = self.operation.parameters.iter();
        parameters.filter(move |own| own.location == location)
    }
}

fn check_path(expected: &Expected<'_>) -> Result<(), String> {
    let mut path = format!("{}{}", expected.base_path, expected.operation.path);
    for parameter in expected.declared(Location::Path) {
        if let Some(value) = expected.given(parameter.name) {
            let text = joined(&value, parameter.collection).unwrap_or_default();
            path = path.replace(&format!("{{{}}}", parameter.name), &text);
        }
    }
    let decoded = |path: &str| percent_decode_str(path).decode_utf8_lossy().into_owned();
    let sent = expected.sent.url.path();
    if decoded(sent) == path || decoded(sent) == decoded(&path) {
        Ok(())
    } else {
        Err(format!("the path is {sent} in place of {path}"))
    }
}

fn check_query(expected: &Expected<'_>) -> Result<(), String> {
    let pairs = expected.sent.url.query_pairs();
    let mut rest: Vec<(String, String)> = pairs
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let mut take = |name: &str, value: &str| {
        let is_it = |pair: &(String, String)| pair.0 == name && is_same_text(value, &pair.1);
        match rest.iter().position(is_it) {
            Some(at) => {
                rest.remove(at);
                Ok(())
            }
            None => Err(format!(
                "the query {:?} has no `{name}={value}`",
                expected.sent.url.query().unwrap_or_default()
            )),
        }
    };
    for (name, value) in expected.fixed_query {
        take(name, value)?;
    }
    for parameter in expected.declared(Location::Query) {
        if parameter.name == "api-version" {
            // An operation may have a version of its own.
            let version = match parameter.schema.kind {
                Kind::String(Text {
                    values: [only],
                    closed: true,
                    ..
                }) => only,
                _ => expected.service.api_version,
            };
            take("api-version", version)?;
            continue;
        }
        match expected.given(parameter.name) {
            Some(value)
                if parameter.collection == Collection::Multi
                    && matches!(parameter.schema.kind, Kind::Array { .. }) =>
            {
                for item in items(value) {
                    take(parameter.name, &text(&item))?;
                }
            }
            Some(value) => {
                if let Some(text) = joined(&value, parameter.collection) {
                    take(parameter.name, &text)?;
                }
            }
            None => {}
        }
    }
    // Constants and defaults that the service asks for are in no example.
    let is_declared = |name: &str| {
        name == "api-version"
            || expected
                .declared(Location::Query)
                .any(|own| own.name == name)
    };
    match rest.iter().find(|(name, _)| !is_declared(name)) {
        Some((name, _)) => Err(format!("`{name}` in the query is not declared")),
        None => Ok(()),
    }
}

fn check_body(expected: &Expected<'_>) -> Result<(), String> {
    let Some(body) = expected.operation.body else {
        return Ok(());
    };
    let sent = expected.sent.body.as_ref().and_then(Upload::as_bytes);
    let sent = sent.map(|bytes| &bytes[..]).unwrap_or_default();
    let given = expected.given(body.name);
    let Some(given) = given else {
        return match sent {
            [] => Ok(()),
            _ => Err("a body that the example does not give".to_owned()),
        };
    };
    let content_type = expected.sent.headers.get("content-type");
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default();
    if !body.content_types.is_empty() && !body.content_types.contains(&content_type) {
        return Err(format!("the body is `{content_type}`"));
    }
    if content_type.contains("json") {
        let sent: Value = serde_json::from_slice(sent).map_err(|error| error.to_string())?;
        let wanted = declared(&given, body.schema, true);
        if !is_same(&wanted, &sent) {
            return Err(format!("the body is {sent} in place of {wanted}"));
        }
    } else if !content_type.contains("xml") && sent != text(&given).as_bytes() {
        return Err("the body is not that of the example".to_owned());
    }
    Ok(())
}

/// A value as a path, a query or a header has it; `None` where it leaves the parameter out.
fn joined(value: &Value, collection: Collection) -> Option<String> {
    let separator = match collection {
        Collection::Csv | Collection::Multi => ",",
        Collection::Ssv => " ",
        Collection::Tsv => "\t",
        Collection::Pipes => "|",
    };
    match value {
        // Headers behind a prefix are several.
        Value::Null | Value::Object(_) => None,
        Value::Array(items) if items.is_empty() => None,
        Value::Array(items) => Some(items.iter().map(text).collect::<Vec<_>>().join(separator)),
        value => Some(text(value)),
    }
}

/// The items of a list, which examples may write the way it is sent.
pub(super) fn items(list: Value) -> Vec<Value> {
    match list {
        Value::Array(items) => items,
        Value::String(list) => list.split(',').map(|item| item.trim().into()).collect(),
        other => vec![other],
    }
}

/// A value as text: that of a text itself, else its JSON.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether two texts are the same value: one number, or one point in time.
fn is_same_text(a: &str, b: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok();
    a == b
        || is_same(&a.into(), &b.into())
        || number(a).is_some() && number(a) == number(b)
        // Examples write lists with and without spaces.
        || a.contains(", ") && a.replace(", ", ",") == b
}

/// What of a value its schema declares: a client reads nothing else, and sends nothing that is for reading alone.
pub(super) fn declared(value: &Value, schema: &Schema, is_request: bool) -> Value {
    match (value, &schema.kind) {
        (Value::Array(values), Kind::Array { items, .. }) => {
            let values = values.iter();
            values
                .map(|value| declared(value, items, is_request))
                .collect()
        }
        (
            Value::Object(members),
            Kind::Object {
                properties,
                additional,
            },
        ) => object(members, properties, *additional, None, is_request).into(),
        (Value::Object(members), Kind::Tagged { tag, variants }) => {
            let kind = members.get(*tag).and_then(Value::as_str);
            let mut known = variants.iter().filter(|(name, _)| Some(*name) == kind);
            match known.next().map(|(_, schema)| &schema.kind) {
                Some(Kind::Object {
                    properties,
                    additional,
                }) => object(members, properties, *additional, Some(tag), is_request).into(),
                // One that the definition does not know is kept whole.
                _ => value.clone(),
            }
        }
        _ => value.clone(),
    }
}

fn object(
    members: &Map<String, Value>,
    properties: &[Property],
    additional: Option<&Schema>,
    tag: Option<&str>,
    is_request: bool,
) -> Map<String, Value> {
    let mut out = Map::new();
    for (name, value) in members {
        let property = properties.iter().find(|property| property.name == name);
        let schema = property.map(|property| property.schema).or(additional);
        let Some(schema) = schema else {
            if Some(name.as_str()) == tag {
                out.insert(name.clone(), value.clone());
            }
            continue;
        };
        let is_absent = value.is_null() && property.is_some() && !schema.nullable;
        if !(is_absent && !matches!(schema.kind, Kind::Any) || is_request && schema.read_only) {
            out.insert(name.clone(), declared(value, schema, is_request));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_declared_or_only_read_is_left_out() {
        static READ_ONLY: Schema = Schema {
            read_only: true,
            ..Schema::STRING
        };
        static SCHEMA: Schema = Schema {
            kind: Kind::Object {
                properties: &[
                    Property {
                        name: "id",
                        required: false,
                        schema: &READ_ONLY,
                    },
                    Property {
                        name: "size",
                        required: false,
                        schema: &Schema::INTEGER,
                    },
                ],
                additional: None,
            },
            ..Schema::ANY
        };
        let value = json!({"id": "a", "size": 3, "other": true});
        assert_eq!(declared(&value, &SCHEMA, true), json!({"size": 3}));
        assert_eq!(
            declared(&value, &SCHEMA, false),
            json!({"id": "a", "size": 3})
        );
    }

    #[test]
    fn lists_are_joined_and_empty_ones_left_out() {
        assert_eq!(
            joined(&json!(["a", 1]), Collection::Pipes),
            Some("a|1".to_owned())
        );
        assert_eq!(joined(&json!([]), Collection::Csv), None);
        assert!(is_same_text("1.0", "1") && !is_same_text("1.5", "1"));
    }
}
