//! Every status of each endpoint, in any case, known or not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use maps_core::test_kit::VirtualClock;
use maps_core::{ErrorKind, Poller};
use maps_creator::models::{Dataset, LongRunningOperationResult as DatasetOperation, LroStatus};
use maps_data_registry::models::{
    DataRegistry, LongRunningOperationResult as DataRegistryOperation, LongRunningOperationStatus,
};
use maps_letter_tests::{
    Answer, DATASET_ID, ID, MATRIX, ScriptedServer, UDID, Who, creator, data_registry, options,
    route,
};
use maps_route::models::{RouteMatrixAsyncResponse, RouteOperation, StatusEnum};

#[tokio::test]
async fn route_reads_every_status() {
    for (word, status) in [
        ("NotStarted", StatusEnum::NotStarted),
        ("Running", StatusEnum::Running),
        ("Completed", StatusEnum::Completed),
        ("Failed", StatusEnum::Failed),
    ] {
        let server =
            ScriptedServer::start([Answer::json(200, &format!(r#"{{"status":"{word}"}}"#))]).await;
        let client = route(
            server.origin(),
            Who::Key,
            options(&VirtualClock::running_ahead()),
        );
        let operation = client.get_route_operations_status(ID).await.unwrap();
        assert_eq!(operation.status, Some(status));
        assert_eq!(server.seen()[0].path, format!("/route/operations/{ID}"));
        assert_eq!(server.seen()[0].query_values("api-version"), ["2025-01-01"]);
    }
}

#[tokio::test]
async fn data_registry_reads_every_status() {
    for (word, status) in [
        ("Running", LongRunningOperationStatus::Running),
        ("Completed", LongRunningOperationStatus::Completed),
        ("Failed", LongRunningOperationStatus::Failed),
    ] {
        let answer = Answer::json(200, &format!(r#"{{"id":"{ID}","status":"{word}"}}"#));
        let server = ScriptedServer::start([answer.header("retry-after", "10")]).await;
        let client = data_registry(
            server.origin(),
            Who::Key,
            options(&VirtualClock::running_ahead()),
        );
        let response = client.get_operation(ID).send().await.unwrap();
        assert_eq!(response.typed_headers().retry_after().unwrap(), Some(10));
        assert_eq!(response.body().status, Some(status));
        assert_eq!(
            server.seen()[0].path,
            format!("/dataRegistries/operations/{ID}")
        );
        assert_eq!(server.seen()[0].query_values("api-version"), ["2023-06-01"]);
    }
}

#[tokio::test]
async fn dataset_reads_every_status() {
    for (word, status) in [
        ("NotStarted", LroStatus::NotStarted),
        ("Running", LroStatus::Running),
        ("Succeeded", LroStatus::Succeeded),
        ("Failed", LroStatus::Failed),
    ] {
        let answer = Answer::json(
            200,
            &format!(r#"{{"operationId":"{DATASET_ID}","status":"{word}"}}"#),
        );
        let server =
            ScriptedServer::start([answer.header("Resource-Location", "{origin}/datasets/d")])
                .await;
        let client = creator(
            server.origin(),
            Who::Key,
            options(&VirtualClock::running_ahead()),
        );
        let response = client
            .datasets()
            .get_operation(DATASET_ID)
            .send()
            .await
            .unwrap();
        let location = format!("{}/datasets/d", server.origin());
        assert_eq!(
            response.typed_headers().resource_location().unwrap(),
            Some(location)
        );
        assert_eq!(response.body().status, Some(status));
        assert_eq!(
            server.seen()[0].path,
            format!("/datasets/operations/{DATASET_ID}")
        );
        assert_eq!(server.seen()[0].query_values("api-version"), ["2.0"]);
    }
}

#[tokio::test]
async fn a_status_in_another_case_is_understood() {
    for (running, completed, succeeded, failed) in [
        ("running", "completed", "succeeded", "failed"),
        ("RUNNING", "COMPLETED", "SUCCEEDED", "FAILED"),
        ("rUNNING", "cOmPlEtEd", "sUcCeEdEd", "fAiLeD"),
    ] {
        let server = ScriptedServer::start([
            word(running),
            Answer::json(
                200,
                &format!(r#"{{"status":"{completed}","result":{{"resultUrl":"{{origin}}/r"}}}}"#),
            ),
            Answer::json(200, MATRIX),
        ])
        .await;
        route_poller(&server).await.unwrap();
        assert_eq!(server.seen().len(), 3);

        let server = ScriptedServer::start([word(running), word(completed), word("")]).await;
        data_registry_poller(&server).await.unwrap();
        assert_eq!(server.seen().len(), 3);

        let succeeded = word(succeeded).header("Resource-Location", "{origin}/datasets/d");
        let server = ScriptedServer::start([word(running), succeeded, word("")]).await;
        dataset_poller(&server).await.unwrap();
        assert_eq!(server.seen().len(), 3);

        let failed = format!(r#"{{"status":"{failed}","error":{{"code":"Oops"}}}}"#);
        let server = ScriptedServer::start([Answer::json(200, &failed)]).await;
        for error in [
            route_poller(&server).await.unwrap_err(),
            data_registry_poller(&server).await.unwrap_err(),
            dataset_poller(&server).await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Operation);
            assert_eq!(error.code(), Some("Oops"));
        }
        assert_eq!(server.seen().len(), 3, "one poll of each");
    }
}

#[tokio::test]
async fn an_unknown_status_is_kept_and_waited_on() {
    let server = ScriptedServer::start([
        word("Paused"),
        Answer::json(
            200,
            r#"{"status":"Completed","result":{"resultUrl":"{origin}/r"}}"#,
        ),
        Answer::json(200, MATRIX),
    ])
    .await;
    let mut poller = route_poller(&server);
    let status = poller.next().await.unwrap().unwrap().status.unwrap();
    assert_eq!(status.as_str(), "Paused");
    assert!(matches!(status, StatusEnum::UnknownValue(_)));
    let second = poller.next().await.unwrap().unwrap();
    assert_eq!(second.status, Some(StatusEnum::Completed));
    assert!(poller.next().await.is_none());
    poller.result().await.unwrap();
    assert_eq!(server.seen().len(), 3);

    let server = ScriptedServer::start([word("Queued"), word("Completed"), word("")]).await;
    let mut poller = data_registry_poller(&server);
    let status = poller.next().await.unwrap().unwrap().status.unwrap();
    assert_eq!(status.as_str(), "Queued");
    assert!(matches!(
        status,
        LongRunningOperationStatus::UnknownValue(_)
    ));
    poller.result().await.unwrap();
    assert_eq!(server.seen().len(), 3);

    let succeeded = word("Succeeded").header("Resource-Location", "{origin}/datasets/d");
    let server = ScriptedServer::start([word("Validating"), succeeded, word("")]).await;
    let mut poller = dataset_poller(&server);
    let status = poller.next().await.unwrap().unwrap().status.unwrap();
    assert_eq!(status.as_str(), "Validating");
    assert!(matches!(status, LroStatus::UnknownValue(_)));
    poller.result().await.unwrap();
    assert_eq!(server.seen().len(), 3);
}

/// An answer that says a status and nothing more; without a word an empty resource.
fn word(status: &str) -> Answer {
    if status.is_empty() {
        return Answer::json(200, "{}");
    }
    Answer::json(200, &format!(r#"{{"status":"{status}"}}"#))
}

fn route_poller(server: &ScriptedServer) -> Poller<RouteMatrixAsyncResponse, RouteOperation> {
    let options = options(&VirtualClock::running_ahead());
    let client = route(server.origin(), Who::Key, options);
    client.attach_route_matrix(ID).unwrap()
}

fn data_registry_poller(server: &ScriptedServer) -> Poller<DataRegistry, DataRegistryOperation> {
    let options = options(&VirtualClock::running_ahead());
    let client = data_registry(server.origin(), Who::Key, options);
    client.attach_register_or_replace(UDID, ID).unwrap()
}

fn dataset_poller(server: &ScriptedServer) -> Poller<Dataset, DatasetOperation> {
    let options = options(&VirtualClock::running_ahead());
    let client = creator(server.origin(), Who::Key, options);
    client.datasets().attach_create(DATASET_ID).unwrap()
}
