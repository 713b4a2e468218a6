//! A clock that stands still until it is told to go.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant, SystemTime};

use futures_core::future::BoxFuture;

use crate::clock::Clock;

/// A [`Clock`] whose time is the test's to pass. Clones are the same clock.
///
/// A clock made by [`new`](Self::new) stands still until [`advance`](Self::advance). One made by
/// [`running_ahead`](Self::running_ahead) jumps to the end of each wait that the SDK chooses (between polls, before a
/// retry) as soon as somebody waits; limits of a wait for somebody else (time-outs) pass only when such a jump or
/// `advance` goes over them, so that requests to a real server have all the real time they need.
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
/// let clock = VirtualClock::running_ahead();
/// clock.sleep(Duration::from_secs(3600)).await;
/// assert_eq!(clock.elapsed(), Duration::from_secs(3600));
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
    /// Timers that somebody waits for: number, end, whom to wake.
    timers: Vec<(u64, Duration, Waker)>,
    waits: Vec<Duration>,
}

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
        self.0.lock().timers.iter().map(|(_, end, _)| *end).min()
    }

    fn timer(&self, duration: Duration, jumps: bool) -> Timer {
        let mut state = self.0.lock();
        state.next_timer += 1;
        Timer {
            clock: Arc::clone(&self.0),
            number: state.next_timer,
            end: state.elapsed.saturating_add(duration),
            jumps,
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
        let (due, rest) = std::mem::take(&mut state.timers)
            .into_iter()
            .partition::<Vec<_>, _>(|(_, end, _)| *end <= now);
        state.timers = rest;
        drop(state);
        for (_, _, waker) in due {
            waker.wake();
        }
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
        self.0.lock().waits.push(duration);
        Box::pin(self.timer(duration, self.0.runs_ahead))
    }

    fn limit(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(self.timer(duration, false))
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
    number: u64,
    end: Duration,
    jumps: bool,
}

impl Timer {
    fn forget(&self) {
        self.clock
            .lock()
            .timers
            .retain(|(number, ..)| *number != self.number);
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.clock.lock();
        state.timers.retain(|(number, ..)| *number != self.number);
        if state.elapsed >= self.end {
            return Poll::Ready(());
        }
        state
            .timers
            .push((self.number, self.end, cx.waker().clone()));
        drop(state);
        if self.jumps {
            // Pending once, so that other tasks run between the waits of one that never does anything else.
            self.clock.go_to(self.end);
        }
        Poll::Pending
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.forget();
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
