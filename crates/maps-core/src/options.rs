//! Options of clients and of single calls.

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::clock::{Clock, ClockRef};
use crate::jitter::Jitter;
use crate::policy::Policy;
use crate::transport::{ReqwestTransport, Transport};

mod call;
mod cloud;
mod limits;
mod polling;
#[cfg(feature = "rate-limit")]
mod rate_limit;
mod retry;
mod timeouts;

pub use call::CallOptions;
pub use cloud::{Cloud, ForeignOrigins, Links};
pub use limits::Limits;
pub use polling::PollingOptions;
#[cfg(feature = "rate-limit")]
pub use rate_limit::RateLimit;
pub use retry::RetryOptions;
pub use timeouts::Timeouts;

/// Options of a client.
///
/// One value can be cloned into clients of many services; they then share their connections. A rate limit, like the
/// retry budget, each has for itself, unless the limit is `RateLimit::shared`.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use maps_core::{ClientOptions, RetryOptions, Timeouts};
///
/// let options = ClientOptions::new()
///     .application_id("fleet-planner/2.1")
///     .retry(RetryOptions::new().max_retries(5))
///     .timeouts(Timeouts::new().call(Duration::from_secs(30)));
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct ClientOptions {
    pub(crate) retry: RetryOptions,
    pub(crate) timeouts: Timeouts,
    pub(crate) polling: PollingOptions,
    pub(crate) limits: Limits,
    #[cfg(feature = "rate-limit")]
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) cloud: Cloud,
    pub(crate) foreign_origins: ForeignOrigins,
    pub(crate) links: Links,
    pub(crate) trusted_origins: Vec<String>,
    pub(crate) application_id: Option<String>,
    pub(crate) clock: ClockRef,
    pub(crate) jitter: Jitter,
    pub(crate) per_call_policies: Vec<Arc<dyn Policy>>,
    pub(crate) per_try_policies: Vec<Arc<dyn Policy>>,
    pub(crate) transport: Option<Arc<dyn Transport>>,
    /// Filled by the first client, shared by the others.
    pub(crate) connections: Arc<OnceLock<ReqwestTransport>>,
}

impl ClientOptions {
    /// The defaults that the crate's front page lists.
    pub fn new() -> Self {
        Self::default()
    }

    /// How failed tries are repeated.
    pub fn retry(mut self, retry: RetryOptions) -> Self {
        self.retry = retry;
        self
    }

    /// Limits of time.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self.connections = Arc::default();
        self
    }

    /// How long-running operations are watched.
    pub fn polling(mut self, polling: PollingOptions) -> Self {
        self.polling = polling;
        self
    }

    /// Limits of size.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// How often the client may send, without limit by default.
    ///
    /// Needs the feature `rate-limit`.
    #[cfg(feature = "rate-limit")]
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(limit);
        self
    }

    /// The cloud that the account is in, public by default.
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.cloud = cloud;
        self
    }

    /// What to do with links to origins that are not trusted, refused by default.
    pub fn foreign_origins(mut self, foreign_origins: ForeignOrigins) -> Self {
        self.foreign_origins = foreign_origins;
        self
    }

    /// How links to the cloud's own hosts are followed, as given by default.
    pub fn links(mut self, links: Links) -> Self {
        self.links = links;
        self
    }

    /// Trusts an origin, as `https://gateway.example:8443`, as the client's endpoint is trusted: credentials go
    /// there when a link of the service leads there.
    ///
    /// A URL with more than scheme, host and port is refused when the client is built: it would trust more than it says.
    pub fn trusted_origin(mut self, url: impl Into<String>) -> Self {
        self.trusted_origins.push(url.into());
        self
    }

    /// Name of the calling program, put before the SDK's own in `User-Agent`.
    pub fn application_id(mut self, id: impl Into<String>) -> Self {
        self.application_id = Some(id.into());
        self
    }

    /// Where time comes from, tokio by default.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = ClockRef::Custom(clock);
        self
    }

    /// Makes the random part of waits, and the ids of calls, the same in each run, for tests.
    pub fn jitter_seed(mut self, seed: u64) -> Self {
        self.jitter = Jitter::seeded(seed);
        self
    }

    /// A policy that sees each call once, however many tries it takes.
    pub fn per_call_policy(mut self, policy: Arc<dyn Policy>) -> Self {
        self.per_call_policies.push(policy);
        self
    }

    /// A policy that sees each try, before it is signed.
    pub fn per_try_policy(mut self, policy: Arc<dyn Policy>) -> Self {
        self.per_try_policies.push(policy);
        self
    }

    /// What sends requests, reqwest by default.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }
}

impl fmt::Debug for ClientOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("ClientOptions");
        #[cfg(feature = "rate-limit")]
        debug.field("rate_limit", &self.rate_limit);
        debug
            .field("retry", &self.retry)
            .field("timeouts", &self.timeouts)
            .field("polling", &self.polling)
            .field("limits", &self.limits)
            .field("cloud", &self.cloud)
            .field("foreign_origins", &self.foreign_origins)
            .field("links", &self.links)
            .field("application_id", &self.application_id)
            .finish_non_exhaustive()
    }
}

/// A factor that makes nothing shorter.
fn at_least_one(factor: f64) -> f64 {
    if factor.is_finite() {
        factor.max(1.0)
    } else {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// The table on the crate's front page.
    #[test]
    fn defaults_are_those_of_the_table() {
        let seconds = Duration::from_secs_f64;
        let times = Timeouts::new();
        assert_eq!(
            [
                times.connect,
                times.one_try,
                times.call,
                times.stalled_body,
                times.token
            ],
            [10.0, 60.0, 180.0, 30.0, 30.0].map(seconds)
        );
        let retry = RetryOptions::new();
        assert_eq!(
            (retry.max_retries, retry.growth, retry.budget),
            (3, 2.0, Some(500))
        );
        assert_eq!(
            [retry.first_delay, retry.max_delay, retry.max_hint],
            [0.5, 30.0, 60.0].map(seconds)
        );
        let polling = PollingOptions::new();
        assert_eq!((polling.growth, polling.jitter), (1.5, 0.2));
        assert_eq!((polling.max_failures, polling.not_found_grace), (10, 5));
        assert_eq!(
            [
                polling.first_wait,
                polling.max_wait,
                polling.min_hint,
                polling.max_hint,
                polling.timeout
            ],
            [0.5, 15.0, 0.1, 120.0, 3600.0].map(seconds)
        );
        let limits = Limits::new();
        assert_eq!(
            [limits.error_body, limits.body, limits.headers],
            [64 << 10, 256 << 20, 256 << 10]
        );
    }

    #[test]
    fn odd_factors_are_made_usable() {
        assert_eq!(RetryOptions::new().growth(f64::NAN).growth, 1.0);
        assert_eq!(RetryOptions::new().growth(-2.0).growth, 1.0);
        assert_eq!(PollingOptions::new().growth(f64::INFINITY).growth, 1.0);
        assert_eq!(PollingOptions::new().jitter(f64::NAN).jitter, 0.0);
        assert_eq!(PollingOptions::new().jitter(7.0).jitter, 1.0);
    }

    #[test]
    fn debug_of_call_options_shows_no_header_value() {
        let shown = format!("{:?}", CallOptions::new().header("x-key", "canary"));
        assert!(
            shown.contains("x-key") && !shown.contains("canary"),
            "{shown}"
        );
    }
}
