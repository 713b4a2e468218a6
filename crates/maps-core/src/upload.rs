//! Bodies of requests that go out as they are.

use std::collections::VecDeque;
use std::error::Error as StdError;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

use crate::download::Progress;
use crate::error::{Error, ErrorKind, Result};

/// The size of the pieces in which bytes go out when their progress is asked for.
const PIECE: usize = 64 * 1024;

/// The body of a request that goes out as it is: bytes, or a stream that is read while it is sent.
///
/// Bytes, texts and vectors become one: `b"...".to_vec().into()`. A clone is the same body, not a second one.
///
/// # Retries
///
/// What cannot be read a second time is not sent a second time: once a try has begun to read a [`stream`](Self::stream),
/// the call ends with what that try gave. Bytes, and a body that is made [anew](Self::repeatable) for each try, are
/// repeated as the method of the request allows.
///
/// The limits of one try and of the whole call ([`Timeouts`](crate::Timeouts)) hold for sending too; a long upload needs
/// longer ones of both.
///
/// # Examples
///
/// ```
/// use maps_core::Upload;
///
/// # fn run<S>(file: S, open: impl Fn() -> S + Send + Sync + 'static)
/// # where S: maps_core::Stream<Item = std::io::Result<bytes::Bytes>> + Send + 'static {
/// // Read once; `tokio_util::io::ReaderStream` makes such a stream of a file.
/// let once = Upload::stream(file).with_len(640 << 20);
/// // Read from the start for each try.
/// let again = Upload::repeatable(open)
///     .on_progress(|progress| println!("{} of {:?}", progress.position, progress.total));
/// let bytes = Upload::from("id,lanes\n7,2\n");
/// # let _ = (once, again, bytes); }
/// ```
#[derive(Clone)]
#[must_use]
pub struct Upload(Kind);

#[derive(Clone)]
enum Kind {
    Bytes(Bytes),
    Source(Arc<Source>),
}

type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes, Box<dyn StdError + Send + Sync>>> + Send>>;
type Callback = dyn Fn(Progress) + Send + Sync;

/// Where a body comes from.
#[derive(Clone)]
struct Source {
    len: Option<u64>,
    open: Open,
    progress: Option<Arc<Callback>>,
}

#[derive(Clone)]
enum Open {
    /// Taken by the first try that reads it.
    Once(Arc<Mutex<Option<Pieces>>>),
    Again(Arc<dyn Fn() -> Pieces + Send + Sync>),
    /// One after the other.
    Parts(Arc<[Upload]>),
}

impl Open {
    fn is_readable(&self) -> bool {
        match self {
            Self::Once(stream) => stream
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .is_some(),
            Self::Again(_) => true,
            Self::Parts(parts) => parts.iter().all(Upload::is_readable),
        }
    }

    /// The pieces from the start, unless they were read before.
    fn open(&self) -> Option<Pieces> {
        match self {
            Self::Once(stream) => stream.lock().unwrap_or_else(PoisonError::into_inner).take(),
            Self::Again(open) => Some(open()),
            Self::Parts(parts) => {
                let parts = parts.iter().cloned().map(Upload::into_stream);
                Some(Box::pin(Joined(parts.collect())))
            }
        }
    }
}

impl Upload {
    /// A body that is read once.
    ///
    /// Its length is unknown until [`with_len`](Self::with_len) sets it; HTTP/1.1 then sends it in chunks, which some
    /// services refuse.
    pub fn stream<S, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn StdError + Send + Sync>> + 'static,
    {
        let pieces: Pieces = Box::pin(Plain(Box::pin(stream)));
        Self::source(Open::Once(Arc::new(Mutex::new(Some(pieces)))))
    }

    /// A body that is made anew for each try.
    pub fn repeatable<S, E>(open: impl Fn() -> S + Send + Sync + 'static) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn StdError + Send + Sync>> + 'static,
    {
        Self::source(Open::Again(Arc::new(move || {
            Box::pin(Plain(Box::pin(open())))
        })))
    }

    /// Several one after the other: as long as all of them, and readable again where each of them is.
    pub(crate) fn joined(parts: Vec<Self>) -> Self {
        let len = parts.iter().map(Self::len).sum();
        let joined = Self::source(Open::Parts(parts.into()));
        match len {
            Some(len) => joined.with_len(len),
            None => joined,
        }
    }

    fn source(open: Open) -> Self {
        Self(Kind::Source(Arc::new(Source {
            len: None,
            open,
            progress: None,
        })))
    }

    /// Says how many bytes the body has; sending fails when it has others. Bytes know it themselves.
    pub fn with_len(mut self, len: u64) -> Self {
        if let Kind::Source(source) = &mut self.0 {
            Arc::make_mut(source).len = Some(len);
        }
        self
    }

    /// Calls a function whenever the connection has taken bytes; each try begins at 0 again.
    pub fn on_progress(self, callback: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        let mut source = match self.0 {
            Kind::Bytes(bytes) => Arc::new(Source {
                len: Some(bytes.len() as u64),
                open: Open::Again(Arc::new(move || Box::pin(Slices(bytes.clone())))),
                progress: None,
            }),
            Kind::Source(source) => source,
        };
        Arc::make_mut(&mut source).progress = Some(Arc::new(callback));
        Self(Kind::Source(source))
    }

    /// How many bytes there are, where that is known.
    #[must_use]
    pub fn len(&self) -> Option<u64> {
        match &self.0 {
            Kind::Bytes(bytes) => Some(bytes.len() as u64),
            Kind::Source(source) => source.len,
        }
    }

    /// Whether there are no bytes, as far as is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// The bytes, of a body that is no stream.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.0 {
            Kind::Bytes(bytes) => Some(bytes),
            Kind::Source(_) => None,
        }
    }

    /// Whether it can be read from its start: always, but of a stream that was read before.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        match &self.0 {
            Kind::Source(source) => source.open.is_readable(),
            Kind::Bytes(_) => true,
        }
    }

    /// All pieces together.
    #[cfg(feature = "test-kit")]
    pub(crate) async fn into_bytes(self) -> Result<Bytes> {
        let mut stream = self.into_stream();
        let mut all = Vec::new();
        while let Some(piece) = stream.next().await {
            all.extend_from_slice(&piece?);
        }
        Ok(all.into())
    }

    /// The pieces of the body, for transports; nothing is opened before the first is asked for.
    #[must_use]
    pub fn into_stream(self) -> UploadStream {
        UploadStream {
            state: match self.0 {
                Kind::Bytes(bytes) => State::Bytes(Some(bytes)),
                Kind::Source(source) => State::Closed(source),
            },
            sent: 0,
            last: None,
        }
    }
}

impl<T: Into<Bytes>> From<T> for Upload {
    fn from(bytes: T) -> Self {
        Self(Kind::Bytes(bytes.into()))
    }
}

/// Bytes are compared; of streams only clones are the same.
impl PartialEq for Upload {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Kind::Bytes(bytes), Kind::Bytes(others)) => bytes == others,
            (Kind::Source(source), Kind::Source(other)) => Arc::ptr_eq(source, other),
            _ => false,
        }
    }
}

impl Eq for Upload {}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is in it may be a secret.
        f.debug_struct("Upload")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

/// The pieces of an [`Upload`], as a transport reads them.
pub struct UploadStream {
    state: State,
    sent: u64,
    /// The piece that makes the length full: not given away before it is seen that nothing follows, because whoever takes
    /// it asks for no more.
    last: Option<Bytes>,
}

enum State {
    Bytes(Option<Bytes>),
    Closed(Arc<Source>),
    Open(Pieces, Arc<Source>),
    Ended,
}

impl UploadStream {
    /// The next piece; `None` at the end.
    ///
    /// # Errors
    ///
    /// Of kind [`Io`](ErrorKind::Io) when the stream fails or was read before, and of kind
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) when its length is not the one that was said.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no piece.
    pub async fn next(&mut self) -> Option<Result<Bytes>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// How many bytes are left, where that is known.
    #[must_use]
    pub fn len(&self) -> Option<u64> {
        match &self.state {
            State::Bytes(bytes) => Some(bytes.as_ref().map_or(0, Bytes::len) as u64),
            State::Closed(source) | State::Open(_, source) => {
                Some(source.len?.saturating_sub(self.sent))
            }
            State::Ended => Some(0),
        }
    }

    /// Whether no bytes are left, as far as is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    fn fail(&mut self, error: Error) -> Poll<Option<Result<Bytes>>> {
        self.state = State::Ended;
        self.last = None;
        Poll::Ready(Some(Err(error.with_may_have_been_sent(self.sent > 0))))
    }

    fn give(&mut self, piece: Bytes, source: &Source) -> Poll<Option<Result<Bytes>>> {
        self.sent += piece.len() as u64;
        if let Some(progress) = &source.progress {
            progress(Progress {
                position: self.sent,
                total: source.len,
            });
        }
        Poll::Ready(Some(Ok(piece)))
    }
}

impl Stream for UploadStream {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        if let State::Closed(source) = &self.state {
            let source = Arc::clone(source);
            let Some(pieces) = source.open.open() else {
                return self.fail(Error::new(
                    ErrorKind::Io,
                    "the stream of the body was read before",
                ));
            };
            self.state = State::Open(pieces, source);
        }
        loop {
            let (next, source) = match &mut self.state {
                State::Bytes(bytes) => return Poll::Ready(bytes.take().map(Ok)),
                State::Open(pieces, source) => match pieces.as_mut().poll_next(cx) {
                    Poll::Ready(next) => (next, Arc::clone(source)),
                    Poll::Pending => return Poll::Pending,
                },
                State::Closed(_) | State::Ended => return Poll::Ready(None),
            };
            let sent = self.sent;
            let wrong_len = |is: &str| {
                let len = source.len.unwrap_or_default();
                let message = format!("the body was said to have {len} bytes and has {is}");
                Error::new(ErrorKind::InvalidArgument, message)
            };
            match next {
                Some(Ok(piece)) if piece.is_empty() => {}
                Some(Ok(piece)) => {
                    let after = sent + piece.len() as u64;
                    match source.len {
                        Some(len) if after > len || self.last.is_some() => {
                            return self.fail(wrong_len("more"));
                        }
                        Some(len) if after == len => self.last = Some(piece),
                        _ => return self.give(piece, &source),
                    }
                }
                Some(Err(cause)) => {
                    return self.fail(match cause.downcast::<PartFault>() {
                        Ok(fault) => fault.0,
                        Err(cause) => Error::new(ErrorKind::Io, "the stream of the body failed")
                            .with_source(cause),
                    });
                }
                None => {
                    self.state = State::Ended;
                    return match self.last.take() {
                        Some(piece) => self.give(piece, &source),
                        None if source.len.is_some_and(|len| sent < len) => {
                            self.fail(wrong_len(&sent.to_string()))
                        }
                        None => Poll::Ready(None),
                    };
                }
            }
        }
    }
}

impl fmt::Debug for UploadStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadStream")
            .field("sent", &self.sent)
            .finish_non_exhaustive()
    }
}

/// A stream whose errors are boxed.
struct Plain<S>(Pin<Box<S>>);

impl<S, E> Stream for Plain<S>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    type Item = Result<Bytes, Box<dyn StdError + Send + Sync>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.0.as_mut().poll_next(cx);
        next.map(|next| next.map(|piece| piece.map_err(Into::into)))
    }
}

/// Bodies one after the other.
struct Joined(VecDeque<UploadStream>);

/// Why a part cannot be read, as it is the error of the whole.
#[derive(Debug)]
struct PartFault(Error);

impl fmt::Display for PartFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for PartFault {}

impl Stream for Joined {
    type Item = Result<Bytes, Box<dyn StdError + Send + Sync>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while let Some(part) = self.0.front_mut() {
            match Pin::new(part).poll_next(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(piece)) => {
                    return Poll::Ready(Some(piece.map_err(|error| PartFault(error).into())));
                }
                Poll::Ready(None) => drop(self.0.pop_front()),
            }
        }
        Poll::Ready(None)
    }
}

/// Bytes in pieces.
struct Slices(Bytes);

impl Stream for Slices {
    type Item = Result<Bytes, Box<dyn StdError + Send + Sync>>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.0.is_empty() {
            return Poll::Ready(None);
        }
        let piece = self.0.len().min(PIECE);
        Poll::Ready(Some(Ok(self.0.split_to(piece))))
    }
}
