//! Watching many long-running operations at once.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use serde::de::DeserializeOwned;

use crate::error::Result;
use crate::poller::Poller;
use crate::resume_token::ResumeToken;
use crate::runtime::Runtime;

mod board;
mod flights;
mod inbox;
mod lanes;

pub use inbox::{Unwatched, WatchHandle};

use flights::Flights;
use inbox::Owner;
use lanes::Lanes;

/// Requests in flight, unless [`Watch::in_flight`] says otherwise: a few connections of HTTP/1.1, or one of HTTP/2, and
/// well below the 50 requests a second that most Azure Maps services allow an account.
const IN_FLIGHT: usize = 32;

/// Pollers that are driven in one go before other tasks get their turn.
const TURNS: usize = 256;

/// Watches many long-running operations at once, and gives each result when it is there.
///
/// Pollers are [added](Self::add) with a key of the caller's choice; [`next`](Self::next), or the [`Stream`], gives them
/// back as they end, key and result beside them. One that fails ends alone. More can be added at any time, from
/// other tasks through a [`handle`](Self::handle). Pollers of several clients can share a watch, as long as their types
/// are the same.
///
/// A poller in a watch does what it does alone: the same waits, limits, retries and errors. What it does not have
/// is a task, a timer or a request of its own: those that wait are kept in order of time behind one timer, and only
/// those whose wait is over are driven, in the order in which they came due and at most
/// [`in_flight`](Self::in_flight) at once. A service that turns requests away slows the whole watch, because what
/// waits for its retry still counts as in flight. A limit of requests per second is set on the client.
///
/// A panic in the caller's own code, a policy, an observer or a `Deserialize`, goes to whoever waits for `next`. The
/// watch can be used on: no operation is lost, the one of the panic gets another turn.
///
/// Operations move on only while somebody waits for `next`. Dropping the watch cancels nothing on the service:
/// [`tokens`](Self::tokens) before, or [`into_pollers`](Self::into_pollers) instead, keeps what is left.
///
/// # Examples
///
/// ```
/// # use maps_core::{Poller, Result, Watch};
/// # use serde_json::Value as Matrix;
/// # use serde_json::Value as RouteOperation;
/// # async fn run(submitted: Vec<(u32, Poller<Matrix, RouteOperation>)>) {
/// let mut watch = Watch::new().in_flight(16);
/// for (depot, poller) in submitted {
///     watch.add(depot, poller);
/// }
/// while let Some(ended) = watch.next().await {
///     match ended.result {
///         Ok(matrix) => println!("depot {}: {matrix:?}", ended.key),
///         Err(error) => println!("depot {}: {error}, {:?}", ended.key, error.resume_token()),
///     }
/// }
/// # }
/// ```
#[must_use = "operations in a watch are looked at only while its `next` is awaited"]
pub struct Watch<K, T, S> {
    inbox: Owner<Held<K, T, S>>,
    waiting: Lanes<Held<K, T, S>>,
    flights: Flights<Held<K, T, S>>,
    /// The one whose status was given last.
    shown: Option<Held<K, T, S>>,
    /// Where the requests in flight were last driven.
    home: Runtime,
}

/// A poller and what its owner calls it.
struct Watched<K, T, S> {
    key: K,
    poller: Poller<T, S>,
}

/// As a watch holds it: a pointer, which is cheap to move about.
type Held<K, T, S> = Box<Watched<K, T, S>>;

/// What a [`Watch`] gives back of an operation.
#[non_exhaustive]
pub struct Ended<K, T, S> {
    /// What the poller was added with.
    pub key: K,
    /// The result of the operation, or why there is none.
    ///
    /// The operation itself has failed when the kind is [`Operation`](crate::ErrorKind::Operation); after other
    /// errors it may still run.
    pub result: Result<T>,
    /// The poller, whose last [`status`](Poller::status) can be read. To watch it again, for example after
    /// [`extend_timeout`](Poller::extend_timeout), it is added again.
    pub poller: Poller<T, S>,
}

/// What [`Watch::next_event`] gives.
#[non_exhaustive]
pub enum Event<'a, K, T, S> {
    /// A status has arrived, and the operation goes on. [`Poller::status`] reads it.
    Status(&'a K, &'a Poller<T, S>),
    /// An operation has left the watch, its last status in its poller.
    Ended(Ended<K, T, S>),
}

enum Happened<K, T, S> {
    /// A status of the poller in `shown`.
    Status,
    Ended(Ended<K, T, S>),
}

impl<K, T, S> Watch<K, T, S> {
    /// A watch of nothing yet.
    pub fn new() -> Self {
        let inbox = Owner::default();
        Self {
            waiting: Lanes::default(),
            flights: Flights::new(IN_FLIGHT, inbox.board()),
            inbox,
            shown: None,
            home: Runtime::current(),
        }
    }

    /// Sets how many pollers may have a request in flight at once, at least 1. By default 32.
    pub fn in_flight(mut self, most: usize) -> Self {
        self.flights.set_limit(most);
        self
    }

    /// Watches one more operation.
    ///
    /// A status request that the poller has in flight is given up and made again in its turn.
    pub fn add(&mut self, key: K, poller: Poller<T, S>) {
        self.put(Watched::new(key, poller));
    }

    /// Adds operations from other tasks, also while [`next`](Self::next) waits.
    ///
    /// As long as a handle lives, `next` waits for what it may add.
    pub fn handle(&self) -> WatchHandle<K, T, S> {
        self.inbox.handle()
    }

    /// How many operations are watched.
    #[must_use]
    pub fn len(&self) -> usize {
        let shown = usize::from(self.shown.is_some());
        self.inbox.len() + self.waiting.len() + self.flights.len() + shown
    }

    /// Whether no operation is watched.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The operations that are watched, in no particular order.
    ///
    /// The last statuses are in the pollers, for example to count how far all of them are.
    pub fn iter(&mut self) -> impl Iterator<Item = (&K, &Poller<T, S>)> {
        self.take_in();
        let all = self.waiting.iter().chain(self.flights.iter());
        all.chain(&self.shown)
            .map(|watched| (&watched.key, &watched.poller))
    }

    /// What continues each operation in another process, in no particular order.
    pub fn tokens(&mut self) -> impl Iterator<Item = (&K, ResumeToken)> {
        self.iter()
            .map(|(key, poller)| (key, poller.resume_token()))
    }

    /// Ends the watch and gives the pollers back, in no particular order.
    ///
    /// From then on handles give back what they are to add.
    #[must_use]
    pub fn into_pollers(self) -> Vec<(K, Poller<T, S>)> {
        let Self {
            inbox,
            waiting,
            flights,
            shown,
            home: _,
        } = self;
        let all = inbox.close().into_iter().chain(waiting.into_all());
        let all = all.chain(flights.into_all()).chain(shown);
        all.map(|watched| watched.release()).collect()
    }

    fn put(&mut self, watched: Held<K, T, S>) {
        let lane = self.waiting.lane(watched.poller.clock());
        self.waiting.put(lane, watched.poller.due(), watched);
    }

    /// Takes in what handles have added.
    fn take_in(&mut self) {
        for watched in self.inbox.take() {
            self.put(watched);
        }
    }
}

impl<K, T: DeserializeOwned, S: DeserializeOwned + Clone> Watch<K, T, S> {
    /// Waits until the next operation ends; `None` when none is left and no handle can add one.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: waits and requests in flight stay in the watch.
    pub async fn next(&mut self) -> Option<Ended<K, T, S>> {
        poll_fn(|cx| self.poll_ended(cx)).await
    }

    /// Waits until a status arrives or an operation ends; `None` when none is left and no handle can add one.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: waits and requests in flight stay in the watch.
    pub async fn next_event(&mut self) -> Option<Event<'_, K, T, S>> {
        match poll_fn(|cx| self.poll_event(cx)).await? {
            Happened::Ended(ended) => Some(Event::Ended(ended)),
            Happened::Status => {
                let shown = self.shown.as_deref()?;
                Some(Event::Status(&shown.key, &shown.poller))
            }
        }
    }

    fn poll_ended(&mut self, cx: &mut Context<'_>) -> Poll<Option<Ended<K, T, S>>> {
        loop {
            match std::task::ready!(self.poll_event(cx)) {
                Some(Happened::Status) => {}
                Some(Happened::Ended(ended)) => return Poll::Ready(Some(ended)),
                None => return Poll::Ready(None),
            }
        }
    }

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<Happened<K, T, S>>> {
        self.inbox.board().listen(cx.waker());
        let home = Runtime::current();
        if self.home != home {
            // Requests do not outlive their runtime, and nobody will say so.
            self.home = home;
            self.flights.call_all();
        }
        self.flights.hear();
        for _ in 0..TURNS {
            if let Some(shown) = self.shown.take() {
                self.put(shown);
            }
            self.take_in();
            while self.flights.has_room() {
                match self.waiting.next_due() {
                    Some(watched) => self.flights.start(watched),
                    None => break,
                }
            }
            let Some(seat) = self.flights.next_turn() else {
                return self.poll_quiet(cx);
            };
            let driven = self.flights.drive(seat, |watched, cx| {
                let poller = &mut watched.poller;
                let before = poller.arrived();
                let outcome = poller.poll_result(cx);
                let stays = outcome.is_pending() && poller.is_asking();
                (!stays).then(|| (outcome, poller.arrived() != before))
            });
            let Some((outcome, news)) = driven.flatten() else {
                continue;
            };
            let left = self.flights.leave(seat);
            match (outcome, left) {
                (Poll::Ready(result), Some(watched)) => {
                    let (key, poller) = watched.release();
                    let ended = Ended {
                        key,
                        result,
                        poller,
                    };
                    return Poll::Ready(Some(Happened::Ended(ended)));
                }
                (_, waits) => self.shown = waits,
            }
            if news {
                return Poll::Ready(Some(Happened::Status));
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Nothing can be driven: waits for a request, a timer or a handle.
    fn poll_quiet(&mut self, cx: &mut Context<'_>) -> Poll<Option<Happened<K, T, S>>> {
        if self.flights.has_room() {
            if self.waiting.poll_due(cx).is_ready() {
                // Due between the last look and now.
                cx.waker().wake_by_ref();
            } else if self.waiting.len() + self.flights.len() == 0 && self.inbox.is_final() {
                return Poll::Ready(None);
            }
        }
        Poll::Pending
    }
}

impl<K, T, S> Watched<K, T, S> {
    fn new(key: K, mut poller: Poller<T, S>) -> Held<K, T, S> {
        poller.set_watched(true);
        Box::new(Self { key, poller })
    }

    fn release(mut self) -> (K, Poller<T, S>) {
        self.poller.set_watched(false);
        let Self { key, poller } = self;
        (key, poller)
    }
}

// Nothing in a watch is pinned.
impl<K, T, S> Unpin for Watch<K, T, S> {}

impl<K, T: DeserializeOwned, S: DeserializeOwned + Clone> Stream for Watch<K, T, S> {
    type Item = Ended<K, T, S>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_ended(cx)
    }
}

impl<K, T, S> Default for Watch<K, T, S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, T, S> Extend<(K, Poller<T, S>)> for Watch<K, T, S> {
    fn extend<I: IntoIterator<Item = (K, Poller<T, S>)>>(&mut self, pollers: I) {
        for (key, poller) in pollers {
            self.add(key, poller);
        }
    }
}

impl<K, T, S> FromIterator<(K, Poller<T, S>)> for Watch<K, T, S> {
    fn from_iter<I: IntoIterator<Item = (K, Poller<T, S>)>>(pollers: I) -> Self {
        let mut watch = Self::new();
        watch.extend(pollers);
        watch
    }
}

impl<K, T, S> fmt::Debug for Watch<K, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("len", &self.len())
            .field("in_flight", &self.flights.len())
            .finish_non_exhaustive()
    }
}

impl<K: fmt::Debug, T, S> fmt::Debug for Ended<K, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The result may repeat a secret of the client.
        f.debug_struct("Ended")
            .field("key", &self.key)
            .field("result", &self.result.as_ref().map(|_| "…"))
            .field("poller", &self.poller)
            .finish()
    }
}

impl<K: fmt::Debug, T, S> fmt::Debug for Event<'_, K, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(key, poller) => f.debug_tuple("Status").field(key).field(poller).finish(),
            Self::Ended(ended) => f.debug_tuple("Ended").field(ended).finish(),
        }
    }
}
