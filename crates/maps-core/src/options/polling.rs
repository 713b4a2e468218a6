//! Options of pollers.

use std::time::Duration;

use super::at_least_one;

/// How long-running operations are watched.
///
/// Waits start short and grow. A wait that the service asks for takes the place of the next one: no poll comes before
/// it, and none much later. Jitter comes on top of either.
///
/// How many requests an operation costs, and how long after its end it is noticed, with these defaults:
///
/// | the operation takes | requests | noticed within | requests with `Retry-After: 10` | noticed within |
/// |---|---|---|---|---|
/// | 1 s | 2 | 0.9 s | 2 | 12 s |
/// | 5 s | 5 | 3.1 s | 2 | 12 s |
/// | 30 s | 9 | 15.4 s | 4 | 12 s |
/// | 2 min | 14 to 15 | 18 s | 11 to 13 | 12 s |
/// | 10 min | 40 to 47 | 18 s | 51 to 61 | 12 s |
/// | 30 min | 107 to 127 | 18 s | 151 to 181 | 12 s |
/// | 1 h | 207 to 247 | 18 s | 301 to 361 | 12 s |
/// | 2 h | 407 to 487 | 18 s | 601 to 721 | 12 s |
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use maps_core::{ClientOptions, PollingOptions};
///
/// // Operations that take hours: fewer requests, and a day until one is given up.
/// let polling = PollingOptions::new()
///     .max_wait(Duration::from_secs(60))
///     .timeout(Duration::from_secs(24 * 3600));
/// let options = ClientOptions::new().polling(polling);
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct PollingOptions {
    pub(crate) first_wait: Duration,
    pub(crate) growth: f64,
    pub(crate) max_wait: Duration,
    pub(crate) jitter: f64,
    pub(crate) min_hint: Duration,
    pub(crate) max_hint: Duration,
    pub(crate) timeout: Duration,
    pub(crate) max_failures: u32,
    pub(crate) not_found_grace: u32,
}

impl Default for PollingOptions {
    fn default() -> Self {
        Self {
            first_wait: Duration::from_millis(500),
            growth: 1.5,
            max_wait: Duration::from_secs(15),
            jitter: 0.2,
            min_hint: Duration::from_millis(100),
            max_hint: Duration::from_secs(120),
            timeout: Duration::from_secs(3600),
            max_failures: 10,
            not_found_grace: 5,
        }
    }
}

impl PollingOptions {
    /// 0.5 s, growing by half, at most 15 s, 20 % jitter; hints of 0.1 to 120 s; 1 h for the operation.
    pub fn new() -> Self {
        Self::default()
    }

    /// Wait before the first poll after a submit, 0.5 s by default; later ones grow from it, or from the shortest hint where that is
    /// longer.
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// What the wait is multiplied by after each poll, at least 1; 1.5 by default.
    pub fn growth(mut self, factor: f64) -> Self {
        self.growth = at_least_one(factor);
        self
    }

    /// What the wait grows to; 15 s by default.
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.max_wait = wait;
        self
    }

    /// How much longer a wait may be than planned, from 0 to 1: 0.2, the default, is up to 20 % longer.
    pub fn jitter(mut self, share: f64) -> Self {
        self.jitter = if share.is_finite() {
            share.clamp(0.0, 1.0)
        } else {
            0.0
        };
        self
    }

    /// Shortest and longest wait that the service can ask for; 0.1 s and 120 s by default.
    pub fn hint_limits(mut self, shortest: Duration, longest: Duration) -> Self {
        self.min_hint = shortest.min(longest);
        self.max_hint = longest;
        self
    }

    /// The whole operation, from its submit to its end; 1 h by default.
    ///
    /// It ends early rather than late: a wait that would cross it is not begun. Reading the result of an operation
    /// that ended in time is a call with limits of its own. For an operation that is resumed from a token, the token's
    /// deadline counts where it is sooner.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// Failed polls in a row, each with its own retries, 10 by default: the last of them is the error.
    pub fn max_failures(mut self, polls: u32) -> Self {
        self.max_failures = polls;
        self
    }

    /// Polls right after submitting that may find nothing (404), 5 by default; one more is an error.
    pub fn not_found_grace(mut self, polls: u32) -> Self {
        self.not_found_grace = polls;
        self
    }
}
