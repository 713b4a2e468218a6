//! Policies and transports of one's own.

#[path = "support/server.rs"]
mod server;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use maps_core::{
    BoxFuture, ClientOptions, Error, ErrorKind, HeaderMap, HeaderValue, HttpRequest, HttpResponse,
    Next, Policy, RawResponse, Result, StatusCode, SubscriptionKey, Transport,
};

use server::{GET, JumpClock, POST, SERVICE, Server, reply};

#[derive(Debug)]
struct Note(&'static str, Arc<Mutex<Vec<String>>>);

impl Policy for Note {
    fn send<'a>(
        &'a self,
        request: &'a mut HttpRequest,
        next: Next<'a>,
    ) -> BoxFuture<'a, Result<RawResponse>> {
        Box::pin(async move {
            assert!(!format!("{:?}", request.headers).contains("canary"));
            assert!(request.headers.get("subscription-key").is_none());
            self.1.lock().expect("lock").push(format!("{}>", self.0));
            let response = next.send(request).await?;
            self.1.lock().expect("lock").push(format!(
                "<{} {}",
                self.0,
                response.status().as_u16()
            ));
            Ok(response)
        })
    }
}

#[tokio::test]
async fn policies_run_in_order_once_a_call_or_once_a_try() {
    let server = Server::script(vec![reply(503, &[], ""), reply(200, &[], "{}")]).await;
    let notes = Arc::new(Mutex::new(Vec::new()));
    let note = |name| Arc::new(Note(name, Arc::clone(&notes)));
    let options = ClientOptions::new()
        .clock(JumpClock::new())
        .per_call_policy(note("c1"))
        .per_call_policy(note("c2"))
        .per_try_policy(note("t1"))
        .per_try_policy(note("t2"));
    let pipeline = server.pipeline(
        &SERVICE,
        Some(SubscriptionKey::new("canary").into()),
        options,
    );
    pipeline
        .send(pipeline.request(&GET))
        .await
        .expect("second try");
    let expected = [
        "c1>", "c2>", "t1>", "t2>", "<t2 503", "<t1 503", "t1>", "t2>", "<t2 200", "<t1 200",
        "<c2 200", "<c1 200",
    ];
    assert_eq!(*notes.lock().expect("lock"), expected);
    assert!(
        server
            .seen()
            .iter()
            .all(|seen| seen.header("subscription-key") == Some("canary"))
    );
}

#[derive(Debug)]
struct SendElsewhere(String);

impl Policy for SendElsewhere {
    fn send<'a>(
        &'a self,
        request: &'a mut HttpRequest,
        next: Next<'a>,
    ) -> BoxFuture<'a, Result<RawResponse>> {
        request.url = self.0.parse().expect("a URL");
        next.send(request)
    }
}

#[tokio::test]
async fn policy_cannot_send_a_credential_to_a_foreign_origin() {
    let server = Server::always(reply(200, &[], "{}")).await;
    let foreign = Server::always(reply(200, &[], "{}")).await;
    let options = ClientOptions::new().per_try_policy(Arc::new(SendElsewhere(foreign.url.clone())));
    let pipeline = server.pipeline(
        &SERVICE,
        Some(SubscriptionKey::new("canary").into()),
        options,
    );
    let error = pipeline
        .send(pipeline.request(&GET))
        .await
        .expect_err("foreign");
    assert_eq!((error.kind(), foreign.count()), (ErrorKind::Untrusted, 0));
}

#[derive(Debug)]
struct Stuck;

impl Policy for Stuck {
    fn send<'a>(
        &'a self,
        _: &'a mut HttpRequest,
        _: Next<'a>,
    ) -> BoxFuture<'a, Result<RawResponse>> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn stuck_policy_ends_at_the_deadline_of_the_call() {
    let server = Server::always(reply(200, &[], "{}")).await;
    let pipeline = server.pipeline(
        &SERVICE,
        None,
        ClientOptions::new().per_call_policy(Arc::new(Stuck)),
    );
    let mut request = pipeline.request(&GET);
    request.options(maps_core::CallOptions::new().timeout(Duration::from_millis(30)));
    let error = pipeline.send(request).await.expect_err("stuck");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(!error.may_have_been_sent());
}

/// Sends a second time, whatever came of the first.
#[derive(Debug)]
struct Twice;

impl Policy for Twice {
    fn send<'a>(
        &'a self,
        request: &'a mut HttpRequest,
        next: Next<'a>,
    ) -> BoxFuture<'a, Result<RawResponse>> {
        Box::pin(async move {
            let first = next.clone().send(request).await;
            let step = if first.is_ok() { "again" } else { "failed" };
            request
                .headers
                .insert("x-step", HeaderValue::from_static(step));
            next.send(request).await
        })
    }
}

#[tokio::test]
async fn policy_can_send_twice() {
    for options in [
        ClientOptions::new().per_call_policy(Arc::new(Twice)),
        ClientOptions::new().per_try_policy(Arc::new(Twice)),
    ] {
        let server = Server::script(vec![reply(409, &[], ""), reply(200, &[], "{}")]).await;
        let pipeline = server.pipeline(&SERVICE, None, options);
        let response = pipeline.send(pipeline.request(&GET)).await.expect("second");
        assert_eq!(response.status(), StatusCode::OK);
        let seen = server.seen();
        assert_eq!((seen.len(), seen[1].header("x-step")), (2, Some("again")));
        assert_eq!(seen[0].header("x-step"), None);
    }
}

/// Answers the first request; there is no connection for the others.
#[derive(Debug, Default)]
struct Once(AtomicBool, AtomicUsize);

impl Transport for Once {
    fn send(&self, _: HttpRequest) -> BoxFuture<'static, Result<HttpResponse>> {
        self.1.fetch_add(1, Ordering::SeqCst);
        let answers = !self.0.swap(true, Ordering::SeqCst);
        Box::pin(async move {
            if !answers {
                return Err(Error::new(ErrorKind::Connect, "no connection"));
            }
            Ok(HttpResponse::new(
                StatusCode::CONFLICT,
                HeaderMap::new(),
                "",
            ))
        })
    }
}

#[tokio::test]
async fn what_a_policy_sent_before_counts_as_sent() {
    for (answers, sent) in [(true, true), (false, false)] {
        for (per_call, requests) in [(true, 5), (false, 2)] {
            let transport = Arc::new(Once(AtomicBool::new(!answers), AtomicUsize::new(0)));
            let options = ClientOptions::new()
                .clock(JumpClock::new())
                .transport(Arc::clone(&transport) as Arc<dyn Transport>);
            let options = match per_call {
                true => options.per_call_policy(Arc::new(Twice)),
                false => options.per_try_policy(Arc::new(Twice)),
            };
            let pipeline = server::pipeline("http://127.0.0.1:9", &SERVICE, None, options);
            let pipeline = pipeline.expect("valid");
            let mut request = pipeline.request(&POST);
            request.bytes("text/plain", "once");
            let error = pipeline.send(request).await.expect_err("no connection");
            assert_eq!(error.kind(), ErrorKind::Connect);
            assert_eq!(error.may_have_been_sent(), sent, "per call: {per_call}");
            if answers {
                assert_eq!(transport.1.load(Ordering::SeqCst), requests);
            }
        }
    }
}

#[derive(Debug)]
struct Canned;

impl Transport for Canned {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse>> {
        assert_eq!(
            request.url.as_str(),
            "https://atlas.example/things?api-version=2025-01-01"
        );
        assert!(request.headers["subscription-key"].is_sensitive());
        assert!(!format!("{request:?}").contains("canary"));
        Box::pin(async { Ok(HttpResponse::new(StatusCode::OK, HeaderMap::new(), "{}")) })
    }
}

#[tokio::test]
async fn transport_of_ones_own_is_used_also_for_https() {
    let options = ClientOptions::new().transport(Arc::new(Canned));
    let credential = Some(SubscriptionKey::new("canary").into());
    let pipeline =
        server::pipeline("https://atlas.example", &SERVICE, credential, options).expect("valid");
    let response = pipeline.send(pipeline.request(&GET)).await.expect("canned");
    assert_eq!(response.bytes(), "{}");
}
