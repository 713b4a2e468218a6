//! The bytes of a download, over as many connections as it takes.

use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::header::{CONTENT_LENGTH, IF_RANGE, RANGE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use url::Url;

use super::range::{Asked, Given, gives_parts, has_changed, number, validator};
use crate::error::{Error, ErrorKind, Result};
use crate::pipeline::Pipeline;
use crate::response::{Call, RawResponse};
use crate::runtime::Runtime;
use crate::transport::{Body, HttpRequest};

/// Bytes after which connections that break are counted anew: a server that gives a byte each time is not followed
/// for ever, and an hour on a poor line is.
const PROGRESS: u64 = 1024 * 1024;

/// A body and what is needed to go on with it.
pub(super) struct Flow {
    pipeline: Pipeline,
    /// As it was before policies and signing.
    request: HttpRequest,
    url: Url,
    start: u64,
    position: u64,
    /// The byte behind the last one.
    end: Option<u64>,
    /// The byte behind the last one of the answer that is read.
    until: Option<u64>,
    total: Option<u64>,
    validator: Option<HeaderValue>,
    /// Whether the service gives parts of what this is.
    in_parts: bool,
    limit: Option<u64>,
    deadline: Option<Instant>,
    resumptions: u32,
    in_a_row: u32,
    /// Where `in_a_row` was counted from.
    counted_from: u64,
    step: Step,
}

enum Step {
    Reading {
        body: Body,
        /// Runs while no byte is there, for the runtime that waits.
        stall: Option<(Runtime, BoxFuture<'static, ()>)>,
    },
    /// Waits, and asks for the rest.
    Reopening {
        call: BoxFuture<'static, Result<RawResponse>>,
        home: Runtime,
    },
    Broken,
    End,
}

impl Flow {
    pub(super) fn new(
        pipeline: Pipeline,
        request: HttpRequest,
        response: &RawResponse,
        deadline: Option<Instant>,
    ) -> Result<Self> {
        let headers = &response.headers;
        let part = part(&request, response)?;
        let has_body = request.method != Method::HEAD
            && !matches!(
                response.status,
                StatusCode::NO_CONTENT
                    | StatusCode::NOT_MODIFIED
                    | StatusCode::RANGE_NOT_SATISFIABLE
            );
        let length = headers
            .get(CONTENT_LENGTH)
            .and_then(|value| number(value.to_str().ok()?));
        let end = match part.end {
            None if has_body => length.and_then(|length| part.start.checked_add(length)),
            end => end,
        };
        let step = match response.unread.as_ref().and_then(|unread| unread.take()) {
            Some(body) if has_body => Step::Reading { body, stall: None },
            _ => Step::End,
        };
        Ok(Self {
            start: part.start,
            position: part.start,
            end,
            until: end,
            total: part.total.or(end.filter(|_| !part.is_opaque)),
            in_parts: !part.is_opaque
                && request.method == Method::GET
                && matches!(
                    response.status,
                    StatusCode::OK | StatusCode::PARTIAL_CONTENT
                )
                && (gives_parts(headers) || response.status == StatusCode::PARTIAL_CONTENT),
            validator: validator(headers).cloned(),
            limit: None,
            deadline,
            resumptions: 0,
            in_a_row: 0,
            counted_from: part.start,
            url: response.url.clone(),
            step,
            pipeline,
            request,
        })
    }

    pub(super) fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }

    pub(super) fn length(&self) -> Option<u64> {
        self.end.map(|end| end - self.start)
    }

    pub(super) fn position(&self) -> u64 {
        self.position
    }

    pub(super) fn total(&self) -> Option<u64> {
        self.total
    }

    pub(super) fn validator(&self) -> Option<&HeaderValue> {
        self.validator.as_ref()
    }

    pub(super) fn resumptions(&self) -> u32 {
        self.resumptions
    }

    pub(super) fn limit(&mut self, bytes: u64) {
        self.limit = Some(bytes);
    }

    /// The answer that this is the body of.
    pub(super) fn answer(self, status: StatusCode, headers: HeaderMap, body: Bytes) -> RawResponse {
        RawResponse {
            status,
            headers,
            body,
            unread: None,
            call: Call::of(&self.request),
            url: self.url,
            pipeline: self.pipeline,
        }
    }

    pub(super) fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        loop {
            let fault = match &mut self.step {
                Step::End => return Poll::Ready(None),
                Step::Broken => {
                    // Whoever asks again after an error has a new count.
                    self.in_a_row = 0;
                    Error::new(ErrorKind::Transport, "it cannot go on")
                }
                Step::Reopening { home, .. } if *home != Runtime::current() => {
                    // The request is lost with its runtime; asking again changes nothing on the service.
                    self.reopen(Duration::ZERO);
                    continue;
                }
                Step::Reopening { call, .. } => {
                    let outcome = ready!(call.as_mut().poll(cx));
                    match outcome.and_then(|response| self.go_on(&response)) {
                        Ok(()) => continue,
                        // The request was repeated as often as it may be.
                        Err(error) => return Poll::Ready(Some(Err(self.broken(error)))),
                    }
                }
                Step::Reading { .. } => match ready!(self.poll_body(cx)) {
                    Ok(Some(chunk)) if chunk.is_empty() => continue,
                    Ok(Some(chunk)) => return Poll::Ready(Some(self.take(chunk))),
                    Ok(None) if self.end.is_none_or(|end| end == self.position) => {
                        self.step = Step::End;
                        return Poll::Ready(None);
                    }
                    Ok(None) => Error::new(ErrorKind::Transport, "the body ended too early"),
                    Err(error) => error,
                },
            };
            match self.wait_before_going_on() {
                Some(wait) => {
                    tracing::debug!(
                        target: "maps_core::download",
                        position = i64::try_from(self.position).unwrap_or(i64::MAX),
                        resumption = i64::from(self.resumptions + 1),
                        ?wait,
                        error.type = fault.kind().as_str(),
                        "going on with a download that broke off"
                    );
                    self.resumptions += 1;
                    self.in_a_row += 1;
                    self.reopen(wait);
                }
                None => return Poll::Ready(Some(Err(self.broken(fault)))),
            }
        }
    }

    /// The next piece of the connection, unless it takes too long.
    fn poll_body(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>>> {
        let clock = self.pipeline.clock();
        let left = self
            .deadline
            .map(|deadline| deadline.saturating_duration_since(clock.now()));
        if left == Some(Duration::ZERO) {
            return Poll::Ready(Err(out_of_time()));
        }
        let Step::Reading { body, stall } = &mut self.step else {
            return Poll::Ready(Ok(None));
        };
        if let Poll::Ready(chunk) = body.poll_chunk(cx) {
            *stall = None;
            return Poll::Ready(chunk.transpose());
        }
        let stalled = self.pipeline.stalled_body();
        let limit = left.map_or(stalled, |left| left.min(stalled));
        let runtime = Runtime::current();
        let timer = match stall {
            Some((home, timer)) if *home == runtime => timer,
            _ => {
                self.pipeline.check_runtime()?;
                &mut stall.insert((runtime, clock.limit(limit))).1
            }
        };
        ready!(timer.as_mut().poll(cx));
        *stall = None;
        let message = format!("no byte of the body for {limit:?}");
        Poll::Ready(Err(Error::new(ErrorKind::Timeout, message)))
    }

    fn take(&mut self, chunk: Bytes) -> Result<Bytes> {
        let position = self.position.saturating_add(chunk.len() as u64);
        if self.until.is_some_and(|until| position > until) {
            let fault = "the body is longer than the service says";
            return Err(self.given_up(fault.to_owned()));
        }
        let length = self.end.unwrap_or(position) - self.start;
        if let Some(limit) = self.limit.filter(|limit| length > *limit) {
            return Err(self.given_up(format!("the body is longer than {limit} bytes")));
        }
        self.position = position;
        if position - self.counted_from >= PROGRESS {
            self.in_a_row = 0;
            self.counted_from = position;
        }
        Ok(chunk)
    }

    /// An error that asking again does not mend.
    fn given_up(&mut self, message: String) -> Error {
        self.step = Step::Broken;
        self.in_parts = false;
        Error::new(ErrorKind::Decode, message).with_may_have_been_sent(true)
    }

    /// How long to wait before asking for the rest; `None` when that cannot be done, or must not.
    fn wait_before_going_on(&self) -> Option<Duration> {
        if !self.in_parts || self.validator.is_none() {
            return None;
        }
        let wait = self.pipeline.resumption(self.in_a_row)?;
        let now = self.pipeline.clock().now();
        let in_time = self
            .deadline
            .is_none_or(|deadline| deadline.saturating_duration_since(now) > wait);
        in_time.then_some(wait)
    }

    fn reopen(&mut self, wait: Duration) {
        let mut request = self.request.clone();
        let range = match self.end {
            Some(end) => format!("bytes={}-{}", self.position, end.saturating_sub(1)),
            None => format!("bytes={}-", self.position),
        };
        if let Ok(range) = HeaderValue::try_from(range) {
            request.headers.insert(RANGE, range);
        }
        if let Some(validator) = &self.validator {
            request.headers.insert(IF_RANGE, validator.clone());
        }
        if let Some(deadline) = self.deadline {
            let left = deadline.saturating_duration_since(self.pipeline.clock().now());
            request.context.timeout = Some(left.saturating_sub(wait));
        }
        self.step = Step::Reopening {
            call: Box::pin(self.pipeline.clone().reopen(request, wait)),
            home: Runtime::current(),
        };
    }

    /// Reads on from the answer to a request for the rest, if it is that.
    fn go_on(&mut self, response: &RawResponse) -> Result<()> {
        let headers = &response.headers;
        let refused = |message: &str| {
            let error = self
                .pipeline
                .answer_error(ErrorKind::Decode, message, response);
            Err(error)
        };
        if response.status != StatusCode::PARTIAL_CONTENT {
            return refused("what is there has changed, or is no longer given in parts");
        }
        let changed = self.validator.as_ref();
        if changed.is_some_and(|validator| has_changed(validator, headers)) {
            return refused("what is there has changed");
        }
        let given = Given::of(headers);
        let Some((first, end)) = given.and_then(|given| given.part) else {
            return refused("the answer does not say which part it is");
        };
        let total = given.and_then(|given| given.total);
        let fits = first == self.position
            && self.end.is_none_or(|whole| end <= whole)
            && (self.total.is_none() || total.is_none() || self.total == total);
        let body = response.unread.as_ref().and_then(|unread| unread.take());
        let Some(body) = body.filter(|_| fits) else {
            return refused("the answer is not the part that was asked for");
        };
        if self.end.is_none() && total.is_none() {
            return refused("the answer does not say where the file ends");
        }
        self.total = self.total.or(total);
        self.end = self.end.or(total);
        self.until = Some(end);
        self.step = Step::Reading { body, stall: None };
        Ok(())
    }

    /// The error of a download that is not whole.
    fn broken(&mut self, fault: Error) -> Error {
        self.step = Step::Broken;
        let there = self.position;
        let what = match self.end {
            Some(end) => format!("the download broke off after {there} of {end} bytes"),
            None => format!("the download broke off after {there} bytes"),
        };
        // A transport of the caller may have put what it saw into its error.
        fault
            .ending(what)
            .redacted(&self.pipeline)
            .with_may_have_been_sent(true)
    }
}

/// Which part of a file the first answer is.
struct Part {
    start: u64,
    end: Option<u64>,
    total: Option<u64>,
    /// Whether the bytes are those of an envelope with parts in it.
    is_opaque: bool,
}

/// Checks that the answer is the part that was asked for.
fn part(request: &HttpRequest, response: &RawResponse) -> Result<Part> {
    let asked = Asked::of(&request.headers);
    let given = Given::of(&response.headers);
    let total = given.and_then(|given| given.total);
    let part = |start, end, total| Part {
        start,
        end,
        total,
        is_opaque: false,
    };
    let refused = |message: &str| {
        let error = response
            .pipeline
            .answer_error(ErrorKind::Decode, message, response);
        Err(error)
    };
    match (response.status, asked) {
        (StatusCode::RANGE_NOT_SATISFIABLE, Asked::From(start)) if total == Some(start) => {
            Ok(part(start, total, total))
        }
        (StatusCode::RANGE_NOT_SATISFIABLE, _) => Err(response.pipeline.service_error(response)),
        (StatusCode::PARTIAL_CONTENT, Asked::Several) => Ok(Part {
            is_opaque: true,
            ..part(0, None, None)
        }),
        (StatusCode::PARTIAL_CONTENT, asked) => {
            let wanted = match asked {
                Asked::From(start) => Some(start),
                Asked::End => None,
                _ => Some(0),
            };
            match given.and_then(|given| given.part) {
                None => refused("the answer does not say which part it is"),
                Some((start, _)) if wanted.is_some_and(|wanted| wanted != start) => {
                    refused("the answer is not the part that was asked for")
                }
                Some((start, end)) => Ok(part(start, Some(end), total)),
            }
        }
        (StatusCode::OK, Asked::From(1..) | Asked::End | Asked::Several) => refused(
            "a part was asked for and the whole came: what is there has changed, or is not given in parts",
        ),
        _ => Ok(part(0, None, None)),
    }
}

fn out_of_time() -> Error {
    Error::new(ErrorKind::Timeout, "the call ran out of time")
}
