//! Requests whose answer is read piece by piece.

use std::time::Duration;

use http::StatusCode;

use super::Pipeline;
use super::retry::wait;
use crate::download::Download;
use crate::error::Result;
use crate::request::Request;
use crate::response::RawResponse;
use crate::transport::HttpRequest;

impl Pipeline {
    /// Sends a request and leaves the body of the answer to be read piece by piece, whatever its size.
    ///
    /// What comes before the body is as with [`send`](Self::send): policies, retries, the trust check of redirects, and
    /// [`Timeouts::one_try`](crate::Timeouts::one_try) and [`Timeouts::call`](crate::Timeouts::call), which end with
    /// the headers. A policy sees an answer without its body. Bytes count as they are sent: a `Range` among the
    /// request's headers is honoured, and an encoded body is not decoded.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send); for a request with a `Range`, [`Decode`](crate::ErrorKind::Decode) when the answer
    /// is not that part.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future abandons the request; the service may have seen it.
    pub async fn download(&self, request: Request) -> Result<Download> {
        let mut request = self.prepare(request)?;
        request.context.unread = true;
        let start = self.clock().now();
        let deadline = request
            .context
            .timeout
            .and_then(|limit| start.checked_add(limit));
        // Policies may change what they are given.
        let response = self.in_span(&mut request.clone()).await?;
        if response.is_refusal() && response.status != StatusCode::RANGE_NOT_SATISFIABLE {
            return Err(self.service_error(&response));
        }
        Download::new(self.clone(), *request, response, deadline)
    }

    /// Sends the request of a download again, after a wait.
    pub(crate) async fn reopen(
        self,
        mut request: HttpRequest,
        wait: Duration,
    ) -> Result<RawResponse> {
        self.clock().sleep(wait).await;
        let response = self.in_span(&mut request).await?;
        if response.is_refusal() {
            return Err(self.service_error(&response));
        }
        Ok(response)
    }

    /// How long to wait before a download goes on for the n-th time in a row; `None` when it must not.
    pub(crate) fn resumption(&self, in_a_row: u32) -> Option<Duration> {
        let options = &self.0.options.retry;
        if in_a_row >= options.max_retries || !self.0.budget.withdraw() {
            return None;
        }
        Some(wait(options, in_a_row, None, || self.jitter()))
    }

    /// How long a body may give no byte.
    pub(crate) fn stalled_body(&self) -> Duration {
        self.0.options.timeouts.stalled_body
    }

    /// How much of the body of an error is kept.
    pub(crate) fn error_body(&self) -> usize {
        self.0.options.limits.error_body
    }
}
