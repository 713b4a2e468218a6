//! What the tests over HTTP share: a client that sends exactly what a test says.

// Each test is a program of its own and uses a part of this.
#![allow(dead_code, reason = "each test binary uses its own part")]

use maps_emulator::{Builder, DEFAULT_KEY, Emulator, ManualClock};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

pub(crate) const REGISTRY: &str = "api-version=2023-06-01";
pub(crate) const ROUTE: &str = "api-version=2025-01-01";
pub(crate) const CREATOR: &str = "api-version=2.0&subscription-key=maps-emulator-key";
pub(crate) const UDID: &str = "e13a9d70-2b84-4f6e-8c19-07f5d3ab6e42";
pub(crate) const GUID: &str = "2d9f4c61-7e05-4b8a-b3d6-81c0fa9e5372";

/// An emulator on a clock that stands still.
pub(crate) struct Fixture {
    pub(crate) emulator: Emulator,
    pub(crate) clock: ManualClock,
    pub(crate) client: reqwest::Client,
}

pub(crate) async fn start() -> Fixture {
    start_with(|builder| builder).await
}

pub(crate) async fn start_with(change: impl FnOnce(Builder) -> Builder) -> Fixture {
    let clock = ManualClock::default();
    let builder = change(Emulator::builder().clock(clock.clone()));
    Fixture {
        emulator: builder.start().await.unwrap(),
        clock,
        client: reqwest::Client::new(),
    }
}

impl Fixture {
    /// A request without a credential.
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.emulator.url());
        self.client.request(method, url)
    }

    /// A request with the key in the header.
    pub(crate) fn keyed(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path)
            .header("subscription-key", DEFAULT_KEY)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(self.keyed(Method::GET, path)).await
    }

    /// A request with the key in the query, which the path must hold.
    pub(crate) async fn creator(&self, method: Method, path: &str) -> Answer {
        Answer::of(self.bare(method, path)).await
    }

    pub(crate) async fn post_geo(&self, path: &str, body: &Value) -> Answer {
        let request = self.keyed(Method::POST, path);
        let request = request.header("content-type", "application/geo+json");
        Answer::of(request.body(body.to_string())).await
    }

    pub(crate) fn put_registry(&self, udid: &str, body: &Value) -> RequestBuilder {
        self.keyed(Method::PUT, &format!("/dataRegistries/{udid}?{REGISTRY}"))
            .json(body)
    }

    /// Path and query of an absolute link, which must be this emulator's.
    pub(crate) fn local(&self, link: &str) -> String {
        let path = link.strip_prefix(&self.emulator.url());
        path.unwrap_or_else(|| panic!("{link} is not of {}", self.emulator.url()))
            .to_owned()
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.clock.advance(std::time::Duration::from_secs(seconds));
    }
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) async fn of(request: RequestBuilder) -> Self {
        Self::from(request.send().await.unwrap()).await
    }

    async fn from(response: Response) -> Self {
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|err| panic!("{err}: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    pub(crate) fn target(&self) -> String {
        self.json()["error"]["target"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

pub(crate) fn registration(format: &str, url: &str) -> Value {
    json!({
        "kind": "AzureBlob",
        "description": "Delivery areas",
        "azureBlob": {"dataFormat": format, "linkedResource": "contoso-maps-data", "blobUrl": url},
    })
}

pub(crate) fn matrix(origins: &[[f64; 2]], destinations: &[[f64; 2]]) -> Value {
    let feature = |kind: &str, points: &[[f64; 2]]| {
        json!({
            "type": "Feature",
            "geometry": {"type": "MultiPoint", "coordinates": points},
            "properties": {"pointType": kind},
        })
    };
    json!({
        "type": "FeatureCollection",
        "features": [feature("origins", origins), feature("destinations", destinations)],
    })
}
