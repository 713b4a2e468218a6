//! Bodies of the service: every field decoded, and encoded again as it came.

use maps_data_registry_models::{
    AzureBlob, DataFormat, DataRegistry, DataRegistryKind, LongRunningOperationResult,
    LongRunningOperationStatus, MapsErrorResponse,
};
use maps_types::request::AsRequest;
use serde_json::{Value, json};

fn status(text: &str) -> LongRunningOperationResult {
    serde_json::from_value(json!({ "status": text })).expect("a status decodes")
}

#[test]
fn operation_with_every_field_is_kept() {
    let body = json!({
        "id": "f6495f62-94f8-0ec2-c252-45626f82fcb2",
        "status": "Failed",
        "error": {
            "code": "InvalidData",
            "message": "The blob is no GeoJSON.",
            "target": "blobUrl",
            "details": [{ "code": "InvalidGeometry", "message": "Feature 3 has a ring that is not closed." }],
            "innererror": { "code": "OpenRing", "innererror": { "code": "Ring2" } }
        }
    });
    let operation: LongRunningOperationResult = serde_json::from_value(body.clone()).unwrap();
    assert_eq!(
        operation.id.as_deref(),
        Some("f6495f62-94f8-0ec2-c252-45626f82fcb2")
    );
    assert_eq!(operation.status, Some(LongRunningOperationStatus::Failed));
    let error = operation.error.as_ref().unwrap();
    assert_eq!(error.to_string(), "InvalidData: The blob is no GeoJSON.");
    assert_eq!(error.target.as_deref(), Some("blobUrl"));
    assert_eq!(
        error.details.as_ref().unwrap()[0].code.as_deref(),
        Some("InvalidGeometry")
    );
    let inner = error.innererror.as_ref().unwrap();
    assert_eq!(inner.code.as_deref(), Some("OpenRing"));
    assert_eq!(
        inner.innererror.as_ref().unwrap().code.as_deref(),
        Some("Ring2")
    );
    assert_eq!(serde_json::to_value(&operation).unwrap(), body);
}

#[test]
fn absent_fields_are_absent() {
    let operation: LongRunningOperationResult = serde_json::from_str("{}").unwrap();
    assert_eq!(operation, LongRunningOperationResult::new());
    assert_eq!(serde_json::to_string(&operation).unwrap(), "{}");
}

#[test]
fn statuses_are_those_of_the_service_and_others_survive() {
    assert_eq!(
        status("Running").status,
        Some(LongRunningOperationStatus::Running)
    );
    assert_eq!(
        status("Completed").status,
        Some(LongRunningOperationStatus::Completed)
    );
    let paused = status("Paused");
    assert!(matches!(
        paused.status,
        Some(LongRunningOperationStatus::UnknownValue(_))
    ));
    assert_eq!(
        serde_json::to_value(&paused).unwrap(),
        json!({ "status": "Paused" })
    );
}

#[test]
fn request_leaves_read_only_fields_out_and_plain_encoding_writes_them() {
    let mut blob = AzureBlob::new(
        DataFormat::Zip,
        "store",
        "https://example.blob.core.windows.net/c/f.zip",
    )
    .with_msi_client_id("98e2f8f2-6d3b-4d31-a1d5-3d2c3e7a1f40");
    blob.size_in_bytes = Some(1339);
    let mut entry = DataRegistry::new()
        .with_kind(DataRegistryKind::AzureBlob)
        .with_description("A floor")
        .with_azure_blob(blob);
    entry.udid = Some("f6495f62-94f8-0ec2-c252-45626f82fcb2".to_owned());
    entry.status = Some(LongRunningOperationStatus::Running);

    let sent = serde_json::to_value(AsRequest(&entry)).unwrap();
    assert_eq!(
        sent,
        json!({
            "description": "A floor",
            "kind": "AzureBlob",
            "azureBlob": {
                "dataFormat": "zip",
                "msiClientId": "98e2f8f2-6d3b-4d31-a1d5-3d2c3e7a1f40",
                "linkedResource": "store",
                "blobUrl": "https://example.blob.core.windows.net/c/f.zip"
            }
        })
    );
    let stored = serde_json::to_value(&entry).unwrap();
    assert_eq!(stored["status"], "Running");
    assert_eq!(stored["azureBlob"]["sizeInBytes"], 1339);
    assert_eq!(
        serde_json::from_value::<DataRegistry>(stored).unwrap(),
        entry
    );
}

#[test]
fn error_body_is_an_error_of_rust() {
    let body = json!({ "error": { "code": "NotFound", "message": "There is no such entry." } });
    let error: MapsErrorResponse = serde_json::from_value(body).unwrap();
    let error: Box<dyn std::error::Error + Send + Sync> = Box::new(error);
    assert_eq!(error.to_string(), "NotFound: There is no such entry.");
    assert!(
        serde_json::from_value::<MapsErrorResponse>(Value::Object(serde_json::Map::new())).is_err()
    );
}
