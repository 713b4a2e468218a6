//! A clock that stands still until it is told to go.

use std::collections::BTreeMap;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant, SystemTime};

use futures_core::future::BoxFuture;

use crate::clock::Clock;

/// A [`Clock`] whose time is the test's to pass. Clones are the same clock.
///
/// It tells two sorts of timers apart: waits that the SDK chooses ([`Clock::sleep`]: between polls, before a retry) and
/// limits of a wait for somebody else ([`Clock::limit`]: a server or a credential, which live in real time). How time
/// passes is chosen by how the clock is made and used:
///
/// | | time passes | is right for |
/// |---|---|---|
/// | [`new`](Self::new) | with [`advance`](Self::advance) alone | looking at one moment |
/// | [`running_ahead`](Self::running_ahead) | to the end of each wait as soon as somebody waits | one task, one poller |
/// | [`run`](Self::run) | to the first of all waits, once nothing else can go on | many tasks or pollers, over HTTP |
/// | [`run_scripted`](Self::run_scripted) | to the first of all timers, once nothing else can go on | the same with a scripted transport |
///
/// A clock that runs ahead lets one of two pollers jump over the waits of the other; the order in which they poll is
/// then not that of real time. Under `run` it is.
///
/// Time of day begins on 2025-10-09, 08:53:20 UTC, which is 1,760,000,000 seconds after the epoch.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use maps_core::Clock;
/// use maps_core::test_kit::VirtualClock;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let clock = VirtualClock::new();
/// let elapsed = clock
///     .run(async {
///         let later = tokio::spawn(clock.sleep(Duration::from_secs(7200)));
///         clock.sleep(Duration::from_secs(3600)).await;
///         assert!(!later.is_finished());
///         later.await.map(|()| clock.elapsed())
///     })
///     .await;
/// assert_eq!(elapsed.ok(), Some(Duration::from_secs(7200)));
/// # }
/// ```
#[derive(Clone)]
pub struct VirtualClock(Arc<Shared>);

struct Shared {
    start: Instant,
    runs_ahead: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    elapsed: Duration,
    next_timer: u64,
    /// Timers that somebody waits for, by end and number: sort, whom to wake.
    timers: BTreeMap<(Duration, u64), (Sort, Waker)>,
    /// Limits that were made and not dropped: so many wait for somebody else.
    limits: usize,
    /// Counts what was done with the clock, to see whether something was.
    uses: u64,
    /// Who passes the time once nothing else can go on.
    runner: Option<Waker>,
    waits: Vec<Duration>,
}

/// What a timer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Wait,
    Limit,
}

/// Turns of other tasks without a use of the clock, after which nothing is taken to go on.
///
/// tokio runs up to 61 tasks between two turns of the one that it was started with: in this many turns 3,900 tasks have
/// had theirs, and one use of the clock among them starts the count anew.
const QUIET_TURNS: u32 = 64;

const EPOCH: Duration = Duration::from_secs(1_760_000_000);

impl VirtualClock {
    /// A clock that stands still.
    #[must_use]
    pub fn new() -> Self {
        Self::with(false)
    }

    /// A clock that jumps to the end of each wait.
    #[must_use]
    pub fn running_ahead() -> Self {
        Self::with(true)
    }

    fn with(runs_ahead: bool) -> Self {
        Self(Arc::new(Shared {
            start: Instant::now(),
            runs_ahead,
            state: Mutex::default(),
        }))
    }

    /// Lets time pass; waits that end meanwhile are woken.
    pub fn advance(&self, duration: Duration) {
        let to = self.elapsed().saturating_add(duration);
        self.0.go_to(to);
    }

    /// How much time has passed.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.lock().elapsed
    }

    /// Every wait that was asked for by [`Clock::sleep`], in order.
    #[must_use]
    pub fn waits(&self) -> Vec<Duration> {
        self.0.lock().waits.clone()
    }

    /// When the next timer that somebody waits for ends, counted from the clock's start.
    #[must_use]
    pub fn next_timer(&self) -> Option<Duration> {
        let state = self.0.lock();
        state.timers.keys().next().map(|(end, _)| *end)
    }

    /// Runs a future, and lets time pass to the end of the first wait whenever nothing else can go on.
    ///
    /// As long as somebody waits for a server or a credential, that is as long as a [`Clock::limit`] lives, no time
    /// passes: requests have all the real time they need, and none of them sees the clock jump. Otherwise time goes to
    /// the first wait once all tasks have had turns without touching the clock.
    ///
    /// What cannot be seen: a task that waits for something else than this clock (a channel to another thread, a
    /// file, a socket of its own) is taken to stand still, and time passes meanwhile. A server that never answers holds
    /// time up until the limit is [advanced](Self::advance) over. Made for tokio's current-thread runtime, `#[tokio::test]`
    /// for example; with several threads the order of what is due at one moment is open.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops the one it runs; the clock stands still again.
    pub async fn run<F: IntoFuture>(&self, future: F) -> F::Output {
        self.pass_time(future.into_future(), |state| match state.limits {
            0 => state
                .timers
                .iter()
                .find(|(_, (sort, _))| *sort == Sort::Wait),
            _ => None,
        })
        .await
    }

    /// Runs a future, and lets time pass to the end of the first timer, wait or limit, whenever nothing else can go on.
    ///
    /// For transports without sockets, as [`ScriptedTransport`](super::ScriptedTransport): an answer that does not come
    /// ends at its limit. With a real server use [`run`](Self::run), because here time passes while it thinks.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops the one it runs; the clock stands still again.
    pub async fn run_scripted<F: IntoFuture>(&self, future: F) -> F::Output {
        self.pass_time(future.into_future(), |state| state.timers.iter().next())
            .await
    }

    async fn pass_time<F: Future>(
        &self,
        future: F,
        next: impl Fn(&State) -> Option<(&(Duration, u64), &(Sort, Waker))>,
    ) -> F::Output {
        let mut future = pin!(future);
        let (mut seen, mut quiet) = (0, 0);
        poll_fn(|cx| {
            if let Poll::Ready(output) = future.as_mut().poll(cx) {
                self.0.lock().runner = None;
                return Poll::Ready(output);
            }
            let mut state = self.0.lock();
            if state.uses != seen {
                (seen, quiet) = (state.uses, 0);
            }
            match next(&state) {
                // Only a use of the clock can change that.
                None => {
                    state.runner = Some(cx.waker().clone());
                    return Poll::Pending;
                }
                Some(_) if quiet < QUIET_TURNS => {
                    quiet += 1;
                    drop(state);
                }
                Some((&(end, _), _)) => {
                    quiet = 0;
                    drop(state);
                    self.0.go_to(end);
                }
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await
    }

    fn timer(&self, duration: Duration, sort: Sort) -> Timer {
        let mut state = self.0.lock();
        state.next_timer += 1;
        match sort {
            Sort::Wait => state.waits.push(duration),
            Sort::Limit => state.limits += 1,
        }
        Timer {
            clock: Arc::clone(&self.0),
            key: (state.elapsed.saturating_add(duration), state.next_timer),
            sort,
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn go_to(&self, to: Duration) {
        let mut state = self.lock();
        state.elapsed = state.elapsed.max(to);
        let now = state.elapsed;
        let rest = state.timers.split_off(&(now, u64::MAX));
        let due = std::mem::replace(&mut state.timers, rest);
        drop(state);
        for (_, waker) in due.into_values() {
            waker.wake();
        }
    }
}

impl State {
    /// Notes that something was done with the clock: whom to tell.
    #[must_use]
    fn used(&mut self) -> Option<Waker> {
        self.uses += 1;
        self.runner.take()
    }
}

impl Default for VirtualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Instant {
        // A time too far off to be told is the end of time.
        const LONGEST: Duration = Duration::from_secs(200 * 365 * 86_400);
        let elapsed = self.elapsed().min(LONGEST);
        self.0.start.checked_add(elapsed).unwrap_or(self.0.start)
    }

    fn wall(&self) -> SystemTime {
        let time = SystemTime::UNIX_EPOCH + EPOCH;
        time.checked_add(self.elapsed()).unwrap_or(time)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(self.timer(duration, Sort::Wait))
    }

    fn limit(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(self.timer(duration, Sort::Limit))
    }
}

impl fmt::Debug for VirtualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VirtualClock")
            .field("elapsed", &self.elapsed())
            .field("runs_ahead", &self.0.runs_ahead)
            .finish_non_exhaustive()
    }
}

struct Timer {
    clock: Arc<Shared>,
    /// End and number.
    key: (Duration, u64),
    sort: Sort,
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.clock.lock();
        let (end, _) = self.key;
        let is_over = state.elapsed >= end;
        let runner = if is_over {
            state.timers.remove(&self.key);
            state.used()
        } else {
            let waker = cx.waker().clone();
            let known = state.timers.insert(self.key, (self.sort, waker));
            // Asking again is no use of the clock: what `run` runs does it at each of its turns.
            known.map_or_else(|| state.used(), |_| None)
        };
        drop(state);
        runner.into_iter().for_each(Waker::wake);
        if is_over {
            return Poll::Ready(());
        }
        if self.clock.runs_ahead && self.sort == Sort::Wait {
            // Pending once, so that other tasks run between the waits of one that never does anything else.
            self.clock.go_to(end);
        }
        Poll::Pending
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        let mut state = self.clock.lock();
        let waker = state.timers.remove(&self.key);
        if self.sort == Sort::Limit {
            state.limits -= 1;
        }
        let runner = state.used();
        drop(state);
        // Wakers are somebody else's code, which must not run under the lock.
        drop(waker);
        runner.into_iter().for_each(Waker::wake);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Waker;

    fn is_over(timer: &mut BoxFuture<'static, ()>) -> bool {
        timer
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_ready()
    }

    #[test]
    fn a_clock_that_stands_still_goes_when_it_is_told() {
        let clock = VirtualClock::new();
        let mut timer = clock.sleep(Duration::from_secs(5));
        assert!(!is_over(&mut timer));
        assert_eq!(clock.next_timer(), Some(Duration::from_secs(5)));
        clock.advance(Duration::from_secs(4));
        assert!(!is_over(&mut timer));
        clock.advance(Duration::from_secs(1));
        assert!(is_over(&mut timer));
        assert_eq!(clock.next_timer(), None);
        assert_eq!(clock.waits(), [Duration::from_secs(5)]);
    }

    #[test]
    fn a_clock_that_runs_ahead_jumps_over_waits_and_not_over_limits() {
        let clock = VirtualClock::running_ahead();
        let mut limit = clock.limit(Duration::from_secs(9));
        assert!(!is_over(&mut limit) && !is_over(&mut limit));
        let mut wait = clock.sleep(Duration::from_secs(5));
        assert!(!is_over(&mut wait) && is_over(&mut wait));
        assert_eq!(clock.elapsed(), Duration::from_secs(5));
        assert!(!is_over(&mut limit));
        let mut wait = clock.sleep(Duration::from_secs(5));
        assert!(!is_over(&mut wait) && is_over(&mut limit));
    }

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Waits of many tasks, each with its end as it was seen by all.
    #[tokio::test]
    async fn run_passes_time_in_the_order_of_all_waits() {
        let clock = VirtualClock::new();
        let ends: Arc<Mutex<Vec<Duration>>> = Arc::default();
        let tasks = (0..500_u64).map(|number| {
            let (clock, ends) = (clock.clone(), Arc::clone(&ends));
            tokio::spawn(async move {
                for wait in 1..4 {
                    clock.sleep(seconds(number * 7919 % 500 + wait)).await;
                    // Other tasks run between the end of a wait and the next one.
                    tokio::task::yield_now().await;
                    ends.lock().unwrap().push(clock.elapsed());
                }
                clock.elapsed() == seconds(3 * (number * 7919 % 500) + 6)
            })
        });
        let tasks: Vec<_> = tasks.collect();
        let in_time = clock.run(async {
            let mut in_time = 0;
            for task in tasks {
                in_time += usize::from(task.await.unwrap());
            }
            in_time
        });
        assert_eq!(in_time.await, 500);
        assert!(ends.lock().unwrap().is_sorted());
        assert_eq!(clock.elapsed(), seconds(3 * 499 + 6));
    }

    #[tokio::test]
    async fn run_lets_no_time_pass_while_somebody_waits_for_a_server() {
        let clock = VirtualClock::new();
        let (answer, server) = tokio::sync::oneshot::channel::<()>();
        let limit = clock.limit(seconds(60));
        let client = tokio::spawn({
            let clock = clock.clone();
            async move {
                tokio::select! {
                    biased;
                    () = limit => None,
                    _ = server => Some(clock.elapsed()),
                }
            }
        });
        let beside = tokio::spawn(clock.sleep(seconds(1)));
        // A thread is what tokio does not see, as a socket.
        let thread = std::thread::spawn(move || answer.send(()));
        let answered_at = clock.run(client).await.unwrap();
        thread.join().unwrap().unwrap();
        assert_eq!(answered_at, Some(Duration::ZERO));
        clock.run(beside).await.unwrap();
        assert_eq!(clock.elapsed(), seconds(1));
    }

    #[tokio::test]
    async fn run_scripted_passes_limits_too() {
        let clock = VirtualClock::new();
        let limit = clock.limit(seconds(60));
        clock.run_scripted(limit).await;
        assert_eq!(clock.elapsed(), seconds(60));
        assert_eq!(clock.0.lock().limits, 0);
    }

    #[tokio::test]
    async fn run_without_waits_ends_with_its_future() {
        let clock = VirtualClock::new();
        assert_eq!(clock.run(async { 7 }).await, 7);
        let (send, receive) = tokio::sync::oneshot::channel();
        let thread = std::thread::spawn(move || send.send(8));
        assert_eq!(clock.run(receive).await, Ok(8));
        thread.join().unwrap().unwrap();
        assert_eq!(clock.elapsed(), Duration::ZERO);
    }

    /// With a list that is searched from its front this takes minutes.
    #[test]
    fn ten_thousand_timers_are_kept_and_dropped() {
        let clock = VirtualClock::new();
        let mut timers: Vec<_> = (0..10_000)
            .map(|number| clock.sleep(seconds(number % 100 + 1)))
            .collect();
        for _ in 0..10 {
            assert!(!timers.iter_mut().any(is_over));
        }
        clock.advance(seconds(50));
        assert_eq!(
            timers
                .iter_mut()
                .filter_map(|timer| is_over(timer).then_some(()))
                .count(),
            5_000
        );
        assert_eq!(clock.next_timer(), Some(seconds(51)));
        drop(timers);
        assert_eq!(clock.next_timer(), None);
    }

    #[test]
    fn a_wait_without_end_does_not_panic() {
        let clock = VirtualClock::running_ahead();
        let mut wait = clock.sleep(Duration::MAX);
        assert!(!is_over(&mut wait) && is_over(&mut wait));
        clock.now();
        clock.wall();
        clock.advance(Duration::MAX);
    }
}
