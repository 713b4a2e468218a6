//! Options of retries.

use std::time::Duration;

use super::at_least_one;

/// How failed tries are repeated.
///
/// Repeated are a broken exchange, a timeout, 408, 429, 500, 502, 503 and 504; of a POST only a connection that was not
/// made, 429 and 503, unless the call is [`repeatable`](crate::CallOptions::repeatable). The
/// [troubleshooting page](crate::troubleshooting#transient-faults) has the table.
///
/// Waits grow exponentially and are drawn at random between zero and the grown delay. A wait that the
/// service asks for replaces the drawn one. Neither goes beyond the deadline of the call: one that would is not begun,
/// and the call ends at once with what the service said.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use maps_core::{ClientOptions, RetryOptions};
///
/// // A job of the night has time: more tries, longer waits.
/// let retry = RetryOptions::new()
///     .max_retries(8)
///     .max_delay(Duration::from_secs(60));
/// let options = ClientOptions::new().retry(retry);
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct RetryOptions {
    pub(crate) max_retries: u32,
    pub(crate) first_delay: Duration,
    pub(crate) growth: f64,
    pub(crate) max_delay: Duration,
    pub(crate) max_hint: Duration,
    pub(crate) budget: Option<u32>,
}

impl Default for RetryOptions {
    fn default() -> Self {
        Self {
            max_retries: 3,
            first_delay: Duration::from_millis(500),
            growth: 2.0,
            max_delay: Duration::from_secs(30),
            max_hint: Duration::from_secs(60),
            budget: Some(500),
        }
    }
}

impl RetryOptions {
    /// 3 retries; 0.5 s, doubled, at most 30 s; the service's hint at most 60 s; a budget of 500.
    pub fn new() -> Self {
        Self::default()
    }

    /// No retries at all.
    pub fn none() -> Self {
        Self::default().max_retries(0)
    }

    /// Most tries after the first one of a call; 3 by default.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// Longest wait before the first retry; 0.5 s by default.
    pub fn first_delay(mut self, delay: Duration) -> Self {
        self.first_delay = delay;
        self
    }

    /// What the longest wait is multiplied by for each further retry, at least 1; 2 by default.
    pub fn growth(mut self, factor: f64) -> Self {
        self.growth = at_least_one(factor);
        self
    }

    /// What the longest wait grows to; 30 s by default.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Longest wait that the service can ask for; 60 s by default.
    pub fn max_hint(mut self, wait: Duration) -> Self {
        self.max_hint = wait;
        self
    }

    /// Tokens that all calls of a client share, 500 by default: a retry takes 5, a success gives 1 back.
    ///
    /// Without tokens nothing is retried, so that an outage is not made worse: 500 tokens are at most 100 requests more
    /// than calls, however long it lasts. Each call still makes its first try. `None` lifts the limit.
    pub fn budget(mut self, tokens: Option<u32>) -> Self {
        self.budget = tokens;
        self
    }
}
