//! The last step: what sends requests.

use std::fmt;
use std::pin::{Pin, pin};
use std::task::{self, Poll};

use bytes::Bytes;
use futures_core::Stream;
use futures_core::future::BoxFuture;
use http::{HeaderMap, HeaderName, Method, StatusCode};
use url::Url;

use crate::declared::Declared;
use crate::error::Result;
use crate::upload::Upload;

mod reqwest;

pub(crate) use self::reqwest::ReqwestTransport;

/// Sends a request and gives the answer as soon as its headers are there.
///
/// A transport follows no redirects, keeps no cookies and retries nothing: the pipeline does what of it is
/// wanted, behind its trust check.
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends one request.
    ///
    /// # Errors
    ///
    /// Of kind [`Connect`](crate::ErrorKind::Connect) when no connection was made, so that any method may be tried again;
    /// of kind [`Transport`](crate::ErrorKind::Transport) when the exchange broke off and the service may have seen the
    /// request.
    ///
    /// # Cancel safety
    ///
    /// The future, or later the body of the answer, is dropped with the call and when the try runs out of time. A
    /// transport gives up the exchange then; the service may have seen the request.
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse>>;
}

/// A request as it goes out.
#[derive(Clone)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// Where it goes.
    pub url: Url,
    /// The headers; those that hold secrets are marked sensitive.
    pub headers: HeaderMap,
    /// The body, when there is one.
    pub body: Option<Upload>,
    pub(crate) context: Context,
}

/// What the pipeline knows about a request beside what goes out.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Context {
    pub(crate) operation: &'static str,
    /// Path of the definition, empty where there is none.
    pub(crate) template: &'static str,
    pub(crate) declared: Declared,
    pub(crate) purpose: Purpose,
    pub(crate) timeout: Option<std::time::Duration>,
    pub(crate) try_timeout: Option<std::time::Duration>,
    pub(crate) repeatable: bool,
    /// Whether the body of a good answer is left to be read piece by piece.
    pub(crate) unread: bool,
    /// Whether the current try was answered by what it led to, so that whatever follows does not undo it.
    pub(crate) answered: bool,
    /// Whether the current try has reached the transport.
    pub(crate) sent: bool,
    /// Whether an earlier try may have reached the service.
    pub(crate) sent_before: bool,
}

/// What a request is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// An operation of the definition, or one beyond it.
    #[default]
    Call,
    /// The status of a long-running operation.
    Poll,
    /// The result of a long-running operation.
    Collect,
    /// A later page of a list.
    Page,
}

impl Purpose {
    /// As the names of spans show it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Call => "",
            Self::Poll => "poll",
            Self::Collect => "collect",
            Self::Page => "page",
        }
    }
}

/// An answer whose body is still to be read.
///
/// # Examples
///
/// ```
/// use maps_core::{HeaderMap, HttpResponse, StatusCode};
///
/// let answer = HttpResponse::new(StatusCode::OK, HeaderMap::new(), r#"{"status":"Running"}"#);
/// ```
#[non_exhaustive]
pub struct HttpResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
}

impl HttpResponse {
    /// An answer of a transport.
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Body>) -> Self {
        Self {
            status,
            headers,
            body: body.into(),
        }
    }
}

/// The body of an answer.
pub struct Body(BodyKind);

enum BodyKind {
    Full(Option<Bytes>),
    Stream(Pin<Box<dyn Stream<Item = Result<Bytes>> + Send>>),
    Reqwest(self::reqwest::ReqwestBody),
}

impl Body {
    /// A body that arrives in pieces.
    pub fn stream(stream: impl Stream<Item = Result<Bytes>> + Send + 'static) -> Self {
        Self(BodyKind::Stream(Box::pin(stream)))
    }

    pub(crate) fn reqwest(body: self::reqwest::ReqwestBody) -> Self {
        Self(BodyKind::Reqwest(body))
    }

    /// The next piece, which is never empty, or `None` at the end.
    ///
    /// # Errors
    ///
    /// When the connection broke before the end.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no byte.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        loop {
            let chunk = match &mut self.0 {
                BodyKind::Full(bytes) => return Ok(bytes.take()),
                BodyKind::Stream(stream) => {
                    std::future::poll_fn(|cx| stream.as_mut().poll_next(cx))
                        .await
                        .transpose()?
                }
                BodyKind::Reqwest(body) => body.chunk().await?,
            };
            // A piece without bytes is no progress: it would reset the guard against bodies that stall.
            if chunk.as_ref().is_none_or(|chunk| !chunk.is_empty()) {
                return Ok(chunk);
            }
        }
    }

    /// [`chunk`](Self::chunk) for those who are polled; all that waits is in the body itself.
    pub(crate) fn poll_chunk(&mut self, cx: &mut task::Context<'_>) -> Poll<Option<Result<Bytes>>> {
        pin!(self.chunk()).poll(cx).map(Result::transpose)
    }
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        Self(BodyKind::Full(
            Some(bytes.into()).filter(|bytes| !bytes.is_empty()),
        ))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Body")
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Header names are kept; values, path and query are not: a secret may be in them.
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("operation", &self.context.operation)
            .field("origin", &crate::trust::origin(&self.url))
            .field("headers", &names(&self.headers))
            .field("body_bytes", &self.body.as_ref().and_then(Upload::len))
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The service may repeat a secret in any value.
        f.debug_struct("HttpResponse")
            .field("status", &self.status.as_u16())
            .field("headers", &names(&self.headers))
            .finish_non_exhaustive()
    }
}

/// What `Debug` shows of headers.
pub(crate) fn names(headers: &HeaderMap) -> Vec<&str> {
    headers.keys().map(HeaderName::as_str).collect()
}
