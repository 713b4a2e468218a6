//! The span of an operation, whoever drives its poller.

use tracing::span::{EnteredSpan, Id};
use tracing::{Instrument, Span, field};

use crate::error::Error;
use crate::pipeline::Pipeline;
use crate::service::LongRunning;

/// The span of an operation: from its submit, or from joining it, until it has ended or nobody watches it any more.
///
/// It lives in the poller and ends with it, so that no dropped future, deadline or lost runtime leaves it open. One
/// word when nobody listens.
#[derive(Default)]
pub(super) struct Trace(Option<Box<Open>>);

struct Open {
    span: Span,
    /// The span that drove the poller last; the one that it was made in is the parent.
    driver: Option<Id>,
    /// How the last step went wrong, unless a later one made good for it.
    fault: Option<&'static str>,
}

impl Trace {
    pub(super) fn open(pipeline: &Pipeline, operation: &LongRunning) -> Self {
        let span = tracing::info_span!(
            target: "maps_core",
            "operation",
            otel.kind = "internal",
            otel.name = %format_args!("operation {}", operation.operation),
            otel.status_code = field::Empty,
            operation.name = operation.operation,
            operation.service = pipeline.service_name(),
            operation.id = field::Empty,
            operation.status = field::Empty,
            error.type = field::Empty,
        );
        if span.is_disabled() {
            return Self(None);
        }
        Self(Some(Box::new(Open {
            span,
            driver: Span::current().id(),
            fault: None,
        })))
    }

    /// Runs the submit inside the span.
    pub(super) async fn submit<T>(&self, submit: impl Future<Output = T>) -> T {
        submit.instrument(self.span()).await
    }

    /// Enters the span, and notes who drives the poller when it is somebody else than before.
    pub(super) fn enter(&mut self) -> Option<EnteredSpan> {
        let open = self.0.as_deref_mut()?;
        let driver = Span::current().id();
        if driver.is_some() && driver != open.driver && driver != open.span.id() {
            open.span.follows_from(driver.clone());
            open.driver = driver;
        }
        Some(open.span.clone().entered())
    }

    pub(super) fn name(&self, id: impl FnOnce() -> String) {
        if let Some(open) = &self.0 {
            open.span.record("operation.id", id());
        }
    }

    /// Notes a status.
    pub(super) fn status(&mut self, word: impl FnOnce() -> String) {
        if let Some(open) = &mut self.0 {
            open.fault = None;
            open.span.record("operation.status", word());
        }
    }

    /// Notes what the caller is told; the span goes on, because the poller may.
    pub(super) fn fault(&mut self, error: &Error) {
        if let Some(open) = &mut self.0 {
            open.fault = Some(error.kind().as_str());
        }
    }

    /// Ends the span.
    pub(super) fn end(&mut self, error: Option<&Error>) {
        if let Some(mut open) = self.0.take() {
            open.fault = error.map(|error| error.kind().as_str());
        }
    }

    fn span(&self) -> Span {
        self.0
            .as_ref()
            .map_or_else(Span::none, |open| open.span.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(fault) = self.fault {
            self.span.record("error.type", fault);
            self.span.record("otel.status_code", "ERROR");
        }
    }
}
