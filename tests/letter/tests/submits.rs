//! An operation is submitted once, whatever becomes of the futures that wait for it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use maps_core::test_kit::VirtualClock;
use maps_core::{ResumeToken, RetryOptions};
use maps_data_registry::models::DataRegistry;
use maps_letter_tests::{
    Answer, DATASET_ID, ID, ScriptedServer, UDID, Who, creator, data_registry, options, route,
};
use maps_route::models::RouteMatrixAsyncRequest;

/// Polls a future at most this many times, and gives its value when it was ready by then.
async fn polled<F: Future>(future: F, times: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = times;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

/// How often a future is polled before it is dropped: from never to longer than a request takes.
const POLLS: std::ops::Range<usize> = 0..12;

fn submits(server: &ScriptedServer) -> usize {
    let seen = server.seen();
    seen.iter()
        .filter(|request| request.method != "GET")
        .count()
}

/// The status of an operation that has completed, and its matrix: a cancelled request takes an answer of the script with
/// it, so the last one has to serve both.
const COMPLETED: &str = r#"{"status":"Completed","result":{"resultUrl":"{origin}/r"},"kind":"RouteMatrix","type":"Feature","geometry":null,"properties":{"summary":{"totalCount":1}}}"#;

fn route_answers() -> [Answer; 4] {
    let running = Answer::json(200, r#"{"status":"Running"}"#);
    [
        Answer::status(202).header(
            "Operation-Location",
            format!("{{origin}}/route/operations/{ID}?api-version=2025-01-01"),
        ),
        running.clone(),
        running,
        Answer::json(200, COMPLETED),
    ]
}

#[tokio::test]
async fn cancelled_futures_submit_once() {
    for times in POLLS {
        let server = ScriptedServer::start(route_answers()).await;
        let client = route(
            server.origin(),
            Who::Key,
            options(&VirtualClock::running_ahead()),
        );
        let request = RouteMatrixAsyncRequest::new(vec![]);
        let mut poller = client.begin_route_matrix(&request).await.unwrap();
        for _ in 0..3 {
            polled(poller.next(), times).await;
            polled(poller.result(), times).await;
        }
        let matrix = poller.result().await.unwrap();
        assert_eq!(matrix.properties.summary.unwrap().total_count, Some(1));
        assert_eq!(submits(&server), 1, "polled {times} times");
        assert_eq!(server.seen()[0].path, "/route/matrix:async");

        let server = ScriptedServer::start([
            Answer::json(201, "{}").header(
                "Operation-Location",
                format!("{{origin}}/dataRegistries/operations/{ID}"),
            ),
            Answer::json(200, r#"{"status":"Completed"}"#),
        ])
        .await;
        let client = data_registry(
            server.origin(),
            Who::Key,
            options(&VirtualClock::running_ahead()),
        );
        let request = client.begin_register_or_replace(UDID, &DataRegistry::new());
        let mut poller = request.await.unwrap();
        for _ in 0..3 {
            polled(poller.next(), times).await;
            polled(poller.result(), times).await;
        }
        poller.result().await.unwrap();
        assert_eq!(submits(&server), 1, "polled {times} times");

        let server = ScriptedServer::start([
            Answer::status(202).header(
                "Operation-Location",
                format!("{{origin}}/datasets/operations/{DATASET_ID}?api-version=2.0"),
            ),
            Answer::json(200, r#"{"status":"Succeeded"}"#)
                .header("Resource-Location", "{origin}/datasets/d?api-version=2.0"),
        ])
        .await;
        let client = creator(
            server.origin(),
            Who::Key,
            options(&VirtualClock::running_ahead()),
        );
        let mut poller = client.datasets().begin_create("c").await.unwrap();
        for _ in 0..3 {
            polled(poller.next(), times).await;
            polled(poller.result(), times).await;
        }
        poller.result().await.unwrap();
        assert_eq!(submits(&server), 1, "polled {times} times");
    }
}

#[tokio::test]
async fn a_builder_that_is_not_awaited_submits_nothing() {
    let server = ScriptedServer::start(route_answers()).await;
    let clock = VirtualClock::running_ahead();
    let client = route(server.origin(), Who::Key, options(&clock));
    drop(client.begin_route_matrix(&RouteMatrixAsyncRequest::new(vec![])));
    let client = data_registry(server.origin(), Who::Key, options(&clock));
    drop(client.begin_register_or_replace(UDID, &DataRegistry::new()));
    let client = creator(server.origin(), Who::Key, options(&clock));
    drop(client.datasets().begin_create("c"));
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn operation_id_is_repeated_on_a_retry() {
    let busy = Answer::json(503, r#"{"error":{"code":"Busy"}}"#);
    for named in [Some(ID), None] {
        let server = ScriptedServer::start([
            busy.clone(),
            busy.clone(),
            Answer::json(201, "{}").header(
                "Operation-Location",
                format!("{{origin}}/dataRegistries/operations/{ID}"),
            ),
        ])
        .await;
        let options = options(&VirtualClock::running_ahead()).retry(RetryOptions::new());
        let client = data_registry(server.origin(), Who::Key, options);
        let mut request = client.begin_register_or_replace(UDID, &DataRegistry::new());
        if let Some(id) = named {
            request = request.operation_id(id);
        }
        let shown = request.id().to_owned();
        let _poller = request.await.unwrap();
        let seen = server.seen();
        assert_eq!(seen.len(), 3, "two refusals, then the submit");
        for request in &seen {
            assert_eq!(request.method, "PUT");
            assert_eq!(request.header("operation-id"), Some(&*shown));
        }
        match named {
            Some(id) => assert_eq!(shown, id),
            None => assert_eq!((shown.len(), shown.matches('-').count()), (36, 4)),
        }
    }
}

#[tokio::test]
async fn attaching_and_resuming_submit_nothing() {
    let clock = VirtualClock::running_ahead();

    let server = ScriptedServer::start(route_answers().into_iter().skip(1)).await;
    let client = route(server.origin(), Who::Key, options(&clock));
    let mut poller = client.attach_route_matrix(ID).unwrap();
    poller.next().await.unwrap().unwrap();
    let matrix = client.resume_route_matrix(stored(poller.resume_token()));
    let matrix = matrix.unwrap().await.unwrap();
    assert_eq!(matrix.properties.summary.unwrap().total_count, Some(1));
    assert_eq!(submits(&server), 0);

    let server = ScriptedServer::start([
        Answer::json(200, r#"{"status":"Running"}"#),
        Answer::json(200, r#"{"status":"Completed"}"#),
        Answer::json(200, &format!(r#"{{"udid":"{UDID}"}}"#)),
    ])
    .await;
    let client = data_registry(server.origin(), Who::Key, options(&clock));
    let mut poller = client.attach_register_or_replace(UDID, ID).unwrap();
    poller.next().await.unwrap().unwrap();
    let entry = client.resume_register_or_replace(stored(poller.resume_token()));
    let entry = entry.unwrap().await.unwrap();
    assert_eq!(entry.udid.as_deref(), Some(UDID));
    assert_eq!(submits(&server), 0);
    assert_eq!(server.seen()[2].path, format!("/dataRegistries/{UDID}"));

    let server = ScriptedServer::start([
        Answer::json(200, r#"{"status":"Running"}"#),
        Answer::json(200, r#"{"status":"Succeeded"}"#)
            .header("Resource-Location", "{origin}/datasets/d1?api-version=2.0"),
        Answer::json(200, r#"{"datasetId":"d1"}"#),
    ])
    .await;
    let client = creator(server.origin(), Who::Key, options(&clock)).datasets();
    let mut poller = client.attach_create(DATASET_ID).unwrap();
    poller.next().await.unwrap().unwrap();
    let dataset = client.resume_create(stored(poller.resume_token()));
    let dataset = dataset.unwrap().await.unwrap();
    assert_eq!(dataset.dataset_id.as_deref(), Some("d1"));
    assert_eq!(submits(&server), 0);
}

/// A token as another process reads it.
fn stored(token: ResumeToken) -> ResumeToken {
    let text = serde_json::to_string(&token).unwrap();
    assert!(!text.contains(maps_letter_tests::KEY), "{text}");
    serde_json::from_str(&text).unwrap()
}
