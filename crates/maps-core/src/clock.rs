//! Where time comes from.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use futures_core::future::BoxFuture;

/// What polling, retrying and token refresh take the time from.
///
/// The default is the clock of tokio. A test gives its own, so that an hour of waiting takes no time.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use maps_core::{ClientOptions, TokioClock};
///
/// let options = ClientOptions::new().clock(Arc::new(TokioClock));
/// ```
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Time that never goes back.
    fn now(&self) -> Instant;

    /// Time of day, for expiry times and dates in headers.
    fn wall(&self) -> SystemTime;

    /// Waits because the SDK chose to: between polls, before a retry.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future ends the wait.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// Limits a wait for somebody else: a server or a credential.
    ///
    /// A clock that jumps ahead in [`sleep`](Self::sleep) must not do so here, because the socket that
    /// is waited for lives in real time. By default the same as `sleep`.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future lifts the limit.
    fn limit(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.sleep(duration)
    }
}

/// The clock of the tokio runtime, which tests can pause.
#[derive(Debug, Clone, Copy, Default)]
pub struct TokioClock;

impl Clock for TokioClock {
    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// The client's clock; the default one costs no allocation.
#[derive(Debug, Clone, Default)]
pub(crate) enum ClockRef {
    #[default]
    Tokio,
    Custom(Arc<dyn Clock>),
}

impl ClockRef {
    /// Whether times of both can be compared.
    pub(crate) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Tokio, Self::Tokio) => true,
            (Self::Custom(one), Self::Custom(other)) => {
                std::ptr::addr_eq(Arc::as_ptr(one), Arc::as_ptr(other))
            }
            _ => false,
        }
    }

    pub(crate) fn now(&self) -> Instant {
        match self {
            Self::Tokio => TokioClock.now(),
            Self::Custom(clock) => clock.now(),
        }
    }

    pub(crate) fn wall(&self) -> SystemTime {
        match self {
            Self::Tokio => TokioClock.wall(),
            Self::Custom(clock) => clock.wall(),
        }
    }

    pub(crate) async fn sleep(&self, duration: Duration) {
        match self {
            Self::Tokio => tokio::time::sleep(duration).await,
            Self::Custom(clock) => clock.sleep(duration).await,
        }
    }

    /// A limit that outlives the future which waits for it.
    pub(crate) fn limit(&self, duration: Duration) -> BoxFuture<'static, ()> {
        match self {
            Self::Tokio => TokioClock.limit(duration),
            Self::Custom(clock) => clock.limit(duration),
        }
    }

    /// `None` when the limit came first.
    pub(crate) async fn within<F: Future>(&self, limit: Duration, future: F) -> Option<F::Output> {
        match self {
            Self::Tokio => tokio::time::timeout(limit, future).await.ok(),
            Self::Custom(clock) => {
                let mut timer = clock.limit(limit);
                let mut future = std::pin::pin!(future);
                std::future::poll_fn(move |cx| {
                    use std::task::Poll;
                    if let Poll::Ready(output) = future.as_mut().poll(cx) {
                        return Poll::Ready(Some(output));
                    }
                    timer.as_mut().poll(cx).map(|()| None)
                })
                .await
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn within_ends_at_the_limit() {
        for clock in [ClockRef::Tokio, ClockRef::Custom(Arc::new(TokioClock))] {
            let start = clock.now();
            let late = clock.within(Duration::from_secs(5), clock.sleep(Duration::from_secs(9)));
            assert_eq!(late.await, None);
            assert_eq!(clock.now() - start, Duration::from_secs(5));
            assert_eq!(
                clock.within(Duration::from_secs(5), async { 7 }).await,
                Some(7)
            );
        }
    }
}
