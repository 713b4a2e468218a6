//! What a poller tells of each of its polls.

use std::time::{Duration, SystemTime};

use http::StatusCode;
use tracing::Level;

use super::machine::Machine;
use super::reading::{Reading, State};
use crate::error::Error;
use crate::response::RawResponse;

/// What one poll of an operation gave, as [`Poller::on_poll`](super::Poller::on_poll) shows it.
///
/// Everything in it can be printed and logged: the client's secrets are blotted out.
///
/// # Examples
///
/// ```
/// # use maps_core::PollReport;
/// fn line(poll: &PollReport<'_>) -> String {
///     match poll.error() {
///         Some(error) => format!("{error}; asking again in {:?}", poll.next_wait()),
///         None => format!("{}, last action {:?}", poll.status().unwrap_or("-"), poll.last_action()),
///     }
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct PollReport<'a> {
    operation: &'static str,
    id: String,
    at: SystemTime,
    http_status: Option<StatusCode>,
    status: Option<String>,
    last_action: Option<String>,
    hint: Option<Duration>,
    next_wait: Option<Duration>,
    request_id: Option<String>,
    client_request_id: Option<String>,
    error: Option<&'a Error>,
    failures: u32,
}

impl PollReport<'_> {
    /// The `operationId` of the operation that submitted.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// Identifier of the operation; empty when the service gave a link without one.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When the answer, or the fault, was there, by the client's clock.
    #[must_use]
    pub fn at(&self) -> SystemTime {
        self.at
    }

    /// HTTP status of the answer, when there was one.
    #[must_use]
    pub fn http_status(&self) -> Option<StatusCode> {
        self.http_status
    }

    /// The service's word for the state of the operation.
    ///
    /// `None` for a poll that failed, and where the service says it by the HTTP status alone.
    #[must_use]
    pub fn status(&self) -> Option<&str> {
        self.status.as_deref()
    }

    /// When something last happened to the operation, as the service writes it.
    #[must_use]
    pub fn last_action(&self) -> Option<&str> {
        self.last_action.as_deref()
    }

    /// How long the service asked to wait, not clamped.
    #[must_use]
    pub fn hint(&self) -> Option<Duration> {
        self.hint
    }

    /// The wait before the next request, jitter included; `None` when the operation has ended.
    #[must_use]
    pub fn next_wait(&self) -> Option<Duration> {
        self.next_wait
    }

    /// Identifier of the exchange that the service's support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Identifier that the client gave the poll, the same in all its tries.
    #[must_use]
    pub fn client_request_id(&self) -> Option<&str> {
        self.client_request_id.as_deref()
    }

    /// Why the poll failed.
    ///
    /// Most faults are survived: the poller asks again after [`next_wait`](Self::next_wait).
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        self.error
    }

    /// How many polls in a row have failed for the moment, this one included.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.failures
    }
}

/// Whom a poller tells of its polls.
pub(super) type Observer = Box<dyn FnMut(&PollReport<'_>) + Send>;

impl Machine {
    /// Tells of a status; without `next_wait` it is the last one.
    pub(super) fn tell_status(
        &mut self,
        reading: &Reading,
        response: &RawResponse,
        hint: Option<Duration>,
        next_wait: Option<Duration>,
    ) {
        let word = reading.word.as_deref().unwrap_or_default();
        self.trace.status(|| self.pipeline.redact(word));
        if reading.state == (State::Pending { known: false }) && self.faults.first_unknown() {
            tracing::warn!(
                target: "maps_core::poller",
                {
                    operation.name = self.operation.operation,
                    operation.id = %self.pipeline.redact(&self.id),
                    operation.status = %self.pipeline.redact(word),
                },
                "the service gave a status that is not known, taken as still running",
            );
        }
        if !self.is_heard() {
            return;
        }
        let redact = |text: &str| self.pipeline.redact(text);
        let report = PollReport {
            operation: self.operation.operation,
            id: redact(&self.id),
            at: self.pipeline.clock().wall(),
            http_status: Some(response.status()),
            status: reading.word.as_deref().map(redact),
            last_action: reading.last_action.as_deref().map(redact),
            hint,
            next_wait,
            request_id: response.request_id().map(redact),
            client_request_id: response.client_request_id().map(redact),
            error: None,
            failures: 0,
        };
        self.tell(&report);
    }

    /// Tells of a poll that failed, survived or not.
    pub(super) fn tell_fault(&mut self, error: &Error, next_wait: Duration) {
        if !self.is_heard() {
            return;
        }
        let report = PollReport {
            operation: self.operation.operation,
            id: self.pipeline.redact(&self.id),
            at: self.pipeline.clock().wall(),
            http_status: error.status(),
            status: None,
            last_action: None,
            hint: error.retry_after(),
            next_wait: Some(next_wait),
            request_id: error.request_id().map(str::to_owned),
            client_request_id: error.client_request_id().map(|id| self.pipeline.redact(id)),
            error: Some(error),
            failures: self.faults.failed(),
        };
        self.tell(&report);
    }

    fn is_heard(&self) -> bool {
        self.observer.is_some()
            || tracing::event_enabled!(target: "maps_core::poller", Level::DEBUG)
    }

    fn tell(&mut self, report: &PollReport<'_>) {
        let next_wait = report.next_wait.map(tracing::field::debug);
        let hint = report.hint.map(tracing::field::debug);
        let http_status = report.http_status.map(|status| i64::from(status.as_u16()));
        match report.error {
            None => tracing::debug!(
                target: "maps_core::poller",
                {
                    operation.name = report.operation,
                    operation.id = report.id,
                    operation.status = report.status,
                    operation.last_action = report.last_action,
                    http.response.status_code = http_status,
                    azure.service.request.id = report.request_id,
                    az.client_request_id = report.client_request_id,
                    hint,
                    next_wait,
                },
                "polled",
            ),
            Some(error) => tracing::debug!(
                target: "maps_core::poller",
                {
                    operation.name = report.operation,
                    operation.id = report.id,
                    http.response.status_code = http_status,
                    azure.service.request.id = report.request_id,
                    az.client_request_id = report.client_request_id,
                    error.type = error.kind().as_str(),
                    failed = i64::from(report.failures),
                    hint,
                    next_wait,
                },
                "a poll failed",
            ),
        }
        if let Some(observer) = &mut self.observer {
            observer(report);
        }
    }
}
