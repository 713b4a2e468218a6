//! Spans of calls and tries, with the HTTP names of OpenTelemetry.
//!
//! Names are kept and values are not: of a query only the names are shown.

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
        otel.name = request.context.operation,
        az.service = service,
        az.client_request_id = client_request_id(request),
        http.response.status_code = field::Empty,
        az.service_request_id = field::Empty,
        error.type = field::Empty,
    )
}

fn client_request_id(request: &HttpRequest) -> Option<&str> {
    request.headers.get(CLIENT_REQUEST_ID)?.to_str().ok()
}

/// The span of one try.
pub(super) fn one_try(pipeline: &Pipeline, request: &HttpRequest, retries: u32) -> Span {
    let span = tracing::debug_span!(
        target: "maps_core",
        "try",
        otel.kind = "client",
        otel.name = request.method.as_str(),
        http.request.method = request.method.as_str(),
        http.request.resend_count = retries,
        server.address = request.url.host_str(),
        server.port = request.url.port_or_known_default(),
        url.full = field::Empty,
        http.response.status_code = field::Empty,
        az.service_request_id = field::Empty,
        error.type = field::Empty,
    );
    if !span.is_disabled() {
        span.record("url.full", pipeline.redact(&shown(request)));
    }
    span
}

/// Notes how a call or try ended.
pub(super) fn record(pipeline: &Pipeline, span: &Span, outcome: &Result<RawResponse>) {
    let (status, request_id) = match outcome {
        Ok(response) => (
            Some(response.status()),
            response
                .headers()
                .get("x-ms-request-id")
                .and_then(|id| id.to_str().ok()),
        ),
        Err(error) => {
            span.record("error.type", error.kind().as_str());
            (error.status(), error.request_id())
        }
    };
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
        if outcome.is_ok() && status.as_u16() >= 400 {
            span.record("error.type", status.as_str());
        }
    }
    if let Some(id) = request_id {
        span.record("az.service_request_id", pipeline.redact(id));
    }
}

fn shown(request: &HttpRequest) -> String {
    let url = &request.url;
    let mut text = format!("{}{}", crate::trust::origin(url), url.path());
    let names = url.query().into_iter().flat_map(|query| query.split('&'));
    for (at, pair) in names.enumerate() {
        let name = pair.split('=').next().unwrap_or_default();
        text.push(if at == 0 { '?' } else { '&' });
        text.push_str(name);
        text.push_str("=REDACTED");
    }
    text
}
