//! When polls happen, and when they end.

use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use maps_core::test_kit::{Answer, ScriptedTransport, VirtualClock};
use maps_core::{CallOptions, ErrorKind, Poller, PollingOptions, RetryOptions};
use serde_json::Value;

use crate::server::*;

/// Differences between neighbours.
fn gaps(times: &[f64]) -> Vec<f64> {
    times.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

#[tokio::test]
async fn retry_after_10_waits_ten_seconds_and_at_most_the_jitter_more() {
    let server = scripted(|earlier| match earlier {
        0..5 => status("Running").header("retry-after", "10"),
        _ => status("Completed"),
    })
    .await;
    server.begin(&MONITOR).await.unwrap().await.unwrap();
    let gaps = gaps(&server.polls());
    assert_eq!(gaps.len(), 5);
    assert!(
        gaps.iter().all(|gap| (10.0..=12.0).contains(gap)),
        "{gaps:?}"
    );
    assert!(gaps.iter().any(|gap| *gap > 10.001), "jitter: {gaps:?}");
}

#[tokio::test]
async fn another_hint_changes_the_next_wait() {
    let server = scripted(|earlier| match earlier {
        0 => status("Running").header("retry-after", "10"),
        1 => status("Running").header("retry-after", "30"),
        2 => status("Running").header("retry-after", "0"),
        3 => status("Running").header("retry-after", "99999999999999999999"),
        4 => status("Running").header("retry-after", "-5"),
        5 => status("Running").header("retry-after-ms", "1500"),
        _ => status("Completed"),
    })
    .await;
    server.begin(&MONITOR).await.unwrap().await.unwrap();
    let gaps = gaps(&server.polls());
    let floors = [10.0, 30.0, 0.1, 120.0, 0.75, 1.5];
    for (gap, floor) in gaps.iter().zip(floors) {
        assert!(
            (floor..=floor * 1.2 + 1e-9).contains(gap),
            "{gap} of {floor}: {gaps:?}"
        );
    }
    assert_eq!(gaps.len(), floors.len());
}

#[tokio::test]
async fn waits_start_short_and_grow_to_their_cap() {
    let server =
        scripted(|earlier| status(if earlier < 14 { "Running" } else { "Completed" })).await;
    let polling = PollingOptions::new().jitter(0.0);
    let client = server.client_polling(polling);
    begin(&client, &MONITOR).await.unwrap().await.unwrap();
    let polls = server.polls();
    assert_eq!(polls[0], 0.5);
    let gaps = gaps(&polls);
    for (gap, expected) in gaps.iter().zip([0.75, 1.125, 1.6875, 2.53125]) {
        assert!((gap - expected).abs() < 1e-6, "{gaps:?}");
    }
    assert!(gaps.iter().all(|gap| *gap <= 15.0 + 1e-6));
    assert!((gaps[13] - 15.0).abs() < 1e-6);
}

#[tokio::test]
async fn a_hint_of_the_submit_is_the_first_wait() {
    let server = Server::start(|seen| match seen.method.as_str() {
        "POST" => reply(202)
            .header("operation-location", "/operations/1")
            .header("retry-after", "20"),
        _ => status("Completed"),
    })
    .await;
    server.begin(&MONITOR).await.unwrap().await.unwrap();
    let polls = server.polls();
    assert!((20.0..=24.0).contains(&polls[0]), "{polls:?}");
}

#[tokio::test]
async fn a_status_is_given_when_it_arrives_and_the_wait_comes_after() {
    let server = scripted(|earlier| {
        status(if earlier == 0 { "Running" } else { "Completed" }).header("retry-after", "60")
    })
    .await;
    let mut poller = server.begin(&MONITOR).await.unwrap();
    poller.next().await.unwrap().unwrap();
    assert!(server.clock.elapsed() < Duration::from_secs(1));
    // What the caller does meanwhile counts as waiting.
    server.clock.advance(Duration::from_secs(300));
    poller.next().await.unwrap().unwrap();
    assert!(server.clock.elapsed() < Duration::from_secs(302));
    assert!(poller.next().await.is_none());
}

#[tokio::test]
async fn the_deadline_ends_early_with_the_last_status_and_a_token() {
    let server = scripted(|_| status("Running").header("retry-after", "100")).await;
    let mut poller = server.begin(&MONITOR).await.unwrap();
    let error = poller.result().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("Running"), "{error}");
    assert_eq!(error.last_status::<Value>().unwrap()["status"], "Running");
    assert_eq!(error.operation_id(), Some("1"));
    let elapsed = server.clock.elapsed().as_secs_f64();
    assert!((3480.0..=3600.0).contains(&elapsed), "{elapsed}");
    let polls = server.polls().len();
    // The stream still gives the status that `result` saw, then the error, then nothing.
    assert!(poller.next().await.unwrap().is_ok());
    assert_eq!(
        poller.next().await.unwrap().unwrap_err().kind(),
        ErrorKind::Timeout
    );
    assert!(poller.next().await.is_none());
    assert_eq!(
        poller.result().await.unwrap_err().kind(),
        ErrorKind::Timeout
    );
    assert_eq!(
        server.polls().len(),
        polls,
        "nothing is sent after the deadline"
    );
    poller.extend_timeout(Duration::from_secs(1000));
    assert!(poller.next().await.unwrap().is_ok());
    assert_eq!(server.polls().len(), polls + 1);
}

#[tokio::test]
async fn the_deadline_is_an_option() {
    let server = scripted(|_| status("Running")).await;
    let client = server.client_polling(PollingOptions::new().timeout(Duration::from_secs(30)));
    let error = begin(&client, &MONITOR).await.unwrap().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(server.clock.elapsed() <= Duration::from_secs(30));
}

#[tokio::test]
async fn the_deadline_cuts_a_poll_in_flight() {
    let script = ScriptedTransport::new()
        .answer(Answer::status(202).header("operation-location", "/operations/1"))
        .answer(Answer::silence());
    let clock = VirtualClock::new();
    let server = Server::with_clock(clock.clone(), |_| reply(500)).await;
    let options = server.options().transport(Arc::new(script.clone()));
    let options = options.polling(
        PollingOptions::new()
            .timeout(Duration::from_secs(20))
            .jitter(0.0),
    );
    let client = server.client_with(options);
    let poller = begin(&client, &MONITOR).await.unwrap();
    let waiting = tokio::spawn(poller.into_future());
    for _ in 0..4 {
        settle().await;
        clock.advance(Duration::from_secs(4));
    }
    settle().await;
    assert!(!waiting.is_finished());
    assert_eq!(script.requests().len(), 2);
    clock.advance(Duration::from_secs(4));
    let error = waiting.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.resume_token().is_some());
}

#[tokio::test]
async fn a_deadline_that_is_extended_does_not_cut_the_poll_in_flight() {
    let script = ScriptedTransport::new()
        .answer(Answer::status(202).header("operation-location", "/operations/1"))
        .answer(Answer::silence())
        .answer(Answer::status(200).json(r#"{"status":"Completed"}"#));
    let server = scripted(|_| reply(500)).await;
    let options = server.options().transport(Arc::new(script.clone()));
    let options = options.polling(PollingOptions::new().timeout(Duration::from_secs(20)));
    let client = server.client_with(options);
    let mut poller = begin(&client, &MONITOR).await.unwrap();
    tokio::select! {
        biased;
        _ = poller.next() => panic!("nothing has answered"),
        () = settle() => {}
    }
    poller.extend_timeout(Duration::from_secs(100));
    server.clock.advance(Duration::from_secs(30));
    assert_eq!(poller.await.unwrap()["status"], "Completed");
    assert_eq!(script.requests().len(), 3);
}

/// Lets every task of the test's one thread run until it waits.
async fn settle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_wait_that_would_cross_the_deadline_is_not_begun() {
    // Polls at 0.5 s and 40.5 s; the next one would be at 80.5 s.
    let server = scripted(|_| status("Running").header("retry-after", "40")).await;
    let polling = PollingOptions::new().jitter(0.0);
    let client = server.client_polling(polling.timeout(Duration::from_secs(80)));
    let error = begin(&client, &MONITOR).await.unwrap().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.last_status::<Value>().unwrap()["status"], "Running");
    assert!(error.resume_token().is_some());
    assert_eq!(server.polls(), [0.5, 40.5]);
    assert_eq!(server.clock.elapsed(), Duration::from_millis(40_500));
}

#[tokio::test]
async fn a_retry_that_would_cross_the_deadline_is_not_begun() {
    // The first poll is refused at 0.5 s, with a wait of 50 s that its own retry would take.
    let server = scripted(|_| reply(503).header("retry-after", "50")).await;
    let polling = PollingOptions::new().jitter(0.0);
    let options = server
        .options()
        .polling(polling.timeout(Duration::from_secs(20)))
        .retry(RetryOptions::new());
    let client = server.client_with(options);
    let error = begin(&client, &MONITOR).await.unwrap().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("503"), "{cause}");
    assert_eq!(server.clock.elapsed(), Duration::from_millis(500));
}

#[tokio::test]
async fn a_fault_that_leaves_no_time_is_followed_by_the_timeout_in_the_stream() {
    let server = scripted(|_| reply(403).header("retry-after", "50")).await;
    let client = server.client_polling(PollingOptions::new().timeout(Duration::from_secs(20)));
    let mut poller = begin(&client, &MONITOR).await.unwrap();
    let error = poller.next().await.unwrap().unwrap_err();
    assert_eq!(error.status().unwrap(), 403);
    let error = poller.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(poller.next().await.is_none());
    assert_eq!(server.polls().len(), 1);
}

#[tokio::test]
async fn a_call_option_of_the_submit_still_limits_each_poll() {
    let script = ScriptedTransport::new()
        .answer(Answer::status(202).header("operation-location", "/operations/1"))
        .answer(Answer::silence())
        .answer(Answer::status(200).json(r#"{"status":"Completed"}"#));
    let clock = VirtualClock::new();
    let server = Server::with_clock(clock.clone(), |_| reply(500)).await;
    let polling = PollingOptions::new().first_wait(Duration::ZERO);
    let options = server.options().transport(Arc::new(script.clone()));
    let client = server.client_with(options.polling(polling));
    let mut request = client.request(&POST);
    request.options(CallOptions::new().timeout(Duration::from_secs(3)));
    let poller: Poller<Value, Value> = client.begin(request, &MONITOR).await.unwrap();
    let waiting = tokio::spawn(poller.into_future());
    for _ in 0..4 {
        settle().await;
        clock.advance(Duration::from_secs(1));
    }
    settle().await;
    assert_eq!(waiting.await.unwrap().unwrap()["status"], "Completed");
    assert_eq!(script.requests().len(), 3);
}
