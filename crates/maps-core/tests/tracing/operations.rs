//! The span of a long-running operation: what is in it, and that it always ends.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use maps_core::service::{LongRunning, ResultSource};
use maps_core::{ClientOptions, ErrorKind, Poller, PollingOptions};
use serde_json::Value;
use tracing::Instrument;

use crate::calls::Panics;
use crate::recorder::Recorder;
use crate::server::*;

async fn two_statuses() -> Server {
    scripted(|earlier| match earlier {
        0 => status("Running"),
        _ => status("Succeeded").header("resource-location", "/results/1"),
    })
    .await
}

/// Polls a future at most `polls` times, then drops it.
async fn drop_at<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[tokio::test]
async fn submit_polls_and_result_are_in_the_span_of_the_operation() {
    let server = two_statuses().await;
    let (recorder, _guard) = Recorder::start();
    let poller = server.begin(&RESOURCE_LOCATION).await.unwrap();
    assert_eq!(recorder.open(), ["operation"]);
    poller.await.unwrap();
    let calls = recorder.named("call");
    let names: Vec<&str> = calls.iter().map(|call| call.field("otel.name")).collect();
    assert_eq!(
        names,
        [
            "Thing_Submit",
            "poll Thing_Submit",
            "poll Thing_Submit",
            "collect Thing_Submit"
        ]
    );
    for one_try in recorder.named("try") {
        assert_eq!(recorder.way_up(&one_try), ["call", "operation"]);
    }
    for poll in recorder.events("maps_core::poller") {
        assert_eq!(recorder.way_up(&poll), ["operation"]);
    }
    let [operation] = &recorder.named("operation")[..] else {
        panic!("one operation")
    };
    assert_eq!(operation.field("otel.name"), "operation Thing_Submit");
    assert_eq!(operation.field("operation.name"), "Thing_Submit");
    assert_eq!(operation.field("operation.service"), "maps-test");
    assert_eq!(operation.field("operation.id"), "1");
    assert_eq!(operation.field("operation.status"), "Succeeded");
    assert_eq!(operation.field("error.type"), "");
    assert_eq!(recorder.open(), [""; 0]);
}

#[tokio::test]
async fn attached_and_resumed_operations_have_a_span() {
    let server = two_statuses().await;
    let (recorder, _guard) = Recorder::start();
    let client = server.client();
    let attached: Poller<Value, Value> = client.attach(&RESOURCE_LOCATION, None, "1").unwrap();
    let token = attached.resume_token();
    attached.await.unwrap();
    let resumed: Poller<Value, Value> = client.resume(&RESOURCE_LOCATION, token).unwrap();
    resumed.await.unwrap();
    let operations = recorder.named("operation");
    assert_eq!(operations.len(), 2);
    for operation in operations {
        assert_eq!(operation.field("operation.id"), "1");
    }
    assert_eq!(recorder.open(), [""; 0]);
}

#[tokio::test]
async fn span_of_a_failed_operation_ends_with_the_error() {
    let server = scripted(|_| status("Failed")).await;
    let (recorder, _guard) = Recorder::start();
    let mut poller = server.begin(&MONITOR).await.unwrap();
    poller.result().await.unwrap_err();
    // The poller still lives; the operation does not.
    assert_eq!(recorder.open(), [""; 0]);
    let operation = &recorder.named("operation")[0];
    assert_eq!(operation.field("operation.status"), "Failed");
    assert_eq!(operation.field("error.type"), "operation");
    assert_eq!(operation.field("otel.status_code"), "ERROR");
}

#[tokio::test]
async fn span_of_a_refused_submit_ends_with_the_error() {
    let server = Server::start(|_| reply(400)).await;
    let (recorder, _guard) = Recorder::start();
    server.begin(&MONITOR).await.unwrap_err();
    assert_eq!(
        recorder.named("operation")[0].field("error.type"),
        "service"
    );
    assert_eq!(recorder.open(), [""; 0]);
}

#[tokio::test]
async fn fault_that_a_later_poll_makes_good_is_no_error_of_the_operation() {
    let server = scripted(|earlier| match earlier {
        0 => reply(400),
        _ => status("Succeeded"),
    })
    .await;
    let (recorder, _guard) = Recorder::start();
    let mut poller = server.begin(&MONITOR).await.unwrap();
    poller.result().await.unwrap_err();
    assert_eq!(recorder.open(), ["operation"]);
    poller.result().await.unwrap();
    assert_eq!(recorder.named("operation")[0].field("error.type"), "");
    assert_eq!(recorder.open(), [""; 0]);
}

#[tokio::test]
async fn span_ends_with_the_poller_whenever_its_future_is_dropped() {
    for k in 0.. {
        let server = two_statuses().await;
        let (recorder, _guard) = Recorder::start();
        let mut poller = server.begin(&RESOURCE_LOCATION).await.unwrap();
        let ended = drop_at(k, poller.result()).await.is_some();
        let open = recorder.open();
        assert_eq!(open.iter().any(|name| name == "operation"), !ended, "{k}");
        drop(poller);
        assert_eq!(recorder.open(), [""; 0], "dropped at poll {k}");
        if ended {
            assert!(k >= 5, "the test has dropped too rarely: {k}");
            break;
        }
    }
}

#[tokio::test]
async fn span_ends_whenever_the_submit_is_dropped() {
    for k in 0.. {
        let server = two_statuses().await;
        let (recorder, _guard) = Recorder::start();
        let ended = drop_at(k, server.begin(&MONITOR)).await.is_some();
        assert_eq!(recorder.open(), [""; 0], "dropped at poll {k}");
        if ended {
            assert!(k >= 2, "the test has dropped too rarely: {k}");
            break;
        }
    }
}

#[tokio::test]
async fn span_of_an_operation_out_of_time_ends_with_its_poller() {
    let server = scripted(|_| status("Running")).await;
    let (recorder, _guard) = Recorder::start();
    let polling = PollingOptions::new().timeout(Duration::from_secs(5));
    let poller = begin(&server.client_polling(polling), &MONITOR)
        .await
        .unwrap();
    let error = poller.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    let operation = &recorder.named("operation")[0];
    assert_eq!(operation.field("error.type"), "timeout");
    assert_eq!(operation.field("operation.status"), "Running");
    assert_eq!(recorder.open(), [""; 0]);
}

#[tokio::test]
async fn span_ends_when_a_policy_panics() {
    let server = two_statuses().await;
    let (recorder, _guard) = Recorder::start();
    let options: ClientOptions = server.options().per_try_policy(Arc::new(Panics));
    let client = server.client_with(options);
    let poller: Poller<Value, Value> = client.attach(&MONITOR, None, "1").unwrap();
    let task = tokio::spawn(async move { poller.await });
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(recorder.spans().len(), 3);
    assert_eq!(recorder.open(), [""; 0]);
}

#[test]
fn span_ends_when_the_runtime_is_gone() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let (recorder, _guard) = Recorder::start();
    let first = runtime();
    let poller = first.block_on(async {
        let server = two_statuses().await;
        let mut poller = server.begin(&RESOURCE_LOCATION).await.unwrap();
        // A request is in flight when its runtime goes.
        while recorder.named("call").len() < 2 {
            drop_at(1, poller.next()).await;
        }
        poller
    });
    drop(first);
    assert!(recorder.open().contains(&"operation".to_owned()));
    drop(poller);
    assert_eq!(recorder.open(), [""; 0]);
}

#[tokio::test]
async fn span_follows_from_the_span_that_drives_the_poller() {
    let server = two_statuses().await;
    let (recorder, _guard) = Recorder::start();
    let maker = tracing::info_span!(target: "test", "maker");
    let mut poller = server
        .begin(&RESOURCE_LOCATION)
        .instrument(maker.clone())
        .await
        .unwrap();
    let driver = tracing::info_span!(target: "test", "driver");
    async {
        poller.next().await.unwrap().unwrap();
        poller.result().await.unwrap();
    }
    .instrument(driver.clone())
    .await;
    let operation = &recorder.named("operation")[0];
    assert_eq!(recorder.way_up(operation), ["maker"]);
    let spans = recorder.spans();
    let follows: Vec<&str> = operation
        .follows
        .iter()
        .map(|&at| spans[at].name.as_str())
        .collect();
    assert_eq!(follows, ["driver"]);
}

#[tokio::test]
async fn observer_is_told_of_each_poll_survived_faults_among_them() {
    static NOTHING: LongRunning = long_running(ResultSource::None);
    let server = scripted(|earlier| match earlier {
        0 => reply(503)
            .header("x-ms-request-id", "r-0")
            .header("retry-after", "7"),
        1 => reply(200)
            .header("x-ms-request-id", &format!("r-1-{KEY}"))
            .header("retry-after", "10")
            .json(&format!(
                r#"{{"status":"Running","lastActionAt":"2025-03-04T05:06:07Z {KEY}"}}"#
            )),
        _ => status("Completed"),
    })
    .await;
    let (recorder, _guard) = Recorder::start();
    let mut poller = server.begin(&NOTHING).await.unwrap();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&lines);
    poller.on_poll(move |poll| {
        assert_eq!(poll.operation(), "Thing_Submit");
        assert_eq!(poll.id(), "1");
        log.lock().unwrap().push(format!(
            "{:?} {:?} {:?} {:?} {} {:?} {}",
            poll.http_status().map(|status| status.as_u16()),
            poll.status(),
            poll.last_action(),
            poll.request_id(),
            poll.hint().unwrap_or_default().as_secs(),
            poll.error().map(|error| error.kind()),
            poll.failures(),
        ));
        let waits = poll.status() != Some("Completed");
        assert_eq!(poll.next_wait().is_some(), waits);
        assert!(
            poll.next_wait()
                .is_none_or(|wait| Some(wait) >= poll.hint())
        );
    });
    poller.await.unwrap();
    let expected = [
        r#"Some(503) None None Some("r-0") 7 Some(Service) 1"#,
        r#"Some(200) Some("Running") Some("2025-03-04T05:06:07Z ***") Some("r-1-***") 10 None 0"#,
        r#"Some(200) Some("Completed") None None 0 None 0"#,
    ];
    assert_eq!(*lines.lock().unwrap(), expected);
    // Events say the same.
    let polls = recorder.events("maps_core::poller");
    assert_eq!(polls.len(), 3);
    assert_eq!(polls[0].field("error.type"), "service");
    assert_eq!(polls[1].field("azure.service.request.id"), "r-1-***");
    assert!(!recorder.text().contains(KEY), "{}", recorder.text());
}
