//! One body for each definition that a request carries, with all its fields, and every word of the enums.
//!
//! A registry entry is in `bodies`: it is request and answer. Dataset's submit has no body.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use maps_creator::models::Geography as CreatorGeography;
use maps_data_registry::models::{DataFormat, DataRegistryKind, Geography as RegistryGeography};
use maps_letter_tests::round_trip;
use maps_route::models::{
    AdrTunnelRestrictionCodeEnum, FeatureTypeEnum, FeaturesItemTypeEnum,
    RouteMatrixAsyncOptimizeRouteEnum, RouteMatrixAsyncRequest, RouteMatrixAvoidEnum,
    RouteMatrixOptimizeRouteEnum, RouteMatrixRequest, RouteMatrixTrafficEnum,
    RouteMatrixTravelModeEnum, RouteMatrixTypeEnum, RouteMatrixVehicleSpec, RouteOperationKindEnum,
    VehicleLoadTypeEnum,
};
use serde_json::{Value, json};
use time::macros::datetime;

/// A request with every field but `arriveAt` and `departAt`, which are of two types.
fn matrix_request() -> Value {
    json!({
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "MultiPoint", "coordinates": [[-122.33, 47.61], [-122.31, 47.65, 12.5]]},
                "properties": {"pointType": "origins"}
            },
            {
                "type": "Feature",
                "geometry": {"type": "MultiPoint", "coordinates": [[-122.2, 47.62]]},
                "properties": {"pointType": "destinations"}
            }
        ],
        "avoid": ["tollRoads", "unpavedRoads"],
        "optimizeRoute": "fastest",
        "traffic": "live",
        "travelMode": "truck",
        "vehicleSpec": {
            "adrTunnelRestrictionCode": "C",
            "axleWeight": 7500,
            "height": 3.8,
            "isVehicleCommercial": true,
            "length": 16.5,
            "loadType": ["USHazmatClass3", "otherHazmatHarmfulToWater"],
            "maxSpeed": 80,
            "weight": 40000,
            "width": 2.55
        }
    })
}

fn assert_vehicle(vehicle: &RouteMatrixVehicleSpec) {
    assert_eq!(
        vehicle.adr_tunnel_restriction_code,
        Some(AdrTunnelRestrictionCodeEnum::C)
    );
    assert_eq!(vehicle.axle_weight_in_kilograms, Some(7500));
    assert_eq!(vehicle.height_in_meters, Some(3.8));
    assert_eq!(vehicle.is_vehicle_commercial, Some(true));
    assert_eq!(vehicle.length_in_meters, Some(16.5));
    assert_eq!(
        vehicle.load_type.as_deref().unwrap(),
        [
            VehicleLoadTypeEnum::UsHazmatClass3,
            VehicleLoadTypeEnum::OtherHazmatHarmfulToWater
        ]
    );
    assert_eq!(vehicle.max_speed_in_kilometers_per_hour, Some(80));
    assert_eq!(vehicle.weight_in_kilograms, Some(40_000));
    assert_eq!(vehicle.width_in_meters, Some(2.55));
}

#[test]
fn route_matrix_async_request_with_all_fields_round_trips() {
    let mut body = matrix_request();
    // Plain text in the asynchronous request.
    body["arriveAt"] = json!("2025-03-01T12:00:00+01:00");
    body["departAt"] = json!("any");
    let request: RouteMatrixAsyncRequest = round_trip(body);
    assert_eq!(request.r#type, FeatureTypeEnum::FeatureCollection);
    assert_eq!(
        request.arrive_at.as_deref(),
        Some("2025-03-01T12:00:00+01:00")
    );
    assert_eq!(request.depart_at.as_deref(), Some("any"));
    assert_eq!(
        request.avoid.as_deref().unwrap(),
        [
            RouteMatrixAvoidEnum::TollRoads,
            RouteMatrixAvoidEnum::UnpavedRoads
        ]
    );
    assert_eq!(
        request.optimize_route,
        Some(RouteMatrixAsyncOptimizeRouteEnum::Fastest)
    );
    assert_eq!(request.traffic, Some(RouteMatrixTrafficEnum::Live));
    assert_eq!(request.travel_mode, Some(RouteMatrixTravelModeEnum::Truck));
    assert_vehicle(request.vehicle_spec.as_ref().unwrap());
    let [origins, destinations] = request.features.as_slice() else {
        panic!("two features");
    };
    assert_eq!(origins.r#type, FeaturesItemTypeEnum::Feature);
    assert_eq!(
        origins.geometry.coordinates,
        [vec![-122.33, 47.61], vec![-122.31, 47.65, 12.5]]
    );
    assert_eq!(
        origins.properties.point_type,
        Some(RouteMatrixTypeEnum::Origins)
    );
    assert_eq!(
        destinations.properties.point_type,
        Some(RouteMatrixTypeEnum::Destinations)
    );
}

#[test]
fn route_matrix_request_with_all_fields_round_trips() {
    let mut body = matrix_request();
    // Dates in the synchronous request.
    body["arriveAt"] = json!("2025-03-01T12:00:00+01:00");
    body["departAt"] = json!("2025-03-01T09:00:00Z");
    let request: RouteMatrixRequest = round_trip(body);
    assert_eq!(request.r#type, FeatureTypeEnum::FeatureCollection);
    assert_eq!(request.arrive_at, Some(datetime!(2025-03-01 11:00 UTC)));
    assert_eq!(request.depart_at, Some(datetime!(2025-03-01 9:00 UTC)));
    assert_eq!(request.avoid.as_ref().unwrap().len(), 2);
    assert_eq!(
        request.optimize_route,
        Some(RouteMatrixOptimizeRouteEnum::Fastest)
    );
    assert_eq!(request.traffic, Some(RouteMatrixTrafficEnum::Live));
    assert_eq!(request.travel_mode, Some(RouteMatrixTravelModeEnum::Truck));
    assert_vehicle(request.vehicle_spec.as_ref().unwrap());
    assert_eq!(
        request.features[1].geometry.coordinates,
        [vec![-122.2, 47.62]]
    );
}

/// Asserts that each word is the variant beside it, both ways.
macro_rules! assert_words {
    ($type:ident: $($word:literal = $variant:ident),+) => {
        $(
            assert_eq!($type::from($word), $type::$variant, $word);
            assert_eq!($type::$variant.as_str(), $word);
            assert_eq!(serde_json::to_value($type::$variant).unwrap(), json!($word));
        )+
    };
}

#[test]
fn every_word_of_the_enums_is_known() {
    assert_words!(DataFormat: "geojson" = Geojson, "zip" = Zip);
    assert_words!(DataRegistryKind: "AzureBlob" = AzureBlob);
    assert_words!(RegistryGeography: "us" = Us, "eu" = Eu);
    assert_words!(CreatorGeography: "us" = Us, "eu" = Eu);
    assert_words!(FeatureTypeEnum: "FeatureCollection" = FeatureCollection);
    assert_words!(FeaturesItemTypeEnum: "Feature" = Feature);
    assert_words!(RouteOperationKindEnum: "RouteMatrix" = RouteMatrix);
    assert_words!(RouteMatrixTypeEnum: "origins" = Origins, "destinations" = Destinations);
    assert_words!(RouteMatrixAvoidEnum: "tollRoads" = TollRoads, "unpavedRoads" = UnpavedRoads);
    assert_words!(RouteMatrixOptimizeRouteEnum: "fastest" = Fastest);
    assert_words!(RouteMatrixAsyncOptimizeRouteEnum: "shortest" = Shortest, "fastest" = Fastest);
    assert_words!(RouteMatrixTrafficEnum: "historical" = Historical, "live" = Live);
    assert_words!(RouteMatrixTravelModeEnum: "driving" = Driving, "truck" = Truck, "walking" = Walking);
    assert_words!(AdrTunnelRestrictionCodeEnum: "B" = B, "C" = C, "D" = D, "E" = E);
}
