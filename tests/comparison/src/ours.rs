//! This side: a client on `maps-core`, as the generator writes them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use maps_core::service::{
    HostSettings, KeyPlacement, LongRunning, Operation, ResultSource, Service, StatusOperation,
};
use maps_core::test_kit::VirtualClock;
use maps_core::{
    AccessToken, BoxFuture, ClientOptions, Clock, Credential, EntraCredential, Method, Pipeline,
    Poller, Result, TokenCredential,
};
use serde_json::Value;

static SERVICE: Service = Service {
    name: "maps-comparison",
    version: "0.1.0",
    api_version: "1.0",
    host: "{endpoint}",
    host_parameters: &[],
    base_path: "",
    // Where it is hardest to keep out of messages; half of the Azure Maps services have it there.
    key: Some(KeyPlacement::Query("subscription-key")),
    scopes: &["https://atlas.microsoft.com/.default"],
};

static POST: Operation = Operation {
    id: "Thing_Submit",
    method: Method::POST,
    path: "/things",
    accept: "application/json",
    redirects: &[],
};

static GET: Operation = Operation {
    id: "Thing_Get",
    method: Method::GET,
    path: "/things",
    accept: "application/json",
    redirects: &[],
};

static SUBMIT: LongRunning = LongRunning {
    operation: "Thing_Submit",
    status: Some(StatusOperation {
        path: "/operations/{id}",
        id: "id",
        check: None,
    }),
    succeeded: &["Succeeded"],
    failed: &["Failed"],
    result: ResultSource::Monitor,
};

pub(crate) fn client(
    url: &str,
    credential: Option<Credential>,
    options: ClientOptions,
) -> Pipeline {
    let mut host = HostSettings::new();
    host.endpoint(url);
    Pipeline::new(&SERVICE, &host, credential, None, options).expect("valid settings")
}

pub(crate) async fn begin(client: &Pipeline) -> Result<Poller<Value, Value>> {
    client.begin(client.request(&POST), &SUBMIT).await
}

pub(crate) async fn get(client: &Pipeline) -> Result<()> {
    client.send(client.request(&GET)).await.map(drop)
}

pub(crate) async fn post(client: &Pipeline) -> Result<()> {
    client.send(client.request(&POST)).await.map(drop)
}

/// Gives tokens that live as long as they are told to, and takes its time.
#[derive(Debug)]
pub(crate) struct Tokens {
    pub(crate) calls: Arc<AtomicUsize>,
    pub(crate) clock: VirtualClock,
    /// The first token's, then that of all others.
    pub(crate) lifetimes: [u64; 2],
    /// From the second token on.
    pub(crate) delay: Duration,
}

impl TokenCredential for Tokens {
    fn token<'a>(&'a self, _: &'a [&'a str]) -> BoxFuture<'a, Result<AccessToken>> {
        Box::pin(async move {
            let call = self.calls.fetch_add(1, Ordering::SeqCst);
            if call > 0 {
                tokio::time::sleep(self.delay).await;
            }
            let lifetime = Duration::from_secs(self.lifetimes[call.min(1)]);
            Ok(AccessToken::new(
                "canary-token",
                self.clock.wall() + lifetime,
            ))
        })
    }
}

pub(crate) fn entra(tokens: Tokens) -> Option<Credential> {
    Some(EntraCredential::new(tokens).into())
}
