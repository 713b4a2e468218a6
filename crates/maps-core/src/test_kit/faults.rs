//! A transport whose exchanges go wrong by rules.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use futures_core::future::BoxFuture;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use maps_types::faults::{
    FaultAction, FaultReport, FaultRequest, FaultRule, FaultRuleError, FaultRules,
};

use super::body::{Breaking, Slow};
use crate::clock::{Clock, ClockRef};
use crate::error::{Error, ErrorKind, Result};
use crate::options::Timeouts;
use crate::runtime::Runtime;
use crate::transport::{Body, HttpRequest, HttpResponse, ReqwestTransport, Transport};

/// Most header lines of an answer that the default transport reads.
const MAX_HEADERS: usize = 100;

/// Most bytes of an answer's head that the default transport reads; it may stop at half of it, as the pieces fall.
const MAX_HEAD: usize = 800 << 10;

/// A [`Transport`] around another one, whose exchanges go wrong by [`FaultRule`]s. Clones share rules and counts.
///
/// The rules are those of the emulator, with the same meaning; what goes wrong on a wire there is here the error or
/// the answer that the default transport would make of it:
///
/// | action | what the client gets |
/// |---|---|
/// | `Respond` | the answer; the inner transport sees nothing |
/// | `Disconnect` | an error of kind [`Transport`](ErrorKind::Transport); the inner transport sees nothing |
/// | `HalfClose`, `CutHead` | an error of kind `Transport`, after the exchange |
/// | `Delay` | a wait on the [`clock`](Self::clock), then the exchange |
/// | `CutBody` of a longer body, `WrongLength` that is longer | a body that breaks off with an error of kind `Transport` |
/// | `WrongLength` that is shorter, `TruncateBody` | a body that ends early |
/// | `SlowBody` | a body in pieces, each after a wait on the clock |
/// | `Body`, `SetHeader` | the changed answer |
/// | `JunkHeader` | the header lines, or an error of kind `Transport` when they are not legal, more than 100, or longer than 800 KiB |
///
/// An `operation` condition means what the client is doing: the polls of a long-running operation, and what collects its
/// result, belong to the operation that was submitted. A `path` condition tells them apart.
///
/// # Examples
///
/// The answer to the first request is lost:
///
/// ```
/// use std::sync::Arc;
/// use maps_core::ClientOptions;
/// use maps_core::test_kit::{Answer, FaultAction, FaultRule, FaultTransport, ScriptedTransport};
///
/// let script = ScriptedTransport::new().answer(Answer::status(200)).answer(Answer::status(200));
/// let transport = FaultTransport::new(script.clone())
///     .fault(FaultRule::new(FaultAction::lose_answer()).times(1))?;
/// let options = ClientOptions::new().transport(Arc::new(transport.clone()));
/// assert_eq!(transport.faults()[0].hits, 0);
/// # let _ = options;
/// # Ok::<_, maps_core::test_kit::FaultRuleError>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct FaultTransport {
    inner: Arc<dyn Transport>,
    clock: ClockRef,
    start: Instant,
    rules: Arc<Mutex<FaultRules>>,
}

impl FaultTransport {
    /// Sends through this transport what no rule keeps.
    pub fn new(inner: impl Transport) -> Self {
        let clock = ClockRef::default();
        Self {
            inner: Arc::new(inner),
            start: clock.now(),
            clock,
            rules: Arc::default(),
        }
    }

    /// Sends through the transport that clients have by default, to real servers.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] when TLS cannot be set up.
    pub fn over_http() -> Result<Self> {
        ReqwestTransport::new(Timeouts::new().connect).map(Self::new)
    }

    /// Takes the time of waits and windows from this clock, which should be the client's. Its time now is the start.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = ClockRef::Custom(clock);
        self.start = self.clock.now();
        self
    }

    /// Decides which requests the rules with a probability pick. Default: 0.
    pub fn seed(self, seed: u64) -> Self {
        self.lock().reseed(seed);
        self
    }

    /// Adds a rule behind the others.
    ///
    /// # Errors
    ///
    /// When the rule cannot be followed.
    pub fn fault(self, rule: FaultRule) -> Result<Self, FaultRuleError> {
        self.add_fault(rule)?;
        Ok(self)
    }

    /// Adds a rule behind the others, also while clients work, and gives its number.
    ///
    /// # Errors
    ///
    /// When the rule cannot be followed, or there are 1,000 rules that still apply.
    pub fn add_fault(&self, rule: FaultRule) -> Result<u64, FaultRuleError> {
        self.lock().add(rule)
    }

    /// The rules, and how many requests each has seen and hit.
    #[must_use]
    pub fn faults(&self) -> Vec<FaultReport> {
        self.lock().report()
    }

    /// Forgets all rules.
    pub fn clear_faults(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, FaultRules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn choose(&self, request: &HttpRequest) -> Option<FaultAction> {
        let elapsed = self.clock.now().saturating_duration_since(self.start);
        let seen = FaultRequest::new(
            request.context.operation,
            request.method.as_str(),
            request.url.path(),
        );
        self.lock().choose(&seen.at(elapsed))
    }
}

impl Transport for FaultTransport {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse>> {
        let action = self.choose(&request);
        let (inner, clock) = (Arc::clone(&self.inner), self.clock.clone());
        Box::pin(async move {
            match &action {
                Some(FaultAction::Respond {
                    status,
                    retry_after,
                    body,
                }) => return Ok(respond(*status, retry_after.as_deref(), body.as_deref())),
                Some(FaultAction::Disconnect) => return Err(broken("without an answer")),
                Some(FaultAction::Delay { milliseconds }) => {
                    check_clock(&clock)?;
                    clock.sleep(Duration::from_millis(*milliseconds)).await;
                }
                _ => {}
            }
            let response = inner.send(request).await?;
            match action {
                Some(action) => spoil(response, action, clock).await,
                None => Ok(response),
            }
        })
    }
}

impl fmt::Debug for FaultTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultTransport")
            .field("inner", &self.inner)
            .field("faults", &self.faults())
            .finish_non_exhaustive()
    }
}

/// The default transport as one that can be wrapped.
impl Transport for ReqwestTransport {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse>> {
        if Runtime::current().is_none() {
            return Box::pin(std::future::ready(Err(no_runtime())));
        }
        Box::pin(self.exchange(request))
    }
}

fn no_runtime() -> Error {
    Error::argument("no tokio runtime is running here")
}

/// Refuses to start what would panic: tokio's timers do without a runtime.
fn check_clock(clock: &ClockRef) -> Result<()> {
    if matches!(clock, ClockRef::Tokio) && Runtime::current().is_none() {
        return Err(no_runtime());
    }
    Ok(())
}

fn broken(when: &str) -> Error {
    let message = format!("fault rule: the connection closed {when}");
    Error::new(ErrorKind::Transport, message)
}

fn respond(status: u16, retry_after: Option<&str>, body: Option<&str>) -> HttpResponse {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(Ok(value)) = retry_after.map(|value| HeaderValue::from_bytes(value.as_bytes())) {
        headers.insert(RETRY_AFTER, value);
    }
    let reason = status.canonical_reason().unwrap_or("Fault");
    let code: String = reason.split(' ').collect();
    let own = || {
        let message = "The test kit was told to answer like this.";
        format!(r#"{{"error":{{"code":"{code}","message":"{message}"}}}}"#)
    };
    HttpResponse::new(status, headers, body.map_or_else(own, str::to_owned))
}

/// What an action makes of an answer.
async fn spoil(
    mut response: HttpResponse,
    action: FaultAction,
    clock: ClockRef,
) -> Result<HttpResponse> {
    match action {
        FaultAction::HalfClose => Err(broken("without an answer")),
        FaultAction::CutHead { .. } => Err(broken("in the head of the answer")),
        FaultAction::CutBody { bytes } => {
            let whole = read(response.body).await?;
            announce(&mut response.headers, whole.len());
            response.body = if bytes < whole.len() {
                Body::stream(Breaking::new(whole.slice(..bytes), broken("in the body")))
            } else {
                whole.into()
            };
            Ok(response)
        }
        FaultAction::TruncateBody { bytes } => {
            let whole = read(response.body).await?;
            let start = whole.slice(..whole.len().min(bytes));
            announce(&mut response.headers, start.len());
            response.body = start.into();
            Ok(response)
        }
        FaultAction::WrongLength { difference } => {
            let whole = read(response.body).await?;
            let difference = isize::try_from(difference).unwrap_or(isize::MAX);
            let announced = whole.len().saturating_add_signed(difference);
            announce(&mut response.headers, announced);
            response.body = if announced > whole.len() {
                Body::stream(Breaking::new(whole, broken("in the body")))
            } else {
                whole.slice(..announced).into()
            };
            Ok(response)
        }
        FaultAction::SlowBody {
            bytes,
            milliseconds,
        } => {
            check_clock(&clock)?;
            let whole = read(response.body).await?;
            let wait = Duration::from_millis(milliseconds);
            response.body = Body::stream(Slow::new(whole, bytes, wait, clock));
            Ok(response)
        }
        FaultAction::Body { text } => {
            announce(&mut response.headers, text.len());
            response.body = text.into();
            Ok(response)
        }
        FaultAction::SetHeader { name, value } => {
            if let (Ok(name), Ok(value)) = (
                HeaderName::from_bytes(name.as_bytes()),
                HeaderValue::from_bytes(value.as_bytes()),
            ) {
                response.headers.insert(name, value);
            }
            Ok(response)
        }
        FaultAction::JunkHeader {
            name,
            value,
            repeat,
            copies,
        } => {
            add_junk(&mut response.headers, &name, &value.repeat(repeat), copies)?;
            Ok(response)
        }
        // `Respond`, `Disconnect` and `Delay` have done their work before.
        _ => Ok(response),
    }
}

fn add_junk(headers: &mut HeaderMap, name: &str, value: &str, copies: usize) -> Result<()> {
    let unread = || Error::new(ErrorKind::Transport, "fault rule: the head cannot be read");
    let bytes = (name.len() + value.len() + 4).saturating_mul(copies);
    if headers.len().saturating_add(copies) > MAX_HEADERS || bytes > MAX_HEAD {
        return Err(unread());
    }
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unread())?;
    let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| unread())?;
    for _ in 0..copies {
        headers.append(name.clone(), value.clone());
    }
    Ok(())
}

fn announce(headers: &mut HeaderMap, length: usize) {
    headers.insert(CONTENT_LENGTH, length.into());
}

/// The whole body, which a test has room for.
async fn read(mut body: Body) -> Result<Bytes> {
    let mut whole = BytesMut::new();
    while let Some(piece) = body.chunk().await? {
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}
