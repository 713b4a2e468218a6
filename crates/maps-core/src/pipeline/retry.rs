//! Tries again what failed for the moment.

use std::error::Error as _;
use std::pin::pin;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, Method, StatusCode};
use tracing::Instrument;

use super::{Chain, Pipeline, Stage, spans};
use crate::clock::ClockRef;
use crate::error::{Error, ErrorKind, Result};
use crate::options::RetryOptions;
use crate::response::RawResponse;
use crate::transport::HttpRequest;
use crate::upload::Upload;

impl Pipeline {
    /// Tries until there is an answer, no use, no budget or no time.
    pub(super) async fn retry(&self, request: &mut HttpRequest) -> Result<RawResponse> {
        let options = &self.0.options;
        let clock = self.clock();
        let start = clock.now();
        let call_limit = self.call_limit(request);
        let try_limit = request
            .context
            .try_timeout
            .unwrap_or(options.timeouts.one_try);
        let left = || call_limit.saturating_sub(clock.now().saturating_duration_since(start));
        let mut retries = 0;
        // A policy may have sent it before.
        let mut sent = request.context.sent || request.context.sent_before;
        // What the last try said that was not the end.
        let mut failed: Option<Error> = None;
        loop {
            #[cfg(feature = "rate-limit")]
            if let Some(limit) = &self.0.rate_limit {
                if let Err(error) = limit.permit(left()).await {
                    return Err(failed.unwrap_or(error).with_may_have_been_sent(sent));
                }
            }
            let left_now = left();
            if left_now.is_zero() {
                let none = || Error::new(ErrorKind::Timeout, "the call has no time left for a try");
                return Err(failed.unwrap_or_else(none).with_may_have_been_sent(sent));
            }
            let limit = try_limit.min(left_now);
            request.context.sent = false;
            request.context.answered = false;
            let outcome = {
                // Pinned here, so that the limit holds a reference and not a second try-sized state.
                let one_try = pin!(self.one_try(request, retries));
                clock.within(limit, one_try).await
            };
            let outcome =
                outcome.unwrap_or_else(|| Err(timeout(request, limit, left_now <= try_limit)));
            let can_repeat = match &outcome {
                Ok(response) if !is_transient(response.status) => {
                    if !response.is_refusal() {
                        self.0.budget.deposit();
                    }
                    return outcome;
                }
                Ok(response) => answer_can_repeat(request, response.status),
                Err(error) => error_can_repeat(request, error),
            };
            if let Err(error) = &outcome {
                sent |= error.may_have_been_sent();
            } else {
                sent = true;
            }
            let hint = match &outcome {
                Ok(response) => retry_after(&response.headers, clock),
                Err(error) => error.retry_after(),
            };
            let wait = wait(&options.retry, retries, hint, || self.jitter());
            let is_readable = request.body.as_ref().is_none_or(Upload::is_readable);
            if !can_repeat
                || !is_readable
                || retries >= options.retry.max_retries
                || wait >= left()
                || !self.0.budget.withdraw()
            {
                return outcome
                    .map_err(|error| explained(error, failed).with_may_have_been_sent(sent));
            }
            retries += 1;
            request.context.sent_before = sent;
            tracing::debug!(
                target: "maps_core::retry",
                retry = i64::from(retries),
                wait = ?wait,
                hint = hint.map(tracing::field::debug),
                "trying again",
            );
            failed = Some(match outcome {
                Ok(response) => self.service_error(&response),
                Err(error) => error,
            });
            clock.sleep(wait).await;
        }
    }

    async fn one_try(&self, request: &mut HttpRequest, retries: u32) -> Result<RawResponse> {
        let span = spans::one_try(self, request, retries);
        let chain = Chain {
            pipeline: self,
            stage: Stage::Try(0),
        };
        let outcome = chain.send(request).instrument(span.clone()).await;
        if !span.is_disabled() {
            spans::record(self, &span, &outcome);
        }
        outcome
    }
}

#[cold]
fn timeout(request: &HttpRequest, limit: Duration, whole_call: bool) -> Error {
    let what = if whole_call {
        "the call ran out of time, its last try after"
    } else {
        "no whole answer within"
    };
    Error::new(ErrorKind::Timeout, format!("{what} {limit:?}"))
        .with_may_have_been_sent(request.context.sent)
}

/// A timeout says little; what the try before it said may say why.
#[cold]
fn explained(error: Error, earlier: Option<Error>) -> Error {
    match earlier {
        Some(earlier) if error.is_timeout() && error.source().is_none() => {
            error.with_source(earlier)
        }
        _ => error,
    }
}

/// Statuses that say "not now".
fn is_transient(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)
}

/// These services define all methods but POST as idempotent.
fn is_repeatable(request: &HttpRequest) -> bool {
    if request.context.answered {
        // It was done, and what it led to could not be read: doing it again would be another request.
        return request.context.repeatable;
    }
    request.context.repeatable
        || [
            Method::GET,
            Method::HEAD,
            Method::OPTIONS,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ]
        .contains(&request.method)
}

fn answer_can_repeat(request: &HttpRequest, status: StatusCode) -> bool {
    // With these two the service says that it did nothing, unless it had said before where to read what came of it.
    is_repeatable(request) || matches!(status.as_u16(), 429 | 503) && !request.context.answered
}

fn error_can_repeat(request: &HttpRequest, error: &Error) -> bool {
    match error.kind() {
        // Also a connection that was not made may be that of a redirect, behind a request that was sent.
        ErrorKind::Connect | ErrorKind::Transport | ErrorKind::Timeout => {
            is_repeatable(request) || !error.may_have_been_sent()
        }
        _ => false,
    }
}

/// The service's hint, clamped, or a random part of the grown delay.
pub(super) fn wait(
    options: &RetryOptions,
    retries: u32,
    hint: Option<Duration>,
    jitter: impl FnOnce() -> f64,
) -> Duration {
    if let Some(hint) = hint {
        return hint.min(options.max_hint);
    }
    if options.first_delay.is_zero() {
        return Duration::ZERO;
    }
    let exponent = i32::try_from(retries).unwrap_or(i32::MAX);
    let grown = options.first_delay.as_secs_f64() * options.growth.powi(exponent);
    let longest = grown.min(options.max_delay.as_secs_f64());
    Duration::try_from_secs_f64(longest * jitter()).unwrap_or(options.max_delay)
}

/// How long the service asks to wait; what it says otherwise counts as nothing.
pub(crate) fn retry_after(headers: &HeaderMap, clock: &ClockRef) -> Option<Duration> {
    for name in ["x-ms-retry-after-ms", "retry-after-ms"] {
        if let Some(wait) = text(headers, name).and_then(whole_number) {
            return Some(Duration::from_millis(wait));
        }
    }
    let value = text(headers, "retry-after")?;
    whole_number(value)
        .map(Duration::from_secs)
        .or_else(|| until(value, clock.wall()))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// Digits only; more than fit are the largest number.
fn whole_number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

/// From now until an HTTP date; a past one is now.
fn until(text: &str, now: SystemTime) -> Option<Duration> {
    let date = maps_types::date_time_rfc1123::parse(text).ok()?;
    let until = u64::try_from(date.unix_timestamp()).unwrap_or_default();
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    Some(Duration::from_secs(until).saturating_sub(now))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn hint(name: &'static str, value: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_str(value).expect("header"));
        retry_after(&headers, &ClockRef::Tokio)
    }

    #[test]
    fn retry_after_in_seconds_and_milliseconds() {
        assert_eq!(hint("retry-after", "10"), Some(Duration::from_secs(10)));
        assert_eq!(hint("retry-after", " 0 "), Some(Duration::ZERO));
        assert_eq!(
            hint("retry-after-ms", "250"),
            Some(Duration::from_millis(250))
        );
        assert_eq!(
            hint("x-ms-retry-after-ms", "250"),
            Some(Duration::from_millis(250))
        );
        assert_eq!(
            hint("retry-after", "99999999999999999999999"),
            Some(Duration::from_secs(u64::MAX))
        );
    }

    #[test]
    fn retry_after_that_says_nothing_is_none() {
        for value in [
            "",
            "-1",
            "1.5",
            "soon",
            "/bar",
            "+3",
            "1 2",
            "Sun, 99 Foo 2099 00:00:00 GMT",
        ] {
            assert_eq!(hint("retry-after", value), None, "{value:?}");
        }
    }

    #[test]
    fn retry_after_as_a_date_waits_until_then() {
        // 784111777 is the example of RFC 9110.
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let before = UNIX_EPOCH + Duration::from_secs(784_111_770);
        assert_eq!(until(date, before), Some(Duration::from_secs(7)));
    }

    #[test]
    fn retry_after_date_in_the_past_waits_zero() {
        assert_eq!(
            hint("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT"),
            Some(Duration::ZERO)
        );
    }

    #[test]
    fn retry_after_of_open_brackets_does_not_exhaust_the_stack() {
        let value = format!("Sun, 06 Nov 1994 08:49:37 {}", "(".repeat(200_000));
        assert_eq!(hint("retry-after", &value), None);
    }

    #[test]
    fn clock_beyond_the_last_date_does_not_panic() {
        let late = UNIX_EPOCH + Duration::from_secs(1 << 40);
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(until(date, late), Some(Duration::ZERO));
    }

    #[test]
    fn waits_grow_up_to_their_cap() {
        let options = RetryOptions::new();
        for (retries, longest) in [(0, 0.5), (1, 1.0), (2, 2.0), (6, 30.0), (u32::MAX, 30.0)] {
            assert_eq!(wait(&options, retries, None, || 1.0).as_secs_f64(), longest);
            assert_eq!(wait(&options, retries, None, || 0.0), Duration::ZERO);
        }
        assert_eq!(
            wait(&options, 0, Some(Duration::MAX), || 0.5),
            Duration::from_secs(60)
        );
        assert_eq!(
            wait(&options, 0, Some(Duration::ZERO), || 0.5),
            Duration::ZERO
        );
    }
}
