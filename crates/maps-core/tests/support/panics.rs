//! Code of the caller that panics.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use maps_core::{BoxFuture, HttpRequest, Next, Policy, RawResponse, Result};

/// Panics at one request.
#[derive(Debug)]
pub(crate) struct PanicsOnce {
    at: usize,
    seen: AtomicUsize,
}

impl PanicsOnce {
    /// Lets so many requests pass before.
    pub(crate) fn after(at: usize) -> Arc<Self> {
        Arc::new(Self {
            at,
            seen: AtomicUsize::new(0),
        })
    }
}

impl Policy for PanicsOnce {
    fn send<'a>(
        &'a self,
        request: &'a mut HttpRequest,
        next: Next<'a>,
    ) -> BoxFuture<'a, Result<RawResponse>> {
        Box::pin(async move {
            if self.seen.fetch_add(1, Ordering::SeqCst) == self.at {
                panic!("a policy of the caller");
            }
            next.send(request).await
        })
    }
}

/// What a future gives; `None` when it panicked.
pub(crate) async fn unless_it_panics<F: Future>(future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    poll_fn(
        |cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
            Ok(poll) => poll.map(Some),
            Err(_) => Poll::Ready(None),
        },
    )
    .await
}
