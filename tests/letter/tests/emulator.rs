//! The emulator refuses what the services refuse, and the three operations go through it from submit to result.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use maps_core::SubscriptionKey;
use maps_creator::CreatorClient;
use maps_data_registry::DataRegistryClient;
use maps_data_registry::models::{AzureBlob, DataFormat, DataRegistry, LongRunningOperationStatus};
use maps_emulator::{Conversion, Credentials, Emulator};
use maps_letter_tests::{CLIENT_ID, DATASET_ID, ID, KEY, SAS, TOKEN, UDID};
use maps_route::RouteClient;
use maps_route::models::{
    GeoJsonMultiPoint, InputRouteMatrixFeaturesItem, InputRouteMatrixProperties,
    RouteMatrixAsyncRequest, RouteMatrixTypeEnum,
};

const SPEED: f64 = 1000.0;

async fn emulator() -> Emulator {
    let credentials = Credentials::none()
        .key(KEY)
        .sas_token(SAS)
        .entra_token(TOKEN);
    Emulator::builder()
        .credentials(credentials)
        .speed(SPEED)
        .start()
        .await
        .unwrap()
}

/// The three status endpoints with their api-versions and where they take the key.
fn endpoints() -> [(String, &'static str, bool); 3] {
    [
        (format!("/route/operations/{ID}"), "2025-01-01", true),
        (
            format!("/dataRegistries/operations/{ID}"),
            "2023-06-01",
            true,
        ),
        (format!("/datasets/operations/{DATASET_ID}"), "2.0", false),
    ]
}

#[tokio::test]
async fn a_wrong_placement_is_refused_with_401() {
    let emulator = emulator().await;
    let http = reqwest::Client::new();
    for (path, version, key_in_header) in endpoints() {
        let url = format!("{}{path}?api-version={version}", emulator.url());
        let with_key = format!("{url}&subscription-key={KEY}");
        let bearer = format!("Bearer {TOKEN}");
        let sas = format!("jwt-sas {SAS}");
        // 404 is the answer to a request that is let in: nobody has started this operation.
        let in_header = if key_in_header { 404 } else { 401 };
        let in_query = if key_in_header { 401 } else { 404 };
        let cases = [
            (http.get(&url), 401),
            (http.get(&url).header("subscription-key", KEY), in_header),
            (http.get(&with_key), in_query),
            (http.get(&url).header("subscription-key", "wrong"), 401),
            (http.get(&url).header("authorization", &bearer), 401),
            (
                http.get(&url)
                    .header("authorization", &bearer)
                    .header("x-ms-client-id", CLIENT_ID),
                404,
            ),
            (http.get(&url).header("authorization", &sas), 404),
            (
                http.get(&url)
                    .header("authorization", format!("Bearer {SAS}"))
                    .header("x-ms-client-id", CLIENT_ID),
                401,
            ),
            (http.get(&url).header("authorization", SAS), 401),
            (http.get(&url).header("SAS-Token", SAS), 401),
        ];
        for (index, (request, status)) in cases.into_iter().enumerate() {
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), status, "{path}, case {index}");
            let body: serde_json::Value = response.json().await.unwrap();
            assert!(
                body["error"]["code"].is_string(),
                "{path}, case {index}: {body}"
            );
        }
    }
}

#[tokio::test]
async fn api_version_missing_empty_and_unknown_is_refused() {
    let emulator = emulator().await;
    let http = reqwest::Client::new();
    for (path, _, key_in_header) in endpoints() {
        for query in ["", "api-version=", "api-version=1999-01-01"] {
            let url = format!("{}{path}?{query}", emulator.url());
            let request = if key_in_header {
                http.get(url).header("subscription-key", KEY)
            } else {
                http.get(format!("{url}&subscription-key={KEY}"))
            };
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 400, "{path}?{query}");
            let body: serde_json::Value = response.json().await.unwrap();
            assert_eq!(body["error"]["target"], "api-version", "{body}");
        }
    }
}

#[tokio::test]
async fn three_operations_from_submit_to_result() {
    let emulator = emulator().await;
    let key = SubscriptionKey::new(KEY);

    let route = RouteClient::builder()
        .endpoint(emulator.url())
        .credential(key.clone())
        .build()
        .unwrap();
    let side = |side, coordinates: Vec<Vec<f64>>| {
        InputRouteMatrixFeaturesItem::new(
            GeoJsonMultiPoint::new(coordinates),
            InputRouteMatrixProperties::new().with_point_type(side),
        )
    };
    let request = RouteMatrixAsyncRequest::new(vec![
        side(
            RouteMatrixTypeEnum::Origins,
            vec![vec![-122.33, 47.61], vec![-122.31, 47.65]],
        ),
        side(
            RouteMatrixTypeEnum::Destinations,
            vec![vec![-122.20, 47.62]],
        ),
    ]);
    let matrix = route
        .begin_route_matrix(&request)
        .await
        .unwrap()
        .await
        .unwrap();
    let summary = matrix.properties.summary.as_ref().unwrap();
    assert_eq!(
        (summary.total_count, summary.successful_count),
        (Some(2), Some(2))
    );
    // From 47.61 N 122.33 W to 47.62 N 122.20 W are 9.81 km along the great circle.
    let cell = &matrix.properties.matrix.as_ref().unwrap()[0];
    let distance = cell.distance_in_meters.unwrap();
    assert!((9_700.0..9_900.0).contains(&distance), "{distance}");

    let registry = DataRegistryClient::builder()
        .endpoint(emulator.url())
        .credential(key.clone())
        .build()
        .unwrap();
    let plan = br#"{"type":"FeatureCollection","features":[]}"#;
    let blob_url = emulator
        .put_blob("store/plans/campus.geojson", &plan[..])
        .await
        .unwrap();
    let entry =
        DataRegistry::new().with_azure_blob(AzureBlob::new(DataFormat::Geojson, "store", blob_url));
    let registered = registry
        .begin_register_or_replace(UDID, &entry)
        .await
        .unwrap()
        .await
        .unwrap();
    assert_eq!(registered.udid.as_deref(), Some(UDID));
    assert_eq!(
        registered.status,
        Some(LongRunningOperationStatus::Completed)
    );
    assert_eq!(registered.azure_blob.unwrap().size_in_bytes, Some(42));

    let creator = CreatorClient::builder()
        .endpoint(emulator.url())
        .credential(key)
        .build()
        .unwrap();
    emulator
        .add_conversion(Conversion::new("conversion-1"))
        .await
        .unwrap();
    let mut poller = creator
        .datasets()
        .begin_create("conversion-1")
        .description("A campus")
        .await
        .unwrap();
    let dataset = poller.result().await.unwrap();
    assert_eq!(dataset.description.as_deref(), Some("A campus"));
    assert_eq!(
        dataset.dataset_sources.unwrap().conversion_ids.unwrap(),
        ["conversion-1"]
    );
    assert!(poller.status().unwrap().operation_id.is_some());
}
