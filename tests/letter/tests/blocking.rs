//! Operations from submit to result on a thread without a runtime, and in a task whose runtime is blocked meanwhile.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::mpsc;
use std::time::Duration;

use maps_core::SubscriptionKey;
use maps_creator::CreatorClient;
use maps_emulator::{Conversion, Credentials, Emulator};
use maps_letter_tests::KEY;
use maps_route::RouteClient;
use maps_route::models::{
    GeoJsonMultiPoint, InputRouteMatrixFeaturesItem, InputRouteMatrixProperties,
    RouteMatrixAsyncRequest, RouteMatrixTypeEnum,
};

/// An emulator on a runtime of its own; its URL is given to `work`, which has half a minute.
fn beside_an_emulator(work: impl FnOnce(String) + Send + 'static) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let emulator = runtime.block_on(async {
        let emulator = Emulator::builder()
            .credentials(Credentials::none().key(KEY))
            .speed(1000.0)
            .start()
            .await
            .unwrap();
        let conversion = Conversion::new("conversion-1");
        emulator.add_conversion(conversion).await.unwrap();
        emulator
    });
    let url = emulator.url();
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        work(url);
        let _ = sender.send(());
    });
    receiver
        .recv_timeout(Duration::from_secs(30))
        .expect("done in time, without a panic");
    drop(emulator);
}

fn matrix(url: &str) {
    let client = RouteClient::builder()
        .endpoint(url)
        .credential(SubscriptionKey::new(KEY))
        .build()
        .unwrap();
    let point = |side, position: [f64; 2]| {
        InputRouteMatrixFeaturesItem::new(
            GeoJsonMultiPoint::new([position]),
            InputRouteMatrixProperties::new().with_point_type(side),
        )
    };
    let request = RouteMatrixAsyncRequest::new([
        point(RouteMatrixTypeEnum::Origins, [4.4777, 51.9244]),
        point(RouteMatrixTypeEnum::Destinations, [6.1319, 49.6116]),
    ]);
    let mut poller = client.begin_route_matrix(&request).send_blocking().unwrap();
    let statuses = poller.iter_blocking().map(Result::unwrap).count();
    assert!(statuses > 0);
    let response = poller.result_blocking().unwrap();
    assert!(response.matrix().cell(0, 0).is_ok());
    let error = client
        .get_route_operations_status("2f9d6c1e-7b40-4e83-a5c7-0d18b96e3f52")
        .send_blocking()
        .unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
}

#[test]
fn matrix_is_collected_without_a_runtime() {
    beside_an_emulator(|url| matrix(&url));
}

#[test]
fn matrix_is_collected_in_a_task_of_a_current_thread_runtime() {
    beside_an_emulator(|url| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async { matrix(&url) });
    });
}

#[test]
fn datasets_are_made_and_listed_without_a_runtime() {
    beside_an_emulator(|url| {
        let client = CreatorClient::builder()
            .endpoint(url)
            .credential(SubscriptionKey::new(KEY))
            .build()
            .unwrap();
        let mut poller = client
            .datasets()
            .begin_create("conversion-1")
            .send_blocking()
            .unwrap();
        let dataset = poller.result_blocking().unwrap();
        let listed: Vec<_> = client
            .datasets()
            .list()
            .iter_blocking()
            .map(Result::unwrap)
            .collect();
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].dataset_id, dataset.dataset_id);
    });
}
