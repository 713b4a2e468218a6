//! Long-running operations and pages while the service misbehaves.

use std::time::Duration;

use maps_core::test_kit::{FaultAction, FaultRule, VirtualClock};
use maps_core::{ErrorKind, PollingOptions};
use maps_emulator::Conversion;
use maps_fault_tests::{asked, creator, emulator, matrix, no_retries, options, route};

const SUBMIT: &str = "Route_PostRouteMatrixAsync";
const STATUS: &str = "Route_GetRouteOperationsStatus";
const RESULT: &str = "Route_GetRouteOperationsResult";

#[tokio::test]
async fn polls_survive_every_fault_that_passes() {
    for action in [
        FaultAction::respond(429).retry_after("3"),
        FaultAction::respond(500),
        FaultAction::respond(503).body(""),
        FaultAction::Disconnect,
        FaultAction::HalfClose,
        FaultAction::lose_answer(),
        FaultAction::CutHead { bytes: 9 },
        FaultAction::CutBody { bytes: 9 },
        FaultAction::WrongLength { difference: 9 },
        FaultAction::junk_header("no name", "x"),
        FaultAction::slow_body(40, Duration::from_millis(1)),
    ] {
        let rule = FaultRule::new(action.clone()).on(STATUS).times(3);
        let emulator = emulator([rule]).await;
        let clock = VirtualClock::running_ahead();
        let client = route(&emulator, no_retries(&clock));
        let poller = client.begin_route_matrix(&matrix()).await.expect("begun");
        let response = poller
            .await
            .unwrap_or_else(|error| panic!("{action:?}: {error}"));
        assert_eq!(response.matrix().origins(), 1);
        assert_eq!(asked(&emulator, SUBMIT), 1, "{action:?}");
        assert_eq!(asked(&emulator, RESULT), 1, "{action:?}");
    }
}

#[tokio::test]
async fn a_status_unknown_for_five_polls_after_submitting_is_waited_for_and_a_sixth_is_an_error() {
    for (polls, good) in [(5, true), (6, false)] {
        let late = FaultRule::new(FaultAction::respond(404))
            .on(STATUS)
            .times(polls);
        let emulator = emulator([late.for_each_path()]).await;
        let client = route(&emulator, options(&VirtualClock::running_ahead()));
        for _ in 0..2 {
            let poller = client.begin_route_matrix(&matrix()).await.expect("begun");
            let outcome = poller.await;
            assert_eq!(outcome.is_ok(), good, "{polls}");
            if let Err(error) = outcome {
                assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
                let token = error.resume_token().expect("a token").clone();
                let resumed = client.resume_route_matrix(token).expect("sound");
                resumed.await.expect("found by now");
            }
        }
    }
}

#[tokio::test]
async fn an_outage_is_an_error_that_can_be_resumed_after_it() {
    let emulator = emulator([FaultRule::new(FaultAction::respond(503)).on(STATUS)]).await;
    let clock = VirtualClock::running_ahead();
    let polling = PollingOptions::new().max_failures(4);
    let client = route(&emulator, no_retries(&clock).polling(polling));
    let poller = client.begin_route_matrix(&matrix()).await.expect("begun");
    let error = poller.await.expect_err("an outage");
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(asked(&emulator, STATUS), 4);
    emulator.clear_faults();
    let token = error.resume_token().expect("a token").clone();
    client
        .resume_route_matrix(token)
        .expect("sound")
        .await
        .expect("resumed");
    assert_eq!(asked(&emulator, SUBMIT), 1);
}

#[tokio::test]
async fn a_lost_answer_to_a_submit_is_not_submitted_again() {
    let emulator = emulator([FaultRule::new(FaultAction::lose_answer()).on(SUBMIT)]).await;
    let client = route(&emulator, options(&VirtualClock::running_ahead()));
    let error = client
        .begin_route_matrix(&matrix())
        .await
        .expect_err("lost");
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.may_have_been_sent());
    assert_eq!(asked(&emulator, SUBMIT), 1);
}

#[tokio::test]
async fn a_throttled_submit_is_repeated_when_the_hint_is_over() {
    let throttled = FaultRule::new(FaultAction::respond(429).retry_after("20"));
    let emulator = emulator([throttled.on(SUBMIT).times(2)]).await;
    let clock = VirtualClock::running_ahead();
    let client = route(&emulator, options(&clock));
    let poller = client.begin_route_matrix(&matrix()).await.expect("begun");
    assert_eq!(asked(&emulator, SUBMIT), 3);
    assert!(clock.elapsed() >= Duration::from_secs(40), "{clock:?}");
    poller.await.expect("a result");
}

#[tokio::test]
async fn a_hostile_operation_url_is_refused_and_sees_nothing() {
    let elsewhere = emulator([]).await;
    // Another origin: the same host, another port.
    let url = format!(
        "{}/route/operations/1?api-version=2025-01-01",
        elsewhere.url()
    );
    let hostile = FaultAction::set_header("operation-location", url);
    let emulator = emulator([FaultRule::new(hostile).on(SUBMIT)]).await;
    let client = route(&emulator, options(&VirtualClock::running_ahead()));
    let outcome = match client.begin_route_matrix(&matrix()).await {
        Ok(poller) => poller.await.map(drop),
        Err(error) => Err(error),
    };
    assert_eq!(outcome.expect_err("refused").kind(), ErrorKind::Untrusted);
    assert!(elsewhere.requests().is_empty());
    assert_eq!(asked(&emulator, STATUS), 0);
}

#[tokio::test]
async fn a_hostile_result_url_is_refused_and_sees_nothing() {
    let elsewhere = emulator([]).await;
    let url = format!("{}/x", elsewhere.url());
    let body = serde_json::json!({"status": "Completed", "result": {"resultUrl": url}});
    let hostile = FaultAction::replace_body(body.to_string());
    let emulator = emulator([FaultRule::new(hostile).on(STATUS)]).await;
    let client = route(&emulator, options(&VirtualClock::running_ahead()));
    let poller = client.begin_route_matrix(&matrix()).await.expect("begun");
    let error = poller.await.expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Untrusted);
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn one_answer_in_five_lost_still_makes_a_dataset_once() {
    let lost = FaultRule::new(FaultAction::lose_answer()).on_method("GET");
    let emulator = emulator([lost.with_probability(0.2)]).await;
    emulator
        .add_conversion(Conversion::new("tower"))
        .await
        .expect("added");
    let client = creator(&emulator, options(&VirtualClock::running_ahead()));
    for _ in 0..10 {
        let poller = client
            .datasets()
            .begin_create("tower")
            .await
            .expect("begun");
        poller.await.expect("a dataset");
    }
    let report = &emulator.faults()[0];
    assert!(report.hits > 0, "{report:?}");
    assert_eq!(asked(&emulator, "Dataset_Create"), 10);
    let mut pages = client.datasets().list();
    let mut count = 0;
    while let Some(dataset) = pages.next().await {
        dataset.expect("a dataset");
        count += 1;
    }
    assert_eq!(count, 10);
}
