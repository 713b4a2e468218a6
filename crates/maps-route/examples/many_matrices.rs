//! Submits many matrices, a few at a time, watches all of them at once and prints each as it ends.
//!
//! Takes how many there are to be, 100 by default. Against an emulator, started with `maps-emulator --port 7071`:
//! `AZURE_MAPS_ENDPOINT=http://127.0.0.1:7071 AZURE_MAPS_KEY=maps-emulator-key cargo run --example many_matrices`

// An example prints.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program that prints"
)]

use std::env;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use maps_core::{SubscriptionKey, Watch};
use maps_route::RouteClient;
use maps_route::models::{
    GeoJsonMultiPoint, InputRouteMatrixFeaturesItem, InputRouteMatrixProperties,
    RouteMatrixAsyncRequest, RouteMatrixTypeEnum,
};

/// Submits under way at once.
const SUBMITTERS: usize = 8;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let count: u32 = env::args().nth(1).map_or(Ok(100), |count| count.parse())?;
    let mut builder =
        RouteClient::builder().credential(SubscriptionKey::new(env::var("AZURE_MAPS_KEY")?));
    if let Ok(endpoint) = env::var("AZURE_MAPS_ENDPOINT") {
        builder = builder.endpoint(endpoint);
    }
    let client = builder.build()?;

    let mut watch = Watch::new();
    let next = Arc::new(AtomicU32::new(0));
    for _ in 0..SUBMITTERS {
        let (client, handle, next) = (client.clone(), watch.handle(), Arc::clone(&next));
        tokio::spawn(async move {
            loop {
                let depot = next.fetch_add(1, Ordering::Relaxed);
                if depot >= count {
                    break;
                }
                match client.begin_route_matrix(&matrix(depot)).await {
                    Ok(poller) => {
                        if let Err(left) = handle.add(depot, poller) {
                            // The program is about to end: this continues the operation another day.
                            eprintln!("depot {depot}: {}", left.poller.resume_token());
                            break;
                        }
                    }
                    Err(error) => eprintln!("depot {depot} was not submitted: {error}"),
                }
            }
        });
    }

    // Ends when nothing is left and the submitters have dropped their handles.
    while let Some(ended) = watch.next().await {
        match ended.result {
            Ok(response) => {
                let matrix = response.matrix();
                let cells = matrix.origins() * matrix.destinations();
                println!("depot {}: {cells} cells, {} to go", ended.key, watch.len());
            }
            Err(error) => eprintln!("depot {}: {error}", ended.key),
        }
    }
    Ok(())
}

/// From a depot to two towns.
fn matrix(depot: u32) -> RouteMatrixAsyncRequest {
    let depot = [4.0 + f64::from(depot % 100) / 100.0, 51.5];
    let (cologne, luxembourg) = ([6.9603, 50.9375], [6.1319, 49.6116]);
    RouteMatrixAsyncRequest::new([
        points(RouteMatrixTypeEnum::Origins, [depot]),
        points(RouteMatrixTypeEnum::Destinations, [cologne, luxembourg]),
    ])
}

fn points(
    side: RouteMatrixTypeEnum,
    positions: impl IntoIterator<Item = [f64; 2]>,
) -> InputRouteMatrixFeaturesItem {
    InputRouteMatrixFeaturesItem::new(
        GeoJsonMultiPoint::new(positions),
        InputRouteMatrixProperties::new().with_point_type(side),
    )
}
