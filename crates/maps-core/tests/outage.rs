//! An outage: how many requests a client adds to it, and how soon it sees the end.

#[path = "support/server.rs"]
mod server;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use maps_core::{
    BoxFuture, ClientOptions, HeaderMap, HttpRequest, HttpResponse, Pipeline, Result, StatusCode,
    Transport,
};
use tokio::time::Instant;

use server::{GET, JumpClock, SERVICE, Server, reply};

#[tokio::test]
async fn a_thousand_calls_at_once_add_a_hundred_requests_over_http() {
    let server = Server::always(reply(503, &[], "")).await;
    let options = ClientOptions::new().clock(JumpClock::new());
    let pipeline = server.pipeline(&SERVICE, None, options);
    let callers: Vec<_> = (0..20)
        .map(|_| {
            let pipeline = pipeline.clone();
            tokio::spawn(async move {
                for _ in 0..50 {
                    let request = pipeline.request(&GET);
                    pipeline.send(request).await.expect_err("outage");
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.expect("no panic");
    }
    // 500 tokens at 5 a retry.
    assert_eq!(server.count(), 1000 + 100);
}

/// A service that is down for a while, in virtual time.
#[derive(Debug, Clone)]
struct Down {
    until: Instant,
    requests: Arc<Mutex<usize>>,
}

impl Transport for Down {
    fn send(&self, _: HttpRequest) -> BoxFuture<'static, Result<HttpResponse>> {
        let down = Instant::now() < self.until;
        *self.requests.lock().expect("lock") += usize::from(down);
        let status = if down {
            StatusCode::SERVICE_UNAVAILABLE
        } else {
            StatusCode::OK
        };
        Box::pin(async move { Ok(HttpResponse::new(status, HeaderMap::new(), "{}")) })
    }
}

/// Calls until one succeeds, a second between; gives how many calls failed and when the last one succeeded.
async fn insist(pipeline: Pipeline) -> (usize, Instant) {
    let mut failed = 0;
    loop {
        match pipeline.send(pipeline.request(&GET)).await {
            Ok(_) => return (failed, Instant::now()),
            Err(_) => failed += 1,
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_not_amplified_and_its_end_is_seen_within_two_seconds() {
    let until = Instant::now() + Duration::from_secs(120);
    let service = Down {
        until,
        requests: Arc::default(),
    };
    let options = ClientOptions::new()
        .transport(Arc::new(service.clone()))
        .jitter_seed(1);
    let pipeline = server::pipeline("http://127.0.0.1:9", &SERVICE, None, options).expect("valid");
    let callers: Vec<_> = (0..1000)
        .map(|_| tokio::spawn(insist(pipeline.clone())))
        .collect();
    let mut failed = 0;
    let mut times = Vec::new();
    for caller in callers {
        let (calls, time) = caller.await.expect("no panic");
        failed += calls;
        times.push(time);
    }
    let requests = *service.requests.lock().expect("lock");
    assert!(failed > 100_000, "{failed}");
    // Two minutes of a thousand callers: what the client added is still the budget's hundred retries.
    assert!(requests <= failed + 100, "{requests} for {failed}");
    let first = times.iter().min().expect("a thousand");
    let last = times.iter().max().expect("a thousand");
    assert!(*first < until + Duration::from_secs(2));
    assert!(*last < until + Duration::from_secs(2));
}

#[tokio::test]
async fn after_an_outage_five_successes_pay_for_one_retry() {
    let down = Arc::new(AtomicBool::new(true));
    let state = Arc::clone(&down);
    let server = Server::start(move |_, _| {
        let status = if state.load(Ordering::SeqCst) {
            503
        } else {
            200
        };
        reply(status, &[], "{}")
    })
    .await;
    let options = ClientOptions::new().clock(JumpClock::new());
    let pipeline = server.pipeline(&SERVICE, None, options);
    let requests_of_a_call = async || {
        let before = server.count();
        let outcome = pipeline.send(pipeline.request(&GET)).await;
        assert_eq!(outcome.is_err(), down.load(Ordering::SeqCst));
        server.count() - before
    };
    // 33 calls of 3 retries, one of 1, and the budget is spent.
    for call in 0..40 {
        let expected = match call {
            ..33 => 4,
            33 => 2,
            _ => 1,
        };
        assert_eq!(requests_of_a_call().await, expected, "{call}");
    }
    down.store(false, Ordering::SeqCst);
    for _ in 0..5 {
        assert_eq!(requests_of_a_call().await, 1);
    }
    down.store(true, Ordering::SeqCst);
    assert_eq!(requests_of_a_call().await, 2);
    assert_eq!(requests_of_a_call().await, 1);
}
