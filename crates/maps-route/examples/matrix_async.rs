//! Submits a matrix of travel times, shows each status on the way, and prints the result.

// An example prints.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::env;
use std::error::Error;

use maps_core::SubscriptionKey;
use maps_route::RouteClient;
use maps_route::models::{
    GeoJsonMultiPoint, InputRouteMatrixFeaturesItem, InputRouteMatrixProperties,
    RouteMatrixAsyncRequest, RouteMatrixTravelModeEnum, RouteMatrixTypeEnum,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder =
        RouteClient::builder().credential(SubscriptionKey::new(env::var("AZURE_MAPS_KEY")?));
    if let Ok(endpoint) = env::var("AZURE_MAPS_ENDPOINT") {
        builder = builder.endpoint(endpoint);
    }
    let client = builder.build()?;

    let rotterdam = [4.4777, 51.9244];
    let antwerp = [4.4025, 51.2194];
    let cologne = [6.9603, 50.9375];
    let luxembourg = [6.1319, 49.6116];
    let request = RouteMatrixAsyncRequest::new([
        points(RouteMatrixTypeEnum::Origins, [rotterdam, antwerp]),
        points(RouteMatrixTypeEnum::Destinations, [cologne, luxembourg]),
    ])
    .with_travel_mode(RouteMatrixTravelModeEnum::Driving);

    let mut poller = client.begin_route_matrix(&request).await?;
    println!("operation {}", poller.id());
    while let Some(status) = poller.next().await {
        if let Some(status) = status?.status {
            println!("{status}");
        }
    }

    let response = poller.result().await?;
    let matrix = response.matrix();
    for origin in 0..matrix.origins() {
        for destination in 0..matrix.destinations() {
            match matrix.cell(origin, destination) {
                Ok(cell) => println!(
                    "{origin} to {destination}: {:.0} km in {} min",
                    cell.distance_in_meters.unwrap_or_default() / 1000.0,
                    cell.duration_in_seconds.unwrap_or_default() / 60,
                ),
                Err(error) => println!("{origin} to {destination}: {error}"),
            }
        }
    }
    Ok(())
}

/// Points on one side of the matrix, longitude before latitude.
fn points(side: RouteMatrixTypeEnum, positions: [[f64; 2]; 2]) -> InputRouteMatrixFeaturesItem {
    InputRouteMatrixFeaturesItem::new(
        GeoJsonMultiPoint::new(positions),
        InputRouteMatrixProperties::new().with_point_type(side),
    )
}
