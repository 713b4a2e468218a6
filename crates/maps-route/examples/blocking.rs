//! A matrix of travel times in a program without a runtime.

// An example prints.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::env;
use std::error::Error;

use maps_core::SubscriptionKey;
use maps_route::RouteClient;
use maps_route::models::{
    GeoJsonMultiPoint, InputRouteMatrixFeaturesItem, InputRouteMatrixProperties,
    RouteMatrixAsyncRequest, RouteMatrixTypeEnum,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut builder =
        RouteClient::builder().credential(SubscriptionKey::new(env::var("AZURE_MAPS_KEY")?));
    if let Ok(endpoint) = env::var("AZURE_MAPS_ENDPOINT") {
        builder = builder.endpoint(endpoint);
    }
    let client = builder.build()?;

    let rotterdam = [4.4777, 51.9244];
    let luxembourg = [6.1319, 49.6116];
    let request = RouteMatrixAsyncRequest::new([
        point(RouteMatrixTypeEnum::Origins, rotterdam),
        point(RouteMatrixTypeEnum::Destinations, luxembourg),
    ]);

    let mut poller = client.begin_route_matrix(&request).send_blocking()?;
    for status in poller.iter_blocking() {
        if let Some(status) = status?.status {
            println!("{status}");
        }
    }
    let response = poller.result_blocking()?;
    let matrix = response.matrix();
    let cell = matrix.cell(0, 0)?;
    println!("{} s", cell.duration_in_seconds.unwrap_or_default());
    Ok(())
}

/// One point on one side of the matrix, longitude before latitude.
fn point(side: RouteMatrixTypeEnum, position: [f64; 2]) -> InputRouteMatrixFeaturesItem {
    InputRouteMatrixFeaturesItem::new(
        GeoJsonMultiPoint::new([position]),
        InputRouteMatrixProperties::new().with_point_type(side),
    )
}
