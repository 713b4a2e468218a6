//! The one error type.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::pipeline::Pipeline;
use crate::resume_token::ResumeToken;

mod service_error;

pub(crate) use service_error::ServiceError;

/// `Ok` or an [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call or an operation did not give its result.
///
/// One word wide. What happened is asked with predicates and accessors: [`kind`](Self::kind),
/// [`status`](Self::status), [`code`](Self::code), [`resume_token`](Self::resume_token) and the others.
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
///     ErrorKind::Service if error.code() == Some("RateLimited") => println!("slower: {error}"),
///     ErrorKind::Timeout => println!("resume with {:?}", error.resume_token()),
///     _ => println!("{error}, request {:?}", error.request_id()),
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

/// What sort of thing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument or option is not acceptable; nothing was sent.
    InvalidArgument,
    /// The credential gave no usable secret.
    Credential,
    /// No connection was made, so that the service saw nothing.
    Connect,
    /// The exchange broke off: the service may have seen the request.
    Transport,
    /// A limit of time ran out.
    Timeout,
    /// The service answered with an error.
    Service,
    /// The answer is not what the definition says.
    Decode,
    /// A long-running operation failed, was cancelled, or ended without its result.
    Operation,
    /// A link of the service leads to an origin that is not trusted.
    Untrusted,
    /// A resume token belongs to another operation, version or origin, or is not one.
    ResumeToken,
}

impl ErrorKind {
    /// Name of the kind in lower case, as spans show it in `error.type`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidArgument => "invalid_argument",
            Self::Credential => "credential",
            Self::Connect => "connect",
            Self::Transport => "transport",
            Self::Timeout => "timeout",
            Self::Service => "service",
            Self::Decode => "decode",
            Self::Operation => "operation",
            Self::Untrusted => "untrusted",
            Self::ResumeToken => "resume_token",
        }
    }
}

struct Inner {
    kind: ErrorKind,
    message: Box<str>,
    source: Option<Box<dyn StdError + Send + Sync>>,
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
}

/// What the caller of the SDK asks.
impl Error {
    /// What sort of thing went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// HTTP status of the answer, when there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.answer.as_ref().map(|answer| answer.status)
    }

    /// The service's own word for the error, for example `RateLimited`.
    ///
    /// From the body, or the header `x-ms-error-code` when the body has none.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.service.code.as_deref()
    }

    /// The service's own explanation.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.service.message.as_deref()
    }

    /// Codes of the nested `innererror` objects, outermost first.
    #[must_use]
    pub fn inner_codes(&self) -> &[String] {
        &self.0.service.inner_codes
    }

    /// Identifier of the exchange that the service's support asks for.
    ///
    /// The header `x-ms-request-id`, or `request-id` or `x-ms-correlation-request-id` without it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        let headers = self.headers()?;
        [
            "x-ms-request-id",
            "request-id",
            "x-ms-correlation-request-id",
        ]
        .iter()
        .find_map(|name| headers.get(*name)?.to_str().ok())
    }

    /// Headers of the answer.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.answer.as_ref().map(|answer| &answer.headers)
    }

    /// Body of the answer, cut at 64 KiB unless [`Limits`](crate::Limits) says otherwise.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.0.answer.as_ref().map(|answer| &answer.body)
    }

    /// Body of the answer as the type that the definition declares for errors.
    ///
    /// `None` when there was no answer or its body has another shape.
    #[must_use]
    pub fn body_as<E: DeserializeOwned>(&self) -> Option<E> {
        serde_json::from_slice(strip_bom(self.body()?)).ok()
    }

    /// The last status monitor that a long-running operation gave before the error.
    ///
    /// `None` when there was none or it has another shape.
    #[must_use]
    pub fn last_status<S: DeserializeOwned>(&self) -> Option<S> {
        serde_json::from_slice(strip_bom(self.0.last_status.as_ref()?)).ok()
    }

    /// What continues the long-running operation, here or in another process.
    #[must_use]
    pub fn resume_token(&self) -> Option<&ResumeToken> {
        self.0.resume_token.as_deref()
    }

    /// Identifier of the long-running operation.
    #[must_use]
    pub fn operation_id(&self) -> Option<&str> {
        self.0.operation_id.as_deref()
    }

    /// The link that could not be used, as the service gave it, up to 8 KiB.
    ///
    /// The client's secrets are blotted out of it. It may hold those of the service (a signature in its query): do
    /// not log it.
    #[must_use]
    pub fn link(&self) -> Option<&str> {
        self.0.link.as_deref()
    }

    /// Whether the service may have seen the request.
    ///
    /// `false` says that repeating the call cannot do anything twice.
    #[must_use]
    pub fn may_have_been_sent(&self) -> bool {
        self.0.may_have_been_sent
    }

    /// How long the service, or a credential that backs off, asks to wait.
    ///
    /// As the service said it, not clamped.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Where in the JSON decoding failed, for example `features[3].geometry.coordinates[0]`.
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
    ) -> Self {
        self.0.service = ServiceError::read(&headers, strip_bom(&body));
        self.0.answer = Some(Answer {
            status,
            headers,
            body,
        });
        self.0.may_have_been_sent = true;
        self
    }

    /// The same error, the client's secrets blotted out of its message.
    pub(crate) fn redacted(mut self, pipeline: &Pipeline) -> Self {
        self.0.message = pipeline.redact(&self.0.message).into_boxed_str();
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

/// Writes a text of the service as one line: a line end would forge a line of a log, an escape a terminal's text.
struct OneLine<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl fmt::Write for OneLine<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some((at, odd)) = rest.char_indices().find(|(_, c)| c.is_control()) {
            self.0.write_str(&rest[..at])?;
            write!(self.0, "{}", odd.escape_default())?;
            rest = &rest[at + odd.len_utf8()..];
        }
        self.0.write_str(rest)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;

        let mut f = OneLine(f);
        f.write_str(&self.0.message)?;
        match (self.code(), self.message()) {
            (Some(code), Some(message)) => write!(f, " ({code}: {message})"),
            (Some(word), None) | (None, Some(word)) => write!(f, " ({word})"),
            (None, None) => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        let mut debug = f.debug_struct("Error");
        debug
            .field("kind", &inner.kind)
            .field("message", &inner.message);
        if let Some(answer) = &inner.answer {
            debug
                .field("status", &answer.status.as_u16())
                .field("code", &inner.service.code)
                .field("service_message", &inner.service.message)
                .field("request_id", &self.request_id())
                .field("body_bytes", &answer.body.len());
        }
        if let Some(wait) = &inner.retry_after {
            debug.field("retry_after", wait);
        }
        if let Some(path) = &inner.json_path {
            debug.field("json_path", path);
        }
        if let Some(id) = &inner.operation_id {
            debug.field("operation_id", id);
        }
        debug.field("may_have_been_sent", &inner.may_have_been_sent);
        if let Some(source) = &inner.source {
            debug.field("source", source);
        }
        debug.finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source: &(dyn StdError + 'static) = self.0.source.as_deref()?;
        Some(source)
    }
}

/// JSON text without the byte order mark that some servers put before it.
pub(crate) fn strip_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}
