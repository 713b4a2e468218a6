//! Spans of calls and tries, with the HTTP names of OpenTelemetry.
//!
//! Names are kept and values are not: of a query only the names are shown. Fields are evaluated only for a subscriber
//! that wants the span. Numbers are `i64`, the one kind of them that OpenTelemetry has: others would become text.

use std::fmt;

use http::Method;
use tracing::{Span, field};

use super::{CLIENT_REQUEST_ID, Pipeline};
use crate::error::Result;
use crate::response::RawResponse;
use crate::transport::HttpRequest;

/// The span of a call with all its tries.
pub(super) fn call(request: &HttpRequest, service: &'static str) -> Span {
    tracing::info_span!(
        target: "maps_core",
        "call",
        otel.kind = "internal",
        otel.name = %Name(request.context.purpose.as_str(), request.context.operation),
        otel.status_code = field::Empty,
        operation.name = request.context.operation,
        operation.service = service,
        az.client_request_id = client_request_id(request),
        http.response.status_code = field::Empty,
        azure.service.request.id = field::Empty,
        error.type = field::Empty,
    )
}

fn client_request_id(request: &HttpRequest) -> Option<&str> {
    request.headers.get(CLIENT_REQUEST_ID)?.to_str().ok()
}

/// The span of one try.
pub(super) fn one_try(pipeline: &Pipeline, request: &HttpRequest, retries: u32) -> Span {
    let template = request.context.template;
    let (method, original) = method(&request.method);
    tracing::debug_span!(
        target: "maps_core",
        "try",
        otel.kind = "client",
        otel.name = %Name(if original.is_some() { "HTTP" } else { method }, template),
        otel.status_code = field::Empty,
        http.request.method = method,
        http.request.method_original = original,
        http.request.resend_count = Some(i64::from(retries)).filter(|&retries| retries > 0),
        server.address = request.url.host_str(),
        server.port = request.url.port_or_known_default().map(i64::from),
        url.full = %Full(pipeline, request),
        url.template = Some(template).filter(|template| !template.is_empty()),
        http.response.status_code = field::Empty,
        azure.service.request.id = field::Empty,
        error.type = field::Empty,
    )
}

/// Notes how a call or try ended.
pub(super) fn record(pipeline: &Pipeline, span: &Span, outcome: &Result<RawResponse>) {
    let (status, request_id) = match outcome {
        Ok(response) => (Some(response.status()), response.request_id()),
        Err(error) => (error.status(), error.request_id()),
    };
    if let Some(status) = status {
        span.record("http.response.status_code", i64::from(status.as_u16()));
    }
    if let Some(id) = request_id {
        span.record("azure.service.request.id", pipeline.redact(id));
    }
    let error = match outcome {
        Ok(response) if response.is_refusal() => response.status.as_str(),
        Ok(_) => return,
        Err(error) => error.kind().as_str(),
    };
    span.record("error.type", error);
    span.record("otel.status_code", "ERROR");
}

/// The method as OpenTelemetry wants it, and what is sent when it is none that everybody knows.
fn method(method: &Method) -> (&str, Option<&str>) {
    match *method {
        Method::GET
        | Method::HEAD
        | Method::POST
        | Method::PUT
        | Method::DELETE
        | Method::CONNECT
        | Method::OPTIONS
        | Method::TRACE
        | Method::PATCH => (method.as_str(), None),
        _ => ("_OTHER", Some(method.as_str())),
    }
}

/// A name of two words, of which one may be empty.
struct Name<'a>(&'a str, &'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gap = if self.0.is_empty() || self.1.is_empty() {
            ""
        } else {
            " "
        };
        write!(f, "{}{gap}{}", self.0, self.1)
    }
}

/// Where a request goes, made into text only for who reads it: even without a subscriber the macros of `tracing` look at
/// each field once another crate has turned their feature `log` on.
struct Full<'a>(&'a Pipeline, &'a HttpRequest);

impl fmt::Display for Full<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Taken apart first, a secret could not be found any more.
        f.write_str(&shown(&self.0.redact(self.1.url.as_str())))
    }
}

/// A URL without the values of its query.
fn shown(url: &str) -> String {
    let Some((path, query)) = url.split_once('?') else {
        return url.to_owned();
    };
    let mut text = path.to_owned();
    for (at, pair) in query.split('&').enumerate() {
        let name = pair.split('=').next().unwrap_or_default();
        text.push(if at == 0 { '?' } else { '&' });
        text.push_str(name);
        text.push_str("=REDACTED");
    }
    text
}
