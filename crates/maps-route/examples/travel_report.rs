//! A small program around one function, `report`, that is tested without Azure: `tests/travel_report.rs` runs it
//! against a script, with faults.
//!
//! `cargo run --example travel_report`, with the key of an Azure Maps account in `AZURE_MAPS_KEY`.

// An example prints.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::env;
use std::error::Error;

use maps_core::{ErrorKind, ResumeToken, SubscriptionKey};
use maps_route::RouteClient;
use maps_route::models::{
    GeoJsonMultiPoint, InputRouteMatrixFeaturesItem, InputRouteMatrixProperties,
    RouteMatrixAsyncRequest, RouteMatrixTypeEnum,
};

/// What came of a report.
#[derive(Debug)]
pub(crate) enum Report {
    /// One line for each destination.
    Ready(Vec<String>),
    /// The service took longer than it may; the token goes on with the same operation.
    Later(ResumeToken),
}

/// Asks for the travel times from one place to others, waits, and reports.
pub(crate) async fn report(
    client: &RouteClient,
    from: [f64; 2],
    to: &[[f64; 2]],
) -> maps_core::Result<Report> {
    let points = |side, positions: &[[f64; 2]]| {
        InputRouteMatrixFeaturesItem::new(
            GeoJsonMultiPoint::new(positions.iter().copied()),
            InputRouteMatrixProperties::new().with_point_type(side),
        )
    };
    let request = RouteMatrixAsyncRequest::new([
        points(RouteMatrixTypeEnum::Origins, &[from]),
        points(RouteMatrixTypeEnum::Destinations, to),
    ]);
    let response = match client.begin_route_matrix(&request).await?.await {
        Ok(response) => response,
        Err(error) if error.kind() == ErrorKind::Timeout => {
            return match error.resume_token() {
                Some(token) => Ok(Report::Later(token.clone())),
                None => Err(error),
            };
        }
        Err(error) => return Err(error),
    };
    let matrix = response.matrix();
    let line = |destination| match matrix.cell(0, destination) {
        Ok(cell) => format!("{} min", cell.duration_in_seconds.unwrap_or_default() / 60),
        Err(error) => format!("no way: {error}"),
    };
    Ok(Report::Ready(
        (0..matrix.destinations()).map(line).collect(),
    ))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder =
        RouteClient::builder().credential(SubscriptionKey::new(env::var("AZURE_MAPS_KEY")?));
    if let Ok(endpoint) = env::var("AZURE_MAPS_ENDPOINT") {
        builder = builder.endpoint(endpoint);
    }
    let client = builder.build()?;
    match report(
        &client,
        [4.4777, 51.9244],
        &[[6.9603, 50.9375], [6.1319, 49.6116]],
    )
    .await?
    {
        Report::Ready(lines) => println!("{}", lines.join("\n")),
        Report::Later(token) => println!("later: {token:?}"),
    }
    Ok(())
}
