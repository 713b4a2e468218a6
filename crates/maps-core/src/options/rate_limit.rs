//! How often a client may send.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::clock::ClockRef;
use crate::error::{Error, Result};
use crate::pipeline::Limiter;

/// How often a client may send requests; for [`ClientOptions::rate_limit`](crate::ClientOptions::rate_limit).
///
/// Each try takes a permit before it is signed, the polls of operations and the pages of lists too. In any time `t` a
/// client sends at most `burst + rate × t` requests; redirects, which these services do not use, are not counted. Who
/// finds no permit stands in line, first come first served. A wait that would outlast the deadline of the call is an
/// error of kind [`Timeout`](crate::ErrorKind::Timeout) at once, and nothing is sent; one whose call is dropped gives its
/// place back.
///
/// Clones of a client share one limit. Clients that are built from clones of one value have a limit each, as the services
/// of an account have, unless it is [`shared`](Self::shared).
///
/// # Examples
///
/// ```
/// use maps_core::{ClientOptions, RateLimit};
///
/// // 50 requests a second, and up to 10 of them at once.
/// let options = ClientOptions::new().rate_limit(RateLimit::per_second(50).burst(10));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct RateLimit {
    /// Time between two requests; `None` for no requests at all.
    period: Option<Duration>,
    burst: u32,
    /// Made by the first client, used by the others.
    shared: Option<Arc<OnceLock<Arc<Limiter>>>>,
}

/// A limit over a longer time than this is taken for a mistake.
const LONGEST: Duration = Duration::from_secs(86_400);

impl RateLimit {
    /// So many requests a second, evenly spaced.
    ///
    /// Timers count milliseconds: a rate of more than 100 a second is reached only with a [`burst`](Self::burst).
    pub fn per_second(requests: u32) -> Self {
        let period = Duration::from_secs(1).checked_div(requests);
        Self::new(period.map(|period| period.max(Duration::from_nanos(1))))
    }

    /// One request in this time.
    pub fn every(period: Duration) -> Self {
        Self::new(Some(period).filter(|period| !period.is_zero()))
    }

    fn new(period: Option<Duration>) -> Self {
        Self {
            period,
            burst: 1,
            shared: None,
        }
    }

    /// Requests that may be sent at once after a pause; 1 by default.
    pub fn burst(mut self, requests: u32) -> Self {
        self.burst = requests;
        self
    }

    /// Makes one limit of this value and its clones, for clients that share a rate: those of one SAS token, say.
    ///
    /// The clock of the client that is built first counts for all.
    pub fn shared(mut self) -> Self {
        self.shared = Some(Arc::default());
        self
    }

    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a limit that lets nothing pass, and for one
    /// over more than a day.
    pub(crate) fn limiter(&self, clock: &ClockRef) -> Result<Arc<Limiter>> {
        let Some(period) = self.period.filter(|_| self.burst > 0) else {
            return Err(Error::argument("the rate limit lets no request pass"));
        };
        let whole = period.checked_mul(self.burst);
        if whole.is_none_or(|whole| whole > LONGEST) {
            return Err(Error::argument(
                "the rate limit needs more than a day for its burst",
            ));
        }
        let make = || Arc::new(Limiter::new(period, self.burst, clock));
        Ok(match &self.shared {
            Some(shared) => Arc::clone(shared.get_or_init(make)),
            None => make(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn limits_that_make_no_sense_are_refused() {
        for limit in [
            RateLimit::per_second(0),
            RateLimit::every(Duration::ZERO),
            RateLimit::per_second(5).burst(0),
            RateLimit::every(Duration::from_secs(86_401)),
            RateLimit::every(Duration::MAX).burst(u32::MAX),
        ] {
            let error = limit.limiter(&ClockRef::Tokio).expect_err("refused");
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{limit:?}");
        }
        for limit in [
            RateLimit::per_second(u32::MAX).burst(u32::MAX),
            RateLimit::every(Duration::from_secs(86_400)),
        ] {
            limit.limiter(&ClockRef::Tokio).expect("a limit");
        }
    }

    #[test]
    fn only_a_shared_limit_is_one_for_clones() {
        let same = |limit: RateLimit| {
            let limiter = |limit: RateLimit| limit.limiter(&ClockRef::Tokio).expect("a limit");
            Arc::ptr_eq(&limiter(limit.clone()), &limiter(limit))
        };
        assert!(!same(RateLimit::per_second(5)));
        assert!(same(RateLimit::per_second(5).shared()));
    }
}
