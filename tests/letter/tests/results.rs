//! How each endpoint's result is collected once its operation has succeeded.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use maps_core::ErrorKind;
use maps_core::test_kit::VirtualClock;
use maps_creator::models::LroStatus;
use maps_data_registry::models::{AzureBlob, DataFormat, DataRegistry};
use maps_letter_tests::{
    Answer, DATASET_ID, ID, MATRIX, ScriptedServer, UDID, Who, creator, data_registry, options,
    route,
};
use maps_route::models::{
    GeoJsonMultiPoint, InputRouteMatrixFeaturesItem, InputRouteMatrixProperties,
    RouteMatrixAsyncRequest, RouteMatrixTypeEnum,
};

fn matrix_request() -> RouteMatrixAsyncRequest {
    let side = |side, position: [f64; 2]| {
        InputRouteMatrixFeaturesItem::new(
            GeoJsonMultiPoint::new(vec![position.to_vec()]),
            InputRouteMatrixProperties::new().with_point_type(side),
        )
    };
    RouteMatrixAsyncRequest::new(vec![
        side(RouteMatrixTypeEnum::Origins, [-122.33, 47.61]),
        side(RouteMatrixTypeEnum::Destinations, [-122.2, 47.62]),
    ])
}

#[tokio::test]
async fn route_follows_result_url() {
    let server = ScriptedServer::start([
        Answer::status(202)
            .header("Operation-Location", format!("{{origin}}/route/operations/{ID}?api-version=2025-01-01")),
        Answer::json(200, r#"{"status":"NotStarted"}"#),
        Answer::json(
            200,
            &format!(r#"{{"status":"Completed","result":{{"resultUrl":"{{origin}}/route/operations/{ID}/result?api-version=2025-01-01"}}}}"#),
        ),
        Answer::json(200, MATRIX),
    ])
    .await;
    let client = route(
        server.origin(),
        Who::Key,
        options(&VirtualClock::running_ahead()),
    );
    let poller = client.begin_route_matrix(&matrix_request()).await.unwrap();
    assert_eq!(poller.id(), ID);
    let matrix = poller.await.unwrap();
    assert_eq!(matrix.properties.summary.unwrap().successful_count, Some(1));

    let seen = server.seen();
    let lines: Vec<_> = seen
        .iter()
        .map(|request| format!("{} {}?{}", request.method, request.path, request.query))
        .collect();
    assert_eq!(
        lines,
        [
            "POST /route/matrix:async?api-version=2025-01-01".to_owned(),
            format!("GET /route/operations/{ID}?api-version=2025-01-01"),
            format!("GET /route/operations/{ID}?api-version=2025-01-01"),
            format!("GET /route/operations/{ID}/result?api-version=2025-01-01"),
        ]
    );
    assert_eq!(seen[0].header("content-type"), Some("application/geo+json"));
    let body: serde_json::Value = serde_json::from_slice(&seen[0].body).unwrap();
    assert_eq!(
        body,
        serde_json::json!({
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "geometry": {"type": "MultiPoint", "coordinates": [[-122.33, 47.61]]},
                    "properties": {"pointType": "origins"}
                },
                {
                    "type": "Feature",
                    "geometry": {"type": "MultiPoint", "coordinates": [[-122.2, 47.62]]},
                    "properties": {"pointType": "destinations"}
                }
            ]
        })
    );
}

#[tokio::test]
async fn data_registry_reads_the_entry_again() {
    let entry = format!(r#"{{"udid":"{UDID}","kind":"AzureBlob","status":"Completed"}}"#);
    let server = ScriptedServer::start([
        Answer::json(201, &format!(r#"{{"udid":"{UDID}","status":"Running"}}"#))
            .header("Operation-Id", ID)
            .header(
                "Operation-Location",
                format!("{{origin}}/dataRegistries/operations/{ID}"),
            ),
        Answer::json(200, &format!(r#"{{"id":"{ID}","status":"Running"}}"#))
            .header("Retry-After", "10"),
        Answer::json(200, &format!(r#"{{"id":"{ID}","status":"Completed"}}"#)),
        Answer::json(200, &entry),
    ])
    .await;
    let client = data_registry(
        server.origin(),
        Who::Key,
        options(&VirtualClock::running_ahead()),
    );
    let mut registry = DataRegistry::new()
        .with_description("Floor plans")
        .with_azure_blob(AzureBlob::new(
            DataFormat::Geojson,
            "store",
            "https://example.com/plan.json",
        ));
    // What only answers carry stays out of the request.
    registry.udid = Some("11111111-1111-1111-1111-111111111111".to_owned());
    let result = client
        .begin_register_or_replace(UDID, &registry)
        .operation_id(ID)
        .await
        .unwrap()
        .await
        .unwrap();
    assert_eq!(result.udid.as_deref(), Some(UDID));

    let seen = server.seen();
    let lines: Vec<_> = seen
        .iter()
        .map(|request| format!("{} {}?{}", request.method, request.path, request.query))
        .collect();
    assert_eq!(
        lines,
        [
            format!("PUT /dataRegistries/{UDID}?api-version=2023-06-01"),
            format!("GET /dataRegistries/operations/{ID}?api-version=2023-06-01"),
            format!("GET /dataRegistries/operations/{ID}?api-version=2023-06-01"),
            format!("GET /dataRegistries/{UDID}?api-version=2023-06-01"),
        ]
    );
    assert_eq!(seen[0].header("operation-id"), Some(ID));
    assert_eq!(seen[1].header("operation-id"), None);
    let body: serde_json::Value = serde_json::from_slice(&seen[0].body).unwrap();
    assert_eq!(
        body,
        serde_json::json!({
            "description": "Floor plans",
            "azureBlob": {"dataFormat": "geojson", "linkedResource": "store", "blobUrl": "https://example.com/plan.json"}
        })
    );
}

#[tokio::test]
async fn dataset_follows_resource_location() {
    let server = ScriptedServer::start([
        Answer::status(202).header(
            "Operation-Location",
            format!("{{origin}}/datasets/operations/{DATASET_ID}?api-version=2.0"),
        ),
        Answer::json(200, r#"{"status":"Running"}"#),
        Answer::json(200, r#"{"status":"Succeeded"}"#)
            .header("Resource-Location", "{origin}/datasets/d1?api-version=2.0"),
        Answer::json(200, r#"{"datasetId":"d1"}"#),
    ])
    .await;
    let client = creator(
        server.origin(),
        Who::Key,
        options(&VirtualClock::running_ahead()),
    );
    let request = client
        .datasets()
        .begin_create("conversion 1/2")
        .description("a & b");
    let dataset = request.await.unwrap().await.unwrap();
    assert_eq!(dataset.dataset_id.as_deref(), Some("d1"));

    let seen = server.seen();
    assert_eq!(
        (seen[0].method.as_str(), seen[0].path.as_str()),
        ("POST", "/datasets")
    );
    assert_eq!(seen[0].query_values("conversionId"), ["conversion 1/2"]);
    assert_eq!(seen[0].query_values("description"), ["a & b"]);
    assert!(seen[0].query_values("datasetId").is_empty());
    assert!(seen[0].body.is_empty());
    assert_eq!(seen[1].path, format!("/datasets/operations/{DATASET_ID}"));
    assert_eq!(seen[3].path, "/datasets/d1");
    assert_eq!(seen[3].query_values("api-version"), ["2.0"]);
    assert_eq!(seen.len(), 4);
}

#[tokio::test]
async fn a_warning_is_readable_after_success() {
    let server = ScriptedServer::start([
        Answer::json(200, r#"{"status":"Succeeded","warning":{"code":"FeaturesSkipped","message":"Three are missing."}}"#)
            .header("Resource-Location", "{origin}/datasets/d1"),
        Answer::json(200, r#"{"datasetId":"d1"}"#),
    ])
    .await;
    let client = creator(
        server.origin(),
        Who::Key,
        options(&VirtualClock::running_ahead()),
    );
    let mut poller = client.datasets().attach_create(DATASET_ID).unwrap();
    let dataset = poller.result().await.unwrap();
    assert_eq!(dataset.dataset_id.as_deref(), Some("d1"));
    let status = poller.status().unwrap();
    assert_eq!(status.status, Some(LroStatus::Succeeded));
    assert_eq!(
        status.warning.as_ref().unwrap().message.as_deref(),
        Some("Three are missing.")
    );
}

#[tokio::test]
async fn completed_without_result_is_a_typed_error_that_resumes() {
    let server = ScriptedServer::start([
        Answer::json(200, r#"{"status":"Completed"}"#),
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
    let error = client.attach_route_matrix(ID).unwrap().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Operation);
    assert_eq!(error.operation_id(), Some(ID));
    let last: maps_route::models::RouteOperation = error.last_status().unwrap();
    assert_eq!(last.status, Some(maps_route::models::StatusEnum::Completed));
    let token = error.resume_token().unwrap().clone();
    let matrix = client.resume_route_matrix(token).unwrap().await.unwrap();
    assert_eq!(matrix.properties.summary.unwrap().total_count, Some(1));
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn succeeded_without_resource_location_is_a_typed_error_that_resumes() {
    let server = ScriptedServer::start([
        Answer::json(200, r#"{"status":"Succeeded"}"#),
        Answer::json(200, r#"{"status":"Succeeded"}"#).header("Resource-Location", "/datasets/d1"),
        Answer::json(200, r#"{"datasetId":"d1"}"#),
    ])
    .await;
    let client = creator(
        server.origin(),
        Who::Key,
        options(&VirtualClock::running_ahead()),
    );
    let error = client
        .datasets()
        .attach_create(DATASET_ID)
        .unwrap()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Operation);
    let last: maps_creator::models::LongRunningOperationResult = error.last_status().unwrap();
    assert_eq!(last.status, Some(LroStatus::Succeeded));
    let token = error.resume_token().unwrap().clone();
    let dataset = client
        .datasets()
        .resume_create(token)
        .unwrap()
        .await
        .unwrap();
    assert_eq!(dataset.dataset_id.as_deref(), Some("d1"));
}
