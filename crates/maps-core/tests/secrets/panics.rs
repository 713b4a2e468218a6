//! Code of the caller that panics, with all it can see in its message.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use maps_core::{
    AccessToken, BoxFuture, ClientOptions, EntraCredential, HttpRequest, HttpResponse, Next,
    Policy, RawResponse, Result, TokenCredential, Transport,
};

use crate::canary::TOKEN;
use crate::evidence::Evidence;
use crate::http::{GET, SERVICE, Server, reply};
use crate::recorder;
use crate::setting::ways;

#[derive(Debug)]
struct PanickingTransport;

impl Transport for PanickingTransport {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse>> {
        Box::pin(async move { panic!("transport: {request:?} {:?}", request.headers) })
    }
}

#[derive(Debug)]
struct PanickingPolicy;

impl Policy for PanickingPolicy {
    fn send<'a>(
        &'a self,
        request: &'a mut HttpRequest,
        next: Next<'a>,
    ) -> BoxFuture<'a, Result<RawResponse>> {
        Box::pin(async move {
            let outcome = next.send(request).await;
            panic!("policy: {request:?} {:?} {outcome:?}", request.url);
        })
    }
}

#[tokio::test]
async fn panics_of_transports_and_policies_show_no_secret() {
    for way in ways() {
        let server = Server::always(reply(403, &[("x-echo", way.secret)], way.secret)).await;
        for options in [
            ClientOptions::new().transport(Arc::new(PanickingTransport)),
            ClientOptions::new().per_try_policy(Arc::new(PanickingPolicy)),
            ClientOptions::new().per_call_policy(Arc::new(PanickingPolicy)),
        ] {
            let pipeline = way.pipeline_with(&server, options);
            let call = tokio::spawn(async move {
                let request = pipeline.request(&GET);
                pipeline.send(request).await.map(drop)
            });
            assert!(call.await.unwrap_err().is_panic());
        }
    }
    assert!(recorder::lines_with(&["panic: transport:"]) > 0);
    assert!(recorder::lines_with(&["panic: policy:"]) > 0);
    recorder::assert_clean();
}

/// Panics when it is asked first, and whenever it is told to.
#[derive(Debug)]
struct PanickingOnce(AtomicUsize);

impl TokenCredential for PanickingOnce {
    fn token<'a>(&'a self, scopes: &'a [&'a str]) -> BoxFuture<'a, Result<AccessToken>> {
        Box::pin(async move {
            if self.0.fetch_add(1, Ordering::SeqCst) == 0 {
                panic!("credential: no token for {scopes:?}");
            }
            let end = SystemTime::now() + Duration::from_secs(365 * 86_400);
            Ok(AccessToken::new(TOKEN, end))
        })
    }
}

#[tokio::test]
async fn panic_of_a_credential_shows_no_secret_and_leaves_a_client_that_works() {
    recorder::start();
    let mut evidence = Evidence::default();
    let server = Server::always(reply(200, &[], "{}")).await;
    let credential = EntraCredential::new(PanickingOnce(AtomicUsize::new(0)));
    let clock = maps_core::test_kit::VirtualClock::new();
    let options = ClientOptions::new().clock(Arc::new(clock.clone()));
    let pipeline = server.pipeline(&SERVICE, Some(credential.into()), options);
    let call = {
        let pipeline = pipeline.clone();
        tokio::spawn(async move { pipeline.send(pipeline.request(&GET)).await.map(drop) })
    };
    assert!(call.await.unwrap_err().is_panic());
    let error = pipeline.send(pipeline.request(&GET)).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(1)));
    evidence.error("after a panic", &error);
    clock.advance(Duration::from_secs(1));
    pipeline.send(pipeline.request(&GET)).await.unwrap();
    evidence.assert_clean();
}
