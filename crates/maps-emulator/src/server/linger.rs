//! Reads on after a refusal. A client that still sends its body when the connection closes gets an error of the
//! connection, and never sees the answer.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::sync::oneshot;

/// Most bytes that are read for nothing; past it, the connection closes all the same.
const MOST: u64 = 256 << 20;

/// Longest time for that.
const PATIENCE: Duration = Duration::from_secs(5);

/// A body that hands over what its reader left when it is dropped.
pub(super) struct Kept {
    body: Option<Incoming>,
    left: Option<oneshot::Sender<Incoming>>,
}

/// What was left of a body.
pub(super) struct Left(oneshot::Receiver<Incoming>);

pub(super) fn keep(body: Incoming) -> (Kept, Left) {
    let (sender, receiver) = oneshot::channel();
    let kept = Kept {
        body: Some(body),
        left: Some(sender),
    };
    (kept, Left(receiver))
}

impl Left {
    /// Reads the rest, when there is one, for a while.
    pub(super) async fn drain(mut self) {
        let Ok(mut body) = self.0.try_recv() else {
            return;
        };
        let mut read = 0;
        let draining = async {
            while let Some(Ok(frame)) = body.frame().await {
                read += frame.data_ref().map_or(0, |data| data.len() as u64);
                if read > MOST {
                    break;
                }
            }
        };
        // The answer goes out in either case.
        let _ = tokio::time::timeout(PATIENCE, draining).await;
    }
}

impl Body for Kept {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body
            .as_ref()
            .map_or_else(SizeHint::new, Body::size_hint)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let (Some(body), Some(left)) = (self.body.take(), self.left.take())
            && !body.is_end_stream()
        {
            // The connection may be gone.
            let _ = left.send(body);
        }
    }
}
