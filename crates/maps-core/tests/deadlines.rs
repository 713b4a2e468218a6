//! Limits of time, to the second, on a clock that is paused.

#[path = "support/server.rs"]
mod server;

use std::collections::VecDeque;
use std::error::Error as _;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use maps_core::test_kit::{Answer, ScriptedTransport};
use maps_core::{
    Body, BoxFuture, Bytes, CallOptions, ClientOptions, Error, ErrorKind, HeaderMap, HttpRequest,
    HttpResponse, Pipeline, RawResponse, Result, RetryOptions, StatusCode, Stream, Timeouts,
    Transport,
};
use tokio::time::{Instant, Sleep};

use server::{GET, SERVICE};

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn client(transport: impl Transport, options: ClientOptions) -> Pipeline {
    let options = options.transport(Arc::new(transport)).jitter_seed(1);
    server::pipeline("http://127.0.0.1:9", &SERVICE, None, options).expect("valid")
}

/// How a GET ends, and when.
async fn get(client: &Pipeline, call: CallOptions) -> (Result<RawResponse>, Duration) {
    let start = Instant::now();
    let mut request = client.request(&GET);
    request.options(call);
    (client.send(request).await, start.elapsed())
}

async fn fail(client: &Pipeline, call: CallOptions) -> (Error, Duration) {
    let (outcome, after) = get(client, call).await;
    (outcome.expect_err("an error"), after)
}

fn silence(times: usize) -> ScriptedTransport {
    (0..times).fold(ScriptedTransport::new(), |script, _| {
        script.answer(Answer::silence())
    })
}

#[tokio::test(start_paused = true)]
async fn one_try_ends_at_its_limit() {
    let none = || ClientOptions::new().retry(RetryOptions::none());
    let (error, after) = fail(&client(silence(1), none()), CallOptions::new()).await;
    assert_eq!((error.kind(), after), (ErrorKind::Timeout, seconds(60)));
    assert!(error.to_string().contains("within 60s"), "{error}");
    let (_, after) = fail(
        &client(silence(1), none()),
        CallOptions::new().try_timeout(seconds(7)),
    )
    .await;
    assert_eq!(after, seconds(7));
    let options = none().timeouts(Timeouts::new().one_try(seconds(8)));
    let (_, after) = fail(&client(silence(1), options), CallOptions::new()).await;
    assert_eq!(after, seconds(8));
}

#[tokio::test(start_paused = true)]
async fn a_call_with_its_retries_ends_at_its_limit() {
    // Three tries of 60 s do not fit into 180 s with the waits between them.
    let script = silence(4);
    let (error, after) = fail(
        &client(script.clone(), ClientOptions::new()),
        CallOptions::new(),
    )
    .await;
    assert_eq!((error.kind(), after), (ErrorKind::Timeout, seconds(180)));
    assert!(error.to_string().contains("ran out of time"), "{error}");
    assert_eq!(script.requests().len(), 3);
    for limit in [1, 59, 60, 61, 119] {
        let script = silence(4);
        let options = CallOptions::new().timeout(seconds(limit));
        let (_, after) = fail(&client(script.clone(), ClientOptions::new()), options).await;
        assert!(after <= seconds(limit), "{limit}: {after:?}");
        assert_eq!(script.requests().len(), if limit > 60 { 2 } else { 1 });
    }
}

#[tokio::test(start_paused = true)]
async fn no_wait_goes_beyond_the_deadline() {
    // Waits of up to 30 s, retried until nothing is left of the time.
    let retry = RetryOptions::new()
        .max_retries(u32::MAX)
        .first_delay(seconds(30))
        .budget(None);
    for seed in 0..50 {
        let script = ScriptedTransport::new();
        for _ in 0..200 {
            script.push(Answer::status(503));
        }
        let options = ClientOptions::new()
            .retry(retry.clone())
            .transport(Arc::new(script.clone()))
            .jitter_seed(seed);
        let client =
            server::pipeline("http://127.0.0.1:9", &SERVICE, None, options).expect("valid");
        let (error, after) = fail(&client, CallOptions::new().timeout(seconds(100))).await;
        // The wait that does not fit is not begun.
        assert!(after < seconds(100), "{after:?}");
        assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
        assert!(script.requests().len() > 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_hint_longer_than_what_is_left_fails_at_once_with_the_services_error() {
    for (hint, limit, tries) in [(20, 20, 1), (21, 20, 1), (19, 20, 2)] {
        let script = ScriptedTransport::new();
        for _ in 0..2 {
            let hint = format!("{hint}");
            script.push(Answer::status(503).header("retry-after", &hint));
        }
        let options = CallOptions::new().timeout(seconds(limit));
        let (error, after) = fail(&client(script.clone(), ClientOptions::new()), options).await;
        assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
        assert_eq!(error.retry_after(), Some(seconds(hint)));
        assert_eq!(
            (script.requests().len(), after),
            (tries, seconds(hint * (tries as u64 - 1)))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_without_time_sends_nothing() {
    let script = ScriptedTransport::new().answer(Answer::status(200));
    let options = CallOptions::new().timeout(Duration::ZERO);
    let (error, after) = fail(&client(script.clone(), ClientOptions::new()), options).await;
    assert_eq!(
        (error.kind(), error.may_have_been_sent(), after),
        (ErrorKind::Timeout, false, Duration::ZERO)
    );
    assert!(script.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_timeout_tells_what_the_try_before_it_said() {
    let script = ScriptedTransport::new()
        .answer(Answer::status(500))
        .answer(Answer::status(503).json(r#"{"error":{"code":"Busy"}}"#))
        .answer(Answer::silence());
    let options = CallOptions::new().timeout(seconds(30));
    let (error, after) = fail(&client(script, ClientOptions::new()), options).await;
    assert_eq!((error.kind(), after), (ErrorKind::Timeout, seconds(30)));
    let source = error.source().expect("an earlier try");
    let earlier: &Error = source.downcast_ref().expect("of the client");
    assert_eq!(earlier.code(), Some("Busy"));
    // One, not the whole row: a long row would be deep.
    assert!(earlier.source().is_none());
}

/// A body whose pieces come after pauses, and which then ends or not.
struct Pieces {
    rest: VecDeque<(Duration, &'static str)>,
    pause: Option<Pin<Box<Sleep>>>,
    ends: bool,
}

impl Stream for Pieces {
    type Item = Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        let this = self.get_mut();
        let Some((pause, piece)) = this.rest.front().copied() else {
            return if this.ends {
                Poll::Ready(None)
            } else {
                Poll::Pending
            };
        };
        let sleep = this
            .pause
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(pause)));
        if sleep.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        this.pause = None;
        this.rest.pop_front();
        Poll::Ready(Some(Ok(Bytes::from(piece))))
    }
}

/// Answers each request with the same slow body.
#[derive(Debug, Clone)]
struct Slow {
    pieces: Vec<(u64, &'static str)>,
    ends: bool,
    asked: Arc<Mutex<usize>>,
}

impl Slow {
    /// Pieces, each after a pause of so many seconds; the last one ends the body.
    fn new(pieces: &[(u64, &'static str)]) -> Self {
        Self {
            pieces: pieces.to_vec(),
            ends: true,
            asked: Arc::default(),
        }
    }

    /// The same, and silence in place of the end.
    fn endless(pieces: &[(u64, &'static str)]) -> Self {
        Self {
            ends: false,
            ..Self::new(pieces)
        }
    }
}

impl Transport for Slow {
    fn send(&self, _: HttpRequest) -> BoxFuture<'static, Result<HttpResponse>> {
        *self.asked.lock().expect("lock") += 1;
        let rest = self.pieces.iter();
        let pieces = Pieces {
            rest: rest
                .map(|(pause, piece)| (seconds(*pause), *piece))
                .collect(),
            pause: None,
            ends: self.ends,
        };
        Box::pin(async move {
            Ok(HttpResponse::new(
                StatusCode::OK,
                HeaderMap::new(),
                Body::stream(pieces),
            ))
        })
    }
}

/// A stall is 5 s here; what the body's reading gives, and when.
async fn read(body: Slow) -> (Result<RawResponse>, Duration) {
    let options = ClientOptions::new()
        .timeouts(Timeouts::new().stalled_body(seconds(5)))
        .retry(RetryOptions::none());
    get(&client(body, options), CallOptions::new()).await
}

#[tokio::test(start_paused = true)]
async fn a_slow_first_byte_is_no_stall() {
    let (outcome, after) = read(Slow::new(&[(50, "ab"), (1, "c")])).await;
    assert_eq!(outcome.expect("whole").bytes(), "abc");
    assert_eq!(after, seconds(51));
    let (outcome, after) = read(Slow::endless(&[])).await;
    let error = outcome.expect_err("no byte at all");
    assert_eq!((error.kind(), after), (ErrorKind::Timeout, seconds(60)));
    assert!(error.to_string().contains("no whole answer"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_stall_between_the_first_and_the_last_byte_ends_the_try() {
    for (pieces, ends) in [
        (&[(0, "a"), (6, "b")][..], 5),
        (&[(20, "a"), (4, "b"), (4, "c"), (6, "d")], 33),
    ] {
        let (outcome, after) = read(Slow::new(pieces)).await;
        let error = outcome.expect_err("stalled");
        assert_eq!((error.kind(), after), (ErrorKind::Timeout, seconds(ends)));
        assert!(error.to_string().contains("no byte of the body for 5s"));
        assert!(error.may_have_been_sent());
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_stalls_is_bound_by_the_try() {
    let (outcome, after) = read(Slow::new(&[(4, "a"); 10])).await;
    assert_eq!(outcome.expect("whole").bytes(), "aaaaaaaaaa");
    assert_eq!(after, seconds(40));
    let (outcome, after) = read(Slow::new(&[(4, "a"); 16])).await;
    let error = outcome.expect_err("64 s");
    assert_eq!((error.kind(), after), (ErrorKind::Timeout, seconds(60)));
}

#[tokio::test(start_paused = true)]
async fn pieces_without_bytes_are_neither_first_byte_nor_progress() {
    // Empty pieces before the first byte: the server still thinks.
    let (outcome, after) = read(Slow::new(&[(0, ""), (20, ""), (20, "a")])).await;
    assert_eq!(outcome.expect("whole").bytes(), "a");
    assert_eq!(after, seconds(40));
    // Empty pieces in the middle keep nothing alive.
    let (outcome, after) = read(Slow::new(&[(0, "a"), (3, ""), (3, ""), (3, "b")])).await;
    assert_eq!(outcome.expect_err("stalled").kind(), ErrorKind::Timeout);
    assert_eq!(after, seconds(5));
}

#[tokio::test(start_paused = true)]
async fn a_stalled_body_is_tried_again() {
    let body = Slow::endless(&[(0, "a")]);
    let asked = Arc::clone(&body.asked);
    let (error, _) = fail(&client(body, ClientOptions::new()), CallOptions::new()).await;
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(*asked.lock().expect("lock"), 4);
}

/// Thinks for 25 s, and then sends the client elsewhere.
#[derive(Debug, Clone, Default)]
struct Errand(Arc<Mutex<usize>>);

impl Transport for Errand {
    fn send(&self, _: HttpRequest) -> BoxFuture<'static, Result<HttpResponse>> {
        *self.0.lock().expect("lock") += 1;
        Box::pin(async {
            tokio::time::sleep(seconds(25)).await;
            let mut headers = HeaderMap::new();
            headers.insert("location", "/elsewhere".parse().expect("a header"));
            Ok(HttpResponse::new(
                StatusCode::TEMPORARY_REDIRECT,
                headers,
                "",
            ))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn redirects_share_the_limit_of_their_try() {
    let errand = Errand::default();
    let options = ClientOptions::new().retry(RetryOptions::none());
    let (error, after) = fail(&client(errand.clone(), options), CallOptions::new()).await;
    assert_eq!((error.kind(), after), (ErrorKind::Timeout, seconds(60)));
    assert_eq!(*errand.0.lock().expect("lock"), 3);
}
