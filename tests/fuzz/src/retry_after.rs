//! Headers that ask to wait, in answers to a call and to a poll.
//!
//! The input is a block of headers. They stand in every answer.

use std::time::Duration;

use maps_core::service::{LongRunning, ResultSource};
use maps_core::test_kit::Answer;
use maps_core::{HeaderName, HeaderValue, Poller};
use serde_json::Value;

use crate::client::{ENDPOINT, GET, POST, Settings, client};
use crate::drive::drive;
use crate::{log, oracle, script};

static JOB: LongRunning = LongRunning {
    operation: "Things_Submit",
    status: None,
    succeeded: &[],
    failed: &[],
    result: ResultSource::None,
};

const SETTINGS: Settings = Settings {
    credential: b'h',
    trust: b'r',
};

/// Runs one input.
///
/// # Panics
///
/// When a wait is longer than the limits of hints, or something of [`oracle`] does not hold.
pub fn run(input: &[u8]) {
    log::start();
    let headers: Vec<(String, String)> = script::parts(input)[0]
        .split(|byte| *byte == b'\n')
        .take(8)
        .filter_map(script::header)
        .filter(|(name, value)| is_header(name, value))
        .collect();
    call(&headers);
    poll(&headers);
}

fn is_header(name: &str, value: &str) -> bool {
    // A link would lead elsewhere, a redirect too: that is another target's.
    let leads = ["location", "operation-location", "azure-asyncoperation"];
    !leads.iter().any(|known| name.eq_ignore_ascii_case(known))
        && HeaderName::try_from(name).is_ok()
        && HeaderValue::try_from(value).is_ok()
}

fn with(mut answer: Answer, headers: &[(String, String)]) -> Answer {
    for (name, value) in headers {
        answer = answer.header(name, value);
    }
    answer
}

fn call(headers: &[(String, String)]) {
    let answers = [503, 429, 500, 503].map(|status| with(Answer::status(status), headers));
    let client = client(SETTINGS, answers.into());
    let call = client.pipeline.send(client.pipeline.request(&GET));
    let error = drive(&client.clock, call).err().expect("four refusals");
    oracle::error(&error);
    let hint = error.retry_after();
    for wait in client.clock.waits() {
        assert!(
            wait <= Duration::from_secs(60),
            "waited {wait:?} with the hint {hint:?}"
        );
    }
    assert!(client.clock.elapsed() <= Duration::from_secs(180));
    oracle::requests(&client.transport, ENDPOINT, false, 4);
}

fn poll(headers: &[(String, String)]) {
    let running = || with(Answer::status(200).json(r#"{"status":"Running"}"#), headers);
    let submitted = Answer::status(202).header("operation-location", "/jobs/1");
    let answers = vec![
        with(submitted, headers),
        running(),
        running(),
        with(
            Answer::status(200).json(r#"{"status":"Succeeded"}"#),
            headers,
        ),
    ];
    let client = client(SETTINGS, answers);
    let begin = client.pipeline.begin(client.pipeline.request(&POST), &JOB);
    let poller: Poller<(), Value> = drive(&client.clock, begin).expect("a link");
    drive(&client.clock, poller).expect("the script ends well");
    let waits = client.clock.waits();
    assert!(waits.len() <= 3, "{waits:?}");
    for wait in waits {
        // 120 s and a fifth of jitter.
        let allowed = Duration::from_millis(100)..=Duration::from_secs(144);
        assert!(allowed.contains(&wait), "waited {wait:?}");
    }
    oracle::requests(&client.transport, ENDPOINT, false, 4);
}
