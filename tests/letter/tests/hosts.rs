//! Where requests go.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};

use http::{HeaderMap, StatusCode};
use maps_core::service::BoxFuture;
use maps_core::test_kit::VirtualClock;
use maps_core::{ErrorKind, HttpRequest, HttpResponse, Result, SubscriptionKey, Transport};
use maps_creator::CreatorClient;
use maps_creator::models::Geography as CreatorGeography;
use maps_data_registry::DataRegistryClient;
use maps_data_registry::models::Geography as RegistryGeography;
use maps_letter_tests::{Answer, DATASET_ID, ID, KEY, ScriptedServer, options};
use maps_route::RouteClient;

/// Keeps where requests would go: the real hosts cannot be reached from a test.
#[derive(Debug, Default)]
struct Wire(Mutex<Vec<String>>);

impl Wire {
    fn urls(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Transport for Wire {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse>> {
        self.0.lock().unwrap().push(request.url.to_string());
        let response = HttpResponse::new(StatusCode::OK, HeaderMap::new(), "{}");
        Box::pin(async move { Ok(response) })
    }
}

#[tokio::test]
async fn geography_makes_scheme_and_host() {
    let clock = VirtualClock::running_ahead();
    for (registry, creator, host) in [
        (RegistryGeography::Us, CreatorGeography::Us, "us"),
        (RegistryGeography::Eu, CreatorGeography::Eu, "eu"),
    ] {
        let wire = Arc::new(Wire::default());
        let options = options(&clock).transport(wire.clone());
        let key = SubscriptionKey::new(KEY);
        let client = DataRegistryClient::builder()
            .geography(registry)
            .credential(key.clone())
            .options(options.clone())
            .build()
            .unwrap();
        client.get_operation(ID).await.unwrap();
        let client = CreatorClient::builder()
            .geography(creator)
            .credential(key)
            .options(options)
            .build()
            .unwrap();
        client.datasets().get_operation(DATASET_ID).await.unwrap();
        let urls = wire.urls();
        let registry = format!(
            "https://{host}.atlas.microsoft.com/dataRegistries/operations/{ID}?api-version=2023-06-01"
        );
        assert_eq!(urls[0], registry);
        let creator =
            format!("https://{host}.atlas.microsoft.com/datasets/operations/{DATASET_ID}?");
        assert!(urls[1].starts_with(&creator), "{}", urls[1]);
    }

    // Creator has a default geography and Route one endpoint; Data Registry is regional only.
    let wire = Arc::new(Wire::default());
    let options = options(&clock).transport(wire.clone());
    let key = SubscriptionKey::new(KEY);
    let client = CreatorClient::builder()
        .credential(key.clone())
        .options(options.clone())
        .build()
        .unwrap();
    client.datasets().get_operation(DATASET_ID).await.unwrap();
    let client = RouteClient::builder()
        .credential(key.clone())
        .options(options.clone())
        .build()
        .unwrap();
    client.get_route_operations_status(ID).await.unwrap();
    assert!(wire.urls()[0].starts_with("https://us.atlas.microsoft.com/datasets/"));
    assert_eq!(
        wire.urls()[1],
        format!("https://atlas.microsoft.com/route/operations/{ID}?api-version=2025-01-01")
    );
    let error = DataRegistryClient::builder()
        .credential(key)
        .options(options)
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.to_string().contains("geography"), "{error}");
}

#[tokio::test]
async fn an_endpoint_of_the_callers_own_is_used() {
    let server = ScriptedServer::start([Answer::json(200, "{}")]).await;
    let clock = VirtualClock::running_ahead();
    let key = SubscriptionKey::new(KEY);
    // With a path of its own, as behind a gateway, and with or without a final slash.
    for (path, prefix) in [("", ""), ("/", ""), ("/maps", "/maps"), ("/maps/", "/maps")] {
        let endpoint = format!("{}{path}", server.origin());
        let client = RouteClient::builder()
            .endpoint(&endpoint)
            .credential(key.clone())
            .options(options(&clock))
            .build()
            .unwrap();
        client.get_route_operations_status(ID).await.unwrap();
        assert_eq!(
            server.seen().last().unwrap().path,
            format!("{prefix}/route/operations/{ID}")
        );
    }
    // An endpoint wins over a geography.
    let client = DataRegistryClient::builder()
        .geography(RegistryGeography::Eu)
        .endpoint(server.origin())
        .credential(key.clone())
        .options(options(&clock))
        .build()
        .unwrap();
    client.get_operation(ID).await.unwrap();
    assert_eq!(server.seen().len(), 5);
    for endpoint in [
        "https://user:pass@example.com",
        "https://example.com?x=1",
        "https://example.com#x",
        "example.com",
        "ftp://example.com",
        "http://example.com",
        "",
    ] {
        let error = RouteClient::builder()
            .endpoint(endpoint)
            .credential(key.clone())
            .build()
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{endpoint}");
    }
}

#[test]
fn a_geography_that_is_not_one_label_is_refused() {
    for geography in [
        "evil.com/#",
        "evil.com",
        "us.evil",
        "us@evil.com/",
        "us:443",
        "",
        "-us",
        "us-",
        "u s",
        "us/",
        "us\n",
        "üs",
        &"u".repeat(64),
    ] {
        let error = DataRegistryClient::builder()
            .geography(RegistryGeography::from(geography))
            .credential(SubscriptionKey::new(KEY))
            .build()
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{geography:?}");
        let error = CreatorClient::builder()
            .geography(CreatorGeography::from(geography))
            .credential(SubscriptionKey::new(KEY))
            .build()
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{geography:?}");
    }
}
