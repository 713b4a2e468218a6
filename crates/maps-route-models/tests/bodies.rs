//! Bodies of the service: every field decoded, and encoded again as it came.

use maps_route_models::{
    FeatureProperties, GeoJsonMultiPoint, InputRouteMatrixFeaturesItem, InputRouteMatrixProperties,
    MapsErrorResponse, RouteDirectionsResponse, RouteMatrixAsyncRequest, RouteMatrixAsyncResponse,
    RouteMatrixTypeEnum, RouteOperation, RouteOperationKindEnum, RouteOperationResponse,
    StatusEnum,
};
use serde_json::json;

#[test]
fn operation_with_every_field_is_kept() {
    let body = json!({
        "id": "bc3f9365-3ee0-4564-aa27-825016325557",
        "status": "Completed",
        "kind": "RouteMatrix",
        "result": { "resultUrl": "https://atlas.microsoft.com/route/operations/bc3f9365/result?api-version=2025-01-01" },
        "createdAt": "2025-02-03T20:26:46Z",
        "lastActionAt": "2025-02-03T20:26:47.0570000Z",
        "error": { "code": "InternalError", "message": "Try again." }
    });
    let operation: RouteOperation = serde_json::from_value(body).unwrap();
    assert_eq!(
        operation.id.as_deref(),
        Some("bc3f9365-3ee0-4564-aa27-825016325557")
    );
    assert_eq!(operation.status, Some(StatusEnum::Completed));
    assert_eq!(operation.kind, Some(RouteOperationKindEnum::RouteMatrix));
    let url = operation
        .result
        .as_ref()
        .and_then(|result| result.result_url.as_deref());
    assert!(url.is_some_and(|url| url.ends_with("/result?api-version=2025-01-01")));
    assert_eq!(
        operation.created_at.unwrap().unix_timestamp(),
        1_738_614_406
    );
    assert_eq!(operation.last_action_at.unwrap().millisecond(), 57);
    assert_eq!(
        operation.error.as_ref().unwrap().code.as_deref(),
        Some("InternalError")
    );
    let again: RouteOperation =
        serde_json::from_value(serde_json::to_value(&operation).unwrap()).unwrap();
    assert_eq!(again, operation);
}

#[test]
fn operation_without_id_is_normal() {
    let operation: RouteOperation =
        serde_json::from_value(json!({ "status": "NotStarted" })).unwrap();
    assert_eq!(
        operation,
        RouteOperation::new().with_status(StatusEnum::NotStarted)
    );
    assert_eq!(
        serde_json::to_value(&operation).unwrap(),
        json!({ "status": "NotStarted" })
    );
}

#[test]
fn request_fills_in_types_and_discriminators() {
    let points = GeoJsonMultiPoint::new([[-122.34, 47.61]]);
    let properties =
        InputRouteMatrixProperties::new().with_point_type(RouteMatrixTypeEnum::Origins);
    let request =
        RouteMatrixAsyncRequest::new([InputRouteMatrixFeaturesItem::new(points, properties)]);
    assert_eq!(
        serde_json::to_value(&request).unwrap(),
        json!({
            "type": "FeatureCollection",
            "features": [{
                "type": "Feature",
                "geometry": { "type": "MultiPoint", "coordinates": [[-122.34, 47.61]] },
                "properties": { "pointType": "origins" }
            }]
        })
    );
}

#[test]
fn matrix_result_decodes_as_itself_and_as_its_base() {
    let body = json!({
        "kind": "RouteMatrix",
        "type": "Feature",
        "geometry": null,
        "properties": {
            "summary": { "totalCount": 2, "successfulCount": 1 },
            "matrix": [
                { "originIndex": 0, "destinationIndex": 1, "statusCode": 400, "error": { "code": "NoRoute" } },
                { "originIndex": 0, "destinationIndex": 0, "statusCode": 200, "durationInSeconds": 90 }
            ]
        }
    });
    let direct: RouteMatrixAsyncResponse = serde_json::from_value(body.clone()).unwrap();
    let base: RouteOperationResponse = serde_json::from_value(body.clone()).unwrap();
    assert_eq!(base, RouteOperationResponse::from(direct.clone()));
    assert_eq!(base.kind(), "RouteMatrix");
    let matrix = direct.matrix();
    assert_eq!(matrix.cell(0, 0).unwrap().duration_in_seconds, Some(90));
    let failure = matrix.cell(0, 1).unwrap_err();
    assert_eq!(
        failure.detail().and_then(|detail| detail.code.as_deref()),
        Some("NoRoute")
    );
    assert_eq!(serde_json::to_value(&direct).unwrap(), body);
    assert_eq!(serde_json::to_value(&base).unwrap(), body);
}

#[test]
fn unknown_kind_keeps_the_whole_object() {
    let body = json!({
        "type": "FeatureCollection",
        "features": [{ "type": "Feature", "properties": { "colour": "red", "type": "Detour", "n": [1, 2.5] } }]
    });
    let response: RouteDirectionsResponse = serde_json::from_value(body.clone()).unwrap();
    let properties = response.features.as_ref().unwrap()[0]
        .properties
        .as_ref()
        .unwrap();
    assert!(matches!(properties, FeatureProperties::UnknownKind(_)));
    assert_eq!(properties.kind(), "Detour");
    assert_eq!(serde_json::to_value(&response).unwrap(), body);
}

#[test]
fn an_object_that_does_not_say_its_kind_is_kept_whole() {
    let body = json!({
        "type": "FeatureCollection",
        "features": [{ "type": "Feature", "properties": { "durationInSeconds": 1 } }]
    });
    let response: RouteDirectionsResponse = serde_json::from_value(body.clone()).unwrap();
    let properties = &response.features.as_ref().unwrap()[0].properties;
    assert_eq!(properties.as_ref().unwrap().kind(), "");
    assert_eq!(serde_json::to_value(&response).unwrap(), body);
}

#[test]
fn malformed_field_of_a_known_kind_is_an_error() {
    for text in [
        r#"{ "features": [{ "properties": { "type": "RoutePath", "durationInSeconds": "long" } }] }"#,
        r#"{ "features": [{ "properties": { "durationInSeconds": "long", "type": "RoutePath" } }] }"#,
    ] {
        assert!(
            serde_json::from_str::<RouteDirectionsResponse>(text).is_err(),
            "{text}"
        );
    }
}

#[test]
fn what_all_kinds_share_is_read_without_a_match() {
    let properties: FeatureProperties =
        serde_json::from_value(json!({ "type": "Waypoint", "distanceInMeters": 12.5 })).unwrap();
    assert_eq!(properties.distance_in_meters(), Some(12.5));
}

#[test]
fn error_body_is_an_error_of_rust() {
    let body = json!({ "error": {
        "code": "NotFound",
        "message": "There is no such operation.",
        "innererror": { "code": "Expired" }
    } });
    let error: MapsErrorResponse = serde_json::from_value(body.clone()).unwrap();
    assert_eq!(error.to_string(), "NotFound: There is no such operation.");
    assert_eq!(
        error.error.innererror.as_ref().unwrap().code.as_deref(),
        Some("Expired")
    );
    assert_eq!(serde_json::to_value(&error).unwrap(), body);
}
