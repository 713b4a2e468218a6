//! Bodies that go wrong.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use futures_core::future::BoxFuture;

use crate::clock::ClockRef;
use crate::error::{Error, Result};

/// Some bytes, and an error.
pub(super) struct Breaking {
    bytes: Bytes,
    error: Option<Error>,
}

impl Breaking {
    pub(super) fn new(bytes: Bytes, error: Error) -> Self {
        Self {
            bytes,
            error: Some(error),
        }
    }
}

impl Stream for Breaking {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let bytes = std::mem::take(&mut self.bytes);
        if bytes.is_empty() {
            return Poll::Ready(self.error.take().map(Err));
        }
        Poll::Ready(Some(Ok(bytes)))
    }
}

/// Pieces of a body, with a wait after each.
pub(super) struct Slow {
    rest: Bytes,
    piece: usize,
    wait: Duration,
    clock: ClockRef,
    waiting: Option<BoxFuture<'static, ()>>,
}

impl Slow {
    pub(super) fn new(body: Bytes, piece: usize, wait: Duration, clock: ClockRef) -> Self {
        Self {
            rest: body,
            piece: piece.max(1),
            wait,
            clock,
            waiting: None,
        }
    }
}

impl Stream for Slow {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(waiting) = &mut self.waiting {
            ready!(waiting.as_mut().poll(cx));
            self.waiting = None;
        }
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let length = self.rest.len().min(self.piece);
        let piece = self.rest.split_to(length);
        let (clock, wait) = (self.clock.clone(), self.wait);
        self.waiting = Some(Box::pin(async move { clock.sleep(wait).await }));
        Poll::Ready(Some(Ok(piece)))
    }
}
