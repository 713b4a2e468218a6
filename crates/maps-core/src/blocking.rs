//! Waiting for a future on a thread that has nothing to do with tokio.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread, ThreadId};

use tokio::runtime::{Builder, Handle};

use crate::error::{Error, ErrorKind, Result};

mod calls;
mod iter;

pub use iter::Blocking;

/// The runtime of all blocking calls of the process, started by the first of them and never stopped.
static BACKGROUND: OnceLock<Background> = OnceLock::new();

struct Background {
    handle: Handle,
    thread: ThreadId,
}

/// Blocks the thread until a future of this SDK has its result.
///
/// It works on any thread: one without a runtime, a task of a tokio runtime of either flavour, several at once, in a
/// `Drop`. The future runs on the calling thread, so that it may borrow, its spans have the caller's as parent, and a
/// panic of a policy goes where it would without this; sockets and timers belong to one background thread of the
/// process, whose connections no other runtime shares. In a task it keeps its worker from doing anything else: prefer
/// `.await` there. What only that blocked runtime could bring, for example a token that another of its tasks is
/// fetching, is not waited for longer than the time limits of the call.
///
/// # Errors
///
/// Those of the future; [`Io`](ErrorKind::Io) when the background thread cannot be started;
/// [`InvalidArgument`](ErrorKind::InvalidArgument) on the background thread itself, and on a thread that is being torn
/// down.
///
/// # Examples
///
/// ```no_run
/// # fn run(client: maps_core::Pipeline) -> maps_core::Result<()> {
/// use maps_core::Method;
///
/// let response = maps_core::block_on(client.raw(Method::GET, "/map/copyright/caption/json").send())?;
/// println!("{}", response.status());
/// # Ok(()) }
/// ```
pub fn block_on<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    wait(future)?
}

/// Blocks until a future is ready.
pub(crate) fn wait<F: Future>(future: F) -> Result<F::Output> {
    if Handle::try_current().is_err_and(|error| error.is_thread_local_destroyed()) {
        return Err(Error::argument(
            "a thread that is being torn down cannot wait",
        ));
    }
    let background = background()?;
    if thread::current().id() == background.thread {
        return Err(Error::argument(
            "the thread that does the work of blocking calls would wait for itself",
        ));
    }
    let _entered = background.handle.enter();
    // In a task of another runtime the budget of that task would run out, and its timers and sockets stand still.
    let mut future = pin!(tokio::task::unconstrained(future));
    let parked = Arc::new(Parked {
        thread: thread::current(),
        woken: AtomicBool::new(false),
    });
    let waker = Waker::from(Arc::clone(&parked));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Ok(output);
        }
        // A token of `park` may have been used up by what the future has called.
        while !parked.woken.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}

/// Whether the current runtime is the one of blocking calls.
pub(crate) fn is_here() -> bool {
    let here = Handle::try_current();
    let background = BACKGROUND.get();
    background.is_some_and(|background| here.is_ok_and(|here| here.id() == background.handle.id()))
}

/// A thread that waits.
struct Parked {
    thread: Thread,
    woken: AtomicBool,
}

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

fn background() -> Result<&'static Background> {
    static STARTING: Mutex<()> = Mutex::new(());

    if let Some(background) = BACKGROUND.get() {
        return Ok(background);
    }
    let _one_at_a_time = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(background) = BACKGROUND.get() {
        return Ok(background);
    }
    let started = start()?;
    Ok(BACKGROUND.get_or_init(|| started))
}

fn start() -> Result<Background> {
    let failed = |error: std::io::Error| {
        let message = "the background thread of blocking calls cannot be started";
        Error::new(ErrorKind::Io, message).with_source(error)
    };
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    let handle = runtime.handle().clone();
    let worker = thread::Builder::new()
        .name("maps-core-blocking".to_owned())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))
        .map_err(failed)?;
    Ok(Background {
        handle,
        thread: worker.thread().id(),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn future_may_borrow_and_uses_timers() {
        let text = String::from("borrowed");
        let length = wait(async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            text.len()
        });
        assert_eq!(length.expect("waited"), 8);
    }

    #[test]
    fn background_thread_does_not_wait_for_itself() {
        let inner = wait(async {
            let task = tokio::spawn(async { wait(async {}).map_err(|error| error.kind()) });
            task.await.expect("no panic")
        });
        assert_eq!(inner.expect("waited"), Err(ErrorKind::InvalidArgument));
    }

    #[test]
    fn wake_that_somebody_else_takes_is_not_lost() {
        let mut polls = 0;
        let future = std::future::poll_fn(|context| {
            polls += 1;
            if polls == 3 {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            // As a channel does that the future waits for on its own.
            thread::park();
            Poll::Pending
        });
        wait(future).expect("waited");
        assert_eq!(polls, 3);
    }

    #[test]
    fn thread_that_is_torn_down_gets_an_error() {
        struct Late(std::sync::mpsc::Sender<std::result::Result<(), ErrorKind>>);

        impl Drop for Late {
            fn drop(&mut self) {
                let outcome = wait(async { tokio::time::sleep(Duration::from_millis(1)).await });
                let _ = self.0.send(outcome.map_err(|error| error.kind()));
            }
        }

        thread_local! {
            static LATE: std::cell::RefCell<Option<Late>> = const { std::cell::RefCell::new(None) };
        }

        let (sender, receiver) = std::sync::mpsc::channel();
        let thread =
            thread::spawn(move || LATE.with(|late| late.replace(Some(Late(sender))).is_none()));
        assert!(thread.join().expect("no panic"));
        // Whether tokio's own state is gone by then depends on the platform; a panic is what must not be.
        assert!(matches!(
            receiver.recv(),
            Ok(Ok(()) | Err(ErrorKind::InvalidArgument))
        ));
    }
}
