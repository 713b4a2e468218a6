//! Failures: inside a 200, as 404 with the documented body, and with bodies that nobody documented.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use maps_core::test_kit::VirtualClock;
use maps_core::{Error, ErrorKind};
use maps_letter_tests::{
    Answer, DATASET_ID, ID, ScriptedServer, UDID, Who, creator, data_registry, options, route,
};

#[tokio::test]
async fn route_failed_inside_200() {
    const FAILED: &str = r#"{"id":"bc3f9365-3ee0-4564-aa27-825016325557","status":"Failed","kind":"RouteMatrix",
        "error":{"code":"InvalidInput","message":"There are no origins.","target":"features",
        "details":[{"code":"MissingOrigins","message":"One feature with pointType origins is needed."}]}}"#;
    let server = ScriptedServer::start([Answer::json(200, FAILED)]).await;
    let client = route(
        server.origin(),
        Who::Key,
        options(&VirtualClock::running_ahead()),
    );

    let operation = client.get_route_operations_status(ID).await.unwrap();
    let detail = operation.error.unwrap();
    assert_eq!(detail.code.as_deref(), Some("InvalidInput"));
    assert_eq!(
        detail.details.unwrap()[0].code.as_deref(),
        Some("MissingOrigins")
    );

    let error = client.attach_route_matrix(ID).unwrap().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Operation);
    assert_eq!(error.code(), Some("InvalidInput"));
    assert_eq!(error.message(), Some("There are no origins."));
    assert_eq!(error.operation_id(), Some(ID));
    assert_eq!(error.body().unwrap(), FAILED.as_bytes());
    let last: maps_route::models::RouteOperation = error.last_status().unwrap();
    let details = last.error.unwrap().details.clone().unwrap();
    assert_eq!(
        details[0].message.as_deref(),
        Some("One feature with pointType origins is needed.")
    );
    assert!(error.resume_token().is_some());
}

#[tokio::test]
async fn data_registry_failed_inside_200() {
    const FAILED: &str = r#"{"id":"bc3f9365-3ee0-4564-aa27-825016325557","status":"Failed",
        "error":{"code":"InvalidData","message":"The blob is no GeoJSON.","target":"azureBlob",
        "details":[{"code":"Truncated","message":"It ends in a string."}],
        "innererror":{"code":"ParseError","innererror":{"code":"UnexpectedEnd"}}}}"#;
    let server = ScriptedServer::start([Answer::json(200, FAILED)]).await;
    let client = data_registry(
        server.origin(),
        Who::Key,
        options(&VirtualClock::running_ahead()),
    );

    let operation = client.get_operation(ID).await.unwrap();
    let detail = operation.error.unwrap();
    assert_eq!(detail.target.as_deref(), Some("azureBlob"));
    assert_eq!(
        detail.details.as_ref().unwrap()[0].message.as_deref(),
        Some("It ends in a string.")
    );
    let inner = detail.innererror.unwrap();
    assert_eq!(inner.code.as_deref(), Some("ParseError"));
    assert_eq!(
        inner.innererror.unwrap().code.as_deref(),
        Some("UnexpectedEnd")
    );

    let error = client
        .attach_register_or_replace(UDID, ID)
        .unwrap()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Operation);
    assert_eq!(error.code(), Some("InvalidData"));
    assert_eq!(error.message(), Some("The blob is no GeoJSON."));
    let last: maps_data_registry::models::LongRunningOperationResult = error.last_status().unwrap();
    assert_eq!(
        last.error.unwrap().details.as_ref().unwrap()[0]
            .code
            .as_deref(),
        Some("Truncated")
    );
}

#[tokio::test]
async fn dataset_failed_inside_200() {
    const FAILED: &str = r#"{"operationId":"8b1288fa-1958-4a2b-b68e-13a7i5af7d7c","status":"Failed",
        "created":"2021-04-20T22:43:14.9401559+00:00",
        "error":{"code":"DatasetFailed","message":"Two levels have the same ordinal.",
        "details":[{"code":"DuplicateOrdinal","message":"Ordinal 0 is there twice.","target":"level"}],
        "additionalInfo":[{"type":"Hint","info":{"levels":["A","B"]}}]}}"#;
    let server = ScriptedServer::start([Answer::json(200, FAILED)]).await;
    let client = creator(
        server.origin(),
        Who::Key,
        options(&VirtualClock::running_ahead()),
    );

    let operation = client.datasets().get_operation(DATASET_ID).await.unwrap();
    let detail = operation.error.unwrap();
    assert_eq!(
        detail.message.as_deref(),
        Some("Two levels have the same ordinal.")
    );
    assert_eq!(
        detail.details.as_ref().unwrap()[0].target.as_deref(),
        Some("level")
    );
    assert_eq!(
        detail.additional_info.as_ref().unwrap()[0]
            .r#type
            .as_deref(),
        Some("Hint")
    );

    let error = client
        .datasets()
        .attach_create(DATASET_ID)
        .unwrap()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Operation);
    assert_eq!(error.code(), Some("DatasetFailed"));
    assert_eq!(error.operation_id(), Some(DATASET_ID));
    let last: maps_creator::models::LongRunningOperationResult = error.last_status().unwrap();
    assert_eq!(
        last.error.unwrap().details.as_ref().unwrap()[0]
            .code
            .as_deref(),
        Some("DuplicateOrdinal")
    );
}

#[tokio::test]
async fn route_404_has_the_documented_body() {
    let body = r#"{"error":{"code":"NotFound","message":"There is no such operation."}}"#;
    let server = ScriptedServer::start([Answer::json(404, body)]).await;
    let client = route(
        server.origin(),
        Who::Key,
        options(&VirtualClock::running_ahead()),
    );
    let error = client.get_route_operations_status(ID).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().unwrap(), 404);
    assert_eq!(error.code(), Some("NotFound"));
    let typed: maps_route::models::MapsErrorResponse = error.body_as().unwrap();
    assert_eq!(
        typed.error.message.as_deref(),
        Some("There is no such operation.")
    );
    assert_eq!(
        server.seen().len(),
        1,
        "404 is an answer, not a reason to ask again"
    );
}

#[tokio::test]
async fn data_registry_404_has_the_documented_body() {
    let body = r#"{"error":{"code":"NotFound","message":"There is no such operation.","innererror":{"code":"Gone"}}}"#;
    let server =
        ScriptedServer::start([Answer::json(404, body).header("x-ms-error-code", "NotFound")])
            .await;
    let client = data_registry(
        server.origin(),
        Who::Key,
        options(&VirtualClock::running_ahead()),
    );
    let error = client.get_operation(ID).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 404);
    assert_eq!(error.code(), Some("NotFound"));
    assert_eq!(error.headers().unwrap()["x-ms-error-code"], "NotFound");
    let typed: maps_data_registry::models::MapsErrorResponse = error.body_as().unwrap();
    assert_eq!(
        typed.error.innererror.unwrap().code.as_deref(),
        Some("Gone")
    );
}

#[tokio::test]
async fn dataset_404_has_the_documented_body() {
    let body = r#"{"error":{"code":"NotFound","message":"There is no such operation.","target":"operationId"}}"#;
    let server = ScriptedServer::start([Answer::json(404, body)]).await;
    let client = creator(
        server.origin(),
        Who::Key,
        options(&VirtualClock::running_ahead()),
    );
    let error = client
        .datasets()
        .get_operation(DATASET_ID)
        .await
        .unwrap_err();
    assert_eq!(error.status().unwrap(), 404);
    let typed: maps_creator::models::ErrorResponse = error.body_as().unwrap();
    assert_eq!(typed.error.unwrap().target.as_deref(), Some("operationId"));
}

/// The status operation of each endpoint, refused.
async fn refusals(server: &ScriptedServer) -> [Error; 3] {
    let clock = VirtualClock::running_ahead();
    let route = route(server.origin(), Who::Key, options(&clock));
    let data_registry = data_registry(server.origin(), Who::Key, options(&clock));
    let creator = creator(server.origin(), Who::Key, options(&clock));
    [
        route.get_route_operations_status(ID).await.unwrap_err(),
        data_registry.get_operation(ID).await.unwrap_err(),
        creator
            .datasets()
            .get_operation(DATASET_ID)
            .await
            .unwrap_err(),
    ]
}

#[tokio::test]
async fn an_error_body_without_error_keeps_status_and_bytes() {
    for body in [
        r#"{"statusCode":401,"message":"Access denied."}"#,
        r#"{"error":null}"#,
        r#"{"error":"denied"}"#,
        "[]",
        "null",
    ] {
        let server = ScriptedServer::start([Answer::json(401, body)]).await;
        for error in refusals(&server).await {
            assert_eq!(error.kind(), ErrorKind::Service);
            assert_eq!(error.status().unwrap(), 401);
            assert_eq!(error.body().unwrap(), body.as_bytes());
            assert!(
                error
                    .body_as::<maps_route::models::MapsErrorResponse>()
                    .is_none()
            );
        }
    }
}

#[tokio::test]
async fn an_error_body_that_is_not_json_keeps_status_and_bytes() {
    for body in [&b"<html>Bad Gateway</html>"[..], b"", b"\xff\xfe\x00"] {
        let answer = Answer::status(502)
            .header("content-type", "text/html")
            .body(body);
        let server = ScriptedServer::start([answer]).await;
        for error in refusals(&server).await {
            assert_eq!(error.kind(), ErrorKind::Service);
            assert_eq!(error.status().unwrap(), 502);
            assert_eq!(
                error.body().map(|bytes| &bytes[..]).unwrap_or_default(),
                body
            );
        }
    }
}
