//! Texts and bytes that claim to be a resume token.

use maps_core::service::{LongRunning, ResultSource};
use maps_core::test_kit::Answer;
use maps_core::{ErrorKind, Poller, ResumeToken};
use serde_json::Value;

use crate::client::{Client, ENDPOINT, Settings, client};
use crate::drive::drive;
use crate::{log, oracle, script};

static OPERATIONS: [LongRunning; 3] = [
    job(ResultSource::Monitor),
    job(ResultSource::OriginalUri),
    job(ResultSource::Location),
];

const fn job(result: ResultSource) -> LongRunning {
    LongRunning {
        operation: "Things_Submit",
        status: None,
        succeeded: &[],
        failed: &[],
        result,
    }
}

/// Runs one input.
///
/// # Panics
///
/// When a token does not come back from what it was written as, or something of [`oracle`] does not hold.
pub fn run(input: &[u8]) {
    log::start();
    let input = script::parts(input).swap_remove(0);
    let tokens = [
        std::str::from_utf8(&input).ok().and_then(parse),
        serde_json::from_slice(&input).ok(),
        postcard::from_bytes(&input).ok(),
    ];
    for token in tokens.into_iter().flatten() {
        comes_back(&token);
        for operation in &OPERATIONS {
            resume(operation, &token);
        }
    }
}

fn parse(text: &str) -> Option<ResumeToken> {
    match text.parse() {
        Ok(token) => Some(token),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::ResumeToken);
            assert!(error.to_string().len() < 500, "{error}");
            None
        }
    }
}

fn comes_back(token: &ResumeToken) {
    let _ = (token.deadline(), token.operation());
    let text = token.to_string();
    // A longer one was read by serde, which has no limit of its own.
    if text.len() <= 24 * 1024 {
        assert_eq!(text.parse::<ResumeToken>().expect("its own text"), *token);
    }
    let json = serde_json::to_value(token).expect("JSON");
    assert_eq!(
        serde_json::from_value::<ResumeToken>(json).expect("its own JSON"),
        *token
    );
    let bytes = postcard::to_allocvec(token).expect("bytes");
    assert_eq!(
        postcard::from_bytes::<ResumeToken>(&bytes).expect("its own bytes"),
        *token
    );
}

fn resume(operation: &'static LongRunning, token: &ResumeToken) {
    let settings = Settings {
        credential: b'h',
        trust: b'r',
    };
    let answers = vec![
        Answer::status(200).json(r#"{"status":"Succeeded"}"#),
        Answer::status(200).json("{}"),
    ];
    let client: Client = client(settings, answers);
    let poller: Poller<Value, Value> = match client.pipeline.resume(operation, token.clone()) {
        Ok(poller) => poller,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::ResumeToken, "{error}");
            oracle::error(&error);
            return;
        }
    };
    let again = poller.resume_token();
    let text = again.to_string();
    assert_eq!(text.parse::<ResumeToken>().expect("its own text"), again);
    if let Err(error) = drive(&client.clock, poller) {
        oracle::error(&error);
    }
    oracle::requests(&client.transport, ENDPOINT, false, 60);
}
