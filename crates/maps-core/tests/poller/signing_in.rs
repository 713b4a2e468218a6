//! Credentials that change or fail while an operation runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use maps_core::service::HostSettings;
use maps_core::test_kit::VirtualClock;
use maps_core::{
    AccessToken, BoxFuture, Clock, Credential, EntraCredential, Error, ErrorKind, Pipeline, Poller,
    Result, SubscriptionKey, TokenCredential,
};
use serde_json::Value;

use crate::server::*;

/// Tokens of 10 minutes, except while signing in is out of order.
#[derive(Debug)]
struct Failing {
    clock: VirtualClock,
    outage: std::ops::Range<u64>,
    asked: Arc<AtomicUsize>,
}

impl TokenCredential for Failing {
    fn token<'a>(&'a self, _: &'a [&'a str]) -> BoxFuture<'a, Result<AccessToken>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let outcome = if self.outage.contains(&self.clock.elapsed().as_secs()) {
            Err(Error::new(
                ErrorKind::Credential,
                "AADSTS90033: a transient error",
            ))
        } else {
            Ok(AccessToken::new(
                "token",
                self.clock.wall() + Duration::from_secs(600),
            ))
        };
        Box::pin(std::future::ready(outcome))
    }
}

/// An operation of half an hour, and how often its credential is asked.
async fn half_an_hour(
    outage: std::ops::Range<u64>,
) -> (Server, Poller<Value, Value>, Arc<AtomicUsize>) {
    let clock = VirtualClock::running_ahead();
    let now = clock.clone();
    let server = Server::with_clock(clock.clone(), move |seen| match seen.method.as_str() {
        "POST" => reply(202).header("operation-location", "/operations/1"),
        _ if now.elapsed() < Duration::from_secs(1800) => status("Running"),
        _ => status("Completed"),
    })
    .await;
    let asked = Arc::new(AtomicUsize::new(0));
    let credential = Failing {
        clock,
        outage,
        asked: Arc::clone(&asked),
    };
    let credential = EntraCredential::new(credential).refresh_ahead(Duration::ZERO);
    let client = client(&server, credential);
    let poller = begin(&client, &MONITOR).await.unwrap();
    (server, poller, asked)
}

fn client(server: &Server, credential: impl Into<Credential>) -> Pipeline {
    let mut host = HostSettings::new();
    host.endpoint(server.url.as_str());
    Pipeline::new(
        &SERVICE,
        &host,
        Some(credential.into()),
        None,
        server.options(),
    )
    .unwrap()
}

#[tokio::test]
async fn an_outage_of_signing_in_is_survived() {
    // The first token ends within it, and there is no other one yet.
    let (server, poller, asked) = half_an_hour(590..640).await;
    poller.await.unwrap();
    assert!(server.clock.elapsed() < Duration::from_secs(1830));
    // After 0, 600 and 1200 s, and in the outage of 40 s after 0, 1, 3, 7, 15 and 31 s.
    let asked = asked.load(Ordering::SeqCst);
    assert!((6..=10).contains(&asked), "{asked}");
}

#[tokio::test]
async fn signing_in_that_keeps_failing_is_the_error_and_the_poller_can_go_on() {
    let (server, mut poller, _) = half_an_hour(590..1700).await;
    let error = poller.result().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credential);
    assert_eq!(error.last_status::<Value>().unwrap()["status"], "Running");
    assert!(error.resume_token().is_some());
    let said = std::error::Error::source(&error).unwrap().to_string();
    assert!(said.contains("AADSTS90033"), "{said}");
    server.clock.advance(Duration::from_secs(1200));
    poller.await.unwrap();
}

#[tokio::test]
async fn a_key_that_is_replaced_while_an_operation_runs_is_used_from_the_next_poll_on() {
    let key = SubscriptionKey::new("old");
    let replaced = key.clone();
    let server = scripted(move |earlier| match earlier {
        2 => {
            replaced.update("new");
            status("Running")
        }
        0..5 => status("Running"),
        _ => status("Completed"),
    })
    .await;
    let client = client(&server, key);
    begin(&client, &MONITOR).await.unwrap().await.unwrap();
    let seen = server.seen();
    let keys: Vec<&str> = seen
        .iter()
        .map(|seen| seen.headers["subscription-key"].to_str().unwrap())
        .collect();
    assert_eq!(keys, ["old", "old", "old", "old", "new", "new", "new"]);
}

#[tokio::test]
async fn a_key_that_was_revoked_is_replaced_in_time() {
    let key = SubscriptionKey::new("old");
    let replaced = key.clone();
    let server = Server::start(move |seen| match seen.method.as_str() {
        "POST" => reply(202).header("operation-location", "/operations/1"),
        _ if seen.headers["subscription-key"] == "old" => {
            // Whoever rotates keys was a moment late.
            replaced.update("new");
            reply(401)
        }
        _ => status("Completed"),
    })
    .await;
    let client = client(&server, key);
    begin(&client, &MONITOR).await.unwrap().await.unwrap();
    assert_eq!(server.polls().len(), 2);
}
