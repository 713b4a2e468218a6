//! Misbehaviour on request.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::StreamExt;
use http::header::RETRY_AFTER;
use http::{HeaderName, HeaderValue, StatusCode};
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};

use crate::problem::{Family, Fault, Problem};

/// Most rules at a time.
const MAX_RULES: usize = 1_000;

/// Longest delay that a rule may ask for.
const MAX_DELAY: Duration = Duration::from_secs(3_600);

/// Time for the start of a body to leave before its connection is closed.
const BEFORE_CUT: Duration = Duration::from_millis(20);

/// A rule that makes answers go wrong.
///
/// Rules are tried in the order in which they were added, and the first that applies is used. As JSON, for the
/// administrative call: `{"operation": "Dataset_Create", "times": 2, "action": {"respond": {"status": 503}}}`.
///
/// ```
/// use maps_emulator::{FaultAction, FaultRule};
///
/// let throttled = FaultRule::new(FaultAction::Respond { status: 429, retry_after: Some("2".into()) })
///     .on("Route_GetRouteOperationsStatus")
///     .times(3);
/// # let _ = throttled;
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FaultRule {
    /// The operation it is about, by its `operationId`; all operations when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// How many requests pass before the rule applies.
    #[serde(default)]
    pub skip: u64,
    /// How many requests it applies to; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// What goes wrong.
    pub action: FaultAction,
}

impl FaultRule {
    /// A rule for every request.
    pub fn new(action: FaultAction) -> Self {
        Self {
            operation: None,
            skip: 0,
            times: None,
            action,
        }
    }

    /// Limits the rule to one operation, by its `operationId`.
    #[must_use]
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Lets the first `count` requests pass.
    #[must_use]
    pub fn after(mut self, count: u64) -> Self {
        self.skip = count;
        self
    }

    /// Limits the rule to `count` requests.
    #[must_use]
    pub fn times(mut self, count: u64) -> Self {
        self.times = Some(count);
        self
    }

    /// Whether the rule can be followed.
    pub(crate) fn check(&self) -> Result<(), String> {
        match &self.action {
            FaultAction::Respond {
                status,
                retry_after,
            } => {
                if !(200..=999).contains(status) {
                    return Err(format!("{status} is not a status that ends an answer"));
                }
                if let Some(value) = retry_after {
                    HeaderValue::from_str(value)
                        .map_err(|_| "retry_after cannot be a header value".to_owned())?;
                }
            }
            FaultAction::SetHeader { name, value } => {
                HeaderName::from_bytes(name.as_bytes())
                    .map_err(|_| format!("{name:?} is not a header name"))?;
                HeaderValue::from_str(value)
                    .map_err(|_| "the value cannot be a header value".to_owned())?;
            }
            FaultAction::Delay { milliseconds } => {
                if Duration::from_millis(*milliseconds) > MAX_DELAY {
                    return Err("a delay is at most an hour".to_owned());
                }
            }
            FaultAction::Disconnect | FaultAction::CutBody { .. } | FaultAction::Body { .. } => {}
        }
        Ok(())
    }
}

/// What a [`FaultRule`] does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", rename_all_fields = "snake_case")]
#[non_exhaustive]
pub enum FaultAction {
    /// Answers with this status and an error body, without doing anything.
    Respond {
        /// The status, 200 or more.
        status: u16,
        /// Value of a `Retry-After` header: seconds, a date, or anything else.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<String>,
    },
    /// Closes the connection without an answer and without doing anything.
    Disconnect,
    /// Waits before the request is looked at, in real time.
    Delay {
        /// How long, at most an hour.
        milliseconds: u64,
    },
    /// Does what is asked, announces the whole answer, and closes the connection after some bytes of its body.
    CutBody {
        /// Bytes of the body that arrive.
        bytes: usize,
    },
    /// Does what is asked, and answers with another body.
    Body {
        /// The body.
        text: String,
    },
    /// Does what is asked, and adds or replaces a header of the answer, such as a hostile `Operation-Location`.
    SetHeader {
        /// Name of the header.
        name: String,
        /// Its value.
        value: String,
    },
}

/// The rules in force.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<FaultRule>>);

impl Faults {
    pub(crate) fn new(rules: Vec<FaultRule>) -> Self {
        Self(Mutex::new(rules))
    }

    /// Whether there was room for the rule.
    pub(crate) fn add(&self, rule: FaultRule) -> bool {
        let mut rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = rules.len() < MAX_RULES;
        if room {
            rules.push(rule);
        }
        room
    }

    pub(crate) fn clear(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// The action for a request, which is counted.
    pub(crate) fn take(&self, operation: &str) -> Option<FaultAction> {
        let mut rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = None;
        for rule in rules.iter_mut() {
            if rule.operation.as_deref().is_some_and(|id| id != operation) {
                continue;
            }
            if rule.skip > 0 {
                rule.skip -= 1;
                continue;
            }
            if let Some(times) = &mut rule.times {
                if *times == 0 {
                    continue;
                }
                *times -= 1;
            }
            found = Some(rule.action.clone());
            break;
        }
        rules.retain(|rule| rule.times != Some(0));
        found
    }
}

/// Marks an answer whose connection is to be closed instead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Disconnect;

/// What an action does before the request is looked at: an answer, if that is all there is to it.
pub(crate) async fn before(action: &FaultAction, family: Family) -> Option<Response> {
    match action {
        FaultAction::Respond {
            status,
            retry_after,
        } => {
            let status = StatusCode::from_u16(*status).ok()?;
            let reason = status.canonical_reason().unwrap_or("Fault");
            let code: String = reason.split(' ').collect();
            let fault = Fault::new(code, "The emulator was told to answer like this.");
            let mut response = Problem::new(status, fault).into_response(family);
            let value = retry_after.as_deref().map(HeaderValue::from_str);
            if let Some(Ok(value)) = value {
                response.headers_mut().insert(RETRY_AFTER, value);
            }
            Some(response)
        }
        FaultAction::Disconnect => {
            let mut response = Response::new(Body::empty());
            response.extensions_mut().insert(Disconnect);
            Some(response)
        }
        FaultAction::Delay { milliseconds } => {
            tokio::time::sleep(Duration::from_millis(*milliseconds)).await;
            None
        }
        FaultAction::CutBody { .. } | FaultAction::Body { .. } | FaultAction::SetHeader { .. } => {
            None
        }
    }
}

/// What an action does to the answer.
pub(crate) async fn after(action: &FaultAction, mut response: Response) -> Response {
    match action {
        FaultAction::CutBody { bytes } => cut(response, *bytes).await,
        FaultAction::Body { text } => {
            *response.body_mut() = Body::from(text.clone());
            response
        }
        FaultAction::SetHeader { name, value } => {
            let name = HeaderName::from_bytes(name.as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
                response.headers_mut().insert(name, value);
            }
            response
        }
        FaultAction::Respond { .. } | FaultAction::Disconnect | FaultAction::Delay { .. } => {
            response
        }
    }
}

async fn cut(response: Response, bytes: usize) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(collected) = body.collect().await else {
        return Response::from_parts(parts, Body::empty());
    };
    let whole = collected.to_bytes();
    parts
        .headers
        .insert(http::header::CONTENT_LENGTH, whole.len().into());
    let start = whole.slice(..bytes.min(whole.len()));
    let stream = futures_util::stream::iter([Ok::<Bytes, std::io::Error>(start)]);
    let stream = stream.chain(futures_util::stream::once(async {
        // While it waits, what there is gets sent; an error at once would take it along.
        tokio::time::sleep(BEFORE_CUT).await;
        Err(std::io::ErrorKind::ConnectionReset.into())
    }));
    Response::from_parts(parts, Body::from_stream(stream))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_apply_in_order_after_and_for_as_long_as_they_say() {
        let faults = Faults::new(vec![
            FaultRule::new(FaultAction::Disconnect)
                .on("A")
                .after(1)
                .times(2),
            FaultRule::new(FaultAction::CutBody { bytes: 1 }).on("B"),
        ]);
        let taken: Vec<_> = (0..4).map(|_| faults.take("A")).collect();
        assert_eq!(
            taken,
            [
                None,
                Some(FaultAction::Disconnect),
                Some(FaultAction::Disconnect),
                None
            ]
        );
        assert_eq!(faults.take("B"), Some(FaultAction::CutBody { bytes: 1 }));
        faults.clear();
        assert_eq!(faults.take("B"), None);
    }

    #[test]
    fn rules_are_read_from_json() {
        let json =
            r#"{"operation":"A","times":2,"action":{"respond":{"status":429,"retry_after":"5"}}}"#;
        let rule: FaultRule = serde_json::from_str(json).unwrap();
        let action = FaultAction::Respond {
            status: 429,
            retry_after: Some("5".to_owned()),
        };
        assert_eq!(rule, FaultRule::new(action).on("A").times(2));
        let rule: FaultRule = serde_json::from_str(r#"{"action":"disconnect"}"#).unwrap();
        assert_eq!(rule, FaultRule::new(FaultAction::Disconnect));
        assert!(serde_json::from_str::<FaultRule>(r#"{"action":"disconnect","x":1}"#).is_err());
    }

    #[test]
    fn rules_that_cannot_be_followed_are_refused() {
        let bad = [
            FaultAction::Respond {
                status: 100,
                retry_after: None,
            },
            FaultAction::Respond {
                status: 429,
                retry_after: Some("\n".to_owned()),
            },
            FaultAction::SetHeader {
                name: "a b".to_owned(),
                value: String::new(),
            },
            FaultAction::Delay {
                milliseconds: u64::MAX,
            },
        ];
        for action in bad {
            assert!(FaultRule::new(action).check().is_err());
        }
    }
}
