//! Asks for a route by car, and prints its length, its duration and what to do on the way.

// An example prints.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::env;
use std::error::Error;

use maps_core::SubscriptionKey;
use maps_route::RouteClient;
use maps_route::models::{
    DirectionsRequest, FeatureProperties, GeoJsonPoint, InputWaypointFeaturesItem,
    InputWaypointProperties, RouteOutputOptionEnum, TravelModeEnum,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = RouteClient::builder()
        .credential(SubscriptionKey::new(env::var("AZURE_MAPS_KEY")?))
        .accept_language("en-GB");
    if let Ok(endpoint) = env::var("AZURE_MAPS_ENDPOINT") {
        builder = builder.endpoint(endpoint);
    }
    let client = builder.build()?;

    // Longitude before latitude.
    let lausanne = [6.6291, 46.5168];
    let montreux = [6.9108, 46.4358];
    let waypoints = [lausanne, montreux]
        .into_iter()
        .zip(0..)
        .map(|(position, index)| {
            InputWaypointFeaturesItem::new(
                GeoJsonPoint::new(position),
                InputWaypointProperties::new().with_point_index(index),
            )
        });
    let request = DirectionsRequest::new(waypoints)
        .with_travel_mode(TravelModeEnum::Driving)
        .with_route_output_options([
            RouteOutputOptionEnum::Itinerary,
            RouteOutputOptionEnum::RoutePath,
        ]);

    // One request in another language than the client's.
    let response = client
        .route_directions(&request)
        .accept_language("fr-CH")
        .await?;
    for feature in response.features.unwrap_or_default() {
        match feature.properties {
            Some(FeatureProperties::RoutePath(path)) => println!(
                "{:.1} km, {} min",
                path.distance_in_meters.unwrap_or_default() / 1000.0,
                path.duration_in_seconds.unwrap_or_default() / 60,
            ),
            Some(FeatureProperties::ManeuverPoint(point)) => {
                if let Some(text) = point.instruction.and_then(|instruction| instruction.text) {
                    println!("- {text}");
                }
            }
            _ => {}
        }
    }
    Ok(())
}
