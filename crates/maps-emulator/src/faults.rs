//! Misbehaviour on request.

mod script;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use http::header::RETRY_AFTER;
use http::{HeaderName, HeaderValue, StatusCode};
use http_body_util::BodyExt;
use maps_types::faults::{
    FaultAction, FaultReport, FaultRequest, FaultRule, FaultRuleError, FaultRules,
};

use crate::problem::{Family, Fault, Problem};

pub(crate) use script::{End, Script, script};

/// The rules in force.
#[derive(Debug)]
pub(crate) struct Faults {
    rules: Mutex<FaultRules>,
    start: FaultRules,
}

impl Faults {
    /// The rules of the start, which [`reset`](Self::reset) goes back to.
    pub(crate) fn new(seed: u64, rules: &[FaultRule]) -> Result<Self, FaultRuleError> {
        let mut start = FaultRules::new(seed);
        for rule in rules {
            start.add(rule.clone())?;
        }
        Ok(Self {
            rules: Mutex::new(start.clone()),
            start,
        })
    }

    pub(crate) fn add(&self, rule: FaultRule) -> Result<u64, FaultRuleError> {
        self.lock().add(rule)
    }

    pub(crate) fn remove(&self, id: u64) -> bool {
        self.lock().remove(id)
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    pub(crate) fn reset(&self) {
        *self.lock() = self.start.clone();
    }

    pub(crate) fn report(&self) -> Vec<FaultReport> {
        self.lock().report()
    }

    /// The action for a request, which is counted.
    pub(crate) fn choose(&self, request: &FaultRequest<'_>) -> Option<FaultAction> {
        self.lock().choose(request)
    }

    fn lock(&self) -> MutexGuard<'_, FaultRules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Marks an answer that goes out by hand, byte by byte: HTTP libraries send no wrong ones.
#[derive(Debug, Clone)]
pub(crate) struct ByHand(pub(crate) FaultAction);

/// What an action does before the request is looked at: an answer, if that is all there is to it.
pub(crate) async fn before(action: &FaultAction, family: Family) -> Option<Response> {
    match action {
        FaultAction::Respond {
            status,
            retry_after,
            body,
        } => Some(respond(
            StatusCode::from_u16(*status).ok()?,
            retry_after.as_deref(),
            body.as_deref(),
            family,
        )),
        FaultAction::Disconnect => {
            let mut response = Response::new(Body::empty());
            response.extensions_mut().insert(ByHand(action.clone()));
            Some(response)
        }
        FaultAction::Delay { milliseconds } => {
            tokio::time::sleep(Duration::from_millis(*milliseconds)).await;
            None
        }
        _ => None,
    }
}

fn respond(
    status: StatusCode,
    retry_after: Option<&str>,
    body: Option<&str>,
    family: Family,
) -> Response {
    let reason = status.canonical_reason().unwrap_or("Fault");
    let code: String = reason.split(' ').collect();
    let fault = Fault::new(code, "The emulator was told to answer like this.");
    let mut response = Problem::new(status, fault).into_response(family);
    if let Some(body) = body {
        *response.body_mut() = Body::from(body.to_owned());
    }
    if let Some(Ok(value)) = retry_after.map(|value| HeaderValue::from_bytes(value.as_bytes())) {
        response.headers_mut().insert(RETRY_AFTER, value);
    }
    response
}

/// What an action does to the answer.
pub(crate) async fn after(action: &FaultAction, mut response: Response) -> Response {
    match action {
        FaultAction::TruncateBody { bytes } => {
            let (parts, body) = response.into_parts();
            // The bodies of the services are in memory, and cannot break off.
            let whole = body.collect().await.map(|body| body.to_bytes());
            let whole = whole.unwrap_or_default();
            let start = whole.slice(..whole.len().min(*bytes));
            Response::from_parts(parts, Body::from(start))
        }
        FaultAction::Body { text } => {
            *response.body_mut() = Body::from(text.clone());
            response
        }
        FaultAction::SetHeader { name, value } => {
            let name = HeaderName::from_bytes(name.as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
                response.headers_mut().insert(name, value);
            }
            response
        }
        FaultAction::HalfClose
        | FaultAction::CutHead { .. }
        | FaultAction::CutBody { .. }
        | FaultAction::SlowBody { .. }
        | FaultAction::WrongLength { .. }
        | FaultAction::JunkHeader { .. } => {
            response.extensions_mut().insert(ByHand(action.clone()));
            response
        }
        // All of their work was done before.
        _ => response,
    }
}
