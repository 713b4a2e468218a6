//! How long the poller waits, on a clock that runs ahead instead of waiting.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use maps_core::test_kit::VirtualClock;
use maps_letter_tests::{
    Answer, DATASET_ID, ID, MATRIX, ScriptedServer, UDID, Who, creator, data_registry, options,
    route,
};

/// The default jitter of the poller: a wait is at most a fifth longer than it must be.
const JITTER: f64 = 1.2;

/// Whose operation is polled.
#[derive(Debug, Clone, Copy)]
enum Endpoint {
    Route,
    DataRegistry,
    Dataset,
}

const ENDPOINTS: [Endpoint; 3] = [Endpoint::Route, Endpoint::DataRegistry, Endpoint::Dataset];

/// Polls an operation that gives these hints while it runs, and says how long each wait was.
async fn waits(endpoint: Endpoint, hints: &[u64], seed: u64) -> Vec<Duration> {
    let clock = VirtualClock::running_ahead();
    let running = hints.iter().map(|hint| {
        Answer::json(200, r#"{"status":"Running"}"#).header("Retry-After", hint.to_string())
    });
    let ended = match endpoint {
        Endpoint::Route => [
            Answer::json(
                200,
                r#"{"status":"Completed","result":{"resultUrl":"{origin}/r"}}"#,
            ),
            Answer::json(200, MATRIX),
        ],
        Endpoint::DataRegistry => [
            Answer::json(200, r#"{"status":"Completed"}"#),
            Answer::json(200, "{}"),
        ],
        Endpoint::Dataset => [
            Answer::json(200, r#"{"status":"Succeeded"}"#)
                .header("Resource-Location", "{origin}/datasets/d"),
            Answer::json(200, "{}"),
        ],
    };
    let server =
        ScriptedServer::start_with_clock(Arc::new(clock.clone()), running.chain(ended)).await;
    let options = options(&clock).jitter_seed(seed);
    match endpoint {
        Endpoint::Route => {
            let client = route(server.origin(), Who::Key, options);
            client.attach_route_matrix(ID).unwrap().await.unwrap();
        }
        Endpoint::DataRegistry => {
            let client = data_registry(server.origin(), Who::Key, options);
            let poller = client.attach_register_or_replace(UDID, ID).unwrap();
            poller.await.unwrap();
        }
        Endpoint::Dataset => {
            let client = creator(server.origin(), Who::Key, options).datasets();
            client.attach_create(DATASET_ID).unwrap().await.unwrap();
        }
    }
    let seen = server.seen();
    assert_eq!(seen.len(), hints.len() + 2);
    seen.windows(2)
        .map(|pair| pair[1].at - pair[0].at)
        .take(hints.len())
        .collect()
}

fn assert_within(wait: Duration, floor: u64) {
    let floor = Duration::from_secs(floor);
    assert!(wait >= floor, "waited {wait:?}, less than {floor:?}");
    assert!(
        wait <= floor.mul_f64(JITTER),
        "waited {wait:?}, more than {floor:?} and the jitter"
    );
}

#[tokio::test]
async fn retry_after_is_a_floor_and_the_poll_comes_within_the_jitter() {
    // Only Data Registry declares the hint; who sends it is heard all the same.
    for endpoint in ENDPOINTS {
        let mut distinct = BTreeSet::new();
        for seed in 0..20 {
            for wait in waits(endpoint, &[10, 10], seed).await {
                assert_within(wait, 10);
                distinct.insert(wait);
            }
        }
        assert!(distinct.len() > 20, "{endpoint:?}: there is jitter");
    }
}

#[tokio::test]
async fn another_hint_changes_the_next_wait() {
    for endpoint in ENDPOINTS {
        for seed in 0..5 {
            let waits = waits(endpoint, &[10, 20, 5], seed).await;
            for (wait, hint) in waits.into_iter().zip([10, 20, 5]) {
                assert_within(wait, hint);
            }
        }
    }
}
