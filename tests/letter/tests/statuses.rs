//! Every status of each endpoint, in any case, known or not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use maps_core::test_kit::VirtualClock;
use maps_creator::models::LroStatus;
use maps_data_registry::models::LongRunningOperationStatus;
use maps_letter_tests::{
    Answer, DATASET_ID, ID, ScriptedServer, Who, creator, data_registry, options, route,
};
use maps_route::models::StatusEnum;

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
    for word in ["completed", "COMPLETED", "cOmPlEtEd"] {
        let server = ScriptedServer::start([
            Answer::json(200, r#"{"status":"rUNNING"}"#),
            Answer::json(
                200,
                &format!(r#"{{"status":"{word}","result":{{"resultUrl":"{{origin}}/r"}}}}"#),
            ),
            Answer::json(200, MATRIX),
        ])
        .await;
        let client = route(
            server.origin(),
            Who::Key,
            options(&VirtualClock::running_ahead()),
        );
        let matrix = client.attach_route_matrix(ID).unwrap().await.unwrap();
        assert_eq!(matrix.properties.summary.unwrap().total_count, Some(0));
        assert_eq!(server.seen().len(), 3);
    }
    let server = ScriptedServer::start([Answer::json(
        200,
        r#"{"status":"fAILED","error":{"code":"Oops"}}"#,
    )])
    .await;
    let client = route(
        server.origin(),
        Who::Key,
        options(&VirtualClock::running_ahead()),
    );
    let error = client.attach_route_matrix(ID).unwrap().await.unwrap_err();
    assert_eq!(error.kind(), maps_core::ErrorKind::Operation);
    assert_eq!(error.code(), Some("Oops"));
}

#[tokio::test]
async fn an_unknown_status_is_kept_and_waited_on() {
    let server = ScriptedServer::start([
        Answer::json(200, r#"{"status":"Paused"}"#),
        Answer::json(
            200,
            r#"{"status":"Completed","result":{"resultUrl":"{origin}/r"}}"#,
        ),
        Answer::json(200, MATRIX),
    ])
    .await;
    let client = route(
        server.origin(),
        Who::Key,
        options(&VirtualClock::running_ahead()),
    );
    let mut poller = client.attach_route_matrix(ID).unwrap();
    let first = poller.next().await.unwrap().unwrap();
    let status = first.status.unwrap();
    assert_eq!(status.as_str(), "Paused");
    assert!(matches!(status, StatusEnum::UnknownValue(_)));
    let second = poller.next().await.unwrap().unwrap();
    assert_eq!(second.status, Some(StatusEnum::Completed));
    assert!(poller.next().await.is_none());
    poller.result().await.unwrap();
    assert_eq!(server.seen().len(), 3);
}

const MATRIX: &str = r#"{"kind":"RouteMatrix","type":"Feature","geometry":null,"properties":{"summary":{"totalCount":0}}}"#;
