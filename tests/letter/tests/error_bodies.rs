//! One body for each definition of the two families of errors, with all its fields.
//!
//! Written by hand from the published shapes: Route and Data Registry have an `innererror`, Creator an `additionalInfo`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use maps_letter_tests::round_trip;
use serde_json::{Value, json};

/// `MapsErrorResponse`, `MapsErrorDetail` and `MapsInnerError`.
fn maps_error() -> Value {
    json!({
        "error": {
            "code": "InvalidRequest",
            "message": "The request is not valid.",
            "target": "udid",
            "details": [{
                "code": "InvalidValue",
                "message": "The value is no UUID.",
                "target": "udid",
                "details": [{"code": "TooShort"}],
                "innererror": {"code": "Length"}
            }],
            "innererror": {
                "code": "Validation",
                "innererror": {"code": "Pattern", "innererror": {"code": "Length"}}
            }
        }
    })
}

/// Asserts each field of [`maps_error`]; the types of the two services are not the same.
macro_rules! assert_maps_error {
    ($response:expr) => {
        let error = $response.error;
        assert_eq!(error.code.as_deref(), Some("InvalidRequest"));
        assert_eq!(error.message.as_deref(), Some("The request is not valid."));
        assert_eq!(error.target.as_deref(), Some("udid"));
        let detail = &error.details.as_ref().unwrap()[0];
        assert_eq!(detail.code.as_deref(), Some("InvalidValue"));
        assert_eq!(detail.message.as_deref(), Some("The value is no UUID."));
        assert_eq!(detail.target.as_deref(), Some("udid"));
        assert_eq!(
            detail.details.as_ref().unwrap()[0].code.as_deref(),
            Some("TooShort")
        );
        assert_eq!(
            detail.innererror.as_ref().unwrap().code.as_deref(),
            Some("Length")
        );
        let inner = error.innererror.as_ref().unwrap();
        assert_eq!(inner.code.as_deref(), Some("Validation"));
        let inner = inner.innererror.as_ref().unwrap();
        assert_eq!(inner.code.as_deref(), Some("Pattern"));
        let inner = inner.innererror.as_ref().unwrap();
        assert_eq!(inner.code.as_deref(), Some("Length"));
        assert!(inner.innererror.is_none());
    };
}

#[test]
fn route_maps_error_response_round_trips() {
    let response: maps_route::models::MapsErrorResponse = round_trip(maps_error());
    assert_maps_error!(response);
}

#[test]
fn data_registry_maps_error_response_round_trips() {
    let response: maps_data_registry::models::MapsErrorResponse = round_trip(maps_error());
    assert_maps_error!(response);
}

#[test]
fn creator_error_response_round_trips() {
    let response: maps_creator::models::ErrorResponse = round_trip(json!({
        "error": {
            "code": "InvalidRequest",
            "message": "The request is not valid.",
            "target": "conversionId",
            "details": [{
                "code": "ConversionNotFound",
                "message": "There is no such conversion.",
                "target": "conversionId",
                "details": [{"code": "Deleted"}],
                "additionalInfo": [{"type": "Hint", "info": {"deletedOn": "yesterday"}}]
            }],
            "additionalInfo": [{"type": "Count", "info": {"conversions": 0}}]
        }
    }));
    let error = response.error.unwrap();
    assert_eq!(error.code.as_deref(), Some("InvalidRequest"));
    assert_eq!(error.message.as_deref(), Some("The request is not valid."));
    assert_eq!(error.target.as_deref(), Some("conversionId"));
    let info = &error.additional_info.as_ref().unwrap()[0];
    assert_eq!(info.r#type.as_deref(), Some("Count"));
    assert_eq!(info.info.as_ref().unwrap()["conversions"], json!(0));
    let detail = &error.details.as_ref().unwrap()[0];
    assert_eq!(detail.code.as_deref(), Some("ConversionNotFound"));
    assert_eq!(
        detail.message.as_deref(),
        Some("There is no such conversion.")
    );
    assert_eq!(detail.target.as_deref(), Some("conversionId"));
    assert_eq!(
        detail.details.as_ref().unwrap()[0].code.as_deref(),
        Some("Deleted")
    );
    let info = &detail.additional_info.as_ref().unwrap()[0];
    assert_eq!(info.info.as_ref().unwrap()["deletedOn"], json!("yesterday"));
    // Here `error` is not required.
    let empty: maps_creator::models::ErrorResponse = round_trip(json!({}));
    assert!(empty.error.is_none());
}

#[test]
fn an_error_response_without_error_is_none_of_the_maps_family() {
    let body = json!({});
    assert!(serde_json::from_value::<maps_route::models::MapsErrorResponse>(body.clone()).is_err());
    assert!(serde_json::from_value::<maps_data_registry::models::MapsErrorResponse>(body).is_err());
}
