//! Long-running operations.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, TryStreamExt};
use maps_core::test_kit::VirtualClock;
use maps_core::{ClientOptions, EntraCredential, ForeignOrigins};
use serde_json::Value;
use tokio::time::timeout;

use crate::server::{Reply, Server, json, operation, submitted};
use crate::{code, ours, theirs};

const RUNNING: &str = r#"{"status":"InProgress"}"#;
const SUCCEEDED: &str = r#"{"status":"Succeeded"}"#;

/// Longer than any wait that a case sets.
const LONG: Duration = Duration::from_secs(15);

fn outcome<T, E: std::fmt::Display>(result: &Result<T, E>) -> String {
    match result {
        Ok(_) => "the result".to_owned(),
        Err(error) => format!("error: {}", code(error)),
    }
}

/// A poller of this SDK, its operation submitted.
async fn begun(server: &Server) -> maps_core::Poller<Value, Value> {
    let client = ours::client(&server.url(), None, ClientOptions::new());
    ours::begin(&client).await.expect("submitted")
}

fn started(server: &Server) -> azure_core::http::Poller<theirs::OperationResult> {
    theirs::Client::new(&server.url(), None).begin()
}

pub(super) async fn await_ours() -> String {
    let server = operation(&[RUNNING, SUCCEEDED]).await;
    outcome(&begun(&server).await.await)
}

pub(super) async fn await_theirs() -> String {
    let server = operation(&[RUNNING, SUCCEEDED]).await;
    outcome(&started(&server).await)
}

pub(super) async fn stream_ours() -> String {
    let server = operation(&[RUNNING, SUCCEEDED]).await;
    let mut poller = begun(&server).await;
    while let Some(status) = poller.next().await {
        status.expect("a status");
    }
    outcome(&poller.await)
}

pub(super) async fn stream_theirs() -> String {
    let server = operation(&[RUNNING, SUCCEEDED]).await;
    let mut poller = started(&server);
    while let Some(status) = poller.try_next().await.expect("a status") {
        status.into_model().expect("a model");
    }
    outcome(&poller.await)
}

/// The submit asks for 1 s, the first status for 3 s.
async fn slow() -> Server {
    Server::start(|seen, earlier| match (seen.method.as_str(), earlier) {
        ("POST", _) => submitted(seen).header("retry-after", "1"),
        (_, 0) => json(200, RUNNING).header("retry-after", "3"),
        _ => json(200, SUCCEEDED),
    })
    .await
}

/// How long after its answer a status was shown.
fn shown(server: &Server) -> String {
    let polled = server.seen().into_iter().find(|seen| seen.method == "GET");
    let late = polled.map_or(Duration::MAX, |seen| seen.at.elapsed());
    match late.as_secs_f64() {
        late if late < 0.5 => "as it arrives".to_owned(),
        late => format!("{late:.0} s later"),
    }
}

pub(super) async fn first_status_ours() -> String {
    let server = slow().await;
    let mut poller = begun(&server).await;
    poller.next().await.expect("a status").expect("a status");
    shown(&server)
}

pub(super) async fn first_status_theirs() -> String {
    let server = slow().await;
    let mut poller = started(&server);
    // Its first item is the answer to the submit.
    for _ in 0..2 {
        poller.try_next().await.expect("a status");
    }
    shown(&server)
}

const FAILED: &str =
    r#"{"status":"Failed","error":{"code":"TooManyPoints","message":"50,001 cells"}}"#;

fn says_why(error: &(impl std::fmt::Display + std::fmt::Debug)) -> String {
    let whole = format!("{error} {error:?}");
    let has = match whole.contains("TooManyPoints") {
        true => "the service's code is in it",
        false => "**the service's code is not in it**",
    };
    format!("error: {}; {has}", code(error))
}

pub(super) async fn failed_ours() -> String {
    let server = operation(&[RUNNING, FAILED]).await;
    says_why(&begun(&server).await.await.expect_err("it failed"))
}

pub(super) async fn failed_theirs() -> String {
    let server = operation(&[RUNNING, FAILED]).await;
    says_why(&started(&server).await.expect_err("it failed"))
}

static UNKNOWN: [&str; 2] = [r#"{"status":"Running"}"#, SUCCEEDED];

pub(super) async fn unknown_ours() -> String {
    let server = operation(&UNKNOWN).await;
    let result = begun(&server).await.await;
    format!("{}; polls: {}", outcome(&result), server.count("GET"))
}

pub(super) async fn unknown_theirs() -> String {
    let server = operation(&UNKNOWN).await;
    let result = started(&server).await;
    format!("{}; polls: {}", outcome(&result), server.count("GET"))
}

async fn faulty() -> Server {
    Server::start(|seen, earlier| match (seen.method.as_str(), earlier) {
        ("POST", _) => submitted(seen),
        (_, 0) => json(200, RUNNING),
        (_, 1) => Reply::Cut,
        (_, 2) => json(503, "{}"),
        _ => json(200, SUCCEEDED),
    })
    .await
}

pub(super) async fn faults_ours() -> String {
    outcome(&begun(&faulty().await).await.await)
}

pub(super) async fn faults_theirs() -> String {
    outcome(&started(&faulty().await).await)
}

async fn late() -> Server {
    Server::start(|seen, earlier| match (seen.method.as_str(), earlier) {
        ("POST", _) => submitted(seen),
        (_, 0) => json(
            404,
            r#"{"error":{"code":"NotFound","message":"no such operation"}}"#,
        ),
        _ => json(200, SUCCEEDED),
    })
    .await
}

pub(super) async fn not_found_ours() -> String {
    outcome(&begun(&late().await).await.await)
}

pub(super) async fn not_found_theirs() -> String {
    outcome(&started(&late().await).await)
}

/// A service whose operation is at a host that nobody trusts, and that host.
async fn foreign(scheme: &'static str) -> (Server, Server) {
    let elsewhere = operation(&[SUCCEEDED]).await;
    let link = format!("{scheme}://127.0.0.1:{}/operations/1", elsewhere.port);
    let server = Server::start(move |_, _| {
        json(202, r#"{"id":"1","status":"InProgress"}"#).header("operation-location", link.clone())
    })
    .await;
    (server, elsewhere)
}

fn arrived(elsewhere: &Server) -> String {
    match elsewhere.seen().first() {
        None => "nothing".to_owned(),
        Some(seen) => {
            let token = match seen.has("authorization") {
                true => "**the token**",
                false => "no token",
            };
            let mut names: Vec<&str> = seen.headers.iter().map(|(name, _)| name.as_str()).collect();
            names.sort_unstable();
            format!("{token} (headers: `{}`)", names.join("`, `"))
        }
    }
}

fn tokens() -> ours::Tokens {
    ours::Tokens {
        calls: Arc::default(),
        clock: VirtualClock::running_ahead(),
        lifetimes: [3600; 2],
        delay: Duration::ZERO,
    }
}

pub(super) async fn foreign_ours() -> String {
    let (server, elsewhere) = foreign("http").await;
    let credential = EntraCredential::new(tokens()).client_id("account");
    let client = ours::client(&server.url(), Some(credential.into()), ClientOptions::new());
    let refused = ours::begin(&client).await.map(drop);
    let by_default = arrived(&elsewhere);
    let refused = outcome(&refused).replace(&elsewhere.port.to_string(), "…");
    let (server, elsewhere) = foreign("http").await;
    let credential = EntraCredential::new(tokens()).client_id("account");
    let options = ClientOptions::new().foreign_origins(ForeignOrigins::WithoutCredentials);
    let client = ours::client(&server.url(), Some(credential.into()), options);
    if let Ok(poller) = ours::begin(&client).await {
        let _ = poller.await;
    }
    format!(
        "{by_default}; {refused}. When the caller allows foreign hosts: {}",
        arrived(&elsewhere)
    )
}

pub(super) async fn foreign_theirs() -> String {
    let (server, elsewhere) = foreign("https").await;
    let credential = Arc::new(theirs::Tokens {
        calls: Arc::default(),
        lifetimes: [3600; 2],
        delay: Duration::ZERO,
    });
    let url = server.url().replace("http://", "https://");
    let poller = theirs::Client::new(&url, Some(credential)).begin();
    let _ = timeout(LONG, poller).await;
    arrived(&elsewhere)
}

async fn relative() -> Server {
    Server::start(|seen, _| match seen.method.as_str() {
        "POST" => json(202, r#"{"id":"1","status":"InProgress"}"#)
            .header("operation-location", "/operations/1"),
        _ => json(200, SUCCEEDED),
    })
    .await
}

pub(super) async fn relative_ours() -> String {
    outcome(&begun(&relative().await).await.await)
}

pub(super) async fn relative_theirs() -> String {
    let server = relative().await;
    let result = started(&server).await;
    format!("{}; submits: {}", outcome(&result), server.count("POST"))
}

async fn hinting(hint: &'static str) -> Server {
    Server::start(move |seen, earlier| match (seen.method.as_str(), earlier) {
        ("POST", _) => submitted(seen),
        (_, 0) => json(200, RUNNING).header("retry-after", hint),
        _ => json(200, SUCCEEDED),
    })
    .await
}

pub(super) async fn hint_ours(hint: &'static str) -> String {
    let server = hinting(hint).await;
    let clock = VirtualClock::running_ahead();
    let options = ClientOptions::new()
        .clock(Arc::new(clock.clone()))
        .jitter_seed(7);
    let client = ours::client(&server.url(), None, options);
    let mut poller = ours::begin(&client).await.expect("submitted");
    poller.next().await.expect("a status").expect("a status");
    let before = clock.elapsed();
    let result = poller.await;
    let waited = (clock.elapsed() - before).as_secs_f64();
    format!("{}, polled again after {waited:.0} s", outcome(&result))
}

pub(super) async fn hint_theirs(hint: &'static str) -> String {
    let server = hinting(hint).await;
    let ended = timeout(LONG, started(&server)).await;
    match ended {
        Ok(result) => outcome(&result),
        Err(_) => format!(
            "{} poll, and no other within {} s",
            server.count("GET"),
            LONG.as_secs()
        ),
    }
}

/// Answers each poll after a while.
async fn pensive() -> Server {
    Server::start(|seen, earlier| {
        if seen.method == "POST" {
            return submitted(seen);
        }
        // On a thread of the runtime that does nothing else.
        std::thread::sleep(Duration::from_millis(1500));
        json(200, if earlier == 0 { RUNNING } else { SUCCEEDED })
    })
    .await
}

fn submits_and_polls(server: &Server) -> String {
    format!(
        "{} submit, {} polls",
        server.count("POST"),
        server.count("GET")
    )
}

pub(super) async fn dropped_next_ours() -> String {
    let server = pensive().await;
    let mut poller = begun(&server).await;
    let start = Instant::now();
    while server.count("GET") == 0 && start.elapsed() < LONG {
        let _ = timeout(Duration::from_millis(50), poller.next()).await;
    }
    let result = poller.await;
    format!("{}; {}", outcome(&result), submits_and_polls(&server))
}

pub(super) async fn dropped_next_theirs() -> String {
    let server = pensive().await;
    let mut poller = started(&server);
    let start = Instant::now();
    while server.count("GET") == 0 && start.elapsed() < LONG {
        let _ = timeout(Duration::from_millis(50), poller.next()).await;
    }
    let result = poller.await;
    format!("{}; {}", outcome(&result), submits_and_polls(&server))
}

async fn long() -> Server {
    Server::start(|seen, earlier| match (seen.method.as_str(), earlier) {
        ("POST", _) => submitted(seen),
        (_, 0 | 1) => json(200, RUNNING).header("retry-after", "1"),
        _ => json(200, SUCCEEDED),
    })
    .await
}

pub(super) async fn dropped_await_ours() -> String {
    let server = long().await;
    let mut poller = begun(&server).await;
    let cut = timeout(Duration::from_millis(1200), &mut poller).await;
    assert!(cut.is_err(), "it ended too soon");
    let result = poller.await;
    format!(
        "yes, with the same poller: {}; {}",
        outcome(&result),
        submits_and_polls(&server)
    )
}

pub(super) async fn dropped_await_theirs() -> String {
    let server = long().await;
    let poller = started(&server);
    let cut = timeout(Duration::from_millis(1200), poller).await;
    assert!(cut.is_err(), "it ended too soon");
    // The await took the poller, and it gives no token: what is left is to submit again.
    let result = started(&server).await;
    format!(
        "no: the await took the poller. Submitting again: {}; {} submits",
        outcome(&result),
        server.count("POST")
    )
}
