//! Spans of calls and tries: their names, their end, and what they do not show.

use std::sync::Arc;
use std::time::Duration;

use maps_core::{
    BoxFuture, ClientOptions, Credential, ErrorKind, HttpRequest, Method, Next, Policy,
    RawResponse, Result, RetryOptions, SasToken, SubscriptionKey, Timeouts,
};
use tracing::Level;

use crate::http::{GET, JumpClock, QUERY_SERVICE, SERVICE, Server, Then, raw, reply};
use crate::recorder::Recorder;

const CANARY: &str = "cAnArY-1234567890";

#[tokio::test]
async fn spans_have_the_names_of_opentelemetry_and_no_secret() {
    let location = format!("/moved/{CANARY}?subscription-key={CANARY}");
    for service in [&SERVICE, &QUERY_SERVICE] {
        for credential in [
            Credential::from(SubscriptionKey::new(CANARY)),
            SasToken::new(CANARY).into(),
        ] {
            let (recorder, guard) = Recorder::start();
            let server = Server::script(vec![
                reply(503, &[("x-ms-request-id", CANARY)], CANARY),
                raw("", Then::Close),
                reply(302, &[("location", &location)], ""),
                reply(404, &[("x-ms-request-id", "r-1")], CANARY),
            ])
            .await;
            let options = ClientOptions::new().clock(JumpClock::new());
            let pipeline = server.pipeline(service, Some(credential), options);
            let mut request = pipeline.request(&GET);
            request.query("text", "private");
            pipeline.send(request).await.expect_err("404");
            drop(guard);

            let [call] = &recorder.named("call")[..] else {
                panic!("one call")
            };
            assert_eq!(call.level, Level::INFO);
            assert_eq!(call.field("otel.name"), "Things_Get");
            assert_eq!(call.field("operation.service"), "maps-test");
            assert_eq!(call.field("http.response.status_code"), "404");
            assert_eq!(call.field("error.type"), "404");
            assert_eq!(call.field("otel.status_code"), "ERROR");
            assert_eq!(call.field("azure.service.request.id"), "r-1");
            let sent = server.seen()[0]
                .header("x-ms-client-request-id")
                .map(str::to_owned);
            assert_eq!(Some(call.field("az.client_request_id")), sent.as_deref());

            let tries = recorder.named("try");
            assert_eq!(tries.len(), 3);
            for (at, one_try) in tries.iter().enumerate() {
                assert_eq!(one_try.level, Level::DEBUG);
                assert_eq!(recorder.way_up(one_try), ["call"]);
                assert_eq!(one_try.field("otel.kind"), "client");
                assert_eq!(one_try.field("otel.name"), "GET /things");
                assert_eq!(one_try.field("http.request.method"), "GET");
                assert_eq!(one_try.field("url.template"), "/things");
                assert_eq!(one_try.field("server.address"), "127.0.0.1");
                let port = server.url.rsplit(':').next().unwrap();
                assert_eq!(one_try.field("server.port"), port);
                let url = format!("{}/things?api-version=REDACTED&text=REDACTED", server.url);
                assert_eq!(one_try.field("url.full"), url);
                // OpenTelemetry wants it only where something is sent again.
                let resent = if at == 0 { "" } else { &at.to_string() };
                assert_eq!(one_try.field("http.request.resend_count"), resent);
                let error = ["503", "transport", "404"][at];
                assert_eq!(one_try.field("error.type"), error);
            }
            let [redirect] = &recorder.events("maps_core::redirect")[..] else {
                panic!("one redirect")
            };
            assert_eq!(redirect.field("http.response.status_code"), "302");
            let waits = recorder.events("maps_core::retry");
            assert_eq!(waits.len(), 2);
            assert_eq!(waits[1].field("retry"), "2");

            for secret in ["cAnArY", "private"] {
                assert!(!recorder.text().contains(secret), "{}", recorder.text());
            }
            assert_eq!(recorder.open(), [""; 0]);
        }
    }
}

#[tokio::test]
async fn success_has_no_error_type() {
    let (recorder, _guard) = Recorder::start();
    let server = Server::always(reply(200, &[], "{}")).await;
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new());
    pipeline.send(pipeline.request(&GET)).await.expect("200");
    for span in recorder.spans() {
        assert_eq!(span.field("http.response.status_code"), "200");
        assert_eq!(span.field("error.type"), "");
        assert_eq!(span.field("otel.status_code"), "");
    }
    assert_eq!(recorder.open(), [""; 0]);
}

#[tokio::test]
async fn unusual_method_is_other() {
    let (recorder, _guard) = Recorder::start();
    let server = Server::always(reply(200, &[], "{}")).await;
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new());
    let purge = Method::from_bytes(b"PURGE").unwrap();
    pipeline.raw(purge, "/things").send().await.expect("200");
    let one_try = &recorder.named("try")[0];
    assert_eq!(one_try.field("otel.name"), "HTTP");
    assert_eq!(one_try.field("http.request.method"), "_OTHER");
    assert_eq!(one_try.field("http.request.method_original"), "PURGE");
}

#[tokio::test]
async fn spans_end_when_the_call_is_dropped() {
    let (recorder, _guard) = Recorder::start();
    let server = Server::always(raw("", Then::Hang)).await;
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new());
    let call = pipeline.send(pipeline.request(&GET));
    tokio::select! {
        _ = call => panic!("the server is silent"),
        () = async { while server.count() == 0 { tokio::task::yield_now().await } } => {}
    }
    assert_eq!(recorder.spans().len(), 2);
    assert_eq!(recorder.open(), [""; 0]);
}

#[tokio::test]
async fn spans_end_when_time_runs_out() {
    let (recorder, _guard) = Recorder::start();
    let server = Server::always(raw("", Then::Hang)).await;
    let options = ClientOptions::new()
        .retry(RetryOptions::none())
        .timeouts(Timeouts::new().one_try(Duration::from_millis(20)));
    let pipeline = server.pipeline(&SERVICE, None, options);
    let error = pipeline
        .send(pipeline.request(&GET))
        .await
        .expect_err("late");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(recorder.spans().len(), 2);
    assert_eq!(recorder.named("call")[0].field("error.type"), "timeout");
    assert_eq!(recorder.open(), [""; 0]);
}

#[derive(Debug)]
pub(crate) struct Panics;

impl Policy for Panics {
    fn send<'a>(
        &'a self,
        _: &'a mut HttpRequest,
        _: Next<'a>,
    ) -> BoxFuture<'a, Result<RawResponse>> {
        Box::pin(async { panic!("a policy of the caller panics") })
    }
}

#[tokio::test]
async fn spans_end_when_a_policy_panics() {
    let (recorder, _guard) = Recorder::start();
    let server = Server::always(reply(200, &[], "{}")).await;
    let options = ClientOptions::new().per_try_policy(Arc::new(Panics));
    let pipeline = server.pipeline(&SERVICE, None, options);
    let call = tokio::spawn(async move { pipeline.send(pipeline.request(&GET)).await });
    assert!(call.await.expect_err("panic").is_panic());
    assert_eq!(recorder.spans().len(), 2);
    assert_eq!(recorder.open(), [""; 0]);
}
