//! Clients that talk to a script.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use maps_core::service::{HostParameter, HostSettings, KeyPlacement, Operation, Service};
use maps_core::test_kit::{Answer, ScriptedTransport, VirtualClock};
use maps_core::{
    AccessToken, BoxFuture, ClientOptions, Credential, EntraCredential, ForeignOrigins, Links,
    Method, Pipeline, Result, SasToken, SubscriptionKey, TokenCredential,
};

use crate::oracle;

/// The secret of every client, with characters that URLs escape.
pub const SECRET: &str = "Canary+Secret/0123456789==";

/// The endpoint of every client that has one.
pub const ENDPOINT: &str = "https://maps.example/gw";

/// A service with its key in a header.
pub static SERVICE: Service = Service {
    name: "maps-fuzz",
    version: "0.0.0",
    api_version: "2025-01-01",
    host: "https://{geography}.atlas.microsoft.com",
    host_parameters: &[HostParameter {
        name: "geography",
        default: Some("us"),
    }],
    base_path: "",
    key: Some(KeyPlacement::Header("subscription-key")),
    scopes: &["https://atlas.microsoft.com/.default"],
};

/// The same with its key in the query.
pub static QUERY_SERVICE: Service = Service {
    key: Some(KeyPlacement::Query("subscription-key")),
    ..SERVICE
};

/// A request that only asks.
pub static GET: Operation = Operation {
    id: "Things_Get",
    method: Method::GET,
    path: "/things",
    accept: "application/json",
    redirects: &[],
};

/// A request that starts something.
pub static POST: Operation = Operation {
    id: "Things_Submit",
    method: Method::POST,
    ..GET
};

/// A request that makes what a GET of the same URL reads.
pub static PUT: Operation = Operation {
    id: "Things_Put",
    method: Method::PUT,
    ..GET
};

/// A pipeline, its script and its clock.
pub struct Client {
    /// What sends.
    pub pipeline: Pipeline,
    /// What answers.
    pub transport: ScriptedTransport,
    /// What tells the time, and stands still until [`drive`](crate::drive::drive) lets it go.
    pub clock: VirtualClock,
    /// Whether foreign origins are asked without credentials.
    pub asks_foreign: bool,
}

/// Credential and options of a client, by two letters of a plan.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// `q` a key in the query, `s` a SAS token, `e` an Entra token, `0` none; a key in a header otherwise.
    pub credential: u8,
    /// `u` asks foreign origins without credentials, `g` has links go to the endpoint; neither otherwise.
    pub trust: u8,
}

impl Settings {
    /// Takes the letters at a place of a plan and after it.
    #[must_use]
    pub fn at(plan: &str, place: usize) -> Self {
        let letter = |place| plan.as_bytes().get(place).copied().unwrap_or_default();
        Self {
            credential: letter(place),
            trust: letter(place + 1),
        }
    }

    /// Whether requests to trusted origins are signed.
    #[must_use]
    pub fn signs(self) -> bool {
        self.credential != b'0'
    }
}

/// A client at [`ENDPOINT`].
///
/// # Panics
///
/// When its settings are refused, which they never are.
pub fn client(settings: Settings, answers: Vec<Answer>) -> Client {
    let mut host = HostSettings::new();
    host.endpoint(ENDPOINT);
    let client = client_at(&host, settings, answers, ClientOptions::new());
    client.expect("settings that work together")
}

/// A client at any host.
///
/// # Errors
///
/// What the pipeline refuses of host and options.
pub fn client_at(
    host: &HostSettings,
    settings: Settings,
    answers: Vec<Answer>,
    options: ClientOptions,
) -> Result<Client> {
    oracle::expect_secret(settings.signs());
    let transport = ScriptedTransport::new();
    for answer in answers {
        transport.push(answer);
    }
    let clock = VirtualClock::new();
    let asks_foreign = settings.trust == b'u';
    let options = options
        .transport(Arc::new(transport.clone()))
        .clock(Arc::new(clock.clone()))
        .jitter_seed(7)
        .foreign_origins(match asks_foreign {
            true => ForeignOrigins::WithoutCredentials,
            false => ForeignOrigins::Refuse,
        })
        .links(match settings.trust {
            b'g' => Links::ToEndpoint,
            _ => Links::AsGiven,
        });
    let credential: Option<Credential> = match settings.credential {
        b'0' => None,
        b's' => Some(SasToken::new(SECRET).into()),
        b'e' => Some(
            EntraCredential::new(Vault)
                .client_id("client-id-of-the-account")
                .into(),
        ),
        _ => Some(SubscriptionKey::new(SECRET).into()),
    };
    let service = match settings.credential {
        b'q' => &QUERY_SERVICE,
        _ => &SERVICE,
    };
    let pipeline = Pipeline::new(service, host, credential, None, options)?;
    Ok(Client {
        pipeline,
        transport,
        clock,
        asks_foreign,
    })
}

/// Gives the secret as a token.
#[derive(Debug)]
struct Vault;

impl TokenCredential for Vault {
    fn token<'a>(&'a self, _: &'a [&'a str]) -> BoxFuture<'a, Result<AccessToken>> {
        // Good for longer than any run.
        let end = SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000);
        Box::pin(async move { Ok(AccessToken::new(SECRET, end)) })
    }
}
