//! The emulator refuses what the services refuse, and the three operations go through it from submit to result.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

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
use reqwest::Method;
use serde_json::Value;

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

/// An operation as plain HTTP sees it.
struct Endpoint {
    method: Method,
    /// Path, and a query that starts with `&`.
    path: String,
    query: &'static str,
    version: &'static str,
    /// Where the definition has the key.
    key_in_header: bool,
}

/// Submit, poll and result of each of the three.
fn endpoints() -> Vec<Endpoint> {
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    let endpoint = |method: &Method, path: String, query, version, key_in_header| Endpoint {
        method: method.clone(),
        path,
        query,
        version,
        key_in_header,
    };
    let route = |method, path: String| endpoint(method, path, "", "2025-01-01", true);
    let registry = |method, path: String| endpoint(method, path, "", "2023-06-01", true);
    let creator = |method, path: String, query| endpoint(method, path, query, "2.0", false);
    vec![
        route(&post, "/route/matrix:async".to_owned()),
        route(&get, format!("/route/operations/{ID}")),
        route(&get, format!("/route/operations/{ID}/result")),
        registry(&put, format!("/dataRegistries/{UDID}")),
        registry(&get, format!("/dataRegistries/operations/{ID}")),
        registry(&get, format!("/dataRegistries/{UDID}")),
        creator(&post, "/datasets".to_owned(), "&conversionId=c"),
        creator(&get, format!("/datasets/operations/{DATASET_ID}"), ""),
        creator(&get, "/datasets/d".to_owned(), ""),
    ]
}

#[tokio::test]
async fn a_wrong_placement_is_refused_with_401() {
    let emulator = emulator().await;
    let http = reqwest::Client::new();
    let bearer = format!("Bearer {TOKEN}");
    let sas = format!("jwt-sas {SAS}");
    for endpoint in endpoints() {
        let Endpoint { method, path, .. } = &endpoint;
        let url = format!(
            "{}{path}?api-version={}{}",
            emulator.url(),
            endpoint.version,
            endpoint.query
        );
        let bare = || http.request(method.clone(), &url);
        let keyed = || {
            let url = format!("{url}&subscription-key={KEY}");
            http.request(method.clone(), url)
        };
        let in_header = endpoint.key_in_header;
        // Each case, and whether it is let in. What is let in is refused for something else: nobody has started these
        // operations, and the submits lack what they need.
        let cases = [
            (bare(), false),
            (bare().header("subscription-key", KEY), in_header),
            (keyed(), !in_header),
            (keyed().header("subscription-key", KEY), false),
            (bare().header("subscription-key", "wrong"), false),
            (bare().header("authorization", &bearer), false),
            (
                bare()
                    .header("authorization", &bearer)
                    .header("x-ms-client-id", CLIENT_ID),
                true,
            ),
            (bare().header("authorization", &sas), true),
            (
                bare()
                    .header("authorization", format!("Bearer {SAS}"))
                    .header("x-ms-client-id", CLIENT_ID),
                false,
            ),
            (bare().header("authorization", SAS), false),
            (bare().header("SAS-Token", SAS), false),
        ];
        for (index, (request, let_in)) in cases.into_iter().enumerate() {
            let response = request.send().await.unwrap();
            let status = response.status();
            assert_eq!(status != 401, let_in, "{method} {path}, case {index}");
            assert!(status.is_client_error(), "{method} {path}, case {index}");
            let header = response.headers().get("x-ms-error-code").cloned();
            let body: Value = response.json().await.unwrap();
            let code = body["error"]["code"].as_str().unwrap();
            // Only Data Registry declares the header.
            let expected = path.starts_with("/dataRegistries").then_some(code);
            assert_eq!(
                header.as_ref().map(|value| value.to_str().unwrap()),
                expected
            );
        }
    }
}

#[tokio::test]
async fn api_version_missing_empty_and_unknown_is_refused() {
    let emulator = emulator().await;
    let http = reqwest::Client::new();
    for endpoint in endpoints() {
        let path = &endpoint.path;
        let repeated = format!(
            "api-version={0}&api-version={0}&",
            endpoint.version.to_owned()
        );
        for query in [
            "",
            "api-version=&",
            "api-version&",
            "api-version=1999-01-01&",
            "Api-Version=2.0&",
            &repeated,
        ] {
            let url = format!("{}{path}?{query}x=y{}", emulator.url(), endpoint.query);
            let request = if endpoint.key_in_header {
                http.request(endpoint.method.clone(), url)
                    .header("subscription-key", KEY)
            } else {
                let url = format!("{url}&subscription-key={KEY}");
                http.request(endpoint.method.clone(), url)
            };
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 400, "{path}?{query}");
            let body: Value = response.json().await.unwrap();
            assert_eq!(body["error"]["target"], "api-version", "{body}");
        }
    }
}

/// Sends a request, and gives its status, a header and the body, if there is one.
async fn send(request: reqwest::RequestBuilder, header: &str) -> (u16, Option<String>, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let value = response.headers().get(header);
    let value = value.map(|value| value.to_str().unwrap().to_owned());
    let bytes = response.bytes().await.unwrap();
    let body = serde_json::from_slice(&bytes).unwrap_or_default();
    (status, value, body)
}

#[tokio::test]
async fn retry_after_and_links_are_those_of_each_service() {
    let builder = Emulator::builder().key(KEY).speed(0.0);
    let emulator = builder.start().await.unwrap();
    let conversion = Conversion::new("c");
    emulator.add_conversion(conversion).await.unwrap();
    let origin = emulator.url();
    let http = reqwest::Client::new();
    let submits = [
        http.post(format!("{origin}/route/matrix:async?api-version=2025-01-01"))
            .header("subscription-key", KEY)
            .header("content-type", "application/geo+json")
            .body(r#"{"type":"FeatureCollection","features":[]}"#),
        http.put(format!("{origin}/dataRegistries/{UDID}?api-version=2023-06-01"))
            .header("subscription-key", KEY)
            .header("operation-id", ID)
            .json(&serde_json::json!({"azureBlob": {
                "dataFormat": "zip", "linkedResource": "store", "blobUrl": "https://a.blob.core.windows.net/b/c"
            }})),
        http.post(format!(
            "{origin}/datasets?api-version=2.0&conversionId=c&subscription-key={KEY}"
        )),
    ];
    let mut links = Vec::new();
    for submit in submits {
        let again = submit.try_clone().unwrap();
        let (_, link, _) = send(submit, "operation-location").await;
        links.push(link.unwrap());
        let (status, hint, _) = send(again, "retry-after").await;
        assert!((200..300).contains(&status));
        assert_eq!(hint, None, "a submit has no hint");
    }
    // Absolute, and with the api-version, except Data Registry's.
    let route = links[0].strip_prefix(&format!("{origin}/route/operations/"));
    assert_eq!(&route.unwrap()[36..], "?api-version=2025-01-01");
    assert_eq!(links[1], format!("{origin}/dataRegistries/operations/{ID}"));
    let dataset = links[2].strip_prefix(&format!("{origin}/datasets/operations/"));
    assert_eq!(&dataset.unwrap()[36..], "?api-version=2.0");

    let polls = [
        links[0].clone(),
        format!("{}?api-version=2023-06-01", links[1]),
        format!("{}&subscription-key={KEY}", links[2]),
    ];
    let poll = async |index: usize| {
        let mut request = http.get(&polls[index]);
        if index != 2 {
            request = request.header("subscription-key", KEY);
        }
        let (status, hint, body) = send(request, "retry-after").await;
        assert_eq!(status, 200, "also when the operation failed");
        (body["status"].as_str().unwrap().to_owned(), hint)
    };
    let running = (String::from("Running"), Some(String::from("10")));
    let word = |word: &str| (word.to_owned(), None);
    assert_eq!(poll(0).await, word("NotStarted"));
    assert_eq!(poll(1).await, running);
    assert_eq!(poll(2).await, word("NotStarted"));
    emulator.advance(Duration::from_secs(5));
    assert_eq!(poll(0).await, word("Running"));
    assert_eq!(poll(1).await, running);
    assert_eq!(poll(2).await, word("Running"));
    emulator.advance(Duration::from_secs(60));
    assert_eq!(poll(0).await, word("Failed"));
    assert_eq!(poll(1).await, word("Failed"));
    assert_eq!(poll(2).await, word("Succeeded"));

    // Nor on entries, lists and refusals.
    for path in [
        format!("/dataRegistries/{UDID}?api-version=2023-06-01"),
        "/dataRegistries?api-version=2023-06-01".to_owned(),
        format!("/dataRegistries/operations/{UDID}?api-version=2023-06-01"),
        format!("/dataRegistries/operations/{ID}?api-version=1"),
        "/nowhere".to_owned(),
    ] {
        let request = http.get(format!("{origin}{path}"));
        let (_, hint, _) = send(request.header("subscription-key", KEY), "retry-after").await;
        assert_eq!(hint, None, "{path}");
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
