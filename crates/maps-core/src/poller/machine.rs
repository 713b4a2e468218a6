//! The states of a poller, without the types of status and result.

use std::borrow::Cow;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::{HeaderMap, StatusCode};
use url::Url;

use super::collect::{Output, Plan};
use super::pace::Pace;
use super::reading::{self, Reading, State};
use super::report::Observer;
use super::token::Parts;
use super::trace::Trace;
use super::wait::Wait;
use crate::error::{Error, ErrorKind, Result};
use crate::options::CallOptions;
use crate::pipeline::{Pipeline, retry_after};
use crate::request::Request;
use crate::response::RawResponse;
use crate::resume_token::{Found, ResumeToken};
use crate::runtime::Runtime;
use crate::service::LongRunning;
use crate::transport::Purpose;
use crate::trust::{TrustedUrl, resolve};

/// What a poller knows of its operation and what it is doing about it.
///
/// Everything that is under way lives in here and not in the futures that drive it: dropping one of those loses
/// nothing, and the next one goes on with the same request or wait.
pub(super) struct Machine {
    pub(super) pipeline: Pipeline,
    pub(super) operation: &'static LongRunning,
    pub(super) id: Box<str>,
    pub(super) found: Found,
    /// What is polled; nothing when the answer to the submit was the end.
    pub(super) link: Option<TrustedUrl>,
    /// What the submit went to, when the result is there.
    pub(super) original: Option<Box<TrustedUrl>>,
    /// The submit's `Location`, made absolute, when the result may be there and it is not what is polled.
    pub(super) location: Option<Box<str>>,
    /// Options of the submit, which go on each request of the operation.
    pub(super) options: Option<Arc<CallOptions>>,
    pub(super) deadline: Instant,
    pub(super) origin: Origin,
    pub(super) step: Step,
    /// When the last request was sent.
    pub(super) asked: Instant,
    /// Body of the last status.
    pub(super) last: Option<Bytes>,
    /// How many statuses there were.
    pub(super) arrived: u64,
    /// The service's word in the last one.
    pub(super) word: Option<Box<str>>,
    /// Set once the operation has ended.
    pub(super) ended: Option<Box<Ended>>,
    pub(super) pace: Pace,
    pub(super) faults: Faults,
    /// Somebody else waits for the time of the next request.
    pub(super) watched: bool,
    pub(super) trace: Trace,
    pub(super) observer: Option<Observer>,
}

/// Where a poller comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// This poller's own submit: the service may need a moment to know the operation (404).
    Submitted,
    /// An id or a token: the operation may have ended long ago, so one poll is made whatever the deadline.
    Joined,
    /// One of these, after the first status.
    Known,
}

/// What the poller is doing.
pub(super) enum Step {
    /// Nothing until the wait is over.
    Waiting(Wait),
    /// A request is in flight.
    Asking(Asking),
}

/// A request in flight.
pub(super) struct Asking {
    /// Gives `None` when the deadline cut it off.
    answer: BoxFuture<'static, Option<Result<RawResponse>>>,
    /// Where its timers and its connection live.
    home: Runtime,
}

/// The last status of an operation that has ended.
pub(super) struct Ended {
    pub(super) succeeded: bool,
    pub(super) response: RawResponse,
}

/// Faults in a row.
#[derive(Default)]
pub(super) struct Faults {
    failed: u32,
    not_found: u32,
    signed_in_again: bool,
    warned: bool,
    last: Option<Error>,
}

impl Faults {
    /// Faults for the moment, in a row.
    pub(super) fn failed(&self) -> u32 {
        self.failed
    }

    /// Whether nobody was warned of an unknown status yet; from now on somebody was.
    pub(super) fn first_unknown(&mut self) -> bool {
        !std::mem::replace(&mut self.warned, true)
    }
}

impl Machine {
    /// Waits and polls until a status has arrived; `None` when there will be none because the operation has ended.
    pub(super) fn poll_status(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<()>>> {
        let _entered = self.trace.enter();
        while self.ended.is_none() {
            let outcome = match ready!(self.poll_answer(cx)) {
                Ok(None) => match self.link.clone() {
                    Some(link) => {
                        self.ask(link);
                        continue;
                    }
                    None => break,
                },
                Ok(Some(answer)) => match self.on_status(answer) {
                    Ok(false) => continue,
                    Ok(true) => Ok(()),
                    Err(error) => Err(error),
                },
                Err(error) => Err(error),
            };
            return Poll::Ready(Some(outcome.map_err(|error| self.fault(error))));
        }
        Poll::Ready(None)
    }

    /// Collects the result of an operation that has ended; `None` when it has not.
    pub(super) fn poll_output(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Output>>> {
        let _entered = self.trace.enter();
        loop {
            let Some(ended) = self.ended.as_deref() else {
                return Poll::Ready(None);
            };
            if !ended.succeeded {
                let error = self.complete(self.failure(ended));
                self.trace.end(Some(&error));
                return Poll::Ready(Some(Err(error)));
            }
            let link = match self.step {
                Step::Asking(_) => None,
                Step::Waiting(_) => match self.plan(ended) {
                    Ok(Plan::Here(output)) => return Poll::Ready(Some(Ok(*output))),
                    Ok(Plan::Fetch(link)) => Some(link),
                    Err(error) => {
                        let error = self.fault(error);
                        // The service says that it is done and not where the result is: another poll may say it.
                        if self.link.is_some() {
                            self.ended = None;
                            self.pause(None);
                        }
                        return Poll::Ready(Some(Err(error)));
                    }
                },
            };
            let outcome = match (ready!(self.poll_answer(cx)), link) {
                (Ok(Some(answer)), _) => match self.settle(answer) {
                    Ok(None) => continue,
                    Ok(Some(response)) => Ok(Output::Response(response)),
                    Err(error) => Err(error),
                },
                (Ok(None), Some(link)) => {
                    self.ask(link);
                    continue;
                }
                (Ok(None), None) => continue,
                (Err(error), _) => Err(error),
            };
            return Poll::Ready(Some(outcome.map_err(|error| self.fault(error))));
        }
    }

    /// Whether no request will be made any more because time is up.
    pub(super) fn is_out_of_time(&self) -> bool {
        let Step::Waiting(wait) = &self.step else {
            return false;
        };
        let start = wait.ends().max(self.pipeline.clock().now());
        start >= self.deadline && !self.has_time_of_its_own()
    }

    /// Says that somebody else waits for [`due`](Self::due), or no longer.
    pub(super) fn set_watched(&mut self, watched: bool) {
        self.watched = watched;
        if watched {
            let until = match &self.step {
                Step::Waiting(wait) => wait.ends(),
                // A request that is not driven holds a connection for nothing; asking again changes nothing on the
                // service.
                Step::Asking(_) => self.pipeline.clock().now(),
            };
            self.step = Step::Waiting(Wait::until(until));
        }
    }

    /// When there is something to do.
    pub(super) fn due(&self) -> Instant {
        match &self.step {
            Step::Waiting(wait) if !self.is_out_of_time() => wait.ends(),
            _ => self.pipeline.clock().now(),
        }
    }

    /// Whether the next request is bound by the limits of a call alone.
    ///
    /// Collecting for the first time is no waiting for the service, and an operation that was joined may have ended
    /// long ago.
    fn has_time_of_its_own(&self) -> bool {
        let collecting = self.ended.is_some() && self.faults.failed == 0;
        self.origin == Origin::Joined || collecting
    }

    /// The answer of the request in flight, or `None` when it is time for the next request.
    fn poll_answer(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Result<RawResponse>>>> {
        if self.is_out_of_time() {
            return Poll::Ready(Err(self.timeout()));
        }
        self.pipeline.check_runtime()?;
        match &mut self.step {
            Step::Waiting(wait) if self.watched => match wait.is_over(self.pipeline.clock()) {
                true => Poll::Ready(Ok(None)),
                false => Poll::Pending,
            },
            Step::Waiting(wait) => {
                ready!(wait.poll(self.pipeline.clock(), cx));
                Poll::Ready(Ok(None))
            }
            // Asking again changes nothing on the service; the request is lost with its runtime.
            Step::Asking(request) if request.home != Runtime::current() => {
                self.step = Step::Waiting(Wait::until_now(self.pipeline.clock()));
                Poll::Ready(Ok(None))
            }
            Step::Asking(_) => {
                let answer = ready!(self.poll_asking(cx));
                Poll::Ready(match answer {
                    Some(answer) => Ok(Some(answer)),
                    // The deadline was put off meanwhile.
                    None if self.pipeline.clock().now() < self.deadline => Ok(None),
                    None => Err(self.timeout()),
                })
            }
        }
    }

    /// The answer of the request in flight.
    ///
    /// The request is out of its place meanwhile: when a policy of the caller panics it is gone, and the poller asks anew.
    fn poll_asking(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<RawResponse>>> {
        let now = Step::Waiting(Wait::until_now(self.pipeline.clock()));
        match std::mem::replace(&mut self.step, now) {
            Step::Asking(mut request) => match request.answer.as_mut().poll(cx) {
                Poll::Ready(answer) => Poll::Ready(answer),
                Poll::Pending => {
                    self.step = Step::Asking(request);
                    Poll::Pending
                }
            },
            Step::Waiting(_) => Poll::Ready(None),
        }
    }

    fn ask(&mut self, link: TrustedUrl) {
        let purpose = match self.ended {
            Some(_) => Purpose::Collect,
            None => Purpose::Poll,
        };
        let mut request: Request = self
            .pipeline
            .follow(self.operation.operation, link, purpose);
        if let Some(options) = &self.options {
            request.options((**options).clone());
        }
        let pipeline = self.pipeline.clone();
        self.asked = pipeline.clock().now();
        let left = self.deadline.saturating_duration_since(self.asked);
        let left = Some(left).filter(|_| !self.has_time_of_its_own());
        if let Some(left) = left {
            // No retry is begun that the deadline would cut off.
            let call = request.call_options().timeout;
            request.limit(call.unwrap_or(pipeline.timeouts().call).min(left));
        }
        let answer = Box::pin(async move {
            // Pinned here, so that the limit holds a reference and not a second call-sized state.
            let call = pin!(pipeline.send(request));
            match left {
                Some(left) => pipeline.clock().within(left, call).await,
                None => Some(call.await),
            }
        });
        let home = Runtime::current();
        self.step = Step::Asking(Asking { answer, home });
    }

    /// Takes in the answer to a poll: whether it holds a status, or the poll is to be repeated.
    fn on_status(&mut self, answer: Result<RawResponse>) -> Result<bool> {
        let Some(response) = self.settle(answer)? else {
            return Ok(false);
        };
        self.origin = Origin::Known;
        let reading = reading::read(
            self.operation,
            self.found,
            response.status(),
            response.bytes(),
        );
        let reading = match reading {
            Ok(reading) => reading,
            Err(error) => {
                let wait = self.pause(None);
                let message = response.encoding_fault().unwrap_or(error.to_string());
                let error = self.pipeline.answer_error(error.kind(), message, &response);
                self.tell_fault(&error, wait);
                return Err(error);
            }
        };
        let moved = match reading.state {
            State::Pending { .. } => self.follow_move(&response),
            // Nothing is polled any more, whatever link it says.
            State::Succeeded | State::Failed => Ok(()),
        };
        self.take(reading, response);
        moved.map(|()| true)
    }

    /// Notes a status and what comes next.
    pub(super) fn take(&mut self, reading: Reading, response: RawResponse) {
        self.arrived += 1;
        self.last = Some(match reading.state {
            // A copy, because the body may be a slice of the connection's whole buffer.
            State::Pending { .. } => Bytes::copy_from_slice(response.bytes()),
            State::Succeeded | State::Failed => response.bytes().clone(),
        });
        let hint = match reading.state {
            State::Pending { .. } => retry_after(response.headers(), self.pipeline.clock()),
            State::Succeeded | State::Failed => None,
        };
        let next_wait = match reading.state {
            State::Pending { .. } => Some(self.pause(hint)),
            State::Succeeded | State::Failed => {
                self.step = Step::Waiting(Wait::until_now(self.pipeline.clock()));
                None
            }
        };
        self.tell_status(&reading, &response, hint, next_wait);
        self.word = reading.word.map(String::into_boxed_str);
        self.ended = match reading.state {
            State::Pending { .. } => None,
            state => Some(Box::new(Ended {
                succeeded: state == State::Succeeded,
                response,
            })),
        };
    }

    /// An answer without fault, `None` when the fault is one to survive; the wait is set.
    fn settle(&mut self, answer: Result<RawResponse>) -> Result<Option<RawResponse>> {
        let error = match answer {
            Ok(response) if response.is_good() => {
                let warned = self.faults.warned;
                self.faults = Faults {
                    warned,
                    ..Faults::default()
                };
                return Ok(Some(response));
            }
            // 304, for example: it says nothing of the operation.
            Ok(response) => self.pipeline.service_error(&response),
            Err(error) => error,
        };
        let options = self.pipeline.polling();
        let (most_failed, most_not_found) = (options.max_failures, options.not_found_grace);
        let status = error.status();
        let collecting = self.ended.is_some();
        let survived = if status == Some(StatusCode::UNAUTHORIZED) && !self.faults.signed_in_again {
            // The token may have been revoked, the key changed.
            self.faults.signed_in_again = true;
            self.pipeline.forget_token(self.asked);
            self.step = Step::Waiting(Wait::until_now(self.pipeline.clock()));
            self.tell_fault(&error, Duration::ZERO);
            return Ok(None);
        } else if status == Some(StatusCode::NOT_FOUND) {
            self.faults.not_found += 1;
            let new = self.origin == Origin::Submitted && !collecting;
            new && self.faults.not_found <= most_not_found
        } else if error.is_transient() || error.is_credential() {
            // A sign-in that fails for the moment does not end an hour of waiting.
            self.faults.failed += 1;
            self.faults.failed < most_failed
        } else {
            false
        };
        if self.origin == Origin::Joined {
            self.origin = Origin::Known;
        }
        let wait = self.pause(error.retry_after());
        self.tell_fault(&error, wait);
        if survived {
            self.faults.last = Some(error);
            return Ok(None);
        }
        let not_found = self.faults.not_found;
        self.faults = Faults {
            not_found,
            warned: self.faults.warned,
            ..Faults::default()
        };
        Err(error)
    }

    /// Sets the wait before the next request.
    pub(super) fn pause(&mut self, hint: Option<Duration>) -> Duration {
        let wait = self
            .pace
            .next(self.pipeline.polling(), hint, self.pipeline.jitter());
        self.step = Step::Waiting(Wait::from_now(self.pipeline.clock(), wait));
        wait
    }

    /// A service may move a monitor while the operation runs.
    fn follow_move(&mut self, response: &RawResponse) -> Result<()> {
        let header = match self.found {
            Found::Monitor => link(response.headers(), "operation-location")
                .or_else(|| link(response.headers(), "azure-asyncoperation")),
            Found::Location if response.status() == StatusCode::ACCEPTED => {
                link(response.headers(), "location")
            }
            Found::Location | Found::Resource => None,
        };
        if let Some(header) = header {
            self.link = Some(resolve(&header, response.url(), &self.pipeline)?);
        }
        Ok(())
    }

    fn timeout(&mut self) -> Error {
        let message = match &self.word {
            Some(word) => format!(
                "the operation did not end in time; its last status is `{}`",
                self.pipeline.redact(word)
            ),
            None => "the operation did not end in time; no status of it was read".to_owned(),
        };
        let error = Error::new(ErrorKind::Timeout, message);
        match self.faults.last.take() {
            Some(cause) => error.with_source(cause),
            None => error,
        }
    }

    fn failure(&self, ended: &Ended) -> Error {
        let word = self.word.as_deref().unwrap_or("Failed");
        let message = format!("the operation ended as `{}`", self.pipeline.redact(word));
        self.pipeline
            .answer_error(ErrorKind::Operation, message, &ended.response)
    }

    /// An error that the caller is told, and after which the poller may go on.
    pub(super) fn fault(&mut self, error: Error) -> Error {
        self.trace.fault(&error);
        self.complete(error)
    }

    /// The error with everything that leads back to the operation.
    fn complete(&self, error: Error) -> Error {
        // A result may be as long as any body, and each fault would look through all of it.
        let limit = self.pipeline.error_body();
        let last = self.last.as_ref().filter(|body| body.len() <= limit);
        error
            .with_operation(self.operation.operation)
            .with_may_have_been_sent(true)
            .with_operation_id(Some(self.pipeline.redact(&self.id)))
            .with_last_status(last.map(|body| self.pipeline.redact_bytes(body)))
            .with_resume_token(Some(self.token()))
    }

    pub(super) fn token(&self) -> ResumeToken {
        let version = self.pipeline.api_version();
        // The version that the operation was started with, also where the service leaves it out of its link.
        let link = self.link.clone().map(|link| link.with_api_version(version));
        let location = self
            .location
            .as_deref()
            .and_then(|location| Url::parse(location).ok());
        let parts = Parts {
            found: self.found,
            link: link.as_ref().map(TrustedUrl::url),
            original: self.original.as_deref().map(TrustedUrl::url),
            location: location.as_ref(),
            deadline: self.deadline,
        };
        parts.token(&self.pipeline, self.operation)
    }
}

/// A link in a header, whatever its characters.
pub(super) fn link<'a>(headers: &'a HeaderMap, name: &str) -> Option<Cow<'a, str>> {
    let link = String::from_utf8_lossy(headers.get(name)?.as_bytes());
    Some(link).filter(|link| !link.trim().is_empty())
}
