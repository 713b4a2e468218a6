//! Runs a future to its end without real time.

use std::future::{Future, IntoFuture};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use maps_core::test_kit::VirtualClock;

/// The longest that one call may wait: an operation has an hour, a call in it three minutes.
const LONGEST: Duration = Duration::from_secs(3600 + 600);

/// More steps than any call needs.
const MOST_STEPS: u32 = 20_000;

#[derive(Default)]
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Runs a future to its end; the clock jumps to the next timer whenever nothing else can happen.
///
/// # Panics
///
/// When the future waits for something that has no limit of time, or for longer than an operation may take.
pub fn drive<F: IntoFuture>(clock: &VirtualClock, future: F) -> F::Output {
    let flag = Arc::new(Flag::default());
    let waker = Waker::from(Arc::clone(&flag));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future.into_future());
    let start = clock.elapsed();
    for _ in 0..MOST_STEPS {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        if flag.0.swap(false, Ordering::SeqCst) {
            continue;
        }
        match clock.next_timer() {
            Some(end) => clock.advance(end.saturating_sub(clock.elapsed())),
            None => panic!("a wait without a limit"),
        }
        let waited = clock.elapsed() - start;
        assert!(waited <= LONGEST, "one call waited {waited:?}");
    }
    panic!("one call took more than {MOST_STEPS} steps");
}

/// Polls a future a few times, as one that is dropped before its end, and says what it gave.
pub fn poll_some<F: Future>(times: u32, future: F) -> Option<F::Output> {
    let mut context = Context::from_waker(Waker::noop());
    let mut future = pin!(future);
    for _ in 0..times {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Some(output);
        }
    }
    None
}
