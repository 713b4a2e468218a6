//! The one error type.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::pipeline::Pipeline;
use crate::response::{Call, request_id};
use crate::resume_token::ResumeToken;

mod blotted;
mod display;
mod kind;
mod predicates;
mod service_error;

pub(crate) use blotted::{Cause, blot, in_one_line};
pub use kind::ErrorKind;
pub(crate) use service_error::ServiceError;

/// `Ok` or an [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call or an operation did not give its result.
///
/// One word wide. What happened is asked with predicates ([`is_throttled`](Self::is_throttled),
/// [`is_transient`](Self::is_transient) and the others) and accessors ([`kind`](Self::kind), [`status`](Self::status),
/// [`code`](Self::code), [`resume_token`](Self::resume_token) and the others). The
/// [troubleshooting page](crate::troubleshooting) goes through what can happen.
///
/// `Display` is one line with all that an operator needs: what happened, the service's code and explanation, the
/// operation, and the ids that find the call in the logs of both sides. `Debug` shows the fields that are set. Neither
/// shows headers or body; [`source`](StdError::source) is the cause.
///
/// `Display`, `Debug` and [`source`](StdError::source) show no secret, also when the service repeats one in
/// an answer: the client's secrets are blotted out of the body, the headers and the messages that the error
/// keeps.
///
/// # Examples
///
/// ```
/// # fn handle(error: maps_core::Error) {
/// use maps_core::ErrorKind;
///
/// match error.kind() {
///     ErrorKind::Service if error.is_throttled() => println!("slower: {error}"),
///     ErrorKind::Timeout => println!("resume with {:?}", error.resume_token()),
///     _ => println!("{error}"),
/// }
/// # }
/// ```
pub struct Error(Box<Inner>);

// A `Result` stays as small as its value; errors cross threads.
const _: () = {
    const fn shared<T: Send + Sync + 'static>() {}
    shared::<Error>();
    assert!(std::mem::size_of::<Error>() == std::mem::size_of::<usize>());
};

struct Inner {
    kind: ErrorKind,
    message: Box<str>,
    source: Option<Cause>,
    operation: Option<&'static str>,
    client_request_id: Option<Box<str>>,
    answer: Option<Answer>,
    service: ServiceError,
    may_have_been_sent: bool,
    retry_after: Option<Duration>,
    json_path: Option<Box<str>>,
    last_status: Option<Bytes>,
    resume_token: Option<Box<ResumeToken>>,
    operation_id: Option<Box<str>>,
    link: Option<Box<str>>,
}

/// What the service answered, secrets blotted out.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    /// The same as JSON, where it is XML whose schema is declared.
    in_json: Option<Bytes>,
}

impl Answer {
    /// The body as JSON, which most are.
    fn json(&self) -> &[u8] {
        strip_bom(self.in_json.as_ref().unwrap_or(&self.body))
    }
}

/// What the caller of the SDK asks.
impl Error {
    /// What sort of thing went wrong; always set.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// HTTP status of the answer.
    ///
    /// Set whenever the error is about an answer: always with [`ErrorKind::Service`], and with what came in an answer of
    /// another status, for example 200 for a body that does not decode or an operation that failed.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn handle(error: maps_core::Error) {
    /// let conflict = error.status() == Some(maps_core::StatusCode::CONFLICT);
    /// # }
    /// ```
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.answer.as_ref().map(|answer| answer.status)
    }

    /// The service's own word for the error, for example `RateLimited`.
    ///
    /// Set when the answer holds one: from the body, of whatever shape, or the header `x-ms-error-code` when the body has
    /// none. For [`ErrorKind::Operation`] it is the word of the operation's `error`.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn handle(error: maps_core::Error) {
    /// match error.code() {
    ///     Some("NotFound") => println!("it is gone"),
    ///     Some(other) => println!("the service says {other}"),
    ///     None => println!("the service says nothing"),
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.service.code.as_deref()
    }

    /// The service's own explanation, for people.
    ///
    /// Set when the answer holds one, in a shape of JSON or as the first line of plain text.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.service.message.as_deref()
    }

    /// Codes of the nested `innererror` objects, outermost first; empty where there are none.
    #[must_use]
    pub fn inner_codes(&self) -> &[String] {
        &self.0.service.inner_codes
    }

    /// Name of the operation in its definition, for example `Route_PostRouteMatrix`.
    ///
    /// Set by every call that went into the pipeline; `request` for one beyond the definition. `None` for what failed
    /// before, such as an argument that is not acceptable.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// Identifier of the exchange that the service's support asks for.
    ///
    /// Set when there was an answer with the header `x-ms-request-id`, or `request-id` or
    /// `x-ms-correlation-request-id` without it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(self.headers()?)
    }

    /// Identifier that the client gave the call, sent as `x-ms-client-request-id` with each of its tries.
    ///
    /// Set by every call that went into the pipeline, also when there was no answer: a random UUID, or what
    /// [`CallOptions::client_request_id`](crate::CallOptions::client_request_id) said. A service that echoes it has it in
    /// [`headers`](Self::headers).
    ///
    /// # Examples
    ///
    /// ```
    /// # fn handle(error: maps_core::Error) {
    /// eprintln!(
    ///     "ask support about {} at the service, {} here",
    ///     error.request_id().unwrap_or("no request id"),
    ///     error.client_request_id().unwrap_or("nothing sent"),
    /// );
    /// # }
    /// ```
    #[must_use]
    pub fn client_request_id(&self) -> Option<&str> {
        self.0.client_request_id.as_deref()
    }

    /// Headers of the answer; set when [`status`](Self::status) is.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.answer.as_ref().map(|answer| &answer.headers)
    }

    /// Body of the answer, cut at 64 KiB unless [`Limits`](crate::Limits) says otherwise.
    ///
    /// Set when [`status`](Self::status) is; empty where nothing of the body was read.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.0.answer.as_ref().map(|answer| &answer.body)
    }

    /// Body of the answer as the type that the definition declares for errors.
    ///
    /// `None` when there was no answer or its body has another shape. The docs of each operation name the type. An answer
    /// in XML is read as well, where the operation's definition says how.
    ///
    /// # Examples
    ///
    /// ```
    /// use serde::Deserialize;
    ///
    /// /// With a client of the SDK this is a type of its models, `ErrorResponse` for example.
    /// #[derive(Deserialize)]
    /// struct ErrorResponse {
    ///     error: ErrorDetail,
    /// }
    ///
    /// #[derive(Deserialize)]
    /// struct ErrorDetail {
    ///     target: Option<String>,
    /// }
    ///
    /// fn what_to_mend(error: &maps_core::Error) -> Option<String> {
    ///     error.body_as::<ErrorResponse>()?.error.target
    /// }
    /// ```
    #[must_use]
    pub fn body_as<E: DeserializeOwned>(&self) -> Option<E> {
        serde_json::from_slice(self.0.answer.as_ref()?.json()).ok()
    }

    /// The last status monitor that a long-running operation gave before the error.
    ///
    /// `None` when there was none, it has another shape, or it is longer than [`Limits::error_body`](crate::Limits).
    /// Set by pollers only.
    #[must_use]
    pub fn last_status<S: DeserializeOwned>(&self) -> Option<S> {
        serde_json::from_slice(strip_bom(self.0.last_status.as_ref()?)).ok()
    }

    /// What continues the long-running operation, here or in another process.
    ///
    /// Set by every error of a poller, and by that of a submit whose answer leads to an operation.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn keep(token: String) {}
    /// # fn handle(error: maps_core::Error) {
    /// if let Some(token) = error.resume_token().filter(|_| error.is_timeout()) {
    ///     keep(token.to_string()); // Another process goes on with `client.resume_…(token)`.
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn resume_token(&self) -> Option<&ResumeToken> {
        self.0.resume_token.as_deref()
    }

    /// Identifier of the long-running operation.
    ///
    /// Set by every error of a poller, and by that of a submit where the client named the operation or the answer did.
    #[must_use]
    pub fn operation_id(&self) -> Option<&str> {
        self.0.operation_id.as_deref()
    }

    /// The link that could not be used, as the service gave it, up to 8 KiB.
    ///
    /// Set with [`ErrorKind::Untrusted`], and with [`ErrorKind::Decode`] for a link that is no URL. The client's secrets
    /// are blotted out of it. It may hold those of the service (a signature in its query): do not log it.
    #[must_use]
    pub fn link(&self) -> Option<&str> {
        self.0.link.as_deref()
    }

    /// Whether the service may have seen the request, in any of its tries.
    ///
    /// `false` says that repeating the call cannot do anything twice.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn handle(error: maps_core::Error) {
    /// let safe_to_repeat_a_post = error.is_transient() && !error.may_have_been_sent();
    /// # }
    /// ```
    #[must_use]
    pub fn may_have_been_sent(&self) -> bool {
        self.0.may_have_been_sent
    }

    /// How long the service, a credential that backs off, or the client's own rate limit asks to wait.
    ///
    /// Set when one of them said so (`Retry-After` in seconds or as a date, `retry-after-ms`, `x-ms-retry-after-ms`).
    /// As it was said, not clamped.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Where in the JSON decoding failed, for example `features[3].geometry.coordinates[0]`.
    ///
    /// Set with [`ErrorKind::Decode`] when the body is JSON and one value in it does not fit.
    #[must_use]
    pub fn json_path(&self) -> Option<&str> {
        self.0.json_path.as_deref()
    }
}

/// Constructors, for policies, transports and credentials.
impl Error {
    /// An error without an answer.
    ///
    /// `Transport` and `Timeout` say that the request may have been sent, all others that it was not.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into().into_boxed_str(),
            source: None,
            operation: None,
            client_request_id: None,
            answer: None,
            service: ServiceError::default(),
            may_have_been_sent: matches!(kind, ErrorKind::Transport | ErrorKind::Timeout),
            retry_after: None,
            json_path: None,
            last_status: None,
            resume_token: None,
            operation_id: None,
            link: None,
        }))
    }

    /// An argument that is not acceptable, by its name.
    #[doc(hidden)]
    #[must_use]
    pub fn invalid_argument(name: &str, message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::InvalidArgument, format!("`{name}` {message}"))
    }

    /// The same error with its cause.
    ///
    /// The cause is printed by those who print whole chains: it must hold no secret.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The same error, saying whether the service may have seen the request.
    #[must_use]
    pub fn with_may_have_been_sent(mut self, sent: bool) -> Self {
        self.0.may_have_been_sent = sent;
        self
    }

    /// The same error, saying how long to wait before another try.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self
    }
}

impl Error {
    pub(crate) fn argument(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidArgument, message)
    }

    /// Adds what the service answered; its secrets are already blotted out.
    pub(crate) fn with_answer(
        mut self,
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
        in_json: Option<Bytes>,
    ) -> Self {
        let answer = Answer {
            status,
            headers,
            body,
            in_json,
        };
        self.0.service = ServiceError::read(&answer.headers, answer.json());
        self.0.answer = Some(answer);
        self.0.may_have_been_sent = true;
        self
    }

    /// Names the operation; a name that is known already stays.
    pub(crate) fn with_operation(mut self, operation: &'static str) -> Self {
        self.0.operation.get_or_insert(operation);
        self
    }

    /// Adds which call it was; what is known already stays.
    pub(crate) fn of_call(self, pipeline: &Pipeline, call: &Call) -> Self {
        let mut this = self.with_operation(call.operation);
        if this.0.client_request_id.is_none() {
            let id = call.client_request_id();
            this.0.client_request_id = id.map(|id| pipeline.redact(id).into_boxed_str());
        }
        this
    }

    /// The same error, the client's secrets blotted out of its message and its causes.
    pub(crate) fn redacted(mut self, pipeline: &Pipeline) -> Self {
        let inner = &mut *self.0;
        inner.message = pipeline.redact(&inner.message).into_boxed_str();
        inner.source = inner
            .source
            .take()
            .map(|cause| blot(cause, |text| pipeline.redact(text)));
        self
    }

    /// The same error, saying first what it put an end to.
    pub(crate) fn ending(mut self, what: impl fmt::Display) -> Self {
        self.0.message = format!("{what}: {}", self.0.message).into_boxed_str();
        self
    }

    pub(crate) fn with_json_path(mut self, path: impl Into<String>) -> Self {
        self.0.json_path = Some(path.into().into_boxed_str());
        self
    }

    pub(crate) fn with_last_status(mut self, body: Option<Bytes>) -> Self {
        self.0.last_status = body;
        self
    }

    pub(crate) fn with_resume_token(mut self, token: Option<ResumeToken>) -> Self {
        self.0.resume_token = token.map(Box::new);
        self
    }

    pub(crate) fn with_operation_id(mut self, id: Option<impl Into<String>>) -> Self {
        self.0.operation_id = id.map(|id| id.into().into_boxed_str());
        self
    }

    pub(crate) fn with_link(mut self, link: impl Into<String>) -> Self {
        self.0.link = Some(link.into().into_boxed_str());
        self
    }
}

/// JSON text without the byte order mark that some servers put before it.
pub(crate) fn strip_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}
