//! The line before the pipeline, when the caller limits the rate.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use governor::Quota;
use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};

use crate::clock::ClockRef;
use crate::error::{Error, ErrorKind, Result};

/// Gives permits at a rate, in the order in which they were asked for.
///
/// governor decides at the moment of sending. The line says when to come: each in it sleeps until it is due, so that a
/// permit wakes one and not all. Nobody holds anything while it sleeps, so that a future that is not polled for a while
/// keeps nobody up.
pub(crate) struct Limiter {
    rate: Rate,
    time: Time,
    period: Duration,
    line: Mutex<Line>,
}

type Rate = governor::RateLimiter<NotKeyed, InMemoryState, Time, NoOpMiddleware<Duration>>;

#[derive(Debug, Default)]
struct Line {
    waiting: usize,
    /// When the last one in line is due.
    last: Duration,
}

/// The client's clock, counted from the start of the limiter.
#[derive(Debug, Clone)]
struct Time {
    clock: ClockRef,
    start: Instant,
}

impl Clock for Time {
    type Instant = Duration;

    fn now(&self) -> Duration {
        /// governor counts nanoseconds in 64 bits, which end after 584 years.
        const LONGEST: Duration = Duration::from_secs(200 * 365 * 86_400);
        let now = self.clock.now().saturating_duration_since(self.start);
        now.min(LONGEST)
    }
}

impl Limiter {
    /// `period` is not zero, and it and `burst` multiply to days at most.
    pub(crate) fn new(period: Duration, burst: u32, clock: &ClockRef) -> Self {
        let time = Time {
            clock: clock.clone(),
            start: clock.now(),
        };
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(period)
            .unwrap_or(Quota::per_second(burst))
            .allow_burst(burst);
        Self {
            rate: Rate::direct_with_clock(quota, time.clone()),
            time,
            period,
            line: Mutex::default(),
        }
    }

    /// Waits for a permit, if it comes while there is time left.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Timeout`] as soon as it is known that it comes too late.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives the place in line back; no permit is lost.
    pub(super) async fn permit(&self, left: Duration) -> Result<()> {
        let start = self.time.now();
        let Some(mut place) = self.line_up(start, left)? else {
            return Ok(());
        };
        tracing::debug!(
            target: "maps_core::rate_limit",
            wait = ?place.due.saturating_sub(start),
            "in line for the rate limit",
        );
        loop {
            let wait = place.due.saturating_sub(self.time.now());
            self.time.clock.sleep(wait).await;
            match self.rate.check() {
                Ok(()) => {
                    place.permitted = true;
                    return Ok(());
                }
                // Another one was due at the same time, in the place of one that gave up.
                Err(until) => {
                    place.due = until.earliest_possible();
                    let wait = place.due.saturating_sub(start);
                    if wait >= left {
                        return Err(too_late(wait, left));
                    }
                    // Should a clock not wait where it is asked to, others go on meanwhile.
                    tokio::task::yield_now().await;
                }
            }
        }
    }

    /// A place in line, or `None` when a permit was there.
    fn line_up(&self, now: Duration, left: Duration) -> Result<Option<Place<'_>>> {
        let mut line = self.line();
        let due = if line.waiting == 0 {
            match self.rate.check() {
                Ok(()) => return Ok(None),
                Err(until) => until.earliest_possible(),
            }
        } else {
            line.last + self.period
        };
        let wait = due.saturating_sub(now);
        if wait >= left {
            return Err(too_late(wait, left));
        }
        line.waiting += 1;
        line.last = due;
        Ok(Some(Place {
            limiter: self,
            due,
            permitted: false,
        }))
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cold]
fn too_late(wait: Duration, left: Duration) -> Error {
    let message = format!(
        "the client's rate limit has a permit in {wait:?} only, and the call has {left:?} left"
    );
    Error::new(ErrorKind::Timeout, message)
        .with_may_have_been_sent(false)
        .with_retry_after(Some(wait))
}

/// A place in line.
struct Place<'a> {
    limiter: &'a Limiter,
    due: Duration,
    permitted: bool,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut line = self.limiter.line();
        line.waiting -= 1;
        if !self.permitted {
            line.last = line.last.saturating_sub(self.limiter.period);
        }
    }
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limiter")
            .field("period", &self.period)
            .field("line", &self.line())
            .finish_non_exhaustive()
    }
}
