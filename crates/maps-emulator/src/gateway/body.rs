//! Bodies of requests: size, media type, JSON, shape.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use maps_types::operations::Operation;
use serde_json::Value;

use crate::problem::{Fault, Problem};
use crate::validate::{Faults, check_body, code};

/// Time for a whole body to arrive; synchronous calls of the services end after it too.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Reads and checks the body. What an operation without a body is sent is read and ignored.
pub(super) async fn read(
    operation: &Operation,
    headers: &HeaderMap,
    body: Body,
    limit: usize,
) -> Result<Option<Value>, Problem> {
    let bytes = collect(body, limit).await?;
    let Some(declared) = operation.body else {
        return Ok(None);
    };
    if bytes.is_empty() {
        if declared.required {
            let fault = Fault::new(code::MISSING, "The request needs a body.");
            return Err(Problem::invalid([fault.at(declared.name)]));
        }
        return Ok(None);
    }
    check_type(headers, declared.content_types)?;
    let value: Value = serde_json::from_slice(&bytes).map_err(|err| {
        // The parser's message has the place and no part of the body.
        let message = format!("The body is not JSON: {err}.");
        Problem::invalid([Fault::new(code::INVALID, message).at(declared.name)])
    })?;
    let mut faults = Faults::default();
    check_body(declared.schema, &value, &mut faults);
    faults.into_result()?;
    Ok(Some(value))
}

async fn collect(body: Body, limit: usize) -> Result<Bytes, Problem> {
    let collected = tokio::time::timeout(TIMEOUT, Limited::new(body, limit).collect()).await;
    match collected {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(err)) if err.is::<LengthLimitError>() => Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            Fault::new(
                "RequestTooLarge",
                format!("The body has more than {limit} bytes."),
            ),
        )),
        Ok(Err(_)) => Err(Problem::invalid([Fault::new(
            code::INVALID,
            "The body ended before it was complete.",
        )])),
        Err(_) => Err(Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            Fault::new("RequestTimeout", "The body took too long to arrive."),
        )),
    }
}

fn check_type(headers: &HeaderMap, accepted: &[&str]) -> Result<(), Problem> {
    let refuse = |message: String| {
        let fault = Fault::new("UnsupportedMediaType", message).at("Content-Type");
        Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, fault))
    };
    if headers.contains_key(CONTENT_ENCODING) {
        return refuse("The body must not be compressed.".to_owned());
    }
    let given = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = given.unwrap_or_default().split(';').next();
    let essence = essence.unwrap_or_default().trim();
    let known = |accepted: &&str| accepted.eq_ignore_ascii_case(essence);
    if accepted.iter().any(known) {
        return Ok(());
    }
    refuse(format!(
        "The body must be of type {}.",
        accepted.join(" or ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(content_type: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        if let Some(content_type) = content_type {
            headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
        }
        check_type(&headers, &["application/geo+json"]).is_ok()
    }

    #[test]
    fn media_types_ignore_case_and_parameters() {
        assert!(accepts(Some("application/geo+json")));
        assert!(accepts(Some("Application/GEO+json; charset=utf-8")));
        for bad in [None, Some(""), Some("application/json"), Some("text/plain")] {
            assert!(!accepts(bad), "{bad:?}");
        }
    }

    #[tokio::test]
    async fn bodies_are_limited() {
        assert!(collect(Body::from("12345"), 5).await.is_ok());
        assert!(collect(Body::from("123456"), 5).await.is_err());
    }
}
