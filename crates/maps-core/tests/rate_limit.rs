//! The client's own limit: how many requests a server sees in what time.

#[path = "support/server.rs"]
mod server;

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::Duration;

use maps_core::service::{LongRunning, ResultSource};
use maps_core::test_kit::{Answer, ScriptedTransport, VirtualClock};
use maps_core::{
    BoxFuture, CallOptions, ClientOptions, Error, ErrorKind, HttpRequest, HttpResponse, Next,
    Pipeline, Policy, Poller, RateLimit, RawResponse, Result, Timeouts, Transport,
};
use serde_json::Value;
use tokio::time::Instant;

use server::{GET, POST, SERVICE, Server, reply};

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A server in virtual time: notes when each request came, and answers at once.
#[derive(Debug, Clone)]
struct Arrivals {
    start: Instant,
    seen: Arc<Mutex<Vec<(Duration, String)>>>,
    answers: ScriptedTransport,
}

impl Arrivals {
    fn new() -> Self {
        Self {
            start: Instant::now(),
            seen: Arc::default(),
            answers: ScriptedTransport::new(),
        }
    }

    /// A client of this server; after the script every answer is 200.
    fn client(&self, options: ClientOptions) -> Pipeline {
        let options = options.transport(Arc::new(self.clone()));
        server::pipeline("http://127.0.0.1:9", &SERVICE, None, options).expect("valid")
    }

    fn times(&self) -> Vec<Duration> {
        let seen = self.seen.lock().expect("lock");
        seen.iter().map(|(time, _)| *time).collect()
    }

    fn ids(&self) -> Vec<String> {
        let seen = self.seen.lock().expect("lock");
        seen.iter().map(|(_, id)| id.clone()).collect()
    }
}

impl Transport for Arrivals {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse>> {
        let id = request.headers["x-ms-client-request-id"].to_str();
        let arrival = (self.start.elapsed(), id.expect("ASCII").to_owned());
        self.seen.lock().expect("lock").push(arrival);
        if self.answers.answers_left() == 0 {
            self.answers.push(Answer::status(200).json("{}"));
        }
        self.answers.send(request)
    }
}

fn limited(limit: RateLimit) -> ClientOptions {
    ClientOptions::new().rate_limit(limit).jitter_seed(1)
}

async fn call(client: Pipeline, options: CallOptions) -> Result<RawResponse> {
    let mut request = client.request(&GET);
    request.options(options);
    client.send(request).await
}

/// No stretch of time has more requests than `burst + rate × t`.
fn assert_rate(times: &[Duration], per_second: f64, burst: f64) {
    for (first, from) in times.iter().enumerate() {
        for (count, to) in (1_u32..).zip(&times[first..]) {
            let allowed = burst + per_second * (*to - *from).as_secs_f64();
            assert!(
                f64::from(count) <= allowed + 1e-6,
                "{count} requests from {from:?} to {to:?}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_calls_arrive_at_the_rate_and_in_their_order() {
    let server = Arrivals::new();
    let client = server.client(limited(RateLimit::per_second(50).burst(10)));
    let calls: Vec<_> = (0..1000)
        .map(|at| {
            let options = CallOptions::new().client_request_id(at.to_string());
            tokio::spawn(call(client.clone(), options))
        })
        .collect();
    for call in calls {
        call.await.expect("no panic").expect("a permit in time");
    }
    let times = server.times();
    assert_eq!(times.len(), 1000);
    assert_rate(&times, 50.0, 10.0);
    // 10 at once, then one each 20 ms.
    assert_eq!((times[9], times[10]), (ms(0), ms(20)));
    assert_eq!(times[999], ms(990 * 20));
    let in_order: Vec<String> = (0..1000).map(|at| at.to_string()).collect();
    assert_eq!(server.ids(), in_order);
}

/// Notes when each try goes out, on a clock of the test kit.
#[derive(Debug)]
struct Note(VirtualClock, Mutex<Vec<Duration>>);

impl Policy for Note {
    fn send<'a>(
        &'a self,
        request: &'a mut HttpRequest,
        next: Next<'a>,
    ) -> BoxFuture<'a, Result<RawResponse>> {
        self.1.lock().expect("lock").push(self.0.elapsed());
        next.send(request)
    }
}

#[tokio::test]
async fn a_thousand_calls_over_http_keep_the_rate() {
    let server = Server::always(reply(200, &[], "{}")).await;
    let clock = VirtualClock::new();
    let note = Arc::new(Note(clock.clone(), Mutex::default()));
    let options = limited(RateLimit::per_second(50).burst(10))
        .clock(Arc::new(clock.clone()))
        .per_try_policy(Arc::clone(&note) as Arc<dyn Policy>);
    let client = server.pipeline(&SERVICE, None, options);
    let calls: Vec<_> = (0..1000)
        .map(|_| tokio::spawn(call(client.clone(), CallOptions::new())))
        .collect();
    let drive = async {
        let sent = || note.1.lock().expect("lock").len();
        while sent() < 1000 {
            tokio::task::yield_now().await;
            // The limits of tries are timers too; they are far off.
            if let Some(next) = clock.next_timer().filter(|next| *next < ms(30_000)) {
                clock.advance(next - clock.elapsed());
            }
        }
    };
    let bound = Duration::from_secs(60);
    tokio::time::timeout(bound, drive).await.expect("bounded");
    for call in calls {
        call.await.expect("no panic").expect("answered");
    }
    assert_eq!(server.count(), 1000);
    assert_rate(&note.1.lock().expect("lock"), 50.0, 10.0);
    assert!(clock.elapsed() >= ms(990 * 20));
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_deadline_is_a_timeout_at_once_and_nothing_is_sent() {
    let server = Arrivals::new();
    let client = server.client(limited(RateLimit::every(ms(1000))));
    let short = CallOptions::new().timeout(ms(1500));
    let calls: Vec<_> = (0..3)
        .map(|_| tokio::spawn(call(client.clone(), short.clone())))
        .collect();
    let mut outcomes = Vec::new();
    for call in calls.into_iter().rev() {
        let outcome = call.await.expect("no panic");
        outcomes.push((outcome, server.start.elapsed()));
    }
    let (third, when) = outcomes.remove(0);
    let error = third.expect_err("2 s of line, 1.5 s left");
    assert_eq!(when, ms(0));
    assert_eq!(
        (error.kind(), error.may_have_been_sent()),
        (ErrorKind::Timeout, false)
    );
    assert_eq!(error.retry_after(), Some(ms(2000)));
    assert!(error.to_string().contains("rate limit"), "{error}");
    outcomes.remove(0).0.expect("second");
    outcomes.remove(0).0.expect("first");
    assert_eq!(server.times(), [ms(0), ms(1000)]);
}

#[tokio::test(start_paused = true)]
async fn dropped_waits_give_their_places_back() {
    // All in line go, or all but the first.
    for stay in [1, 2] {
        let server = Arrivals::new();
        let client = server.client(limited(RateLimit::every(ms(1000))));
        let calls: Vec<_> = (0..6)
            .map(|_| tokio::spawn(call(client.clone(), CallOptions::new())))
            .collect();
        tokio::time::sleep(ms(500)).await;
        for call in &calls[stay..] {
            call.abort();
        }
        tokio::time::sleep(ms(1)).await;
        // The call has time for the next place, and for no later one.
        let place = ms(1000 * stay as u64);
        let short = CallOptions::new().timeout(place - ms(400));
        call(client, short).await.expect("the next place");
        assert_eq!(server.times().last(), Some(&place));
        assert_eq!(server.times().len(), stay + 1);
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_gives_up_in_the_middle_lets_nobody_go_too_early() {
    let server = Arrivals::new();
    let client = server.client(limited(RateLimit::every(ms(1000))));
    let calls: Vec<_> = (0..6)
        .map(|_| tokio::spawn(call(client.clone(), CallOptions::new())))
        .collect();
    tokio::time::sleep(ms(500)).await;
    calls[2].abort();
    calls[3].abort();
    tokio::time::sleep(ms(1)).await;
    let late: Vec<_> = (0..3)
        .map(|_| tokio::spawn(call(client.clone(), CallOptions::new())))
        .collect();
    for call in late {
        call.await.expect("no panic").expect("a permit");
    }
    for (at, call) in calls.into_iter().enumerate() {
        assert_eq!(call.await.is_ok(), ![2, 3].contains(&at));
    }
    assert_eq!(server.times().len(), 7);
    assert_rate(&server.times(), 1.0, 1.0);
}

#[tokio::test(start_paused = true)]
async fn a_call_in_line_that_nobody_polls_holds_up_nobody() {
    let server = Arrivals::new();
    let client = server.client(limited(RateLimit::every(ms(1000))));
    call(client.clone(), CallOptions::new())
        .await
        .expect("first");
    let mut idle = pin!(call(client.clone(), CallOptions::new()));
    let mut cx = Context::from_waker(Waker::noop());
    assert!(idle.as_mut().poll(&mut cx).is_pending());
    for _ in 0..3 {
        let short = CallOptions::new().timeout(ms(5000));
        call(client.clone(), short).await.expect("in time");
    }
    idle.await.expect("a permit of its own");
    assert_eq!(server.times().len(), 5);
    assert_rate(&server.times(), 1.0, 1.0);
}

#[tokio::test(start_paused = true)]
async fn retries_take_permits_too() {
    let server = Arrivals::new();
    for _ in 0..3 {
        server.answers.push(Answer::status(503));
    }
    let client = server.client(limited(RateLimit::every(ms(10_000))));
    call(client, CallOptions::new()).await.expect("fourth try");
    assert_eq!(server.times(), [0, 10, 20, 30].map(|at| ms(at * 1000)));
}

#[tokio::test(start_paused = true)]
async fn a_retry_without_a_permit_in_time_gives_the_services_error() {
    let server = Arrivals::new();
    server.answers.push(Answer::status(503));
    let client = server.client(limited(RateLimit::every(ms(10_000))));
    let short = CallOptions::new().timeout(ms(9_000));
    let error = call(client, short).await.expect_err("no second try");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(503));
    assert!(error.may_have_been_sent());
    assert_eq!(server.times(), [ms(0)]);
}

#[tokio::test(start_paused = true)]
async fn the_wait_for_a_permit_is_not_part_of_the_try() {
    let server = Arrivals::new();
    let timeouts = Timeouts::new().one_try(ms(100));
    let client = server.client(limited(RateLimit::every(ms(1000))).timeouts(timeouts));
    for _ in 0..3 {
        call(client.clone(), CallOptions::new())
            .await
            .expect("sent");
    }
    assert_eq!(server.times(), [ms(0), ms(1000), ms(2000)]);
}

static JOB: LongRunning = LongRunning {
    operation: "Things_Post",
    status: None,
    succeeded: &[],
    failed: &[],
    result: ResultSource::ResourceLocation,
};

#[tokio::test(start_paused = true)]
async fn submit_polls_and_result_take_a_permit_each() {
    let server = Arrivals::new();
    let running = || Answer::status(200).json(r#"{"status":"Running"}"#);
    for answer in [
        Answer::status(202).header("operation-location", "/jobs/1"),
        running(),
        running(),
        Answer::status(200)
            .header("resource-location", "/things/1")
            .json(r#"{"status":"Succeeded"}"#),
        Answer::status(200).json("7"),
    ] {
        server.answers.push(answer);
    }
    let client = server.client(limited(RateLimit::every(ms(20_000))));
    let poller: Poller<u32, Value> = client
        .begin(client.request(&POST), &JOB)
        .await
        .expect("submitted");
    assert_eq!(poller.await.expect("succeeded"), 7);
    assert_eq!(server.times(), [0, 20, 40, 60, 80].map(|at| ms(at * 1000)));
}

#[tokio::test(start_paused = true)]
async fn pages_take_a_permit_each() {
    #[derive(serde::Deserialize)]
    struct Page {
        value: Vec<u32>,
        next: Option<String>,
    }
    let server = Arrivals::new();
    for body in [
        r#"{"value":[1],"next":"/things?2"}"#,
        r#"{"value":[2],"next":"/things?3"}"#,
        r#"{"value":[3]}"#,
    ] {
        server.answers.push(Answer::status(200).json(body));
    }
    let client = server.client(limited(RateLimit::every(ms(1000))));
    let mut pager = maps_core::Pager::<u32, Page>::new(
        client.clone(),
        client.request(&GET),
        |page| page.next.as_deref(),
        |page| page.value,
    );
    let mut items = Vec::new();
    while let Some(item) = pager.next().await {
        items.push(item.expect("an item"));
    }
    assert_eq!(items, [1, 2, 3]);
    assert_eq!(server.times(), [ms(0), ms(1000), ms(2000)]);
}

#[tokio::test(start_paused = true)]
async fn clones_of_a_client_share_its_limit_and_clients_do_only_when_it_is_shared() {
    for (shared, last) in [(false, 1000), (true, 3000)] {
        let server = Arrivals::new();
        let limit = RateLimit::every(ms(1000));
        let options = limited(if shared { limit.shared() } else { limit });
        let clients = [server.client(options.clone()), server.client(options)];
        let mut calls = Vec::new();
        for client in &clients {
            for _ in 0..2 {
                calls.push(tokio::spawn(call(client.clone(), CallOptions::new())));
            }
        }
        for call in calls {
            call.await.expect("no panic").expect("sent");
        }
        assert_eq!(server.times().last(), Some(&ms(last)), "{shared}");
    }
}

#[test]
fn a_limit_that_lets_nothing_pass_is_refused_when_the_client_is_built() {
    let options = limited(RateLimit::per_second(0));
    let refused = |error: Error| error.kind();
    let outcome = server::pipeline("http://127.0.0.1:9", &SERVICE, None, options);
    assert_eq!(
        outcome.map_err(refused).err(),
        Some(ErrorKind::InvalidArgument)
    );
}
