//! Waits of a call, and hints on those of a poller.

use std::task::Poll;
use std::time::Duration;

use maps_core::test_kit::{Answer, ScriptedTransport, VirtualClock};
use maps_core::{
    Body, BoxFuture, Bytes, ClientOptions, Error, ErrorKind, HeaderMap, HttpRequest, HttpResponse,
    Result, RetryOptions, StatusCode, Stream, Timeouts, Transport,
};

use crate::http::GET;
use crate::server::{MONITOR, scripted, status};
use crate::{client, run};

fn silence(answers: usize) -> ScriptedTransport {
    (0..answers).fold(ScriptedTransport::new(), |script, _| {
        script.answer(Answer::silence())
    })
}

fn fail(clock: &VirtualClock, transport: impl Transport, options: ClientOptions) -> Error {
    let client = client(clock, transport, None, options);
    run(clock, client.send(client.request(&GET))).unwrap_err()
}

#[test]
fn one_try_ends_after_60_s() {
    let clock = VirtualClock::new();
    let options = ClientOptions::new().retry(RetryOptions::none());
    let error = fail(&clock, silence(1), options);
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(clock.elapsed(), Duration::from_secs(60));
}

#[test]
fn call_with_its_retries_ends_after_180_s() {
    let clock = VirtualClock::new();
    let script = silence(10);
    let error = fail(&clock, script.clone(), ClientOptions::new());
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(clock.elapsed(), Duration::from_secs(180));
    // Two whole ones, and what was left.
    assert_eq!(script.requests().len(), 3);
}

#[test]
fn delays_grow_from_half_a_second_by_two_to_30_s() {
    let clock = VirtualClock::new();
    let script = (0..13).fold(ScriptedTransport::new(), |script, _| {
        script.answer(Answer::status(503))
    });
    let options = ClientOptions::new()
        .retry(RetryOptions::new().max_retries(12))
        .timeouts(Timeouts::new().call(Duration::from_secs(3600)))
        .jitter_seed(7);
    fail(&clock, script, options);
    let waits: Vec<f64> = clock.waits().iter().map(Duration::as_secs_f64).collect();
    let longest = [
        0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0, 30.0, 30.0, 30.0,
    ];
    assert_eq!(waits.len(), longest.len());
    for (wait, longest) in waits.iter().zip(longest) {
        assert!((0.0..=longest).contains(wait), "{waits:?}");
    }
    // Full jitter: drawn from the whole delay, not from its end.
    let shares = waits
        .iter()
        .zip(longest)
        .map(|(wait, longest)| wait / longest);
    assert!(shares.clone().any(|share| share < 0.5), "{waits:?}");
    assert!(shares.clone().any(|share| share > 0.5), "{waits:?}");
}

/// A body whose first byte arrives, and no other.
#[derive(Debug)]
struct OneByte(bool);

impl Stream for OneByte {
    type Item = Result<Bytes>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        match std::mem::replace(&mut self.0, true) {
            false => Poll::Ready(Some(Ok(Bytes::from_static(b"{")))),
            true => Poll::Pending,
        }
    }
}

impl Transport for OneByte {
    fn send(&self, _: HttpRequest) -> BoxFuture<'static, Result<HttpResponse>> {
        Box::pin(async {
            Ok(HttpResponse::new(
                StatusCode::OK,
                HeaderMap::new(),
                Body::stream(OneByte(false)),
            ))
        })
    }
}

#[test]
fn stalled_body_ends_after_30_s() {
    let clock = VirtualClock::new();
    let options = ClientOptions::new().retry(RetryOptions::none());
    let error = fail(&clock, OneByte(false), options);
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(clock.elapsed(), Duration::from_secs(30));
}

#[tokio::test]
async fn hint_on_a_poll_is_clamped_to_a_tenth_of_a_second_and_two_minutes() {
    for (hint, shortest, longest) in [("0", 0.1, 0.12), ("86400", 120.0, 144.0)] {
        let server = scripted(move |earlier| match earlier {
            0 => status("Running").header("retry-after", hint),
            _ => status("Succeeded"),
        })
        .await;
        server.begin(&MONITOR).await.unwrap().await.unwrap();
        let polls = server.polls();
        let wait = polls[1] - polls[0];
        assert!((shortest..=longest).contains(&wait), "{hint}: {wait}");
    }
}

#[tokio::test]
async fn whole_operation_ends_after_an_hour() {
    let server = scripted(|_| status("Running")).await;
    let error = server.begin(&MONITOR).await.unwrap().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    // It ends as soon as the next poll would come too late: at most 15 s and their jitter before.
    let elapsed = server.clock.elapsed().as_secs_f64();
    assert!((3582.0..=3600.0).contains(&elapsed), "{elapsed}");
}
