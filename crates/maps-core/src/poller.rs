//! Watching a long-running operation to its end.

use std::fmt;
use std::future::{IntoFuture, poll_fn};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use futures_core::Stream;
use futures_core::future::BoxFuture;
use serde::de::DeserializeOwned;

use crate::clock::ClockRef;
use crate::decode::from_json;
use crate::error::{Error, ErrorKind, Result};
use crate::resume_token::{Found, ResumeToken};

mod collect;
mod fields;
mod machine;
mod pace;
mod reading;
mod report;
mod start;
mod token;
mod trace;
mod wait;

pub use report::PollReport;

use collect::is_blank;
use machine::{Machine, Step};
use wait::after;

pub(crate) use wait::Wait;

/// Watches a long-running operation and collects its result.
///
/// A client's `begin_x` gives one as soon as the service has named the operation; `attach_x` and `resume_x` give one
/// for an operation that runs already.
///
/// - `.await` on the poller, or on `&mut poller`, gives the result `T`; [`result`](Self::result) is the same.
/// - [`next`](Self::next), or the [`Stream`], gives each status monitor `S` when it arrives, the last one included,
///   and then `None`.
/// - [`resume_token`](Self::resume_token) continues elsewhere.
///
/// These can be called in any order and number, also after the end. All requests and waits live in the poller, so
/// that whatever future drives it can be dropped: nothing is lost, nothing is sent twice. Dropping the poller cancels
/// nothing on the service.
///
/// A status arrives 0.5 s after the submit, then after waits that grow by half up to 15 s; a wait that the service
/// asks for takes their place. Up to 20 % jitter comes on top. A poll that fails for the moment, the sign-in before it
/// included, is repeated, up to 10 times in a row; a 404 is survived up to 5 times when this poller submitted the operation; a 401 makes the credential
/// sign in anew, once. After 1 h the operation is given up with an error of kind
/// [`Timeout`](crate::ErrorKind::Timeout). All of it can be set with [`PollingOptions`](crate::PollingOptions).
///
/// Every error holds what leads back to the operation: [`Error::operation_id`], [`Error::last_status`],
/// [`Error::resume_token`].
///
/// A poller is [`Send`] and not [`Sync`], as the request in flight is: it belongs to one task at a time. What others are
/// to know of it, an id, a resume token or a status, is cloned for them.
///
/// # Examples
///
/// ```
/// # use maps_core::{Poller, Result};
/// # use serde_json::Value as Matrix;
/// # use serde_json::Value as RouteOperation;
/// # async fn run(mut poller: Poller<Matrix, RouteOperation>) -> Result<Matrix> {
/// println!("operation {}, continue with {}", poller.id(), poller.resume_token());
/// while let Some(status) = poller.next().await {
///     println!("{:?}", status?);
/// }
/// let matrix = poller.await?;
/// # Ok(matrix) }
/// ```
#[must_use = "the operation runs, but nobody watches it unless the poller is awaited"]
pub struct Poller<T, S> {
    machine: Box<Machine>,
    status: Option<S>,
    /// How many of the statuses `status` was read from.
    read: u64,
    /// How many of the statuses the stream has given or skipped.
    given: u64,
    /// The stream has come to its end.
    finished: bool,
    result: PhantomData<fn() -> T>,
}

impl<T, S> Poller<T, S> {
    fn new(machine: Machine) -> Self {
        Self {
            machine: Box::new(machine),
            status: None,
            read: 0,
            given: 0,
            finished: false,
            result: PhantomData,
        }
    }

    /// Identifier of the operation, as the service or the caller named it, the client's secrets blotted out.
    ///
    /// Empty when the service gave a link without one.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.machine.id
    }

    /// The last status that arrived, also after the end.
    ///
    /// `None` before the first one, and when the last one does not fit `S`.
    #[must_use]
    pub fn status(&self) -> Option<&S> {
        self.status.as_ref()
    }

    /// What continues the operation, here or in another process.
    ///
    /// It can be taken at any time, and holds no secret.
    #[must_use]
    pub fn resume_token(&self) -> ResumeToken {
        self.machine.token()
    }

    /// Calls `observer` for each poll from now on: for each status, and for each poll that failed, also one that the
    /// poller survives and says nothing of otherwise.
    ///
    /// It is for those who watch an operation by eye. It is called while the poller is polled, so it should be quick; a
    /// later one takes its place.
    ///
    /// # Examples
    ///
    /// ```
    /// # use maps_core::Poller;
    /// # fn run<T, S>(poller: &mut Poller<T, S>) {
    /// poller.on_poll(|poll| {
    ///     println!("{:?} request {:?}, next in {:?}", poll.status(), poll.request_id(), poll.next_wait());
    /// });
    /// # }
    /// ```
    pub fn on_poll(&mut self, observer: impl FnMut(&PollReport<'_>) + Send + 'static) {
        self.machine.observer = Some(Box::new(observer));
    }

    /// Gives the operation this much time from now on, in place of what is left of its deadline.
    ///
    /// After an error of kind [`Timeout`](crate::ErrorKind::Timeout) this lets the poller go on.
    pub fn extend_timeout(&mut self, timeout: Duration) {
        self.machine.deadline = after(self.machine.pipeline.clock().now(), timeout);
        if self.machine.ended.is_none() {
            self.finished = false;
        }
    }
}

/// What a watch of many pollers needs.
impl<T, S> Poller<T, S> {
    /// Says that somebody else waits for [`due`](Self::due), so that no timer is needed, or no longer.
    pub(crate) fn set_watched(&mut self, watched: bool) {
        self.machine.set_watched(watched);
    }

    /// When it is to be driven next.
    pub(crate) fn due(&self) -> Instant {
        self.machine.due()
    }

    /// Whether a request is in flight.
    pub(crate) fn is_asking(&self) -> bool {
        matches!(self.machine.step, Step::Asking(_))
    }

    /// How many statuses there were.
    pub(crate) fn arrived(&self) -> u64 {
        self.machine.arrived
    }

    pub(crate) fn clock(&self) -> &ClockRef {
        self.machine.pipeline.clock()
    }
}

impl<T, S: DeserializeOwned + Clone> Poller<T, S> {
    /// Waits for the next status; `None` once the operation has ended and its last status was given.
    ///
    /// A status that arrived while [`result`](Self::result) was waiting is given at once.
    ///
    /// # Errors
    ///
    /// A fault of a poll. Asking again goes on with the next poll after a wait, except after a
    /// [`Timeout`](crate::ErrorKind::Timeout), which ends the stream. A failed operation is no error here: its status is.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: the request in flight or the wait stays in the poller.
    pub async fn next(&mut self) -> Option<Result<S>> {
        poll_fn(|cx| self.poll_status(cx)).await
    }

    fn poll_status(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<S>>> {
        if self.finished {
            return Poll::Ready(None);
        }
        if self.given == self.machine.arrived {
            match ready!(self.machine.poll_status(cx)) {
                Some(Ok(())) => {}
                Some(Err(error)) => {
                    // Another fault may leave no time for the next poll; then the next item says so.
                    self.finished =
                        error.kind() == ErrorKind::Timeout && self.machine.is_out_of_time();
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    self.finished = true;
                    return Poll::Ready(None);
                }
            }
        }
        self.given = self.machine.arrived;
        self.finished = self.machine.ended.is_some();
        let status = self.read_status();
        Poll::Ready(Some(status.map_err(|error| self.machine.fault(error))))
    }

    /// Decodes the last status.
    fn read_status(&mut self) -> Result<S> {
        self.read = self.machine.arrived;
        self.status = None;
        let body = self.machine.last.clone().unwrap_or_default();
        // A `Location` may answer with nothing, or with the result.
        let optional = is_blank(&body) || self.machine.found == Found::Location;
        let status = match from_json::<S>(&body) {
            Ok(status) => status,
            Err(fault) => match from_json(b"null").ok().filter(|_| optional) {
                Some(status) => status,
                None => return Err(fault.into_bare_error(&self.machine.pipeline)),
            },
        };
        self.status = Some(status.clone());
        Ok(status)
    }
}

impl<T: DeserializeOwned, S: DeserializeOwned + Clone> Poller<T, S> {
    /// Waits for the end of the operation and collects its result.
    ///
    /// Asked again after success, it collects the result again.
    ///
    /// # Errors
    ///
    /// - [`Operation`](crate::ErrorKind::Operation): the operation failed or was cancelled
    ///   ([`Error::code`], [`Error::message`], [`Error::body_as`] have the service's words), or it succeeded and its last
    ///   status does not say where the result is. In that case asking again polls once more.
    /// - [`Timeout`](crate::ErrorKind::Timeout): the operation did not end in time;
    ///   [`extend_timeout`](Self::extend_timeout) lets it go on.
    /// - [`Service`](crate::ErrorKind::Service), [`Decode`](crate::ErrorKind::Decode),
    ///   [`Untrusted`](crate::ErrorKind::Untrusted) and the others: a fault of a poll or of the result's request. Asking
    ///   again goes on.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: the request in flight or the wait stays in the poller.
    pub async fn result(&mut self) -> Result<T> {
        poll_fn(|cx| self.poll_result(cx)).await
    }

    pub(crate) fn poll_result(&mut self, cx: &mut Context<'_>) -> Poll<Result<T>> {
        loop {
            let arrived = match self.machine.ended {
                None => ready!(self.machine.poll_status(cx)),
                Some(_) => None,
            };
            if self.read != self.machine.arrived {
                // The result does not depend on it; `next` tells what is wrong with it.
                let _ = self.read_status();
            }
            match arrived {
                Some(Ok(())) => continue,
                Some(Err(error)) => return Poll::Ready(Err(error)),
                None => {}
            }
            let output = match ready!(self.machine.poll_output(cx)) {
                Some(output) => output?,
                None => continue,
            };
            let decoded = output
                .decode()
                .map_err(|error: Error| self.machine.fault(error));
            if decoded.is_ok() {
                self.machine.trace.end(None);
            }
            return Poll::Ready(decoded);
        }
    }
}

// Nothing in a poller is pinned.
impl<T, S> Unpin for Poller<T, S> {}

impl<T, S: DeserializeOwned + Clone> Stream for Poller<T, S> {
    type Item = Result<S>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_status(cx)
    }
}

impl<T, S> IntoFuture for Poller<T, S>
where
    T: DeserializeOwned + Send + 'static,
    S: DeserializeOwned + Clone + Send + 'static,
{
    type Output = Result<T>;
    type IntoFuture = BoxFuture<'static, Result<T>>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move { self.result().await })
    }
}

impl<'a, T, S> IntoFuture for &'a mut Poller<T, S>
where
    T: DeserializeOwned + Send + 'static,
    S: DeserializeOwned + Clone + Send + 'static,
{
    type Output = Result<T>;
    type IntoFuture = BoxFuture<'a, Result<T>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.result())
    }
}

impl<T, S> fmt::Debug for Poller<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let machine = &*self.machine;
        f.debug_struct("Poller")
            .field("operation", &machine.operation.operation)
            .field("id", &machine.pipeline.redact(&machine.id))
            .field(
                "status",
                &machine
                    .word
                    .as_deref()
                    .map(|word| machine.pipeline.redact(word)),
            )
            .field("ended", &machine.ended.is_some())
            .finish_non_exhaustive()
    }
}
