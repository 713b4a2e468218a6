//! Who has something to say, and whom to tell.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};

/// Where requests in flight leave word that they can go on, so that only they are driven.
#[derive(Default)]
pub(super) struct Board(Mutex<State>);

#[derive(Default)]
struct State {
    /// Seats whose request can go on.
    called: Vec<usize>,
    /// The task that waits for the watch.
    listener: Option<Waker>,
}

impl Board {
    /// Has this task told from now on, and no other.
    pub(super) fn listen(&self, waker: &Waker) {
        let mut state = self.lock();
        match &mut state.listener {
            Some(listener) => listener.clone_from(waker),
            none => *none = Some(waker.clone()),
        }
    }

    /// Tells the task that waits, once until it listens again.
    pub(super) fn tell(&self) {
        let listener = self.lock().listener.take();
        if let Some(listener) = listener {
            listener.wake();
        }
    }

    /// Takes down the seats that were called, in order.
    pub(super) fn hear(&self, heard: &mut impl Extend<usize>) {
        heard.extend(self.lock().called.drain(..));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a request in flight is given to wake.
pub(super) struct Bell {
    seat: usize,
    rung: AtomicBool,
    board: Arc<Board>,
}

impl Bell {
    pub(super) fn new(seat: usize, board: Arc<Board>) -> Arc<Self> {
        Arc::new(Self {
            seat,
            rung: AtomicBool::new(false),
            board,
        })
    }

    /// From now on it was not rung.
    pub(super) fn silence(&self) {
        self.rung.swap(false, Ordering::AcqRel);
    }

    /// Rings it without telling anybody: whether it was silent.
    pub(super) fn ring(&self) -> bool {
        !self.rung.swap(true, Ordering::AcqRel)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.ring() {
            self.board.lock().called.push(self.seat);
            self.board.tell();
        }
    }
}
