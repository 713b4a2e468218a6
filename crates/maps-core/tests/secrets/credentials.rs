//! Credentials, transports and policies that say too much.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use maps_core::test_kit::VirtualClock;
use maps_core::{
    AccessToken, BoxFuture, ClientOptions, Clock, EntraCredential, Error, ErrorKind, HttpRequest,
    HttpResponse, Next, Policy, RawResponse, Result, SubscriptionKey, TokenCredential, Transport,
};

use crate::canary::{CLIENT_SECRET, KEY, TOKEN};
use crate::evidence::Evidence;
use crate::http::{GET, SERVICE, Server, reply};
use crate::recorder;
use crate::setting::ways;

/// Gives a token once, and then tells its own secret and its last token in an error.
#[derive(Debug)]
struct Talkative {
    asked: AtomicUsize,
    clock: VirtualClock,
}

impl TokenCredential for Talkative {
    fn token<'a>(&'a self, _: &'a [&'a str]) -> BoxFuture<'a, Result<AccessToken>> {
        let at = self.asked.fetch_add(1, Ordering::SeqCst);
        let lifetime = Duration::from_secs(3600);
        let outcome = match at {
            0 => Ok(AccessToken::new(TOKEN, self.clock.wall() + lifetime)),
            _ => Err(Error::new(
                ErrorKind::Credential,
                format!(
                    "AADSTS7000215: invalid client secret '{CLIENT_SECRET}', last gave {TOKEN}"
                ),
            )
            .with_source(format!("client_secret={CLIENT_SECRET}&scope=maps"))),
        };
        Box::pin(std::future::ready(outcome))
    }
}

#[tokio::test]
async fn what_a_credential_says_of_itself_is_not_shown() {
    recorder::start();
    let mut evidence = Evidence::default();
    let server = Server::always(reply(200, &[], "{}")).await;
    let clock = VirtualClock::new();
    let credential = EntraCredential::new(Talkative {
        asked: AtomicUsize::new(0),
        clock: clock.clone(),
    });
    let options = ClientOptions::new().clock(Arc::new(clock.clone()));
    let pipeline = server.pipeline(&SERVICE, Some(credential.into()), options);
    let call = || pipeline.send(pipeline.request(&GET));
    call().await.unwrap();
    // The old token serves while its refresh fails beside, which is logged.
    clock.advance(Duration::from_secs(3500));
    call().await.unwrap();
    while recorder::lines_with(&["token refresh failed", "AADSTS7000215"]) == 0 {
        tokio::task::yield_now().await;
    }
    // Past its end: the first call asks, the second one is told what the first one was.
    clock.advance(Duration::from_secs(200));
    let asked = call().await.unwrap_err();
    let backing_off = call().await.unwrap_err();
    for error in [asked, backing_off] {
        assert_eq!(error.kind(), ErrorKind::Credential);
        assert!(error.retry_after().is_some());
        evidence.error("credential", &error);
        let mut text = String::new();
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(link) = cause {
            text.push_str(&link.to_string());
            cause = link.source();
        }
        // What helps to mend it is there.
        assert!(
            text.contains("AADSTS7000215: invalid client secret '***'"),
            "{text}"
        );
    }
    evidence.assert_clean();
}

/// Fails with the whole signed request in its words.
#[derive(Debug)]
struct TalkativeTransport;

impl Transport for TalkativeTransport {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse>> {
        let headers: String = request
            .headers
            .values()
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        let said = format!("no route to {} with {headers}", request.url);
        let error = Error::new(ErrorKind::Connect, said.clone()).with_source(said);
        Box::pin(std::future::ready(Err(error)))
    }
}

/// Turns answers into errors that quote them.
#[derive(Debug)]
struct TalkativePolicy;

impl Policy for TalkativePolicy {
    fn send<'a>(
        &'a self,
        request: &'a mut HttpRequest,
        next: Next<'a>,
    ) -> BoxFuture<'a, Result<RawResponse>> {
        Box::pin(async move {
            let answer = next.send(request).await?;
            let body = String::from_utf8_lossy(answer.bytes()).into_owned();
            Err(Error::new(ErrorKind::Decode, body.clone()).with_source(body))
        })
    }
}

#[tokio::test]
async fn what_transports_and_policies_say_is_not_shown() {
    let mut evidence = Evidence::default();
    for way in ways() {
        let server = Server::always(reply(200, &[], way.secret)).await;
        for options in [
            ClientOptions::new().transport(Arc::new(TalkativeTransport)),
            ClientOptions::new().per_try_policy(Arc::new(TalkativePolicy)),
            ClientOptions::new().per_call_policy(Arc::new(TalkativePolicy)),
        ] {
            let pipeline = way.pipeline_with(&server, options);
            let error = pipeline.send(pipeline.request(&GET)).await.unwrap_err();
            evidence.error(way.name, &error);
        }
    }
    evidence.assert_clean();
}

#[tokio::test]
async fn a_key_that_was_replaced_is_not_shown_either() {
    recorder::start();
    let mut evidence = Evidence::default();
    let key = SubscriptionKey::new(KEY);
    let replaced = key.clone();
    // The key changes, three times, while the service is at work on a request with the first one.
    let server = Server::start(move |seen, _| {
        for n in 0..3 {
            replaced.update(format!("another key, number {n}"));
        }
        let echo = seen.header("subscription-key").unwrap_or_default();
        reply(403, &[("x-ms-request-id", echo)], echo)
    })
    .await;
    let pipeline = server.pipeline(&SERVICE, Some(key.into()), ClientOptions::new());
    let error = pipeline.send(pipeline.request(&GET)).await.unwrap_err();
    assert_eq!(server.seen()[0].header("subscription-key"), Some(KEY));
    evidence.error("replaced key", &error);
    evidence.assert_clean();
}
