//! Exports the spans of a route matrix by OpenTelemetry, here to standard output.
//!
//! `cargo run -p maps-examples --example open_telemetry`
//!
//! Runs against an emulator that it starts itself. A program of yours takes the exporter of `opentelemetry-otlp` in place
//! of `opentelemetry-stdout`; nothing else changes.

// An example prints.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::error::Error;
use std::time::Duration;

use maps_core::{ClientOptions, PollingOptions, SubscriptionKey};
use maps_emulator::{DEFAULT_KEY, Emulator, FaultAction, FaultRule};
use maps_route::RouteClient;
use maps_route::models::{
    GeoJsonMultiPoint, InputRouteMatrixFeaturesItem, InputRouteMatrixProperties,
    RouteMatrixAsyncRequest, RouteMatrixTypeEnum,
};
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Instrument;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer, SubscriberExt};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let provider = SdkTracerProvider::builder()
        .with_resource(
            Resource::builder()
                .with_service_name("matrix-planner")
                .build(),
        )
        .with_simple_exporter(opentelemetry_stdout::SpanExporter::default())
        .build();
    let spans = tracing_opentelemetry::layer().with_tracer(provider.tracer("matrix-planner"));
    // `DEBUG` also exports the single tries and the events; `INFO` exports operations and calls.
    let ours = Targets::new()
        .with_target("maps_core", LevelFilter::DEBUG)
        .with_target("open_telemetry", LevelFilter::INFO);
    tracing::subscriber::set_global_default(
        tracing_subscriber::registry().with(spans.with_filter(ours)),
    )?;

    plan().instrument(tracing::info_span!("plan")).await?;
    // What was not exported yet goes out.
    provider.shutdown()?;
    Ok(())
}

async fn plan() -> Result<(), Box<dyn Error>> {
    // One request is refused once, so that there is a retry to see.
    let unavailable = FaultAction::respond(503);
    let emulator = Emulator::builder()
        .speed(20.0)
        .fault(
            FaultRule::new(unavailable)
                .on("Route_GetRouteOperationsStatus")
                .times(1),
        )
        .start()
        .await?;
    let polling = PollingOptions::new().first_wait(Duration::from_millis(200));
    let client = RouteClient::builder()
        .credential(SubscriptionKey::new(DEFAULT_KEY))
        .endpoint(emulator.url())
        .options(ClientOptions::new().polling(polling))
        .build()?;
    let side = |side, positions: [[f64; 2]; 2]| {
        InputRouteMatrixFeaturesItem::new(
            GeoJsonMultiPoint::new(positions),
            InputRouteMatrixProperties::new().with_point_type(side),
        )
    };
    let request = RouteMatrixAsyncRequest::new([
        side(
            RouteMatrixTypeEnum::Origins,
            [[4.4777, 51.9244], [4.4025, 51.2194]],
        ),
        side(
            RouteMatrixTypeEnum::Destinations,
            [[6.9603, 50.9375], [6.1319, 49.6116]],
        ),
    ]);
    let response = client.begin_route_matrix(&request).await?.await?;
    println!("{} cells", response.matrix().len());
    emulator.stop().await;
    Ok(())
}
