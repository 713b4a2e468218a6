//! A matrix of travel times between places in Seattle.

use std::error::Error;

use maps_core::SubscriptionKey;
use maps_emulator::Emulator;
use maps_route::RouteClient;
use maps_route::models::{
    GeoJsonMultiPoint, InputRouteMatrixFeaturesItem, InputRouteMatrixProperties,
    RouteMatrixAsyncRequest, RouteMatrixTypeEnum,
};

use crate::{EMULATOR_KEY, options, progress};

/// Places with their longitude and latitude.
type Places = &'static [(&'static str, [f64; 2])];

const DEPOTS: Places = &[
    ("Ballard", [-122.3840, 47.6687]),
    ("Georgetown", [-122.3206, 47.5475]),
];

const STOPS: Places = &[
    ("Space Needle", [-122.3493, 47.6205]),
    ("Pike Place", [-122.3422, 47.6097]),
    ("Green Lake", [-122.3381, 47.6777]),
    ("Null Island", [0.0, 0.0]),
];

/// Submits the matrix, watches it and prints it.
pub(crate) async fn run(emulator: &Emulator) -> Result<(), Box<dyn Error>> {
    let builder = RouteClient::builder();
    let client = match std::env::var("AZURE_MAPS_KEY") {
        Ok(key) if !key.is_empty() => builder.credential(SubscriptionKey::new(key)),
        _ => builder
            .endpoint(emulator.url())
            .credential(SubscriptionKey::new(EMULATOR_KEY))
            .options(options()),
    }
    .build()?;

    let request = RouteMatrixAsyncRequest::new(vec![
        side(RouteMatrixTypeEnum::Origins, DEPOTS),
        side(RouteMatrixTypeEnum::Destinations, STOPS),
    ]);
    let bar = progress::bar("Route matrix");
    let mut poller = client.begin_route_matrix(&request).await?;
    while let Some(operation) = poller.next().await {
        bar.set_message(progress::word(operation?.status));
    }
    let response = poller.result().await?;
    let matrix = response.matrix();
    bar.finish();

    println!("\nDriving from each depot to each stop:\n");
    println!(
        "  {:<12} {:<14} {:>10} {:>10}",
        "from", "to", "distance", "time"
    );
    for (origin, (depot, _)) in DEPOTS.iter().enumerate() {
        for (destination, (stop, _)) in STOPS.iter().enumerate() {
            let outcome = match matrix.cell(origin, destination) {
                Ok(cell) => format!(
                    "{:>7.1} km {:>6} min",
                    cell.distance_in_meters.unwrap_or_default() / 1000.0,
                    cell.duration_in_seconds.unwrap_or_default() / 60,
                ),
                Err(error) => match error.detail().and_then(|detail| detail.message.as_deref()) {
                    Some(message) => format!("  no route: {message}"),
                    None => format!("  {error}"),
                },
            };
            println!("  {depot:<12} {stop:<14} {outcome}");
        }
    }
    println!();
    Ok(())
}

fn side(side: RouteMatrixTypeEnum, places: Places) -> InputRouteMatrixFeaturesItem {
    let positions: Vec<Vec<f64>> = places
        .iter()
        .map(|(_, position)| position.to_vec())
        .collect();
    InputRouteMatrixFeaturesItem::new(
        GeoJsonMultiPoint::new(positions),
        InputRouteMatrixProperties::new().with_point_type(side),
    )
}
