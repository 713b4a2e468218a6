//! A wait that outlives the futures which wait for it.

use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use futures_core::future::BoxFuture;

use crate::clock::ClockRef;
use crate::runtime::Runtime;

/// A wait until a point in time.
pub(crate) struct Wait {
    until: Instant,
    /// Made when somebody first waits, for the runtime that waits.
    timer: Option<(Runtime, BoxFuture<'static, ()>)>,
}

impl Wait {
    /// One that is over at `until`.
    pub(crate) fn until(until: Instant) -> Self {
        Self { until, timer: None }
    }

    /// One that is over.
    pub(super) fn until_now(clock: &ClockRef) -> Self {
        Self::until(clock.now())
    }

    /// One that is over after `wait`.
    pub(super) fn from_now(clock: &ClockRef, wait: Duration) -> Self {
        Self {
            until: after(clock.now(), wait),
            timer: None,
        }
    }

    /// When it is over.
    pub(crate) fn ends(&self) -> Instant {
        self.until
    }

    /// Whether it is over.
    pub(super) fn is_over(&self, clock: &ClockRef) -> bool {
        clock.now() >= self.until
    }

    pub(crate) fn poll(&mut self, clock: &ClockRef, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let runtime = Runtime::current();
            if let Some((_, timer)) = self.timer.as_mut().filter(|(home, _)| *home == runtime) {
                ready!(timer.as_mut().poll(cx));
            }
            // A timer may be early by its resolution; the service's hint is a floor.
            let left = self.until.saturating_duration_since(clock.now());
            if left.is_zero() {
                return Poll::Ready(());
            }
            let clock = clock.clone();
            self.timer = Some((runtime, Box::pin(async move { clock.sleep(left).await })));
        }
    }
}

/// `now` and a duration, however long.
pub(super) fn after(now: Instant, duration: Duration) -> Instant {
    // A century is for ever here, and fits.
    const LONGEST: Duration = Duration::from_secs(100 * 365 * 86_400);
    now.checked_add(duration.min(LONGEST)).unwrap_or(now)
}
