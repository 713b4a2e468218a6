//! Bodies that are read piece by piece.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use bytes::{Buf, Bytes};
use futures_core::Stream;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use tokio::io::AsyncWrite;

use crate::error::{Error, ErrorKind, Result};
use crate::pipeline::Pipeline;
use crate::response::RawResponse;
use crate::transport::HttpRequest;

mod flow;
mod range;

use flow::Flow;

/// An answer whose body is read piece by piece, whatever its size.
///
/// - [`chunk`](Self::chunk), or the [`Stream`], gives the pieces; [`copy_to`](Self::copy_to) writes them to a file.
///   Pieces are of the size in which they arrive, up to 400 KiB. All that is in memory is the piece in hand and one
///   that waits: less than a MiB, or what a sender may have on its way over HTTP/2, which is 2 MiB.
/// - A connection that breaks, or brings no byte for [`Timeouts::stalled_body`](crate::Timeouts::stalled_body), is
///   replaced by another that goes on at the same byte. This takes a GET, a service that says
///   `Accept-Ranges: bytes`, and a strong `ETag` or `Last-Modified`, so that two states of a file are never mixed. It
///   is done [`RetryOptions::max_retries`](crate::RetryOptions::max_retries) times in a row, counted anew after each
///   MiB, and each time takes from the client's retry budget.
/// - Where this cannot be done, the error says how many bytes there are, and keeps the kind of the fault. With
///   [`position`](Self::position) and [`validator`](Self::validator) a later request goes on where this one ended:
///   see [`RawRequest::range_from`](crate::RawRequest::range_from).
/// - [`Limits::body`](crate::Limits::body) does not count; [`limit`](Self::limit) sets a limit of its own.
/// - The time of the whole is not limited, because a good download may take hours, unless the call has
///   [`CallOptions::timeout`](crate::CallOptions::timeout), which then counts from the request to the last byte. The
///   client's [`Timeouts`](crate::Timeouts) end with the headers.
/// - Bytes are given as they are sent: an encoded body is not decoded.
///
/// Dropping it ends the download. It is [`Send`] and not [`Sync`], as the body on its way is: it belongs to one task at a
/// time.
///
/// # Examples
///
/// ```no_run
/// # async fn run(client: maps_core::Pipeline, mut file: impl tokio::io::AsyncWrite + Unpin) -> maps_core::Result<()> {
/// use maps_core::Method;
///
/// let mut download = client.raw(Method::GET, "/mapData/7c21b0a4?api-version=2.0").download().await?;
/// println!("{:?}, {:?} bytes", download.content_type(), download.content_length());
/// let bytes = download.copy_to(&mut file).await?;
/// println!("{bytes} bytes, {} resumptions", download.resumptions());
/// # Ok(()) }
/// ```
#[must_use = "nothing of the body is read unless it is asked for"]
pub struct Download {
    status: StatusCode,
    headers: HeaderMap,
    flow: Flow,
    /// Of the piece that was read last: what no sink has taken yet.
    rest: Bytes,
    /// An error has ended the stream.
    finished: bool,
    on_progress: Option<Box<dyn FnMut(Progress) + Send>>,
}

/// How far a download or an upload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Bytes of the file that have arrived, those before a `Range` included; bytes that the connection has taken.
    pub position: u64,
    /// Size of the file, where the service says it; length of the body, where it is known.
    pub total: Option<u64>,
}

impl Download {
    pub(crate) fn new(
        pipeline: Pipeline,
        request: HttpRequest,
        response: RawResponse,
        deadline: Option<Instant>,
    ) -> Result<Self> {
        let flow = Flow::new(pipeline, request, &response, deadline)?;
        Ok(Self {
            status: response.status,
            headers: response.headers,
            flow,
            rest: Bytes::new(),
            finished: false,
            on_progress: None,
        })
    }

    /// The status: 206 for a part, and 416 when there is nothing behind the bytes that the request leaves out.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the first answer.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The media type of the body.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE)?.to_str().ok()
    }

    /// Bytes of the body from its first to its last, where the service says it.
    #[must_use]
    pub fn content_length(&self) -> Option<u64> {
        self.flow.length()
    }

    /// Where in the file the next byte belongs: those before it have been given, or written by `copy_to`.
    ///
    /// It starts behind the bytes that a `Range` of the request leaves out.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.flow.position() - self.rest.len() as u64
    }

    /// Size of the file, a part that was not asked for included; `None` where the service does not say it.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.flow.total()
    }

    /// What tells this state of the file from others, for the header `If-Range` of a later request.
    ///
    /// A strong `ETag`, or a `Last-Modified` that is as good. `None` where the service gives neither; a part that is
    /// read later may then be of another state.
    #[must_use]
    pub fn validator(&self) -> Option<&str> {
        self.flow.validator()?.to_str().ok()
    }

    /// How often a broken connection was replaced by another.
    #[must_use]
    pub fn resumptions(&self) -> u32 {
        self.flow.resumptions()
    }

    /// Makes a body of more bytes an error of kind [`Decode`](ErrorKind::Decode).
    pub fn limit(mut self, bytes: u64) -> Self {
        self.flow.limit(bytes);
        self
    }

    /// Calls a function whenever bytes have arrived.
    pub fn on_progress(mut self, callback: impl FnMut(Progress) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(callback));
        self
    }

    /// The next piece; `None` after the last one.
    ///
    /// # Errors
    ///
    /// [`Transport`](ErrorKind::Transport) or [`Timeout`](ErrorKind::Timeout) when the body broke off and the download
    /// cannot go on, or what the request for the rest of it failed with; [`Decode`](ErrorKind::Decode) when that was
    /// answered with anything else, and for a body of more bytes than [`limit`](Self::limit) allows. Asking again tries
    /// once more to go on.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: the connection, and a request for the rest, stay in the download.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        poll_fn(|cx| self.poll_chunk(cx)).await.transpose()
    }

    /// Writes all that is left to a sink, flushes it, and gives the number of bytes written.
    ///
    /// # Errors
    ///
    /// Those of [`chunk`](Self::chunk); [`Io`](ErrorKind::Io) when the sink fails. [`position`](Self::position) then
    /// says what it has taken, and copying to a sink again goes on there.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: copying to the same sink again goes on where it was.
    pub async fn copy_to<W: AsyncWrite + Unpin + ?Sized>(&mut self, sink: &mut W) -> Result<u64> {
        let start = self.position();
        while self.fill().await? {
            let written = poll_fn(|cx| Pin::new(&mut *sink).poll_write(cx, &self.rest)).await;
            match written.map_err(sink_error)? {
                0 => return Err(sink_error(std::io::ErrorKind::WriteZero.into())),
                written => self.written(written),
            }
        }
        poll_fn(|cx| Pin::new(&mut *sink).poll_flush(cx))
            .await
            .map_err(sink_error)?;
        Ok(self.position() - start)
    }

    /// The error that the answer is, whatever its status.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops the download.
    pub async fn into_error(mut self) -> Error {
        let wanted = self.flow.pipeline().error_body();
        let mut body = Vec::new();
        // An answer that breaks off still says what the error is.
        while body.len() < wanted {
            let Ok(Some(chunk)) = self.chunk().await else {
                break;
            };
            body.extend_from_slice(&chunk);
        }
        self.flow
            .answer(self.status, self.headers, body.into())
            .into_error()
    }

    /// What is to be written.
    #[cfg(feature = "blocking")]
    pub(crate) fn rest(&self) -> &[u8] {
        &self.rest
    }

    pub(crate) fn written(&mut self, bytes: usize) {
        self.rest.advance(bytes.min(self.rest.len()));
    }

    /// Whether there is something to write.
    pub(crate) async fn fill(&mut self) -> Result<bool> {
        while self.rest.is_empty() {
            // Also an empty piece holds on to the buffer that it was read into.
            self.rest = Bytes::new();
            match self.chunk().await? {
                Some(chunk) => self.rest = chunk,
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        if !self.rest.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.rest))));
        }
        let chunk = ready!(self.flow.poll_chunk(cx));
        if let (Some(Ok(_)), Some(callback)) = (&chunk, &mut self.on_progress) {
            callback(Progress {
                position: self.flow.position(),
                total: self.flow.total(),
            });
        }
        Poll::Ready(chunk)
    }
}

pub(crate) fn sink_error(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Io, "what was downloaded cannot be written")
        .with_source(error)
        .with_may_have_been_sent(true)
}

// Nothing in a download is pinned.
impl Unpin for Download {}

/// The pieces; an error ends the stream.
impl Stream for Download {
    type Item = Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let download = self.get_mut();
        if download.finished {
            return Poll::Ready(None);
        }
        let chunk = ready!(download.poll_chunk(cx));
        download.finished = !matches!(chunk, Some(Ok(_)));
        Poll::Ready(chunk)
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("status", &self.status.as_u16())
            .field("position", &self.position())
            .field("total", &self.total())
            .field("resumptions", &self.resumptions())
            .finish_non_exhaustive()
    }
}
