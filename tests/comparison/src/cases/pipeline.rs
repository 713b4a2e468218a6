//! Single requests.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use maps_core::test_kit::VirtualClock;
use maps_core::{ClientOptions, RetryOptions, SubscriptionKey};

use crate::server::{Reply, Server, json};
use crate::{code, ours, theirs};

async fn first_then_accepted(first: fn() -> Reply) -> Server {
    Server::start(move |_, earlier| match earlier {
        0 => first(),
        _ => json(202, "{}"),
    })
    .await
}

fn submits(server: &Server, result: Result<(), impl std::fmt::Display>) -> String {
    let end = match result {
        Ok(()) => "the caller sees success".to_owned(),
        Err(error) => format!("the caller sees the error: {}", code(&error)),
    };
    let count = match server.count("POST") {
        1 => "1".to_owned(),
        count => format!("**{count}**"),
    };
    format!("{count}; {end}")
}

pub(super) async fn post_500_ours() -> String {
    let server = first_then_accepted(|| json(500, "{}")).await;
    let client = ours::client(&server.url(), None, ClientOptions::new());
    let result = ours::post(&client).await;
    submits(&server, result)
}

pub(super) async fn post_500_theirs() -> String {
    let server = first_then_accepted(|| json(500, "{}")).await;
    let result = theirs::Client::new(&server.url(), None).post().await;
    submits(&server, result)
}

pub(super) async fn post_cut_ours() -> String {
    let server = first_then_accepted(|| Reply::Cut).await;
    let client = ours::client(&server.url(), None, ClientOptions::new());
    let result = ours::post(&client).await;
    let sent = result
        .as_ref()
        .err()
        .map(maps_core::Error::may_have_been_sent);
    let told = match sent {
        Some(true) => ", which says that the request may have arrived",
        _ => "",
    };
    format!("{}{told}", submits(&server, result))
}

pub(super) async fn post_cut_theirs() -> String {
    let server = first_then_accepted(|| Reply::Cut).await;
    let result = theirs::Client::new(&server.url(), None).post().await;
    submits(&server, result)
}

const CALLS: usize = 50;

/// How often the credential was asked, and the slowest of the calls.
fn asked(calls: &AtomicUsize, slowest: Duration) -> String {
    let slowest = match slowest.as_secs_f64() {
        slowest if slowest < 0.5 => "no call waits for it".to_owned(),
        slowest => format!("calls wait {slowest:.0} s for it"),
    };
    format!(
        "the credential is asked {} times, {slowest}",
        calls.load(Ordering::SeqCst)
    )
}

pub(super) async fn refresh_ours() -> String {
    let server = Server::start(|_, _| json(200, "{}")).await;
    let calls = Arc::new(AtomicUsize::new(0));
    let clock = VirtualClock::running_ahead();
    let credential = ours::entra(ours::Tokens {
        calls: Arc::clone(&calls),
        clock: clock.clone(),
        lifetimes: [3600; 2],
        delay: Duration::from_secs(1),
    });
    let options = ClientOptions::new().clock(Arc::new(clock.clone()));
    let client = ours::client(&server.url(), credential, options);
    ours::get(&client).await.expect("the first call");
    // 4 of its 60 minutes are left. A token that lives for 4 minutes would not be due here before it is half over.
    clock.advance(Duration::from_secs(56 * 60));
    let many = (0..CALLS).map(|_| {
        let client = client.clone();
        tokio::spawn(async move {
            let start = Instant::now();
            ours::get(&client).await.expect("a call");
            start.elapsed()
        })
    });
    let slowest = slowest(many.collect()).await;
    // A refresh in the background has its time.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    asked(&calls, slowest)
}

pub(super) async fn refresh_theirs() -> String {
    let server = Server::start(|_, _| json(200, "{}")).await;
    let calls = Arc::new(AtomicUsize::new(0));
    let credential = Arc::new(theirs::Tokens {
        calls: Arc::clone(&calls),
        lifetimes: [240, 3600],
        delay: Duration::from_secs(1),
    });
    let url = server.url().replace("http://", "https://");
    let client = theirs::Client::new(&url, Some(credential));
    client.get().await.expect("the first call");
    let many = (0..CALLS).map(|_| {
        let client = client.clone();
        tokio::spawn(async move {
            let start = Instant::now();
            client.get().await.expect("a call");
            start.elapsed()
        })
    });
    let slowest = slowest(many.collect()).await;
    asked(&calls, slowest)
}

async fn slowest(calls: Vec<tokio::task::JoinHandle<Duration>>) -> Duration {
    let mut slowest = Duration::ZERO;
    for call in calls {
        slowest = slowest.max(call.await.expect("a call"));
    }
    slowest
}

pub(super) async fn short_tokens_ours() -> String {
    let server = Server::start(|_, _| json(200, "{}")).await;
    let calls = Arc::new(AtomicUsize::new(0));
    let clock = VirtualClock::running_ahead();
    let credential = ours::entra(ours::Tokens {
        calls: Arc::clone(&calls),
        clock: clock.clone(),
        lifetimes: [240; 2],
        delay: Duration::ZERO,
    });
    let options = ClientOptions::new().clock(Arc::new(clock));
    let client = ours::client(&server.url(), credential, options);
    for _ in 0..20 {
        ours::get(&client).await.expect("a call");
    }
    asked(&calls, Duration::ZERO).replace(", no call waits for it", "")
}

pub(super) async fn short_tokens_theirs() -> String {
    let server = Server::start(|_, _| json(200, "{}")).await;
    let calls = Arc::new(AtomicUsize::new(0));
    let credential = Arc::new(theirs::Tokens {
        calls: Arc::clone(&calls),
        lifetimes: [240; 2],
        delay: Duration::ZERO,
    });
    let url = server.url().replace("http://", "https://");
    let client = theirs::Client::new(&url, Some(credential));
    for _ in 0..20 {
        client.get().await.expect("a call");
    }
    asked(&calls, Duration::ZERO).replace(", no call waits for it", "")
}

const KEY: &str = "canary-of-the-key";

/// Where the key is in an error: itself, what it came from, or what a log would print of it.
fn places(error: &(dyn Error + 'static)) -> String {
    let mut chain = Vec::new();
    let mut cause = error.source();
    while let Some(inner) = cause {
        chain.push(inner.to_string());
        cause = inner.source();
    }
    let found: Vec<&str> = [
        ("`Display`", error.to_string()),
        ("`Debug`", format!("{error:?}")),
        ("the `Display` of its sources", chain.join(" ")),
    ]
    .into_iter()
    .filter(|(_, text)| text.contains(KEY))
    .map(|(place, _)| place)
    .collect();
    match found.as_slice() {
        [] => "no".to_owned(),
        found => format!("**yes**: {}", found.join(", ")),
    }
}

/// An address that nobody listens at.
async fn nobody() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("loopback");
    format!("http://{}", listener.local_addr().expect("bound"))
}

pub(super) async fn key_ours() -> String {
    let credential = Some(SubscriptionKey::new(KEY).into());
    let options = ClientOptions::new().retry(RetryOptions::none());
    let client = ours::client(&nobody().await, credential, options);
    places(&ours::get(&client).await.expect_err("nobody listens"))
}

pub(super) async fn key_theirs() -> String {
    let client = theirs::Client::without_retries(&nobody().await);
    places(&client.get_with_key(KEY).await.expect_err("nobody listens"))
}
