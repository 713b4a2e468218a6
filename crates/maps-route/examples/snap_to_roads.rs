//! Moves recorded positions onto the roads they were made on.

// An example prints.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::env;
use std::error::Error;

use maps_core::SubscriptionKey;
use maps_route::RouteClient;
use maps_route::models::{
    GeoJsonPoint, InputSnapToRoadsFeaturesItem, SnapToRoadsRequest, SnapToRoadsTravelModeEnum,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder =
        RouteClient::builder().credential(SubscriptionKey::new(env::var("AZURE_MAPS_KEY")?));
    if let Ok(endpoint) = env::var("AZURE_MAPS_ENDPOINT") {
        builder = builder.endpoint(endpoint);
    }
    let client = builder.build()?;

    // Longitude before latitude.
    let recorded = [
        [174.78071, -41.28548],
        [174.78027, -41.28722],
        [174.77988, -41.28905],
    ];
    let positions = recorded.into_iter().map(|position| {
        InputSnapToRoadsFeaturesItem::new(GeoJsonPoint::new(position), Default::default())
    });
    let request = SnapToRoadsRequest::new(positions)
        .with_include_speed_limit(true)
        .with_travel_mode(SnapToRoadsTravelModeEnum::Driving);

    let response = client.snap_to_roads(&request).await?;
    for feature in response.features.unwrap_or_default() {
        let position = feature.geometry.map(|point| point.coordinates);
        let Some(properties) = feature.properties else {
            continue;
        };
        println!(
            "{:?} {}, {} km/h",
            position.unwrap_or_default(),
            properties
                .name
                .as_deref()
                .unwrap_or("a road without a name"),
            properties
                .speed_limit_in_kilometers_per_hour
                .unwrap_or_default(),
        );
    }
    Ok(())
}
