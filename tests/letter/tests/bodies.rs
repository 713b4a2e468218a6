//! One body for each definition that an answer carries, with all its fields: decoded, each field asserted, encoded
//! again, equal. Errors and requests are in files of their own.
//!
//! The bodies and the expected values are written by hand from the published shapes.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use maps_creator::models::{
    Dataset, DatasetListResult, LongRunningOperationResult as DatasetOperation, LroStatus,
};
use maps_data_registry::models::{
    DataFormat, DataRegistry, DataRegistryKind, DataRegistryList,
    LongRunningOperationResult as DataRegistryOperation, LongRunningOperationStatus,
};
use maps_letter_tests::round_trip;
use maps_route::models::{
    FeaturesItemTypeEnum, RouteMatrixAsyncResponse, RouteMatrixResponse, RouteOperation,
    RouteOperationKindEnum, RouteOperationResponse, StatusEnum,
};
use serde_json::json;
use time::macros::datetime;

#[test]
fn route_operation_with_all_fields_round_trips() {
    let operation: RouteOperation = round_trip(json!({
        "id": "bc3f9365-3ee0-4564-aa27-825016325557",
        "status": "Failed",
        "kind": "RouteMatrix",
        "result": {"resultUrl": "https://atlas.microsoft.com/route/operations/bc3f9365-3ee0-4564-aa27-825016325557/result?api-version=2025-01-01"},
        "createdAt": "2025-03-01T10:00:00Z",
        "lastActionAt": "2025-03-01T12:00:07.5+02:00",
        "error": {
            "code": "InvalidInput",
            "message": "There are no origins.",
            "target": "features",
            "details": [{"code": "MissingOrigins", "message": "One is needed."}],
            "additionalInfo": [{"type": "Hint", "info": {"missing": ["origins"]}}]
        }
    }));
    assert_eq!(
        operation.id.as_deref(),
        Some("bc3f9365-3ee0-4564-aa27-825016325557")
    );
    assert_eq!(operation.status, Some(StatusEnum::Failed));
    assert_eq!(operation.kind, Some(RouteOperationKindEnum::RouteMatrix));
    let url = operation.result.unwrap().result_url.unwrap();
    assert!(url.ends_with("/result?api-version=2025-01-01"));
    assert_eq!(operation.created_at, Some(datetime!(2025-03-01 10:00 UTC)));
    assert_eq!(
        operation.last_action_at,
        Some(datetime!(2025-03-01 10:00:07.5 UTC))
    );
    let error = operation.error.unwrap();
    assert_eq!(error.code.as_deref(), Some("InvalidInput"));
    assert_eq!(error.message.as_deref(), Some("There are no origins."));
    assert_eq!(error.target.as_deref(), Some("features"));
    let detail = &error.details.as_ref().unwrap()[0];
    assert_eq!(
        (detail.code.as_deref(), detail.message.as_deref()),
        (Some("MissingOrigins"), Some("One is needed."))
    );
    let info = &error.additional_info.as_ref().unwrap()[0];
    assert_eq!(info.r#type.as_deref(), Some("Hint"));
    assert_eq!(info.info.as_ref().unwrap()["missing"], json!(["origins"]));
}

#[test]
fn data_registry_operation_with_all_fields_round_trips() {
    let operation: DataRegistryOperation = round_trip(json!({
        "id": "bc3f9365-3ee0-4564-aa27-825016325557",
        "status": "Failed",
        "error": {
            "code": "InvalidData",
            "message": "The blob is no GeoJSON.",
            "target": "azureBlob",
            "details": [{"code": "Truncated"}],
            "innererror": {"code": "ParseError", "innererror": {"code": "UnexpectedEnd"}}
        }
    }));
    assert_eq!(
        operation.id.as_deref(),
        Some("bc3f9365-3ee0-4564-aa27-825016325557")
    );
    assert_eq!(operation.status, Some(LongRunningOperationStatus::Failed));
    let error = operation.error.unwrap();
    assert_eq!(error.code.as_deref(), Some("InvalidData"));
    assert_eq!(error.message.as_deref(), Some("The blob is no GeoJSON."));
    assert_eq!(error.target.as_deref(), Some("azureBlob"));
    assert_eq!(
        error.details.as_ref().unwrap()[0].code.as_deref(),
        Some("Truncated")
    );
    let inner = error.innererror.as_ref().unwrap();
    assert_eq!(inner.code.as_deref(), Some("ParseError"));
    assert_eq!(
        inner.innererror.as_ref().unwrap().code.as_deref(),
        Some("UnexpectedEnd")
    );
}

#[test]
fn dataset_operation_with_all_fields_round_trips() {
    let operation: DatasetOperation = round_trip(json!({
        "operationId": "8b1288fa-1958-4a2b-b68e-13a7i5af7d7c",
        "status": "Succeeded",
        "created": "2021-04-20T22:43:14.9401559+00:00",
        "error": {"code": "None", "message": "Nothing failed."},
        "warning": {
            "code": "FeaturesSkipped",
            "message": "Some features were left out.",
            "target": "opening",
            "details": [{"code": "DuplicateFeature"}],
            "additionalInfo": [{"type": "Count", "info": {"skipped": 3}}]
        }
    }));
    assert_eq!(
        operation.operation_id.as_deref(),
        Some("8b1288fa-1958-4a2b-b68e-13a7i5af7d7c")
    );
    assert_eq!(operation.status, Some(LroStatus::Succeeded));
    assert_eq!(
        operation.created,
        Some(datetime!(2021-04-20 22:43:14.9401559 UTC))
    );
    assert_eq!(
        operation.error.unwrap().message.as_deref(),
        Some("Nothing failed.")
    );
    let warning = operation.warning.unwrap();
    assert_eq!(warning.code.as_deref(), Some("FeaturesSkipped"));
    assert_eq!(
        warning.message.as_deref(),
        Some("Some features were left out.")
    );
    assert_eq!(warning.target.as_deref(), Some("opening"));
    assert_eq!(
        warning.details.as_ref().unwrap()[0].code.as_deref(),
        Some("DuplicateFeature")
    );
    assert_eq!(
        warning.additional_info.as_ref().unwrap()[0]
            .info
            .as_ref()
            .unwrap()["skipped"],
        json!(3)
    );
}

#[test]
fn data_registry_with_all_fields_round_trips() {
    let registry: DataRegistry = round_trip(json!({
        "udid": "f6495f62-94f8-0ec2-c252-45626f82fcb2",
        "description": "Floor plans of a campus",
        "kind": "AzureBlob",
        "azureBlob": {
            "dataFormat": "zip",
            "msiClientId": "3263cad5-ed8b-4829-b72b-3d1ba556e373",
            "linkedResource": "my-storage",
            "blobUrl": "https://mystorage.blob.core.windows.net/maps/campus.zip",
            "sizeInBytes": 9_007_199_254_740_993_i64,
            "contentMD5": "CpqVzQ3rsXRSTkVDJD4oRg=="
        },
        "status": "Completed",
        "error": {"code": "None"}
    }));
    assert_eq!(
        registry.udid.as_deref(),
        Some("f6495f62-94f8-0ec2-c252-45626f82fcb2")
    );
    assert_eq!(
        registry.description.as_deref(),
        Some("Floor plans of a campus")
    );
    assert_eq!(registry.kind, Some(DataRegistryKind::AzureBlob));
    assert_eq!(registry.status, Some(LongRunningOperationStatus::Completed));
    assert_eq!(registry.error.unwrap().code.as_deref(), Some("None"));
    let blob = registry.azure_blob.unwrap();
    assert_eq!(blob.data_format, DataFormat::Zip);
    assert_eq!(
        blob.msi_client_id.as_deref(),
        Some("3263cad5-ed8b-4829-b72b-3d1ba556e373")
    );
    assert_eq!(blob.linked_resource, "my-storage");
    assert_eq!(
        blob.blob_url,
        "https://mystorage.blob.core.windows.net/maps/campus.zip"
    );
    assert_eq!(
        blob.size_in_bytes,
        Some(9_007_199_254_740_993),
        "a number that no double holds"
    );
    assert_eq!(
        blob.content_md5.as_deref(),
        Some("CpqVzQ3rsXRSTkVDJD4oRg==")
    );
}

#[test]
fn dataset_with_all_fields_round_trips() {
    let dataset: Dataset = round_trip(json!({
        "created": "2021-04-20T22:43:14.9401559+00:00",
        "datasetId": "b1701a3e-2c4d-4f0a-9d53-6e0f1a2b3c4d",
        "description": "A campus",
        "datasetSources": {
            "conversionIds": ["0c1288fa-2058-4a1b-b68d-13a6f5af7d7c"],
            "appendDatasetId": "46d1edb6-d29e-4786-9589-dbd4efd7a977"
        },
        "ontology": "facility-2.0",
        "featureCounts": {"directoryInfo": 2, "level": 3}
    }));
    assert_eq!(
        dataset.created,
        Some(datetime!(2021-04-20 22:43:14.9401559 UTC))
    );
    assert_eq!(
        dataset.dataset_id.as_deref(),
        Some("b1701a3e-2c4d-4f0a-9d53-6e0f1a2b3c4d")
    );
    assert_eq!(dataset.description.as_deref(), Some("A campus"));
    assert_eq!(dataset.ontology.as_deref(), Some("facility-2.0"));
    assert_eq!(dataset.feature_counts.unwrap()["level"], json!(3));
    let sources = dataset.dataset_sources.unwrap();
    assert_eq!(
        sources.conversion_ids.unwrap(),
        ["0c1288fa-2058-4a1b-b68d-13a6f5af7d7c"]
    );
    assert_eq!(
        sources.append_dataset_id.as_deref(),
        Some("46d1edb6-d29e-4786-9589-dbd4efd7a977")
    );
}

#[test]
fn route_matrix_with_all_fields_round_trips() {
    let matrix: RouteMatrixAsyncResponse = round_trip(json!({
        "kind": "RouteMatrix",
        "type": "Feature",
        "geometry": null,
        "properties": {
            "summary": {"totalCount": 2, "successfulCount": 1},
            "matrix": [
                {
                    "originIndex": 0, "destinationIndex": 0, "statusCode": 200,
                    "distanceInMeters": 1234.5, "durationInSeconds": 300, "durationTrafficInSeconds": 330,
                    "departureAt": "2025-03-01T10:00:00Z", "arrivalAt": "2025-03-01T10:05:00Z"
                },
                {
                    "originIndex": 0, "destinationIndex": 1, "statusCode": 400,
                    "error": {"code": "NoRouteFound", "message": "There is no road."}
                }
            ]
        }
    }));
    assert_eq!(matrix.r#type, FeaturesItemTypeEnum::Feature);
    assert_eq!(matrix.geometry, None);
    let summary = matrix.properties.summary.as_ref().unwrap();
    assert_eq!(
        (summary.total_count, summary.successful_count),
        (Some(2), Some(1))
    );
    let cells = matrix.properties.matrix.as_ref().unwrap();
    assert_eq!(
        (cells[0].origin_index, cells[0].destination_index),
        (Some(0), Some(0))
    );
    assert_eq!(cells[0].status_code, Some(200));
    assert_eq!(cells[0].distance_in_meters, Some(1234.5));
    assert_eq!(
        (
            cells[0].duration_in_seconds,
            cells[0].duration_traffic_in_seconds
        ),
        (Some(300), Some(330))
    );
    assert_eq!(cells[0].departure_at, Some(datetime!(2025-03-01 10:00 UTC)));
    assert_eq!(cells[0].arrival_at, Some(datetime!(2025-03-01 10:05 UTC)));
    assert!(cells[0].error.is_none());
    assert_eq!(cells[1].status_code, Some(400));
    assert_eq!(
        cells[1].error.as_ref().unwrap().message.as_deref(),
        Some("There is no road.")
    );
}

#[test]
fn a_synchronous_matrix_with_all_fields_round_trips() {
    let matrix: RouteMatrixResponse = round_trip(json!({
        "type": "Feature",
        "geometry": null,
        "properties": {
            "summary": {"totalCount": 1, "successfulCount": 1},
            "matrix": [{
                "originIndex": 3, "destinationIndex": 7, "statusCode": 200,
                "distanceInMeters": 0.5, "durationInSeconds": 1, "durationTrafficInSeconds": 2,
                "departureAt": "2025-03-01T10:00:00Z", "arrivalAt": "2025-03-01T10:00:01Z"
            }]
        }
    }));
    assert_eq!(matrix.r#type, FeaturesItemTypeEnum::Feature);
    assert_eq!(matrix.geometry, None);
    assert_eq!(matrix.properties.summary.unwrap().total_count, Some(1));
    let cell = &matrix.properties.matrix.unwrap()[0];
    assert_eq!(
        (cell.origin_index, cell.destination_index),
        (Some(3), Some(7))
    );
    assert_eq!(cell.distance_in_meters, Some(0.5));
}

#[test]
fn a_route_result_is_told_apart_by_its_kind() {
    let result: RouteOperationResponse = round_trip(json!({
        "kind": "RouteMatrix",
        "type": "Feature",
        "geometry": null,
        "properties": {"summary": {"totalCount": 4, "successfulCount": 4}, "matrix": []}
    }));
    assert_eq!(result.kind(), "RouteMatrix");
    let RouteOperationResponse::RouteMatrix(matrix) = result else {
        panic!("{result:?} is no matrix");
    };
    assert_eq!(matrix.properties.summary.unwrap().total_count, Some(4));
    // A kind of a later day is kept whole.
    let later: RouteOperationResponse = round_trip(json!({"kind": "RouteTable", "rows": [1, 2]}));
    assert_eq!(later.kind(), "RouteTable");
}

#[test]
fn lists_with_all_fields_round_trip() {
    let list: DataRegistryList = round_trip(json!({
        "value": [{"udid": "f6495f62-94f8-0ec2-c252-45626f82fcb2", "status": "Running"}],
        "nextLink": "https://us.atlas.microsoft.com/dataRegistries?api-version=2023-06-01&page=2"
    }));
    let entry = &list.value.as_ref().unwrap()[0];
    assert_eq!(
        entry.udid.as_deref(),
        Some("f6495f62-94f8-0ec2-c252-45626f82fcb2")
    );
    assert_eq!(entry.status, Some(LongRunningOperationStatus::Running));
    assert!(list.next_link.unwrap().ends_with("&page=2"));

    let list: DatasetListResult = round_trip(json!({
        "datasets": [{"datasetId": "b1701a3e-2c4d-4f0a-9d53-6e0f1a2b3c4d"}],
        "nextLink": "https://us.atlas.microsoft.com/datasets?api-version=2.0&page=2"
    }));
    assert_eq!(
        list.datasets.as_ref().unwrap()[0].dataset_id.as_deref(),
        Some("b1701a3e-2c4d-4f0a-9d53-6e0f1a2b3c4d")
    );
    assert!(list.next_link.unwrap().ends_with("&page=2"));
    assert_eq!(
        round_trip::<DataRegistryList>(json!({})),
        DataRegistryList::new()
    );
    assert_eq!(
        round_trip::<DatasetListResult>(json!({})),
        DatasetListResult::new()
    );
}

#[test]
fn absent_fields_read_as_absent() {
    let operation: RouteOperation =
        round_trip(json!({"status": "NotStarted", "kind": "RouteMatrix"}));
    assert_eq!(operation.id, None);
    assert!(operation.result.is_none() && operation.error.is_none());
    assert!(operation.created_at.is_none() && operation.last_action_at.is_none());
    assert_eq!(
        round_trip::<RouteOperation>(json!({})),
        RouteOperation::new()
    );

    let operation: DataRegistryOperation = round_trip(json!({}));
    assert!(operation.id.is_none() && operation.status.is_none() && operation.error.is_none());

    let operation: DatasetOperation = round_trip(json!({"status": "Running"}));
    assert!(operation.operation_id.is_none() && operation.created.is_none());
    assert!(operation.error.is_none() && operation.warning.is_none());

    let dataset: Dataset = round_trip(json!({}));
    assert!(
        dataset.created.is_none()
            && dataset.dataset_sources.is_none()
            && dataset.feature_counts.is_none()
    );
}

#[test]
fn created_keeps_seven_fractional_digits() {
    let body = r#"{"created":"2021-04-20T22:43:14.9401559+00:00"}"#;
    let operation: DatasetOperation = serde_json::from_str(body).unwrap();
    let created = operation.created.unwrap();
    assert_eq!(created.nanosecond(), 940_155_900);
    assert!(created.offset().is_utc());
    let encoded = serde_json::to_string(&operation).unwrap();
    assert!(encoded.contains("2021-04-20T22:43:14.9401559"), "{encoded}");
}
