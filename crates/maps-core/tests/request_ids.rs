//! The id of a call: one for all its tries, on the wire, in answers and in errors.

#[path = "support/server.rs"]
mod server;

use std::collections::HashSet;
use std::time::Duration;

use maps_core::service::{LongRunning, ResultSource};
use maps_core::{
    CallOptions, ClientOptions, ErrorKind, ForeignOrigins, Method, Poller, Response,
    SubscriptionKey, Timeouts,
};
use serde_json::Value;

use server::{GET, JumpClock, POST, Reply, SERVICE, Seen, Server, Then, raw, reply};

const HEADER: &str = "x-ms-client-request-id";

static JOB: LongRunning = LongRunning {
    operation: "Things_Post",
    status: None,
    succeeded: &[],
    failed: &[],
    result: ResultSource::None,
};

fn options() -> ClientOptions {
    ClientOptions::new().clock(JumpClock::new())
}

/// The id of each request; one without is the empty text.
fn ids(seen: &[Seen]) -> Vec<String> {
    let id = |seen: &Seen| seen.header(HEADER).unwrap_or_default().to_owned();
    seen.iter().map(id).collect()
}

/// Sends one GET with these options of the call.
async fn one_call(answers: Vec<Reply>, call: CallOptions) -> (Vec<String>, Option<String>) {
    let server = Server::script(answers).await;
    let pipeline = server.pipeline(&SERVICE, None, options());
    let mut request = pipeline.request(&GET);
    request.options(call);
    let id = match pipeline.send(request).await {
        Ok(response) => response.client_request_id().map(str::to_owned),
        Err(error) => error.client_request_id().map(str::to_owned),
    };
    (ids(&server.seen()), id)
}

#[tokio::test]
async fn one_id_serves_all_tries_and_redirects_of_a_call() {
    let answers = vec![
        reply(503, &[], ""),
        raw("", Then::Close),
        reply(307, &[("location", "/moved")], ""),
        reply(200, &[], "{}"),
    ];
    let (sent, told) = one_call(answers, CallOptions::new()).await;
    assert_eq!(sent.len(), 4);
    assert_eq!(sent.iter().collect::<HashSet<_>>().len(), 1, "{sent:?}");
    assert_eq!(told.as_ref(), sent.first());
    assert_eq!(sent[0].len(), 36);
}

#[tokio::test]
async fn each_call_has_an_id_of_its_own() {
    let server = Server::always(reply(200, &[], "{}")).await;
    for _ in 0..2 {
        let pipeline = server.pipeline(&SERVICE, None, options());
        for _ in 0..50 {
            pipeline.send(pipeline.request(&GET)).await.expect("sent");
        }
    }
    let ids: HashSet<String> = ids(&server.seen()).into_iter().collect();
    assert_eq!(ids.len(), 100);
}

#[tokio::test]
async fn one_seed_gives_the_same_ids_in_each_run() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let server = Server::always(reply(200, &[], "{}")).await;
        let pipeline = server.pipeline(&SERVICE, None, options().jitter_seed(7));
        for _ in 0..3 {
            pipeline.send(pipeline.request(&GET)).await.expect("sent");
        }
        runs.push(ids(&server.seen()));
    }
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test]
async fn an_id_of_the_callers_own_is_sent_and_told() {
    let call = CallOptions::new().client_request_id("order-17");
    for (status, requests) in [(200, 1), (503, 4), (404, 1)] {
        let (sent, told) = one_call(vec![reply(status, &[], "{}")], call.clone()).await;
        assert_eq!(sent, vec!["order-17"; requests]);
        assert_eq!(told.as_deref(), Some("order-17"), "{status}");
    }
}

#[tokio::test]
async fn a_declared_parameter_goes_before_the_option_and_a_header_before_both() {
    let server = Server::always(reply(200, &[], "{}")).await;
    let pipeline = server.pipeline(&SERVICE, None, options());
    let mut request = pipeline.request(&GET);
    request.header(HEADER, "parameter");
    let response = pipeline.send(request.clone()).await.expect("sent");
    assert_eq!(response.client_request_id(), Some("parameter"));
    request.options(CallOptions::new().client_request_id("option"));
    pipeline.send(request.clone()).await.expect("sent");
    let call = CallOptions::new().client_request_id("option");
    request.options(call.header(HEADER, "header"));
    pipeline.send(request).await.expect("sent");
    assert_eq!(ids(&server.seen()), ["parameter", "parameter", "header"]);
    assert!(server.seen().iter().all(|seen| {
        let count = seen.headers.iter().filter(|(name, _)| name == HEADER);
        count.count() == 1
    }));
}

#[tokio::test]
async fn an_id_that_a_header_cannot_carry_is_the_error_of_the_call() {
    let server = Server::always(reply(200, &[], "{}")).await;
    let pipeline = server.pipeline(&SERVICE, None, options());
    let mut request = pipeline.request(&GET);
    request.options(CallOptions::new().client_request_id("a\r\nx-evil: 1"));
    let error = pipeline.send(request).await.expect_err("not legal");
    assert_eq!(
        (error.kind(), server.count()),
        (ErrorKind::InvalidArgument, 0)
    );
    assert!(error.to_string().contains(HEADER), "{error}");
}

#[tokio::test]
async fn errors_without_an_answer_tell_the_id_too() {
    let call = CallOptions::new().client_request_id("order-17");
    let timeouts = Timeouts::new().one_try(Duration::from_millis(20));
    let silent = Server::always(raw("", Then::Hang)).await;
    let cut = Server::always(raw("", Then::Close)).await;
    for (url, kind) in [
        (silent.url.as_str(), ErrorKind::Timeout),
        (&cut.url, ErrorKind::Transport),
        // Nobody listens on the discard port.
        ("http://127.0.0.1:9", ErrorKind::Connect),
    ] {
        let options = options().timeouts(timeouts.clone());
        let pipeline = server::pipeline(url, &SERVICE, None, options).expect("valid");
        let mut request = pipeline.request(&GET);
        request.options(call.clone());
        let error = pipeline.send(request).await.expect_err("no answer");
        assert_eq!(error.kind(), kind);
        assert_eq!(error.client_request_id(), Some("order-17"));
        assert_eq!(error.operation(), Some("Things_Get"));
    }
}

#[tokio::test]
async fn a_body_that_does_not_decode_tells_the_id_too() {
    let server = Server::always(reply(200, &[("x-ms-request-id", "r-1")], "[")).await;
    let pipeline = server.pipeline(&SERVICE, None, options());
    let response = pipeline.send(pipeline.request(&GET)).await.expect("200");
    assert_eq!(response.request_id(), Some("r-1"));
    let id = response.client_request_id().map(str::to_owned);
    let error = response
        .json::<Value, maps_core::HeaderMap>()
        .expect_err("cut");
    assert_eq!(error.client_request_id(), id.as_deref());
    assert_eq!(error.operation(), Some("Things_Get"));
}

#[tokio::test]
async fn a_typed_answer_tells_both_ids() {
    let answer = reply(200, &[("x-ms-request-id", "r-1")], "{}");
    let server = Server::always(answer).await;
    let pipeline = server.pipeline(&SERVICE, None, options());
    let raw = pipeline.send(pipeline.request(&GET)).await.expect("200");
    let response: Response<Value> = raw.json().expect("JSON");
    assert_eq!(response.request_id(), Some("r-1"));
    let sent = server.seen()[0].header(HEADER).map(str::to_owned);
    assert_eq!(response.client_request_id(), sent.as_deref());
}

#[tokio::test]
async fn a_foreign_origin_sees_no_id() {
    let foreign = Server::always(reply(200, &[], "{}")).await;
    let location = foreign.url.clone() + "/blob";
    let server = Server::always(reply(302, &[("location", &location)], "")).await;
    let options = options().foreign_origins(ForeignOrigins::WithoutCredentials);
    let key = SubscriptionKey::new("key").into();
    let pipeline = server.pipeline(&SERVICE, Some(key), options);
    let mut request = pipeline.request(&GET);
    request.options(CallOptions::new().client_request_id("order-17"));
    let response = pipeline.send(request).await.expect("followed");
    assert_eq!(response.client_request_id(), Some("order-17"));
    assert_eq!(ids(&server.seen()), ["order-17"]);
    assert_eq!(ids(&foreign.seen()), [""]);
}

#[tokio::test]
async fn a_request_beyond_the_definition_has_an_id() {
    let server = Server::always(reply(418, &[], "")).await;
    let pipeline = server.pipeline(&SERVICE, None, options());
    let error = pipeline
        .raw(Method::GET, "/any")
        .send()
        .await
        .expect_err("418");
    let sent = server.seen()[0].header(HEADER).map(str::to_owned);
    assert_eq!(error.client_request_id(), sent.as_deref());
    assert_eq!(error.operation(), Some("request"));
}

#[tokio::test]
async fn an_operation_carries_the_callers_id_through_and_ids_of_its_own_otherwise() {
    for (call, distinct) in [
        (CallOptions::new().client_request_id("order-17"), 1),
        (CallOptions::new(), 3),
    ] {
        let server = Server::script(vec![
            reply(202, &[("operation-location", "/jobs/1")], ""),
            reply(200, &[], r#"{"status":"Running"}"#),
            reply(200, &[], r#"{"status":"Failed"}"#),
        ])
        .await;
        let pipeline = server.pipeline(&SERVICE, None, options());
        let mut request = pipeline.request(&POST);
        request.options(call);
        let poller: Poller<(), Value> = pipeline.begin(request, &JOB).await.expect("202");
        let error = poller.await.expect_err("it failed");
        let sent = ids(&server.seen());
        let set: HashSet<&String> = sent.iter().collect();
        assert_eq!((sent.len(), set.len()), (3, distinct));
        assert_eq!(error.client_request_id(), Some(sent[2].as_str()));
        assert_eq!(
            (error.operation(), error.operation_id()),
            (Some("Things_Post"), Some("1"))
        );
    }
}
