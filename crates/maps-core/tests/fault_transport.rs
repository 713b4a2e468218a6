//! Exchanges that go wrong by rules, as a client sees them.

mod support {
    pub(crate) mod server;
}

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use maps_core::test_kit::{
    Answer, FaultAction, FaultRule, FaultTransport, ScriptedTransport, SentRequest, VirtualClock,
};
use maps_core::{ClientOptions, Error, ErrorKind, Pipeline, Result, RetryOptions, Timeouts};
use serde_json::json;

use support::server::{GET, POST, SERVICE, Server, pipeline, reply};

const BODY: &str = r#"{"things":[1,2,3]}"#;

/// A client whose every exchange ends in the same answer, spoilt by a rule.
struct Kit {
    script: ScriptedTransport,
    transport: FaultTransport,
    clock: VirtualClock,
    client: Pipeline,
}

fn kit(rule: FaultRule, change: impl FnOnce(ClientOptions) -> ClientOptions) -> Kit {
    let script = ScriptedTransport::new().otherwise(|_| Answer::status(200).json(BODY));
    let clock = VirtualClock::running_ahead();
    let transport = FaultTransport::new(script.clone())
        .clock(Arc::new(clock.clone()))
        .fault(rule)
        .expect("a sound rule");
    let options = ClientOptions::new()
        .transport(Arc::new(transport.clone()))
        .clock(Arc::new(clock.clone()))
        .jitter_seed(1);
    let client = pipeline("http://localhost", &SERVICE, None, change(options)).expect("sound");
    Kit {
        script,
        transport,
        clock,
        client,
    }
}

fn no_retry(options: ClientOptions) -> ClientOptions {
    options.retry(RetryOptions::none())
}

/// What one GET gives, and how many requests got through.
async fn outcome(action: FaultAction) -> (Result<String>, usize) {
    let kit = kit(FaultRule::new(action), no_retry);
    let response = kit.client.send(kit.client.request(&GET)).await;
    let body = response.map(|response| String::from_utf8_lossy(response.bytes()).into_owned());
    (body, kit.script.requests().len())
}

async fn error(action: FaultAction) -> (Error, usize) {
    let (outcome, through) = outcome(action).await;
    (outcome.expect_err("a fault"), through)
}

#[tokio::test]
async fn an_answer_of_its_own_never_reaches_the_service() {
    let (error, through) = error(FaultAction::respond(429).retry_after("7")).await;
    assert_eq!((error.kind(), through), (ErrorKind::Service, 0));
    assert_eq!(error.code(), Some("TooManyRequests"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    let (body, _) = outcome(FaultAction::respond(200).body("{}")).await;
    assert_eq!(body.expect("an answer"), "{}");
}

#[tokio::test]
async fn broken_exchanges_are_transport_errors_before_or_after_the_service_saw_them() {
    for (action, seen) in [
        (FaultAction::Disconnect, 0),
        (FaultAction::HalfClose, 1),
        (FaultAction::lose_answer(), 1),
        (FaultAction::CutHead { bytes: 20 }, 1),
        (FaultAction::CutBody { bytes: 5 }, 1),
        (FaultAction::WrongLength { difference: 5 }, 1),
        (FaultAction::junk_header("no name", "x"), 1),
        (FaultAction::junk_header("x", "line\r\nend"), 1),
    ] {
        let (error, through) = error(action.clone()).await;
        assert_eq!(error.kind(), ErrorKind::Transport, "{action:?}");
        assert!(error.may_have_been_sent(), "{action:?}");
        assert_eq!(through, seen, "{action:?}");
    }
}

#[tokio::test]
async fn bodies_end_early_or_are_others() {
    for (action, expected) in [
        (FaultAction::TruncateBody { bytes: 4 }, r#"{"th"#),
        (FaultAction::TruncateBody { bytes: 99 }, BODY),
        (FaultAction::CutBody { bytes: BODY.len() }, BODY),
        (
            FaultAction::WrongLength { difference: -2 },
            &BODY[..BODY.len() - 2],
        ),
        (FaultAction::replace_body("<html>"), "<html>"),
        (FaultAction::junk_header("x-junk", "y"), BODY),
    ] {
        let (body, _) = outcome(action.clone()).await;
        assert_eq!(body.expect("an answer"), expected, "{action:?}");
    }
}

#[tokio::test]
async fn junk_that_the_default_transport_would_not_read_is_not_read() {
    let junk = |repeat, copies| FaultAction::JunkHeader {
        name: "x-junk".to_owned(),
        value: "y".to_owned(),
        repeat,
        copies,
    };
    let (body, _) = outcome(junk(1, 90)).await;
    body.expect("few headers");
    assert_eq!(error(junk(1, 101)).await.0.kind(), ErrorKind::Transport);
    assert_eq!(
        error(junk(1_000_000, 1)).await.0.kind(),
        ErrorKind::Transport
    );
    // Read, and longer than the limit of a client.
    assert_eq!(error(junk(300_000, 1)).await.0.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn a_delay_and_a_slow_body_take_the_time_of_the_clock() {
    let delayed = kit(
        FaultRule::new(FaultAction::delay(Duration::from_secs(20))),
        no_retry,
    );
    delayed
        .client
        .send(delayed.client.request(&GET))
        .await
        .expect("late");
    assert_eq!(delayed.clock.elapsed(), Duration::from_secs(20));

    let slow = FaultAction::slow_body(6, Duration::from_secs(5));
    let slow = kit(FaultRule::new(slow), no_retry);
    let response = slow
        .client
        .send(slow.client.request(&GET))
        .await
        .expect("slow");
    assert_eq!(response.bytes(), BODY);
    // 18 bytes are three pieces.
    assert_eq!(slow.clock.elapsed(), Duration::from_secs(15));
}

#[tokio::test]
async fn limits_of_time_end_delays_and_slow_bodies() {
    let times = Timeouts::new().one_try(Duration::from_secs(10));
    let delay = FaultRule::new(FaultAction::delay(Duration::from_secs(60)));
    let late = kit(delay, |options| no_retry(options).timeouts(times));
    let error = late
        .client
        .send(late.client.request(&GET))
        .await
        .expect_err("late");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(late.script.requests().len(), 0);

    let stalling = FaultRule::new(FaultAction::slow_body(1, Duration::from_secs(40)));
    let stalling = kit(stalling, no_retry);
    let error = stalling.client.send(stalling.client.request(&GET)).await;
    assert_eq!(error.expect_err("stalled").kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_and_a_post_is_not_sent_twice() {
    let lost = || FaultRule::new(FaultAction::lose_answer()).times(1);
    let get = kit(lost(), |options| options);
    get.client
        .send(get.client.request(&GET))
        .await
        .expect("the second try");
    assert_eq!(get.script.lines(), ["GET /things", "GET /things"]);
    let post = kit(lost(), |options| options);
    let error = post
        .client
        .send(post.client.request(&POST))
        .await
        .expect_err("lost");
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(post.script.lines(), ["POST /things"]);
}

#[tokio::test]
async fn a_window_is_in_the_clients_time() {
    let from = Duration::from_secs(60);
    let rule = FaultRule::new(FaultAction::respond(503)).between(from, 2 * from);
    let kit = kit(rule, no_retry);
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(kit.client.send(kit.client.request(&GET)).await.is_ok());
        kit.clock.advance(from);
    }
    assert_eq!(seen, [true, false, true]);
    let report = &kit.transport.faults()[0];
    assert_eq!((report.seen, report.hits), (1, 1));
}

#[tokio::test]
async fn chance_is_the_same_in_each_run() {
    let run = async |seed| {
        let script = ScriptedTransport::new().otherwise(|_| Answer::status(200));
        let rule = FaultRule::new(FaultAction::Disconnect).with_probability(0.3);
        let transport = FaultTransport::new(script)
            .seed(seed)
            .fault(rule)
            .expect("sound");
        let options = no_retry(ClientOptions::new().transport(Arc::new(transport)));
        let client = pipeline("http://localhost", &SERVICE, None, options).expect("sound");
        let mut seen = Vec::new();
        for _ in 0..30 {
            seen.push(client.send(client.request(&GET)).await.is_ok());
        }
        seen
    };
    assert_eq!(run(1).await, run(1).await);
    assert_ne!(run(1).await, run(2).await);
}

#[tokio::test]
async fn the_default_transport_can_be_spoilt_on_the_way_to_a_real_server() {
    let server = Server::always(reply(200, &[], BODY)).await;
    let rule = FaultRule::new(FaultAction::lose_answer()).times(1);
    let transport = FaultTransport::over_http()
        .expect("TLS")
        .fault(rule)
        .expect("sound");
    let options = no_retry(ClientOptions::new().transport(Arc::new(transport)));
    let client = server.pipeline(&SERVICE, None, options);
    let error = client.send(client.request(&GET)).await.expect_err("lost");
    assert_eq!(error.kind(), ErrorKind::Transport);
    let response = client.send(client.request(&GET)).await.expect("whole");
    assert_eq!(response.bytes(), BODY);
    assert_eq!(server.count(), 2);
}

#[test]
fn without_a_runtime_it_is_an_error_and_no_panic() {
    let kit = |transport: FaultTransport| {
        let options = ClientOptions::new()
            .clock(Arc::new(VirtualClock::running_ahead()))
            .transport(Arc::new(transport));
        let client = pipeline("http://127.0.0.1:9", &SERVICE, None, no_retry(options));
        let client = client.expect("sound");
        let mut call = Box::pin(async move { client.send(client.request(&GET)).await });
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match call.as_mut().poll(&mut context) {
            std::task::Poll::Ready(outcome) => outcome.expect_err("no runtime").kind(),
            std::task::Poll::Pending => panic!("it waits for what cannot come"),
        }
    };
    let script = || ScriptedTransport::new().otherwise(|_| Answer::status(200).json(BODY));
    for action in [
        FaultAction::delay(Duration::from_secs(1)),
        FaultAction::slow_body(1, Duration::from_secs(1)),
    ] {
        let transport = FaultTransport::new(script()).fault(FaultRule::new(action));
        assert_eq!(kit(transport.expect("sound")), ErrorKind::InvalidArgument);
    }
    let http = FaultTransport::over_http().expect("TLS");
    assert_eq!(kit(http), ErrorKind::InvalidArgument);
}

#[tokio::test]
async fn what_was_sent_can_be_asserted_and_a_miss_says_what_there_was() {
    let kit = kit(FaultRule::new(FaultAction::respond(503)).after(9), no_retry);
    let mut request = kit.client.request(&POST);
    request.query("name", "a b");
    request.header("x-colour", "red");
    request.json("application/json", &json!({"n": 1}));
    kit.client.send(request).await.expect("an answer");
    let sent = kit.script.request(0);
    sent.assert_operation("Things_Post")
        .assert_method("POST")
        .assert_path("/things")
        .assert_query("name", "a b")
        .assert_no_query("names")
        .assert_header("x-colour", "red")
        .assert_no_header("subscription-key")
        .assert_json(&json!({"n": 1}));
    let miss = |assertion: fn(&SentRequest), words: &str| {
        let sent = kit.script.request(0);
        let caught = catch_unwind(AssertUnwindSafe(|| assertion(&sent)));
        let panic = caught.expect_err(words);
        let message = panic.downcast_ref::<String>().expect("a text");
        assert!(message.contains(words), "{message}");
    };
    miss(
        |sent| drop(sent.assert_method("GET").json()),
        r#"expected "GET", was "POST""#,
    );
    miss(
        |sent| drop(sent.assert_query("name", "b").json()),
        r#"expected "b", was ["a b"]"#,
    );
    miss(
        |sent| drop(sent.assert_header("x-colour", "blue").json()),
        r#"expected "blue", was ["red"]"#,
    );
    miss(
        |sent| drop(sent.assert_json(&json!({"n": 2})).json()),
        r#"n\":1"#,
    );
}
