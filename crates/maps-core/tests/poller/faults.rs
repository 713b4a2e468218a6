//! Polls that fail.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use maps_core::service::HostSettings;
use maps_core::{
    AccessToken, BoxFuture, EntraCredential, ErrorKind, Pipeline, PollingOptions, Result,
    TokenCredential,
};
use serde_json::Value;

use crate::server::*;

#[tokio::test]
async fn polls_that_fail_for_the_moment_are_survived() {
    let server = scripted(|earlier| match earlier {
        0..9 => reply([500, 503, 429, 408, 502][earlier % 5]),
        _ => status("Completed"),
    })
    .await;
    server.begin(&MONITOR).await.unwrap().await.unwrap();
    assert_eq!(server.polls().len(), 10);
}

#[tokio::test]
async fn the_tenth_failed_poll_in_a_row_is_the_error_and_the_poller_can_go_on() {
    let server = scripted(|earlier| match earlier {
        0 => status("Running"),
        1..=10 => reply(503).header("x-ms-request-id", "r-1"),
        11..=15 => reply(500),
        16 => status("Running"),
        17..=25 => reply(500),
        _ => status("Completed"),
    })
    .await;
    let mut poller = server.begin(&MONITOR).await.unwrap();
    let error = poller.result().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16()),
        (ErrorKind::Service, 503)
    );
    assert_eq!(server.polls().len(), 11);
    assert_eq!(error.last_status::<Value>().unwrap()["status"], "Running");
    assert!(error.resume_token().is_some());
    poller.await.unwrap();
    assert_eq!(server.polls().len(), 27);
}

#[tokio::test]
async fn the_number_of_failed_polls_is_an_option() {
    let server = scripted(|_| reply(503)).await;
    let client = server.client_polling(PollingOptions::new().max_failures(3));
    begin(&client, &MONITOR).await.unwrap().await.unwrap_err();
    assert_eq!(server.polls().len(), 3);
}

#[tokio::test]
async fn a_hint_of_a_failed_poll_is_kept() {
    let server = scripted(|earlier| match earlier {
        0 => reply(503).header("retry-after", "40"),
        _ => status("Completed"),
    })
    .await;
    server.begin(&MONITOR).await.unwrap().await.unwrap();
    let polls = server.polls();
    assert!((40.0..=48.0).contains(&(polls[1] - polls[0])), "{polls:?}");
}

#[tokio::test]
async fn a_404_right_after_submitting_is_survived_five_times() {
    let server = scripted(|earlier| {
        if earlier < 5 {
            reply(404)
        } else {
            status("Completed")
        }
    })
    .await;
    server.begin(&MONITOR).await.unwrap().await.unwrap();
    let server = scripted(|earlier| {
        if earlier < 6 {
            reply(404)
        } else {
            status("Completed")
        }
    })
    .await;
    let mut poller = server.begin(&MONITOR).await.unwrap();
    let error = poller.result().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 404);
    assert_eq!(error.operation_id(), Some("1"));
    assert_eq!(server.polls().len(), 6);
    poller.await.unwrap();
}

#[tokio::test]
async fn a_404_after_a_status_or_of_an_operation_started_elsewhere_is_an_error() {
    let server = scripted(|earlier| {
        if earlier == 0 {
            status("Running")
        } else {
            reply(404)
        }
    })
    .await;
    let error = server.begin(&MONITOR).await.unwrap().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 404);
    assert_eq!(server.polls().len(), 2);
    let server = scripted(|_| reply(404)).await;
    let error = server
        .client()
        .attach::<Value, Value>(&MONITOR, None, "1")
        .unwrap()
        .await
        .unwrap_err();
    assert_eq!(error.status().unwrap(), 404);
    assert!(error.resume_token().is_some());
    assert_eq!(server.polls().len(), 1);
}

#[tokio::test]
async fn other_refusals_are_errors_at_once_after_which_the_stream_goes_on() {
    for refusal in [400, 403, 410] {
        let server = scripted(move |earlier| {
            if earlier == 0 {
                reply(refusal)
            } else {
                status("Completed")
            }
        })
        .await;
        let mut poller = server.begin(&MONITOR).await.unwrap();
        let error = poller.next().await.unwrap().unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), refusal);
        assert!(error.resume_token().is_some());
        assert!(poller.next().await.unwrap().is_ok());
        assert!(poller.next().await.is_none());
        let polls = server.polls();
        assert!(
            polls[1] - polls[0] >= 0.5,
            "a wait comes between: {polls:?}"
        );
    }
}

#[tokio::test]
async fn an_unreadable_status_is_an_error_and_the_poller_can_go_on() {
    for body in [
        "",
        "{}",
        "[]",
        "{\"status\":",
        "{\"status\":7}",
        "\u{feff}",
        "<html>",
    ] {
        let server = scripted(move |earlier| {
            if earlier == 0 {
                reply(200).json(body)
            } else {
                status("Completed")
            }
        })
        .await;
        let mut poller = server.begin(&MONITOR).await.unwrap();
        let error = poller.result().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert_eq!(error.body().unwrap().as_ref(), body.as_bytes());
        assert!(error.resume_token().is_some());
        poller.await.unwrap();
    }
}

#[tokio::test]
async fn a_result_that_fails_for_the_moment_is_asked_for_again() {
    let server = Server::start(|seen| match (seen.method.as_str(), seen.path.as_str()) {
        ("POST", _) => reply(202).header("operation-location", "/operations/1"),
        (_, "/operations/1") => status("Succeeded").header("resource-location", "/results/1"),
        _ if seen.earlier < 3 => reply(503),
        _ if seen.earlier == 3 => reply(404),
        _ => reply(200).json(r#"{"value":42}"#),
    })
    .await;
    let mut poller = server.begin(&RESOURCE_LOCATION).await.unwrap();
    let error = poller.result().await.unwrap_err();
    assert_eq!(
        error.status().unwrap(),
        404,
        "the grace of a new operation is not for its result"
    );
    assert_eq!(poller.result().await.unwrap()["value"], 42);
    assert_eq!(server.polls().len(), 1, "the state is not asked for again");
}

#[derive(Debug)]
struct Counted(Arc<AtomicUsize>);

impl TokenCredential for Counted {
    fn token<'a>(&'a self, _: &'a [&'a str]) -> BoxFuture<'a, Result<AccessToken>> {
        let number = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        let expires = SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000);
        Box::pin(async move { Ok(AccessToken::new(format!("token-{number}"), expires)) })
    }
}

#[tokio::test]
async fn a_hundred_polls_refused_at_once_sign_in_anew_once() {
    let server = Server::start(move |seen| match seen.method.as_str() {
        "POST" => reply(202).header("operation-location", "/operations/1"),
        _ if seen.headers["authorization"] == "Bearer token-1" => reply(401),
        _ => status("Completed"),
    })
    .await;
    let calls = Arc::new(AtomicUsize::new(0));
    let mut host = HostSettings::new();
    host.endpoint(server.url.as_str());
    let credential = EntraCredential::new(Counted(Arc::clone(&calls)));
    let credential = Some(credential.into());
    let client = Pipeline::new(&SERVICE, &host, credential, None, server.options()).unwrap();
    let mut pollers = Vec::new();
    for _ in 0..100 {
        pollers.push(begin(&client, &MONITOR).await.unwrap());
    }
    server.clock.advance(Duration::from_secs(1));
    // All polls go out with the first token, before any answer.
    for poller in &mut pollers {
        assert!(
            crate::cancelling::drop_at(1, poller.result())
                .await
                .is_none()
        );
    }
    for poller in pollers {
        server.clock.advance(Duration::from_millis(1));
        poller.await.unwrap();
    }
    assert_eq!(calls.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_401_signs_in_anew_once() {
    for (refused, ends_well) in [("Bearer token-1", true), ("Bearer", false)] {
        let server = Server::start(move |seen| match seen.method.as_str() {
            "POST" => reply(202).header("operation-location", "/operations/1"),
            _ if seen.headers["authorization"]
                .to_str()
                .unwrap()
                .starts_with(refused) =>
            {
                reply(401)
            }
            _ => status("Completed"),
        })
        .await;
        let calls = Arc::new(AtomicUsize::new(0));
        let mut host = HostSettings::new();
        host.endpoint(server.url.as_str());
        let credential = EntraCredential::new(Counted(Arc::clone(&calls))).client_id("account");
        let client = Pipeline::new(
            &SERVICE,
            &host,
            Some(credential.into()),
            None,
            server.options(),
        )
        .unwrap();
        let result = begin(&client, &MONITOR).await.unwrap().await;
        assert_eq!(result.is_ok(), ends_well);
        if let Err(error) = result {
            assert_eq!(error.status().unwrap(), 401);
            assert!(error.resume_token().is_some());
        }
        assert_eq!(calls.load(Ordering::SeqCst), 2);
        assert_eq!(server.polls().len(), 2);
        assert!(
            server
                .seen()
                .iter()
                .all(|seen| seen.headers["x-ms-client-id"] == "account")
        );
    }
}

#[tokio::test]
async fn a_status_longer_than_the_body_of_an_error_is_not_kept_with_it() {
    for (length, kept) in [(1000, true), (70_000, false)] {
        let server = scripted(move |at| match at {
            0 => {
                let text = "x".repeat(length);
                reply(200).json(&format!(r#"{{"status":"Running","text":"{text}"}}"#))
            }
            _ => reply(403),
        })
        .await;
        let mut poller = server.begin(&MONITOR).await.unwrap();
        let error = poller.result().await.unwrap_err();
        assert_eq!(error.status().unwrap(), 403);
        assert_eq!(error.last_status::<Value>().is_some(), kept);
        assert_eq!(poller.status().unwrap()["status"], "Running");
    }
}
