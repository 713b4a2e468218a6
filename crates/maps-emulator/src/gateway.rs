//! The way of a request to its operation: host, path, credential, api-version, parameters, body.

mod body;
mod host;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use maps_types::faults::FaultRequest;
use maps_types::operations::{Operation, Service};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::app::App;
use crate::faults;
use crate::journal::RecordedRequest;
use crate::problem::{Family, Fault, Problem};
use crate::routing::{self, Match, NoMatch};
use crate::services;
use crate::validate::{Faults, check_parameters, code, query_pairs};

const API_VERSION: &str = "api-version";
const REQUEST_ID: &str = "x-ms-request-id";
const CLIENT_REQUEST_ID: &str = "x-ms-client-request-id";

/// Scheme and host under which the request reached the emulator: links in answers start with it.
#[derive(Debug, Clone)]
pub(crate) struct Base(String);

/// A request that passed all checks, on its way to the operation.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) service: &'static Service,
    pub(crate) operation: &'static Operation,
    pub(crate) body: Option<Value>,
    path: Vec<(&'static str, String)>,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    base: String,
}

impl Call {
    /// A path parameter, decoded.
    pub(crate) fn path(&self, name: &str) -> &str {
        let found = self.path.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// A query parameter, decoded.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// An absolute URL of this emulator.
    pub(crate) fn link(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// An absolute URL of this emulator, with the api-version of the request.
    pub(crate) fn versioned_link(&self, path: &str) -> String {
        self.link(&format!("{path}?api-version={}", self.service.api_version))
    }
}

/// A JSON answer.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Result<Response, Problem> {
    typed_json("application/json", status, body)
}

/// A JSON answer of a media type of its own.
pub(crate) fn typed_json(
    content_type: &'static str,
    status: StatusCode,
    body: &impl Serialize,
) -> Result<Response, Problem> {
    let bytes = serde_json::to_vec(body).map_err(|err| {
        tracing::error!(error = %err, "an answer could not be written");
        let fault = Fault::new("InternalError", "The answer could not be written.");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, fault)
    })?;
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    Ok(response)
}

/// An answer without a body.
pub(crate) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// Sets a header of an answer; a value that cannot be one is left out.
pub(crate) fn set_header(response: &mut Response, name: &'static str, value: &str) {
    match HeaderValue::from_str(value) {
        Ok(value) => {
            response
                .headers_mut()
                .insert(HeaderName::from_static(name), value);
        }
        Err(_) => tracing::warn!(name, "a header of an answer was left out"),
    }
}

/// Refuses requests that are not for this emulator: a page in a browser may have a name resolve to 127.0.0.1.
pub(crate) async fn check_host(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Response {
    match host::base(request.headers(), request.uri(), &app.hosts) {
        Ok(base) => {
            request.extensions_mut().insert(Base(base));
            next.run(request).await
        }
        Err(problem) => problem.into_response(Family::Common),
    }
}

/// What is known of a request while it is answered.
struct Seen {
    operation: Option<&'static str>,
    family: Family,
}

/// Answers a request to a service.
pub(crate) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut seen = Seen {
        operation: None,
        family: services::family_of_path(parts.uri.path()),
    };
    let answered = answer(&app, &parts, body, &mut seen).await;
    let mut response = answered.unwrap_or_else(|problem| problem.into_response(seen.family));
    let id = Uuid::new_v4().to_string();
    set_header(&mut response, REQUEST_ID, &id);
    if let Some(theirs) = parts.headers.get(CLIENT_REQUEST_ID) {
        response
            .headers_mut()
            .insert(HeaderName::from_static(CLIENT_REQUEST_ID), theirs.clone());
    }
    tracing::debug!(
        operation = seen.operation,
        status = response.status().as_u16(),
        request_id = id,
        "request"
    );
    if app.journal.is_on() {
        app.journal.add(RecordedRequest {
            method: parts.method,
            uri: parts.uri,
            headers: parts.headers,
            operation: seen.operation,
            status: response.status().as_u16(),
        });
    }
    response
}

async fn answer(
    app: &Arc<App>,
    parts: &Parts,
    body: Body,
    seen: &mut Seen,
) -> Result<Response, Problem> {
    let tables = services::tables();
    let found = routing::find(&tables, parts.method.as_str(), parts.uri.path());
    let candidates = found.map_err(|none| match none {
        NoMatch::Path => Problem::no_such_path(),
        NoMatch::Method(methods) => Problem::no_such_method(&methods),
        NoMatch::Encoding => bad_encoding("path"),
    })?;
    let Some(first) = candidates.first() else {
        return Err(Problem::no_such_path());
    };
    seen.operation = Some(first.operation.id);
    seen.family = services::family(first.service);

    let request = FaultRequest::new(first.operation.id, parts.method.as_str(), parts.uri.path());
    let fault = app.faults.choose(&request.at(app.timeline.elapsed()));
    if let Some(fault) = &fault
        && let Some(response) = faults::before(fault, seen.family).await
    {
        return Ok(response);
    }
    let answered = checked(app, parts, body, candidates, seen).await;
    match fault {
        Some(fault) => {
            let response = answered.unwrap_or_else(|problem| problem.into_response(seen.family));
            Ok(faults::after(&fault, response).await)
        }
        None => answered,
    }
}

async fn checked(
    app: &Arc<App>,
    parts: &Parts,
    body: Body,
    candidates: Vec<Match>,
    seen: &mut Seen,
) -> Result<Response, Problem> {
    let query = query_pairs(parts.uri.query().unwrap_or_default());
    let query = query.ok_or_else(|| bad_encoding("query"))?;
    let placement = candidates.first().and_then(|found| found.service.key);
    app.gate.check(placement, &parts.headers, &query)?;

    let found = choose_version(candidates, &query)?;
    seen.operation = Some(found.operation.id);
    seen.family = services::family(found.service);
    let mut faults = Faults::default();
    check_parameters(
        found.operation,
        &found.values,
        &query,
        &parts.headers,
        &mut faults,
    );
    faults.into_result()?;

    let body = body::read(found.operation, &parts.headers, body, app.limits.body).await?;
    let base = parts.extensions.get::<Base>();
    let call = Call {
        service: found.service,
        operation: found.operation,
        body,
        path: found.values,
        query,
        headers: parts.headers.clone(),
        base: base.map(|base| base.0.clone()).unwrap_or_default(),
    };
    services::dispatch(app, call).await
}

fn bad_encoding(place: &str) -> Problem {
    let message = format!("The {place} is not UTF-8 once decoded.");
    Problem::invalid([Fault::new(code::INVALID, message).at(place)])
}

/// The operation of the api-version that the query names.
fn choose_version(candidates: Vec<Match>, query: &[(String, String)]) -> Result<Match, Problem> {
    let refuse =
        |code: &str, message: String| Problem::invalid([Fault::new(code, message).at(API_VERSION)]);
    let mut versions = query.iter().filter(|(name, _)| name == API_VERSION);
    let Some((_, version)) = versions.next().filter(|(_, version)| !version.is_empty()) else {
        return Err(refuse(code::MISSING, "The value is required.".to_owned()));
    };
    if versions.next().is_some() {
        let message = "The value is given more than once.".to_owned();
        return Err(refuse(code::INVALID, message));
    }
    let known: Vec<_> = candidates
        .iter()
        .map(|found| found.service.api_version)
        .collect();
    let message = format!(
        "The service has no version like this; it has {}.",
        known.join(", ")
    );
    candidates
        .into_iter()
        .find(|found| found.service.api_version == version)
        .ok_or_else(|| refuse("UnsupportedApiVersion", message))
}
