//! Headers that ask to wait.

use std::sync::Arc;
use std::time::Duration;

use maps_core::service::{HostSettings, LongRunning, ResultSource};
use maps_core::test_kit::{Answer, ScriptedTransport, VirtualClock};
use maps_core::{ClientOptions, Pipeline, Poller, PollingOptions, RetryOptions};
use serde_json::Value;

use crate::server::{GET, POST, SERVICE};
use crate::{check, key};

static JOB: LongRunning = LongRunning {
    operation: "Things_Post",
    status: None,
    succeeded: &[],
    failed: &[],
    result: ResultSource::None,
};

/// Headers, and the seconds that a retry and a poll wait for them; `None` for the client's own pace.
type Case = (&'static [(&'static str, &'static str)], Option<(f64, f64)>);

const CASES: &[Case] = &[
    (&[("retry-after", "10")], Some((10.0, 10.0))),
    (&[("Retry-After", " 10 ")], Some((10.0, 10.0))),
    (&[("retry-after", "0")], Some((0.0, 0.1))),
    (&[("retry-after", "000")], Some((0.0, 0.1))),
    (&[("retry-after", "100")], Some((60.0, 100.0))),
    (&[("retry-after", "4294967296")], Some((60.0, 120.0))),
    (
        &[("retry-after", "18446744073709551616")],
        Some((60.0, 120.0)),
    ),
    (
        &[("retry-after", "99999999999999999999999999999999")],
        Some((60.0, 120.0)),
    ),
    (&[("retry-after", "-1")], None),
    (&[("retry-after", "+3")], None),
    (&[("retry-after", "1.5")], None),
    (&[("retry-after", "1e3")], None),
    (&[("retry-after", "0x10")], None),
    (&[("retry-after", "10, 20")], None),
    (&[("retry-after", "10s")], None),
    (&[("retry-after", "")], None),
    (&[("retry-after", "soon")], None),
    (&[("retry-after", "١٠")], None),
    (&[("retry-after", "NaN")], None),
    (&[("retry-after", "inf")], None),
    // The clock begins at 08:53:20.
    (
        &[("retry-after", "Thu, 09 Oct 2025 08:53:27 GMT")],
        Some((7.0, 7.0)),
    ),
    (
        &[("retry-after", "Thu, 09 Oct 2025 08:53:20 GMT")],
        Some((0.0, 0.1)),
    ),
    (
        &[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")],
        Some((0.0, 0.1)),
    ),
    (
        &[("retry-after", "Mon, 01 Jan 1601 00:00:00 GMT")],
        Some((0.0, 0.1)),
    ),
    (
        &[("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT")],
        Some((60.0, 120.0)),
    ),
    (&[("retry-after", "Sun, 99 Foo 2099 00:00:00 GMT")], None),
    (&[("retry-after", "2025-10-09T08:53:27Z")], None),
    // Of several the first counts.
    (
        &[("retry-after", "5"), ("retry-after", "9")],
        Some((5.0, 5.0)),
    ),
    (&[("retry-after-ms", "250")], Some((0.25, 0.25))),
    (&[("x-ms-retry-after-ms", "250")], Some((0.25, 0.25))),
    (
        &[("x-ms-retry-after-ms", "250"), ("retry-after", "9")],
        Some((0.25, 0.25)),
    ),
    (&[("retry-after-ms", "0")], Some((0.0, 0.1))),
    (
        &[("retry-after-ms", "99999999999999999999999")],
        Some((60.0, 120.0)),
    ),
    // What says nothing leaves the next one its say.
    (
        &[("retry-after-ms", "-5"), ("retry-after", "2")],
        Some((2.0, 2.0)),
    ),
    (
        &[("x-ms-retry-after-ms", "1.5"), ("retry-after-ms", "2000")],
        Some((2.0, 2.0)),
    ),
    (&[("retry-after-ms", "Sun, 06 Nov 1994 08:49:37 GMT")], None),
];

/// A client whose own wait before a retry is nothing and before a poll half a second.
fn client(script: &ScriptedTransport, clock: &VirtualClock) -> Pipeline {
    let options = ClientOptions::new()
        .transport(Arc::new(script.clone()))
        .clock(Arc::new(clock.clone()))
        .retry(RetryOptions::new().first_delay(Duration::ZERO))
        .polling(PollingOptions::new().jitter(0.0));
    let mut host = HostSettings::new();
    host.endpoint("https://maps.example");
    Pipeline::new(&SERVICE, &host, key(), None, options).expect("settings")
}

fn with(answer: Answer, headers: &[(&str, &str)]) -> Answer {
    let add = |answer: Answer, (name, value): &(&str, &str)| answer.header(name, value);
    headers.iter().fold(answer, add)
}

#[tokio::test]
async fn a_retry_waits_as_long_as_the_hint_within_its_limits() {
    for (headers, expected) in CASES {
        let script = ScriptedTransport::new()
            .answer(with(Answer::status(503), headers))
            .answer(Answer::status(200));
        let clock = VirtualClock::running_ahead();
        let pipeline = client(&script, &clock);
        pipeline
            .send(pipeline.request(&GET))
            .await
            .expect("second try");
        let wait = expected.map_or(0.0, |(retry, _)| retry);
        assert_eq!(
            clock.elapsed(),
            Duration::from_secs_f64(wait),
            "{headers:?}"
        );
    }
}

#[tokio::test]
async fn a_poll_waits_as_long_as_the_hint_within_its_limits() {
    for (headers, expected) in CASES {
        let submitted = Answer::status(202).header("operation-location", "/jobs/1");
        let script = ScriptedTransport::new()
            .answer(with(submitted, headers))
            .answer(Answer::status(200).json(r#"{"status":"Succeeded"}"#));
        let clock = VirtualClock::running_ahead();
        let pipeline = client(&script, &clock);
        let job: Poller<(), Value> = pipeline
            .begin(pipeline.request(&POST), &JOB)
            .await
            .expect("submitted");
        job.await.expect("done");
        let wait = expected.map_or(0.5, |(_, poll)| poll);
        assert_eq!(
            clock.elapsed(),
            Duration::from_secs_f64(wait),
            "{headers:?}"
        );
    }
}

#[tokio::test]
async fn hints_on_every_answer_never_pass_the_deadline_of_the_call() {
    let script = (0..9).fold(ScriptedTransport::new(), |script, _| {
        script.answer(Answer::status(429).header("retry-after", "99999999"))
    });
    let clock = VirtualClock::running_ahead();
    let pipeline = client(&script, &clock);
    let error = pipeline
        .send(pipeline.request(&GET))
        .await
        .expect_err("throttled");
    check(&error, "throttled");
    // As it was said, for the caller to judge.
    assert_eq!(error.retry_after(), Some(Duration::from_secs(99_999_999)));
    assert_eq!(clock.waits(), [Duration::from_secs(60); 2]);
}

#[tokio::test]
async fn hints_on_every_poll_never_pass_the_deadline_of_the_operation() {
    let running = || {
        Answer::status(200)
            .header("retry-after", "99999999")
            .json(r#"{"status":"Running"}"#)
    };
    let script = (0..99).fold(ScriptedTransport::new(), |script, _| {
        script.answer(running())
    });
    let clock = VirtualClock::running_ahead();
    let pipeline = client(&script, &clock);
    let mut job: Poller<(), Value> = pipeline.attach(&ATTACHED, None, "1").expect("an id");
    let error = job.result().await.expect_err("never done");
    assert_eq!(error.kind(), maps_core::ErrorKind::Timeout);
    assert!(
        clock.elapsed() <= Duration::from_secs(3600),
        "{:?}",
        clock.elapsed()
    );
}

static ATTACHED: LongRunning = LongRunning {
    operation: "Things_Post",
    status: Some(maps_core::service::StatusOperation {
        path: "/jobs/{id}",
        id: "id",
        check: None,
    }),
    succeeded: &[],
    failed: &[],
    result: ResultSource::None,
};
