//! A transport that answers from a script.

use std::collections::VecDeque;
use std::fmt;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::SentRequest;
use crate::error::{Error, ErrorKind, Result};
use crate::transport::{HttpRequest, HttpResponse, Transport};

/// A [`Transport`] that gives the answers of a script, in order, and notes the requests. Clones are the same script.
///
/// A request after the last answer fails with an error of kind [`Connect`](ErrorKind::Connect), which the pipeline
/// retries as it would any other.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use maps_core::ClientOptions;
/// use maps_core::test_kit::{Answer, ScriptedTransport};
///
/// let script = ScriptedTransport::new()
///     .answer(Answer::status(503))
///     .answer(Answer::status(200).json(r#"{"id":"1"}"#));
/// let options = ClientOptions::new().transport(Arc::new(script.clone()));
/// // A client with these options has its first try refused and its second one answered.
/// assert!(script.requests().is_empty());
/// ```
#[derive(Clone, Default)]
pub struct ScriptedTransport(Arc<Mutex<Script>>);

#[derive(Default)]
struct Script {
    answers: VecDeque<Answer>,
    otherwise: Option<Arc<Responder>>,
    requests: Vec<HttpRequest>,
}

type Responder = dyn Fn(&SentRequest) -> Answer + Send + Sync;

/// One answer of a script.
#[derive(Debug, Clone)]
#[must_use]
pub struct Answer(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Response {
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
    },
    Fault(ErrorKind, &'static str),
    Silence,
}

impl ScriptedTransport {
    /// A script without answers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an answer at the end; this can be done while clients work.
    #[must_use]
    pub fn answer(self, answer: Answer) -> Self {
        self.push(answer);
        self
    }

    /// Adds an answer at the end.
    pub fn push(&self, answer: Answer) {
        self.lock().answers.push_back(answer);
    }

    /// Answers by a function each request that the script has no answer for.
    ///
    /// For programs whose requests come in no fixed order.
    ///
    /// ```
    /// use maps_core::test_kit::{Answer, ScriptedTransport};
    ///
    /// let service = ScriptedTransport::new().otherwise(|request| match request.url.path() {
    ///     "/jobs" => Answer::accepted("/jobs/1"),
    ///     _ => Answer::monitor("Running"),
    /// });
    /// # let _ = service;
    /// ```
    #[must_use]
    pub fn otherwise(
        self,
        answer: impl Fn(&SentRequest) -> Answer + Send + Sync + 'static,
    ) -> Self {
        self.lock().otherwise = Some(Arc::new(answer));
        self
    }

    /// The request of this number, counted from 0, to say things about it.
    ///
    /// # Panics
    ///
    /// When there were not so many.
    #[must_use]
    #[track_caller]
    pub fn request(&self, number: usize) -> SentRequest {
        let requests = self.requests();
        let count = requests.len();
        let Some(request) = requests.into_iter().nth(number) else {
            panic!("request {number}: there were {count}");
        };
        SentRequest::new(request)
    }

    /// `METHOD /path` of each request so far.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let line = |request: &HttpRequest| format!("{} {}", request.method, request.url.path());
        self.lock().requests.iter().map(line).collect()
    }

    /// The requests so far, signed as they went out.
    #[must_use]
    pub fn requests(&self) -> Vec<HttpRequest> {
        self.lock().requests.clone()
    }

    /// How many answers nobody has asked for yet.
    #[must_use]
    pub fn answers_left(&self) -> usize {
        self.lock().answers.len()
    }

    fn lock(&self) -> MutexGuard<'_, Script> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Answer {
    /// A response without body. A status that HTTP does not know (below 100, above 999) becomes 500.
    pub fn status(status: u16) -> Self {
        Self(Kind::Response {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        })
    }

    /// A connection that is not made ([`Connect`](ErrorKind::Connect)): the service sees nothing.
    pub fn no_connection() -> Self {
        Self(Kind::Fault(ErrorKind::Connect, "scripted: no connection"))
    }

    /// A connection that breaks off ([`Transport`](ErrorKind::Transport)): the service may have seen the request.
    pub fn broken() -> Self {
        Self(Kind::Fault(
            ErrorKind::Transport,
            "scripted: the connection broke off",
        ))
    }

    /// No answer at all, until a limit of time ends the wait.
    pub fn silence() -> Self {
        Self(Kind::Silence)
    }

    /// An error answer, with a body as the services write it.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        let body = json!({"error": {"code": code, "message": message}});
        Self::status(status).json(body.to_string())
    }

    /// 202 whose `Operation-Location` leads to the status of what was started.
    pub fn accepted(operation_location: &str) -> Self {
        Self::status(202).header("operation-location", operation_location)
    }

    /// 200 with the status of a long-running operation: `NotStarted`, `Running`, `Completed`, `Succeeded` …
    ///
    /// [`member`](Self::member) adds what else the service tells.
    ///
    /// ```
    /// use maps_core::test_kit::Answer;
    /// use serde_json::json;
    ///
    /// let done = Answer::monitor("Completed").member("result", &json!({"resultUrl": "/jobs/1/result"}));
    /// # let _ = done;
    /// ```
    pub fn monitor(status: &str) -> Self {
        Self::status(200).json(json!({"status": status}).to_string())
    }

    /// 200 with the status `Failed`, and why.
    pub fn failed(code: &str, message: &str) -> Self {
        Self::monitor("Failed").member("error", &json!({"code": code, "message": message}))
    }

    /// Adds a member to a body that is a JSON object, or replaces it. Other bodies become such an object.
    pub fn member(mut self, name: &str, value: &impl Serialize) -> Self {
        if let Kind::Response { body, .. } = &mut self.0 {
            let mut members =
                serde_json::from_slice::<Map<String, Value>>(body).unwrap_or_default();
            // What serde cannot write, a map whose keys are no text, is `null`.
            let value = serde_json::to_value(value).unwrap_or_default();
            members.insert(name.to_owned(), value);
            *body = Value::Object(members).to_string().into();
        }
        self
    }

    /// Adds a header. One that is not legal is left out.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Kind::Response { headers, .. } = &mut self.0 {
            if let (Ok(name), Ok(value)) = (
                HeaderName::from_bytes(name.as_bytes()),
                HeaderValue::from_bytes(value.as_bytes()),
            ) {
                headers.append(name, value);
            }
        }
        self
    }

    /// Sets the body, and says that it is JSON.
    pub fn json(self, text: impl Into<Bytes>) -> Self {
        self.header("content-type", "application/json").body(text)
    }

    /// Sets the body.
    pub fn body(mut self, bytes: impl Into<Bytes>) -> Self {
        if let Kind::Response { body, .. } = &mut self.0 {
            *body = bytes.into();
        }
        self
    }
}

impl Transport for ScriptedTransport {
    fn send(&self, mut request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse>> {
        if let Some(body) = request.body.take_if(|body| body.as_bytes().is_none()) {
            // A stream is noted as the bytes that came out of it.
            let script = self.clone();
            return Box::pin(async move {
                request.body = Some(body.into_bytes().await?.into());
                script.send(request).await
            });
        }
        let answer = {
            let mut script = self.lock();
            script.requests.push(request.clone());
            let next = script.answers.pop_front();
            let otherwise = script.otherwise.clone();
            // The function may look at the script.
            drop(script);
            next.or_else(|| otherwise.map(|otherwise| otherwise(&SentRequest::new(request))))
        };
        Box::pin(async move {
            match answer.map(|answer| answer.0) {
                None => Err(Error::new(
                    ErrorKind::Connect,
                    "the script has no answer left",
                )),
                Some(Kind::Silence) => pending().await,
                Some(Kind::Fault(kind, message)) => Err(Error::new(kind, message)),
                Some(Kind::Response {
                    status,
                    headers,
                    body,
                }) => Ok(HttpResponse::new(status, headers, body)),
            }
        })
    }
}

impl fmt::Debug for ScriptedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let script = self.lock();
        f.debug_struct("ScriptedTransport")
            .field("answers_left", &script.answers.len())
            .field("requests", &script.requests)
            .finish()
    }
}
