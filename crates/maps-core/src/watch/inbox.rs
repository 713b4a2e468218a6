//! Adding operations from other tasks.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::board::Board;
use super::{Held, Watched};
use crate::poller::Poller;

/// Adds operations to a [`Watch`](crate::Watch), from any task.
///
/// Clones add to the same watch, whose `next` waits as long as one of them lives.
///
/// # Examples
///
/// ```
/// # use maps_core::{Poller, Result, Watch};
/// # use serde_json::Value as Matrix;
/// # use serde_json::Value as RouteOperation;
/// # async fn submit(_depot: u32) -> Result<Poller<Matrix, RouteOperation>> { unimplemented!() }
/// # async fn run() {
/// let mut watch = Watch::new();
/// let handle = watch.handle();
/// tokio::spawn(async move {
///     for depot in 0..1000 {
///         match submit(depot).await {
///             Ok(poller) => match handle.add(depot, poller) {
///                 Ok(()) => {}
///                 Err(left) => println!("nobody watches {} any more", left.poller.resume_token()),
///             },
///             Err(error) => println!("depot {depot}: {error}"),
///         }
///     }
/// });
/// while let Some(ended) = watch.next().await {
///     println!("depot {}", ended.key);
/// }
/// # }
/// ```
pub struct WatchHandle<K, T, S>(Arc<Inbox<Held<K, T, S>>>);

/// A poller that was to be added to a [`Watch`](crate::Watch) that is gone.
#[non_exhaustive]
pub struct Unwatched<K, T, S> {
    /// What it was to be added with.
    pub key: K,
    /// The poller.
    pub poller: Poller<T, S>,
}

/// What handles have added and the watch has not taken in.
pub(super) struct Inbox<W> {
    state: Mutex<State<W>>,
    board: Arc<Board>,
}

struct State<W> {
    added: Vec<W>,
    handles: usize,
    closed: bool,
}

/// The watch's end of its inbox, which closes it when it goes.
pub(super) struct Owner<W>(Arc<Inbox<W>>);

impl<K, T, S> WatchHandle<K, T, S> {
    /// Watches one more operation, as [`Watch::add`](crate::Watch::add) does.
    ///
    /// # Errors
    ///
    /// The watch is gone; the error holds key and poller.
    pub fn add(&self, key: K, poller: Poller<T, S>) -> Result<(), Unwatched<K, T, S>> {
        let watched = Watched::new(key, poller);
        let mut state = self.0.lock();
        if state.closed {
            drop(state);
            let (key, poller) = watched.release();
            return Err(Unwatched { key, poller });
        }
        state.added.push(watched);
        drop(state);
        self.0.board.tell();
        Ok(())
    }
}

impl<W> Inbox<W> {
    fn lock(&self) -> MutexGuard<'_, State<W>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<W> Owner<W> {
    pub(super) fn board(&self) -> &Arc<Board> {
        &self.0.board
    }

    pub(super) fn len(&self) -> usize {
        self.0.lock().added.len()
    }

    pub(super) fn take(&self) -> Vec<W> {
        std::mem::take(&mut self.0.lock().added)
    }

    /// Whether nothing is in it and nothing will be.
    pub(super) fn is_final(&self) -> bool {
        let state = self.0.lock();
        state.handles == 0 && state.added.is_empty()
    }

    /// Refuses what comes from now on, and gives what is in it.
    pub(super) fn close(&self) -> Vec<W> {
        let mut state = self.0.lock();
        state.closed = true;
        std::mem::take(&mut state.added)
    }
}

impl<K, T, S> Owner<Held<K, T, S>> {
    pub(super) fn handle(&self) -> WatchHandle<K, T, S> {
        WatchHandle::new(&self.0)
    }
}

impl<W> Default for Owner<W> {
    fn default() -> Self {
        Self(Arc::new(Inbox {
            state: Mutex::new(State {
                added: Vec::new(),
                handles: 0,
                closed: false,
            }),
            board: Arc::default(),
        }))
    }
}

impl<W> Drop for Owner<W> {
    fn drop(&mut self) {
        self.close();
    }
}

impl<K, T, S> WatchHandle<K, T, S> {
    fn new(inbox: &Arc<Inbox<Held<K, T, S>>>) -> Self {
        inbox.lock().handles += 1;
        Self(Arc::clone(inbox))
    }
}

impl<K, T, S> Clone for WatchHandle<K, T, S> {
    fn clone(&self) -> Self {
        Self::new(&self.0)
    }
}

impl<K, T, S> Drop for WatchHandle<K, T, S> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.handles -= 1;
        let last = state.handles == 0;
        drop(state);
        if last {
            self.0.board.tell();
        }
    }
}

impl<K, T, S> fmt::Debug for WatchHandle<K, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WatchHandle").finish_non_exhaustive()
    }
}

impl<K: fmt::Debug, T, S> fmt::Debug for Unwatched<K, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unwatched")
            .field("key", &self.key)
            .field("poller", &self.poller)
            .finish()
    }
}

impl<K, T, S> fmt::Display for Unwatched<K, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the watch that the operation was to be added to is gone")
    }
}

impl<K: fmt::Debug, T, S> std::error::Error for Unwatched<K, T, S> {}
