//! Bodies: decoded and encoded again.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Decodes a body and checks that encoding it again gives the same JSON, dates compared by instant.
///
/// # Panics
///
/// Panics when it does not.
pub fn round_trip<T: Serialize + DeserializeOwned>(body: Value) -> T {
    let decoded: T =
        serde_json::from_value(body.clone()).expect("the body has the published shape");
    let encoded = serde_json::to_value(&decoded).expect("a model encodes");
    assert_eq!(instants(encoded), instants(body));
    decoded
}

/// Writes every date-time of a JSON value as its nanoseconds since 1970.
fn instants(value: Value) -> Value {
    match value {
        Value::String(text) => match OffsetDateTime::parse(&text, &Rfc3339) {
            Ok(instant) => json!(instant.unix_timestamp_nanos().to_string()),
            Err(_) => Value::String(text),
        },
        Value::Array(items) => items.into_iter().map(instants).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name, instants(value)))
            .collect(),
        other => other,
    }
}
