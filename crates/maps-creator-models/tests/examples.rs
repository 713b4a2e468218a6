//! Every answer among the examples of the definition decodes and encodes without loss.

use maps_creator_models::{
    Dataset, DatasetListResult, ErrorResponse, LongRunningOperationResult, operations::SERVICE,
};
use maps_types::operations::Example;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The JSON as it is compared: `1` and `1.0` are one number, an instant has one form.
fn normal(value: Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().map_or(Value::Number(number), Value::from),
        Value::String(text) => Value::String(instant(&text).unwrap_or(text)),
        Value::Array(items) => items.into_iter().map(normal).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name, normal(value)))
            .collect(),
        other => other,
    }
}

/// The instant of an RFC 3339 date with time, whatever its offset; `None` for other texts.
fn instant(text: &str) -> Option<String> {
    let date = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    Some(date.unix_timestamp_nanos().to_string())
}

/// Decodes a body, encodes it again, and expects the same.
fn keeps<T: DeserializeOwned + Serialize>(example: &Example) {
    let Some(body) = example.body else {
        panic!("{} has no body", example.name)
    };
    let value: T =
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{}: {error}", example.name));
    let encoded = serde_json::to_value(&value).expect("models are JSON");
    assert_eq!(
        normal(encoded),
        normal(serde_json::from_str(body).expect("examples are JSON")),
        "{}",
        example.name
    );
}

#[test]
fn answers_are_kept() {
    for operation in SERVICE.operations {
        assert!(
            !operation.examples.is_empty(),
            "{} has no example",
            operation.id
        );
        for example in operation.examples {
            match (operation.id, example.status) {
                (_, 400..) => keeps::<ErrorResponse>(example),
                (_, 202 | 204) => assert_eq!(example.body, None, "{}", example.name),
                ("Dataset_List", _) => keeps::<DatasetListResult>(example),
                ("Dataset_Get", _) => keeps::<Dataset>(example),
                ("Dataset_GetOperation" | "Dataset_Create", _) => {
                    keeps::<LongRunningOperationResult>(example)
                }
                (id, status) => panic!("{id} {status} has no type in this test"),
            }
        }
    }
}
