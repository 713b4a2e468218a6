//! What is tried again, how often, and after how long.

#[path = "support/server.rs"]
mod server;

use std::sync::Arc;
use std::time::Duration;

use maps_core::service::Operation;
use maps_core::{CallOptions, ClientOptions, ErrorKind, Method, Result, RetryOptions, Timeouts};

use server::{GET, JumpClock, POST, PUT, Reply, SERVICE, Server, Then, raw, reply};

static DELETE: Operation = Operation {
    id: "Things_Delete",
    method: Method::DELETE,
    ..GET
};

/// How often the server was asked, how it ended, and the waits between.
async fn run(
    answers: Vec<Reply>,
    operation: &'static Operation,
    call: CallOptions,
) -> (usize, Result<u16>, Vec<Duration>) {
    let server = Server::script(answers).await;
    let clock = JumpClock::new();
    let shared: Arc<JumpClock> = Arc::clone(&clock);
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new().clock(shared));
    let mut request = pipeline.request(operation);
    request.options(call);
    let outcome = pipeline
        .send(request)
        .await
        .map(|response| response.status().as_u16());
    (server.count(), outcome, clock.slept())
}

#[tokio::test]
async fn transient_statuses_are_tried_again_three_times() {
    for status in [408, 429, 500, 502, 503, 504] {
        for operation in [&GET, &PUT, &DELETE] {
            let (count, outcome, waits) =
                run(vec![reply(status, &[], "")], operation, CallOptions::new()).await;
            let error = outcome.expect_err("never well");
            assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
            assert_eq!((count, waits.len()), (4, 3), "{status} {}", operation.id);
            for (wait, longest) in waits.iter().zip([0.5, 1.0, 2.0]) {
                assert!(wait.as_secs_f64() <= longest);
            }
        }
    }
}

#[tokio::test]
async fn final_statuses_are_not_tried_again() {
    for status in [400, 401, 403, 404, 409, 412, 418, 422, 501, 505, 599] {
        let (count, outcome, _) = run(vec![reply(status, &[], "")], &GET, CallOptions::new()).await;
        assert_eq!(count, 1, "{status}");
        assert!(outcome.expect_err("an error").may_have_been_sent());
    }
}

#[tokio::test]
async fn post_is_repeated_only_where_it_does_no_harm() {
    for (status, repeatable, count) in [
        (429, false, 4),
        (503, false, 4),
        (500, false, 1),
        (408, false, 1),
        (502, false, 1),
        (504, false, 1),
        (500, true, 4),
    ] {
        let call = if repeatable {
            CallOptions::new().repeatable()
        } else {
            CallOptions::new()
        };
        let (seen, _, _) = run(vec![reply(status, &[], "")], &POST, call).await;
        assert_eq!(seen, count, "{status} {repeatable}");
    }
}

#[tokio::test]
async fn post_after_a_cut_connection_is_not_repeated() {
    let cut = || vec![raw("", Then::Close), reply(200, &[], "{}")];
    let (count, outcome, _) = run(cut(), &POST, CallOptions::new()).await;
    let error = outcome.expect_err("cut");
    assert_eq!((error.kind(), count), (ErrorKind::Transport, 1));
    assert!(error.may_have_been_sent());
    let (count, outcome, _) = run(cut(), &GET, CallOptions::new()).await;
    assert_eq!((outcome.expect("second try"), count), (200, 2));
}

#[tokio::test]
async fn no_connection_is_tried_again_also_for_post() {
    let clock = JumpClock::new();
    let shared: Arc<JumpClock> = Arc::clone(&clock);
    // Nobody listens on the discard port of loopback.
    let options = ClientOptions::new().clock(shared);
    let pipeline = server::pipeline("http://127.0.0.1:9", &SERVICE, None, options).expect("valid");
    let error = pipeline
        .send(pipeline.request(&POST))
        .await
        .expect_err("nobody there");
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(!error.may_have_been_sent());
    assert_eq!(clock.slept().len(), 3);
}

#[tokio::test]
async fn hint_of_the_server_is_the_wait_clamped() {
    let day = Duration::from_secs(1_700_000_000);
    let date = "Tue, 14 Nov 2023 22:13:27 GMT"; // 7 s after the start of the test's clock.
    assert_eq!(day.as_secs(), 1_700_000_000);
    for (name, value, wait) in [
        ("Retry-After", "10", 10_000),
        ("Retry-After", "0", 0),
        ("Retry-After", "3600", 60_000),
        ("Retry-After", "99999999999999999999", 60_000),
        ("Retry-After", date, 7_000),
        ("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT", 0),
        ("retry-after-ms", "250", 250),
        ("x-ms-retry-after-ms", "1500", 1_500),
    ] {
        let answers = vec![reply(503, &[(name, value)], ""), reply(200, &[], "{}")];
        let (count, outcome, waits) = run(answers, &GET, CallOptions::new()).await;
        assert_eq!((count, outcome.expect("second try")), (2, 200));
        assert_eq!(waits, [Duration::from_millis(wait)], "{name}: {value}");
    }
}

#[tokio::test]
async fn wait_beyond_the_deadline_gives_the_answer_at_once() {
    let answers = vec![reply(503, &[("retry-after", "30")], "")];
    let (count, outcome, waits) = run(
        answers,
        &GET,
        CallOptions::new().timeout(Duration::from_secs(20)),
    )
    .await;
    let error = outcome.expect_err("no time");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(503));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
    assert_eq!((count, waits.len()), (1, 0));
}

#[tokio::test]
async fn outage_adds_no_more_requests_than_the_budget_pays() {
    let server = Server::always(reply(503, &[], "")).await;
    let clock = JumpClock::new();
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new().clock(clock));
    for _ in 0..1000 {
        pipeline
            .send(pipeline.request(&GET))
            .await
            .expect_err("outage");
    }
    // 500 tokens at 5 a retry.
    assert_eq!(server.count(), 1000 + 100);
}

#[tokio::test]
async fn successes_pay_for_retries() {
    let server = Server::start(|_, at| {
        if at % 6 == 5 {
            reply(503, &[], "")
        } else {
            reply(200, &[], "{}")
        }
    })
    .await;
    let clock = JumpClock::new();
    let retry = RetryOptions::new().budget(Some(5));
    let pipeline = server.pipeline(
        &SERVICE,
        None,
        ClientOptions::new().clock(clock).retry(retry),
    );
    for _ in 0..100 {
        pipeline
            .send(pipeline.request(&GET))
            .await
            .expect("five successes pay for one retry");
    }
}

#[tokio::test]
async fn no_retries_means_one_request() {
    let server = Server::always(reply(503, &[], "")).await;
    let options = ClientOptions::new().retry(RetryOptions::none());
    let pipeline = server.pipeline(&SERVICE, None, options);
    pipeline
        .send(pipeline.request(&GET))
        .await
        .expect_err("outage");
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn silent_server_is_tried_again_and_ends_as_a_timeout() {
    let server = Server::always(raw("", Then::Hang)).await;
    let timeouts = Timeouts::new().one_try(Duration::from_millis(400));
    let options = ClientOptions::new()
        .timeouts(timeouts)
        .clock(JumpClock::new());
    let pipeline = server.pipeline(&SERVICE, None, options);
    let error = pipeline
        .send(pipeline.request(&GET))
        .await
        .expect_err("silent");
    assert_eq!((error.kind(), server.count()), (ErrorKind::Timeout, 4));
    assert!(error.may_have_been_sent());
    let error = pipeline
        .send(pipeline.request(&POST))
        .await
        .expect_err("silent");
    assert_eq!((error.kind(), server.count()), (ErrorKind::Timeout, 5));
}

#[tokio::test]
async fn deadline_of_the_call_binds_all_tries() {
    let server = Server::always(raw("", Then::Hang)).await;
    let retry = RetryOptions::new()
        .max_retries(1000)
        .first_delay(Duration::from_millis(1))
        .budget(None);
    let options = ClientOptions::new().retry(retry);
    let pipeline = server.pipeline(&SERVICE, None, options);
    let mut request = pipeline.request(&GET);
    request.options(
        CallOptions::new()
            .timeout(Duration::from_secs(1))
            .try_timeout(Duration::from_millis(50)),
    );
    let call = tokio::time::timeout(Duration::from_secs(10), pipeline.send(request));
    let error = call.await.expect("bounded").expect_err("silent");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!((2..=21).contains(&server.count()), "{}", server.count());
}

#[tokio::test]
async fn post_behind_a_redirect_is_not_repeated_when_no_connection_is_made() {
    // Nobody listens on the discard port.
    let server = Server::always(reply(307, &[("location", "http://127.0.0.1:9/")], "")).await;
    let options = ClientOptions::new()
        .clock(JumpClock::new())
        .trusted_origin("http://127.0.0.1:9");
    let pipeline = server.pipeline(&SERVICE, None, options);
    let error = pipeline
        .send(pipeline.request(&POST))
        .await
        .expect_err("nobody there");
    assert_eq!((error.kind(), server.count()), (ErrorKind::Connect, 1));
    assert!(error.may_have_been_sent());
}

#[tokio::test]
async fn a_retry_behind_a_redirect_starts_at_the_first_url_again() {
    let moved = || reply(307, &[("location", "/moved")], "");
    let (busy, well) = (reply(503, &[], ""), reply(200, &[], "{}"));
    let server = Server::script(vec![moved(), busy, moved(), well]).await;
    let options = ClientOptions::new().clock(JumpClock::new());
    let pipeline = server.pipeline(&SERVICE, None, options);
    pipeline
        .send(pipeline.request(&GET))
        .await
        .expect("second try");
    let seen = server.seen();
    let paths = seen.iter().map(|seen| seen.target.split('?').next());
    let paths: Vec<&str> = paths.flatten().collect();
    assert_eq!(paths, ["/things", "/moved", "/things", "/moved"]);
}
