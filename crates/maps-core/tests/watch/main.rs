//! Many operations in one watch, against a server on this machine, on a clock that keeps the order of all waits.

// Helpers of tests are no `#[test]` themselves, so the leave that clippy.toml gives does not reach them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod adding;
mod bound;
#[path = "../support/panics.rs"]
mod caller;
mod ending;
#[path = "../support/server.rs"]
mod http;
mod panics;
mod runtimes;
mod schedules;
#[path = "../poller/server.rs"]
mod server;

use std::time::Duration;

use maps_core::test_kit::VirtualClock;
use maps_core::{Pipeline, Poller, PollingOptions, Watch};
use serde_json::Value;

use server::{Reply, Seen, Server, begin, reply, status};

type Numbered = Watch<usize, Value, Value>;

/// A server that names operations by their number, from 1 on, and asks `poll` for the answer to each poll of one.
async fn server(poll: impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static) -> Server {
    Server::with_clock(VirtualClock::new(), move |seen| {
        let number = |path: &str| {
            path.rsplit('/')
                .next()
                .and_then(|number| number.parse().ok())
        };
        match (seen.method.as_str(), number(&seen.path)) {
            ("POST", _) => {
                let link = format!("/operations/{}", seen.earlier + 1);
                reply(202).header("operation-location", &link)
            }
            (_, Some(number)) if seen.path.starts_with("/operations/") => poll(number, seen),
            (_, Some(number)) => reply(200).json(&format!(r#"{{"result":{number}}}"#)),
            _ => reply(404),
        }
    })
    .await
}

/// Succeeded, with the result behind a link.
fn succeeded(number: usize) -> Reply {
    status("Succeeded").header("resource-location", &format!("/results/{number}"))
}

/// A poll each second.
fn each_second() -> PollingOptions {
    let second = Duration::from_secs(1);
    PollingOptions::new()
        .first_wait(second)
        .max_wait(second)
        .jitter(0.0)
}

async fn submit(client: &Pipeline) -> Poller<Value, Value> {
    begin(client, &server::RESOURCE_LOCATION).await.unwrap()
}

/// A watch of operations 1 to `count`.
async fn watch_of(client: &Pipeline, count: usize) -> Numbered {
    let mut watch = Watch::new();
    for number in 1..=count {
        watch.add(number, submit(client).await);
    }
    watch
}

/// How often each operation was polled.
fn polls_of(server: &Server, number: usize) -> usize {
    let path = format!("/operations/{number}");
    server
        .seen()
        .iter()
        .filter(|seen| seen.path == path)
        .count()
}
