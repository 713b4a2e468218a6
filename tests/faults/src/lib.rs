//! What the tests of faults share: an emulator whose operations end at once, and clients of it.

use std::sync::Arc;

use maps_core::test_kit::{FaultRule, VirtualClock};
use maps_core::{ClientOptions, RetryOptions, SubscriptionKey};
use maps_creator::CreatorClient;
use maps_emulator::{DEFAULT_KEY, Emulator, Timings};
use maps_route::RouteClient;
use maps_route::models::{
    GeoJsonMultiPoint, InputRouteMatrixFeaturesItem, InputRouteMatrixProperties,
    RouteMatrixAsyncRequest, RouteMatrixTypeEnum,
};

/// An emulator that misbehaves by these rules, and remembers what was asked.
///
/// # Panics
///
/// When it cannot start.
pub async fn emulator(rules: impl IntoIterator<Item = FaultRule>) -> Emulator {
    let mut builder = Emulator::builder()
        .timings(Timings::immediate())
        .record_requests(1_000);
    for rule in rules {
        builder = builder.fault(rule);
    }
    builder.start().await.expect("a free port")
}

/// How many requests of an operation the emulator has seen.
#[must_use]
pub fn asked(emulator: &Emulator, operation: &str) -> usize {
    let requests = emulator.requests();
    let of_operation = requests
        .iter()
        .filter(|request| request.operation == Some(operation));
    of_operation.count()
}

/// Options with a clock that does not wait.
pub fn options(clock: &VirtualClock) -> ClientOptions {
    ClientOptions::new()
        .clock(Arc::new(clock.clone()))
        .jitter_seed(7)
}

/// The same without retries: each request is the caller's or the poller's.
pub fn no_retries(clock: &VirtualClock) -> ClientOptions {
    options(clock).retry(RetryOptions::none())
}

/// A Route client.
///
/// # Panics
///
/// When the settings are not sound.
#[must_use]
pub fn route(emulator: &Emulator, options: ClientOptions) -> RouteClient {
    RouteClient::builder()
        .endpoint(emulator.url())
        .credential(SubscriptionKey::new(DEFAULT_KEY))
        .options(options)
        .build()
        .expect("the settings are sound")
}

/// A Creator client.
///
/// # Panics
///
/// When the settings are not sound.
#[must_use]
pub fn creator(emulator: &Emulator, options: ClientOptions) -> CreatorClient {
    CreatorClient::builder()
        .endpoint(emulator.url())
        .credential(SubscriptionKey::new(DEFAULT_KEY))
        .options(options)
        .build()
        .expect("the settings are sound")
}

/// A matrix of one origin and two destinations.
#[must_use]
pub fn matrix() -> RouteMatrixAsyncRequest {
    let points = |kind, positions: &[[f64; 2]]| {
        InputRouteMatrixFeaturesItem::new(
            GeoJsonMultiPoint::new(positions.iter().copied()),
            InputRouteMatrixProperties::new().with_point_type(kind),
        )
    };
    RouteMatrixAsyncRequest::new([
        points(RouteMatrixTypeEnum::Origins, &[[4.4777, 51.9244]]),
        points(
            RouteMatrixTypeEnum::Destinations,
            &[[6.9603, 50.9375], [6.1319, 49.6116]],
        ),
    ])
}
