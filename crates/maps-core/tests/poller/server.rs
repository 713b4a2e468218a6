//! A server that answers by a function and notes what it saw, and clients of it.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use maps_core::service::{
    Check, HostSettings, KeyPlacement, LongRunning, Operation, Pattern, ResultSource, Service,
    StatusOperation,
};
use maps_core::test_kit::VirtualClock;
use maps_core::{
    ClientOptions, HeaderMap, HeaderName, Method, Pipeline, Poller, PollingOptions, Request,
    Result, RetryOptions, SubscriptionKey,
};
use serde_json::Value;

use crate::http;

/// One request as the server saw it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    /// Time of the client's clock.
    pub(crate) at: Duration,
    /// How many requests of the same method and path came before.
    pub(crate) earlier: usize,
}

pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) clock: VirtualClock,
    seen: Arc<Mutex<Vec<Seen>>>,
}

pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

pub(crate) fn reply(status: u16) -> Reply {
    Reply {
        status,
        headers: Vec::new(),
        body: String::new(),
    }
}

/// 200 with a status.
pub(crate) fn status(word: &str) -> Reply {
    reply(200).json(&format!(r#"{{"status":"{word}"}}"#))
}

impl Reply {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn json(mut self, body: &str) -> Self {
        body.clone_into(&mut self.body);
        self.header("content-type", "application/json")
    }
}

impl Server {
    pub(crate) async fn start(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::with_clock(VirtualClock::running_ahead(), answer).await
    }

    pub(crate) async fn with_clock(
        clock: VirtualClock,
        answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let log: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (seen, time) = (Arc::clone(&log), clock.clone());
        let server = http::Server::start(move |request, _| {
            let (path, query) = request
                .target
                .split_once('?')
                .unwrap_or((&request.target, ""));
            let header = |(name, value): &(String, String)| {
                (HeaderName::try_from(name).unwrap(), value.parse().unwrap())
            };
            let earlier = log
                .lock()
                .unwrap()
                .iter()
                .filter(|seen| seen.method == request.method && seen.path == path)
                .count();
            let seen = Seen {
                method: request.method.clone(),
                path: path.to_owned(),
                query: query.to_owned(),
                headers: request.headers.iter().map(header).collect(),
                at: time.elapsed(),
                earlier,
            };
            log.lock().unwrap().push(seen.clone());
            let Reply {
                status,
                headers,
                body,
            } = answer(&seen);
            let headers: Vec<(&str, &str)> = headers
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            http::reply(status, &headers, body)
        })
        .await;
        Self {
            url: server.url,
            clock,
            seen,
        }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// `METHOD /path` of each request.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen()
            .iter()
            .map(|seen| format!("{} {}", seen.method, seen.path))
            .collect()
    }

    /// Times of the polls of `/operations/1`, in seconds.
    pub(crate) fn polls(&self) -> Vec<f64> {
        let seen = self.seen();
        let polls = seen.iter().filter(|seen| seen.path == "/operations/1");
        polls.map(|seen| seen.at.as_secs_f64()).collect()
    }

    pub(crate) fn options(&self) -> ClientOptions {
        ClientOptions::new()
            .clock(Arc::new(self.clock.clone()))
            .jitter_seed(7)
            .retry(RetryOptions::none())
    }

    pub(crate) fn client(&self) -> Pipeline {
        self.client_with(self.options())
    }

    pub(crate) fn client_polling(&self, polling: PollingOptions) -> Pipeline {
        self.client_with(self.options().polling(polling))
    }

    pub(crate) fn client_with(&self, options: ClientOptions) -> Pipeline {
        let mut host = HostSettings::new();
        host.endpoint(self.url.as_str());
        Pipeline::new(
            &SERVICE,
            &host,
            Some(SubscriptionKey::new(KEY).into()),
            None,
            options,
        )
        .unwrap()
    }

    /// Submits by POST.
    pub(crate) async fn begin(
        &self,
        operation: &'static LongRunning,
    ) -> Result<Poller<Value, Value>> {
        begin(&self.client(), operation).await
    }
}

pub(crate) const KEY: &str = "canary-of-the-key";

pub(crate) static SERVICE: Service = Service {
    name: "maps-test",
    version: "0.1.0",
    api_version: "1.0",
    host: "{endpoint}",
    host_parameters: &[],
    base_path: "",
    key: Some(KeyPlacement::Header("subscription-key")),
    scopes: &["https://atlas.microsoft.com/.default"],
};

pub(crate) static POST: Operation = Operation {
    id: "Thing_Submit",
    method: Method::POST,
    path: "/things",
    accept: "application/json",
    redirects: &[],
};
pub(crate) static PUT: Operation = Operation {
    id: "Thing_Put",
    method: Method::PUT,
    path: "/things/{id}",
    accept: "application/json",
    redirects: &[],
};

pub(crate) static LIST: Operation = Operation {
    id: "Thing_List",
    method: Method::GET,
    path: "/things",
    accept: "application/json",
    redirects: &[],
};

pub(crate) static GUID: Check = Check {
    name: "id",
    min_length: None,
    max_length: Some(36),
    pattern: Some(Pattern::new(
        "^[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$",
    )),
};

pub(crate) const fn long_running(result: ResultSource) -> LongRunning {
    LongRunning {
        operation: "Thing_Submit",
        status: Some(StatusOperation {
            path: "/operations/{id}",
            id: "id",
            check: None,
        }),
        succeeded: &[],
        failed: &[],
        result,
    }
}

pub(crate) static MONITOR: LongRunning = long_running(ResultSource::Monitor);
pub(crate) static LINK: LongRunning = long_running(ResultSource::Link("/result/resultUrl"));
pub(crate) static ORIGINAL: LongRunning = long_running(ResultSource::OriginalUri);
pub(crate) static RESOURCE: LongRunning = long_running(ResultSource::Resource);
pub(crate) static LOCATION: LongRunning = long_running(ResultSource::Location);
pub(crate) static RESOURCE_LOCATION: LongRunning = long_running(ResultSource::ResourceLocation);

pub(crate) fn put(client: &Pipeline) -> Request {
    let mut request = client.request(&PUT);
    request.path("id", "a b", None);
    request.json("application/json", &serde_json::json!({}));
    request
}

pub(crate) async fn begin(
    client: &Pipeline,
    operation: &'static LongRunning,
) -> Result<Poller<Value, Value>> {
    client.begin(client.request(&POST), operation).await
}

/// A server whose operation 1 goes through the statuses of a script; the last one repeats.
pub(crate) async fn scripted(script: impl Fn(usize) -> Reply + Send + Sync + 'static) -> Server {
    Server::start(
        move |seen| match (seen.method.as_str(), seen.path.as_str()) {
            ("POST" | "PUT", _) => {
                reply(202).header("operation-location", "/operations/1?api-version=1.0")
            }
            ("GET", "/operations/1") => script(seen.earlier),
            ("GET", "/results/1") => reply(200).json(r#"{"value":42}"#),
            ("GET", "/things/a%20b") => reply(200).json(r#"{"id":"a b"}"#),
            _ => reply(404).json(r#"{"error":{"code":"NotFound","message":"no such path"}}"#),
        },
    )
    .await
}
