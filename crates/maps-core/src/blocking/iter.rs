//! Streams as iterators.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;

use futures_core::Stream;

use super::wait;
use crate::error::Result;

/// A stream as an iterator that blocks the thread, as [`block_on`](crate::block_on) does.
///
/// # Examples
///
/// ```no_run
/// # use serde_json::Value;
/// # fn run(datasets: maps_core::Pager<Value, Value>) -> maps_core::Result<()> {
/// for dataset in datasets.iter_blocking() {
///     println!("{:?}", dataset?);
/// }
/// # Ok(()) }
/// ```
#[must_use = "an iterator does nothing until it is asked"]
pub struct Blocking<S> {
    stream: S,
    ended: bool,
}

impl<S> Blocking<S> {
    /// The items of a stream of this SDK; `&mut` of one leaves it to the caller.
    pub fn new(stream: S) -> Self {
        Self {
            stream,
            ended: false,
        }
    }

    /// The stream, which goes on where the iterator was.
    #[must_use]
    pub fn into_inner(self) -> S {
        self.stream
    }
}

impl<T, S: Stream<Item = Result<T>> + Unpin> Iterator for Blocking<S> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        if self.ended {
            return None;
        }
        match wait(poll_fn(|cx| Pin::new(&mut self.stream).poll_next(cx))) {
            Ok(item) => {
                self.ended = item.is_none();
                item
            }
            // Where waiting is not possible, asking again changes nothing.
            Err(error) => {
                self.ended = true;
                Some(Err(error))
            }
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for Blocking<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Blocking").field(&self.stream).finish()
    }
}
