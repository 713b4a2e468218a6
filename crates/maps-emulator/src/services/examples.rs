//! Operations that answer with an example of their definition.

use axum::response::Response;
use http::StatusCode;
use maps_types::operations::Example;
use serde_json::value::RawValue;

use crate::gateway::{Call, empty, typed_json};
use crate::problem::{Fault, Problem};

/// Answers with the first example of success. What the request asked for changes nothing.
pub(super) fn answer(call: &Call) -> Result<Response, Problem> {
    let success = |example: &&Example| (200..300).contains(&example.status);
    let Some(example) = call.operation.examples.iter().find(success) else {
        let message = format!("The emulator does not know {} yet.", call.operation.id);
        let fault = Fault::new("NotImplemented", message);
        return Err(Problem::new(StatusCode::NOT_IMPLEMENTED, fault));
    };
    let status = StatusCode::from_u16(example.status).unwrap_or(StatusCode::OK);
    let body = example.body.map(serde_json::from_str::<&RawValue>);
    match body {
        Some(Ok(body)) => typed_json(content_type(call.operation.id), status, &body),
        Some(Err(_)) | None => Ok(empty(status)),
    }
}

/// Route answers with GeoJSON, except where it answers with a list of GeoJSON documents.
fn content_type(operation: &str) -> &'static str {
    if operation.starts_with("Route_") && !operation.ends_with("Batch") {
        "application/geo+json"
    } else {
        "application/json"
    }
}
