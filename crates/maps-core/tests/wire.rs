//! What goes over the wire: which request carries which credential, as a table.
//!
//! Each row is a place that a link may lead to. Each kind of link leads there, for each credential; the whole head of
//! the request that arrives is compared, or that none arrives.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/server.rs"]
mod server;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use maps_core::service::{LongRunning, ResultSource, Service};
use maps_core::test_kit::{Answer, ScriptedTransport, VirtualClock};
use maps_core::{
    AccessToken, BoxFuture, CallOptions, ClientOptions, Credential, EntraCredential, ErrorKind,
    ForeignOrigins, Pager, Pipeline, Poller, Request, Result, RetryOptions, SasToken,
    SubscriptionKey, TokenCredential,
};
use serde_json::{Value, json};

use server::{GET, POST, QUERY_SERVICE, SERVICE, Server};

/// What becomes of a link.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Then {
    /// It is followed, with the credential.
    Signed,
    /// It is followed, and nothing says who asks.
    Bare,
    /// Nothing is sent; the error is of this kind.
    Refused(ErrorKind),
}

use Then::{Bare, Signed};

const UNTRUSTED: Then = Then::Refused(ErrorKind::Untrusted);
const UNREADABLE: Then = Then::Refused(ErrorKind::Decode);

/// Where links lead to: by default, and where foreign origins may be asked without credentials.
///
/// The client's endpoint is `https://maps.example/gw`; it trusts `https://trusted.example:444` too.
const HOSTS: [(&str, Then, Then); 29] = [
    // The endpoint itself.
    ("", Signed, Signed),
    ("https://maps.example", Signed, Signed),
    ("https://MAPS.example:443", Signed, Signed),
    ("//maps.example", Signed, Signed),
    // The cloud's hosts.
    ("https://atlas.microsoft.com", Signed, Signed),
    ("https://us.atlas.microsoft.com", Signed, Signed),
    ("https://eu.atlas.microsoft.com", Signed, Signed),
    // An origin that the caller trusts.
    ("https://trusted.example:444", Signed, Signed),
    // Other ports are other origins.
    ("https://maps.example:444", UNTRUSTED, Bare),
    ("https://atlas.microsoft.com:8443", UNTRUSTED, Bare),
    ("https://trusted.example", UNTRUSTED, Bare),
    // So are subdomains, parents and look-alikes.
    ("https://evil.maps.example", UNTRUSTED, Bare),
    ("https://example", UNTRUSTED, Bare),
    ("https://evil.atlas.microsoft.com", UNTRUSTED, Bare),
    ("https://atlas.microsoft.com.evil.example", UNTRUSTED, Bare),
    ("https://evilatlas.microsoft.com", UNTRUSTED, Bare),
    ("https://maps.example.", UNTRUSTED, Bare),
    ("https://atlas.azure.us", UNTRUSTED, Bare),
    ("https://169.254.169.254", UNTRUSTED, Bare),
    // Nothing goes in plain text, and nothing to this machine from a service far away.
    ("http://maps.example", UNTRUSTED, UNTRUSTED),
    ("http://atlas.microsoft.com", UNTRUSTED, UNTRUSTED),
    ("http://evil.example", UNTRUSTED, UNTRUSTED),
    ("http://127.0.0.1:9", UNTRUSTED, UNTRUSTED),
    ("https://localhost", UNTRUSTED, UNTRUSTED),
    ("https://[::1]", UNTRUSTED, UNTRUSTED),
    // What is no origin of HTTP.
    ("https://user:pass@maps.example", UNTRUSTED, UNTRUSTED),
    ("https://maps.example@evil.example", UNTRUSTED, UNTRUSTED),
    ("ftp://maps.example", UNTRUSTED, UNTRUSTED),
    ("https://maps.example:99999", UNREADABLE, UNREADABLE),
];

/// Behind each host. The key is one that the service repeats.
const PATH: &str = "/next?api-version=2025-01-01&subscription-key=repeated&x=y";

/// Kinds of links.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    OperationLocation,
    AzureAsyncOperation,
    Location,
    ResourceLocation,
    ResultUrl,
    NextLink,
    Redirect,
}

const KINDS: [Kind; 7] = [
    Kind::OperationLocation,
    Kind::AzureAsyncOperation,
    Kind::Location,
    Kind::ResourceLocation,
    Kind::ResultUrl,
    Kind::NextLink,
    Kind::Redirect,
];

static MONITOR: LongRunning = operation(ResultSource::Monitor);
static RESOURCE: LongRunning = operation(ResultSource::ResourceLocation);
static LINK: LongRunning = operation(ResultSource::Link("/resultUrl"));

const fn operation(result: ResultSource) -> LongRunning {
    LongRunning {
        operation: "Things_Submit",
        status: None,
        succeeded: &[],
        failed: &[],
        result,
    }
}

/// Status, header and body of an answer.
type Reply = (u16, Option<(&'static str, String)>, String);

impl Kind {
    /// Answers of a service whose last one is that of the link.
    fn replies(self, link: &str) -> Vec<Reply> {
        let header =
            |status, name, body: &str| (status, Some((name, link.to_owned())), body.to_owned());
        let submitted = (
            202,
            Some(("operation-location", "/operations/1".to_owned())),
            String::new(),
        );
        let done = r#"{"status":"Succeeded"}"#;
        let last = (200, None, done.to_owned());
        match self {
            Self::OperationLocation => vec![header(202, "operation-location", ""), last],
            Self::AzureAsyncOperation => vec![header(202, "azure-asyncoperation", ""), last],
            Self::Location => vec![header(202, "location", ""), last],
            Self::ResourceLocation => vec![submitted, header(200, "resource-location", done), last],
            Self::ResultUrl => {
                let body = json!({ "status": "Succeeded", "resultUrl": link }).to_string();
                vec![submitted, (200, None, body), last]
            }
            Self::NextLink => {
                let body = json!({ "value": [1], "nextLink": link }).to_string();
                vec![
                    (200, None, body),
                    (200, None, json!({ "value": [2] }).to_string()),
                ]
            }
            Self::Redirect => vec![header(302, "location", ""), last],
        }
    }

    /// Does what follows the link.
    async fn follow(self, pipeline: &Pipeline) -> Result<()> {
        let long_running = match self {
            Self::OperationLocation | Self::AzureAsyncOperation | Self::Location => &MONITOR,
            Self::ResourceLocation => &RESOURCE,
            Self::ResultUrl => &LINK,
            Self::NextLink => {
                let mut pager: Pager<Value, Value> =
                    Pager::new(pipeline.clone(), request(pipeline, &GET), next_link, items);
                while let Some(item) = pager.next().await {
                    item?;
                }
                return Ok(());
            }
            Self::Redirect => return pipeline.send(request(pipeline, &GET)).await.map(drop),
        };
        let poller: Poller<Value, Value> = pipeline
            .begin(request(pipeline, &POST), long_running)
            .await?;
        poller.await.map(drop)
    }
}

fn next_link(page: &Value) -> Option<&str> {
    page.get("nextLink")?.as_str()
}

fn items(page: Value) -> Vec<Value> {
    page["value"].as_array().cloned().unwrap_or_default()
}

/// A request with a header of the caller's own.
fn request(pipeline: &Pipeline, operation: &'static maps_core::service::Operation) -> Request {
    let mut request = pipeline.request(operation);
    request.options(CallOptions::new().header("x-gateway-key", "caller"));
    request
}

/// One way to sign in, and where it can be seen.
struct Way {
    service: &'static Service,
    credential: fn() -> Credential,
    /// What it adds to the headers.
    headers: &'static [(&'static str, &'static str)],
    /// What it adds to the query.
    query: &'static str,
}

const WAYS: [Way; 4] = [
    Way {
        service: &SERVICE,
        credential: || SubscriptionKey::new("k+/=").into(),
        headers: &[("subscription-key", "k+/=")],
        query: "",
    },
    Way {
        service: &QUERY_SERVICE,
        credential: || SubscriptionKey::new("k+/=").into(),
        headers: &[],
        query: "&subscription-key=k%2B%2F%3D",
    },
    Way {
        service: &SERVICE,
        credential: || SasToken::new("sas").into(),
        headers: &[("authorization", "jwt-sas sas")],
        query: "",
    },
    Way {
        service: &SERVICE,
        credential: || EntraCredential::new(Tokens).client_id("account").into(),
        headers: &[
            ("authorization", "Bearer token"),
            ("x-ms-client-id", "account"),
        ],
        query: "",
    },
];

#[derive(Debug)]
struct Tokens;

impl TokenCredential for Tokens {
    fn token<'a>(&'a self, _: &'a [&'a str]) -> BoxFuture<'a, Result<AccessToken>> {
        let end = SystemTime::now() + Duration::from_secs(365 * 86_400);
        Box::pin(std::future::ready(Ok(AccessToken::new("token", end))))
    }
}

impl Way {
    fn options(&self, foreign: ForeignOrigins) -> ClientOptions {
        ClientOptions::new()
            .clock(Arc::new(VirtualClock::running_ahead()))
            .retry(RetryOptions::none())
            .foreign_origins(foreign)
            .trusted_origin("https://trusted.example:444")
    }

    /// Compares the whole head of the request that followed a link.
    fn check(&self, then: Then, query: &str, headers: Vec<(String, String)>, case: &str) {
        let mut expected = vec![("accept".to_owned(), "application/json".to_owned())];
        let add = if then == Signed { self.query } else { "" };
        assert_eq!(query, format!("api-version=2025-01-01&x=y{add}"), "{case}");
        let own = ["user-agent", "host", "x-ms-client-request-id"];
        let mut actual = headers.clone();
        actual.retain(|(name, _)| !own.contains(&name.as_str()));
        if then == Signed {
            let added = self.headers.iter().chain(&[("x-gateway-key", "caller")]);
            expected.extend(added.map(|&(name, value)| (name.to_owned(), value.to_owned())));
        } else {
            let names = headers.iter().map(|(name, _)| name.as_str());
            assert!(
                !names.clone().any(|name| name == "x-ms-client-request-id"),
                "{case}"
            );
        }
        expected.sort();
        actual.sort();
        assert_eq!(actual, expected, "{case}");
    }
}

#[tokio::test]
async fn each_link_carries_the_credential_where_it_belongs_and_nowhere_else() {
    for way in &WAYS {
        for (host, by_default, opted_in) in HOSTS {
            for (foreign, then) in [
                (ForeignOrigins::Refuse, by_default),
                (ForeignOrigins::WithoutCredentials, opted_in),
            ] {
                for kind in KINDS {
                    let link = format!("{host}{PATH}");
                    let case = format!("{kind:?} to {link}, {foreign:?}: {then:?}");
                    let replies = kind.replies(&link);
                    let script = ScriptedTransport::new();
                    for (status, header, body) in &replies {
                        let mut answer = Answer::status(*status).body(body.clone());
                        if let Some((name, value)) = header {
                            answer = answer.header(name, value);
                        }
                        script.push(answer);
                    }
                    let options = way.options(foreign).transport(Arc::new(script.clone()));
                    let credential = Some((way.credential)());
                    let pipeline = server::pipeline(
                        "https://maps.example/gw",
                        way.service,
                        credential,
                        options,
                    )
                    .unwrap();
                    let outcome = kind.follow(&pipeline).await;
                    let requests = script.requests();
                    if let Then::Refused(error) = then {
                        assert_eq!(outcome.expect_err(&case).kind(), error, "{case}");
                        assert_eq!(requests.len(), replies.len() - 1, "{case}");
                        continue;
                    }
                    outcome.expect(&case);
                    assert_eq!(requests.len(), replies.len(), "{case}");
                    let last = requests.last().unwrap();
                    let expected = base().join(&link).unwrap();
                    assert_eq!(last.url.origin(), expected.origin(), "{case}");
                    assert_eq!(last.url.path(), "/next", "{case}");
                    let headers = last.headers.iter().map(|(name, value)| {
                        (name.to_string(), value.to_str().unwrap().to_owned())
                    });
                    way.check(then, last.url.query().unwrap(), headers.collect(), &case);
                }
            }
        }
    }
}

fn base() -> maps_core::Url {
    maps_core::Url::parse("https://maps.example/gw").unwrap()
}

#[tokio::test]
async fn over_real_sockets_no_other_port_of_this_machine_sees_a_credential() {
    for way in &WAYS {
        for (foreign, then) in [
            (ForeignOrigins::Refuse, UNTRUSTED),
            (ForeignOrigins::WithoutCredentials, Bare),
        ] {
            for kind in KINDS {
                let case = format!("{kind:?}, {foreign:?}");
                // Another port, and the same port by another name.
                let other =
                    Server::always(server::reply(200, &[], r#"{"status":"Succeeded"}"#)).await;
                follow_over_sockets(way, kind, foreign, &format!("{}{PATH}", other.url), then)
                    .await;
                let seen = other.seen();
                match then {
                    Bare => {
                        let (path, query) = seen[0].target.split_once('?').unwrap();
                        assert_eq!((seen.len(), path), (1, "/next"), "{case}");
                        way.check(Bare, query, seen[0].headers.clone(), &case);
                    }
                    _ => assert!(seen.is_empty(), "{case}"),
                }
            }
        }
        for kind in KINDS {
            let endpoint =
                follow_over_sockets(way, kind, ForeignOrigins::Refuse, PATH, Signed).await;
            let seen = endpoint.seen();
            let (path, query) = seen.last().unwrap().target.split_once('?').unwrap();
            assert_eq!(path, "/next");
            let headers = seen.last().unwrap().headers.clone();
            way.check(Signed, query, headers, &format!("{kind:?} to the endpoint"));
        }
    }
}

async fn follow_over_sockets(
    way: &Way,
    kind: Kind,
    foreign: ForeignOrigins,
    link: &str,
    then: Then,
) -> Server {
    let replies = kind
        .replies(link)
        .into_iter()
        .map(|(status, header, body)| {
            let headers: Vec<(&str, &str)> = header
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            server::reply(status, &headers, body)
        });
    let endpoint = Server::script(replies.collect()).await;
    let credential = Some((way.credential)());
    let pipeline = endpoint.pipeline(way.service, credential, way.options(foreign));
    let outcome = kind.follow(&pipeline).await;
    match then {
        Then::Refused(error) => assert_eq!(outcome.unwrap_err().kind(), error, "{kind:?}"),
        Signed | Bare => outcome.unwrap(),
    }
    endpoint
}

/// Endpoints of a client: whether it can be built with a credential, and without.
const ENDPOINTS: [(&str, bool, bool); 12] = [
    ("https://maps.example", true, true),
    ("https://127.0.0.1:1", true, true),
    // This machine.
    ("http://127.0.0.1:1", true, true),
    ("http://127.8.9.10", true, true),
    ("http://[::1]:1", true, true),
    ("http://localhost:1", true, true),
    // Everywhere else plain text takes no credential.
    ("http://maps.example", false, true),
    ("http://atlas.microsoft.com", false, true),
    ("http://localhost.evil.example", false, true),
    ("http://169.254.169.254", false, true),
    ("http://0.0.0.0:1", false, true),
    ("ftp://maps.example", false, false),
];

#[test]
fn clients_are_built_where_their_credential_may_go() {
    for (endpoint, with, without) in ENDPOINTS {
        for way in &WAYS {
            let build = |credential| {
                server::pipeline(endpoint, way.service, credential, ClientOptions::new())
            };
            assert_eq!(build(Some((way.credential)())).is_ok(), with, "{endpoint}");
            assert_eq!(build(None).is_ok(), without, "{endpoint}");
        }
    }
}
