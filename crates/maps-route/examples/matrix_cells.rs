//! Asks for a small matrix, and tells the cells that failed from those that did not.

// An example prints.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::env;
use std::error::Error;

use maps_core::SubscriptionKey;
use maps_route::RouteClient;
use maps_route::models::{
    GeoJsonMultiPoint, InputRouteMatrixFeaturesItem, InputRouteMatrixProperties,
    RouteMatrixRequest, RouteMatrixTypeEnum,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder =
        RouteClient::builder().credential(SubscriptionKey::new(env::var("AZURE_MAPS_KEY")?));
    if let Ok(endpoint) = env::var("AZURE_MAPS_ENDPOINT") {
        builder = builder.endpoint(endpoint);
    }
    let client = builder.build()?;

    let dublin = [-6.2603, 53.3498];
    let galway = [-9.0568, 53.2707];
    // In the middle of the Atlantic: no road leads there.
    let at_sea = [-28.5, 47.25];
    let side = |side, positions: &[[f64; 2]]| {
        InputRouteMatrixFeaturesItem::new(
            GeoJsonMultiPoint::new(positions.iter().copied()),
            InputRouteMatrixProperties::new().with_point_type(side),
        )
    };
    let request = RouteMatrixRequest::new([
        side(RouteMatrixTypeEnum::Origins, &[dublin]),
        side(RouteMatrixTypeEnum::Destinations, &[galway, at_sea]),
    ]);

    let response = client.route_matrix(&request).await?;
    let matrix = response.matrix();
    for cell in matrix.iter() {
        match cell {
            Ok(cell) => println!(
                "to {}: {:.0} km",
                cell.destination_index.unwrap_or_default(),
                cell.distance_in_meters.unwrap_or_default() / 1000.0,
            ),
            Err(error) => println!("{error}"),
        }
    }
    Ok(())
}
