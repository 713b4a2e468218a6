//! How long the poller waits, on a clock that runs ahead instead of waiting.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use maps_core::test_kit::VirtualClock;
use maps_letter_tests::{Answer, ID, ScriptedServer, UDID, Who, data_registry, options};

/// The default jitter of the poller: a wait is at most a fifth longer than it must be.
const JITTER: f64 = 1.2;

/// Polls an operation that gives these hints while it runs, and says how long each wait was.
async fn waits(hints: &[Option<u64>], seed: u64) -> Vec<Duration> {
    let clock = VirtualClock::running_ahead();
    let running = hints.iter().map(|hint| {
        let answer = Answer::json(200, &format!(r#"{{"id":"{ID}","status":"Running"}}"#));
        match hint {
            Some(seconds) => answer.header("Retry-After", seconds.to_string()),
            None => answer,
        }
    });
    let ended = [
        Answer::json(200, &format!(r#"{{"id":"{ID}","status":"Completed"}}"#)),
        Answer::json(200, &format!(r#"{{"udid":"{UDID}"}}"#)),
    ];
    let server =
        ScriptedServer::start_with_clock(Arc::new(clock.clone()), running.chain(ended)).await;
    let client = data_registry(server.origin(), Who::Key, options(&clock).jitter_seed(seed));
    client
        .attach_register_or_replace(UDID, ID)
        .unwrap()
        .await
        .unwrap();
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
    let mut distinct = std::collections::BTreeSet::new();
    for seed in 0..50 {
        for wait in waits(&[Some(10), Some(10)], seed).await {
            assert_within(wait, 10);
            distinct.insert(wait);
        }
    }
    assert!(distinct.len() > 50, "there is jitter");
}

#[tokio::test]
async fn another_hint_changes_the_next_wait() {
    for seed in 0..10 {
        let waits = waits(&[Some(10), Some(20), Some(5)], seed).await;
        for (wait, hint) in waits.into_iter().zip([10, 20, 5]) {
            assert_within(wait, hint);
        }
    }
}
