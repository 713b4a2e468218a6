//! Bodies of the service: every field decoded, and encoded again as it came.

use maps_creator_models::{LongRunningOperationResult, LroStatus};
use serde_json::json;

#[test]
fn operation_with_every_field_is_kept() {
    let body = json!({
        "operationId": "8b1288fa-1958-4a2b-b68e-13a7i5af7d7c",
        "status": "Failed",
        "created": "2021-04-20T22:43:14.9401559+00:00",
        "error": {
            "code": "DatasetCreationFailed",
            "message": "A conversion has no levels.",
            "target": "conversionId",
            "details": [{ "code": "NoLevels", "message": "The manifest names no level." }],
            "additionalInfo": [{ "type": "conversion", "info": { "id": "a", "levels": 0 } }]
        },
        "warning": { "code": "SkippedFeatures", "message": "Two features have no geometry." }
    });
    let operation: LongRunningOperationResult = serde_json::from_value(body.clone()).unwrap();
    assert_eq!(
        operation.operation_id.as_deref(),
        Some("8b1288fa-1958-4a2b-b68e-13a7i5af7d7c")
    );
    assert_eq!(operation.status, Some(LroStatus::Failed));
    let created = operation.created.unwrap();
    assert_eq!(
        (created.year(), created.hour(), created.nanosecond()),
        (2021, 22, 940_155_900)
    );
    let error = operation.error.as_ref().unwrap();
    assert_eq!(
        error.to_string(),
        "DatasetCreationFailed: A conversion has no levels."
    );
    assert_eq!(error.target.as_deref(), Some("conversionId"));
    assert_eq!(
        error.details.as_ref().unwrap()[0].code.as_deref(),
        Some("NoLevels")
    );
    let info = &error.additional_info.as_ref().unwrap()[0];
    assert_eq!(info.r#type.as_deref(), Some("conversion"));
    assert_eq!(info.info.as_ref().unwrap()["levels"], 0);
    let warning = operation.warning.as_ref().unwrap();
    assert_eq!(warning.code.as_deref(), Some("SkippedFeatures"));

    let encoded = serde_json::to_value(&operation).unwrap();
    let again: LongRunningOperationResult = serde_json::from_value(encoded.clone()).unwrap();
    assert_eq!(again, operation);
    // The instant keeps its digits; UTC is written as `Z`.
    assert_eq!(encoded["created"], "2021-04-20T22:43:14.9401559Z");
}

#[test]
fn absent_fields_are_absent() {
    let operation: LongRunningOperationResult = serde_json::from_str("{}").unwrap();
    assert_eq!(operation, LongRunningOperationResult::new());
    assert_eq!(serde_json::to_string(&operation).unwrap(), "{}");
}

#[test]
fn statuses_are_those_of_the_service_and_others_survive() {
    for (text, status) in [
        ("NotStarted", LroStatus::NotStarted),
        ("Running", LroStatus::Running),
        ("Failed", LroStatus::Failed),
        ("Succeeded", LroStatus::Succeeded),
    ] {
        assert_eq!(LroStatus::from(text), status);
        assert_eq!(status.as_str(), text);
        assert_eq!(status.to_string(), text);
    }
    // Another case is another value on the wire.
    let unknown: LroStatus = "succeeded".parse().unwrap();
    assert!(matches!(unknown, LroStatus::UnknownValue(_)));
    assert_eq!(unknown.as_str(), "succeeded");
}
