//! Pages of a list, their links and continuation tokens.
//!
//! The plan is one letter, ignored, and two for the [`Settings`]; the other parts are the answers.

use maps_core::test_kit::Answer;
use maps_core::{ContinuationToken, ErrorKind, Pager, Pipeline};
use serde::Deserialize;
use serde_json::Value;

use crate::client::{ENDPOINT, GET, Settings, client};
use crate::drive::drive;
use crate::{log, oracle, script};

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    value: Vec<Value>,
    #[serde(rename = "nextLink")]
    next_link: Option<String>,
}

/// Runs one input.
///
/// # Panics
///
/// When something of [`oracle`] does not hold.
pub fn run(input: &[u8]) {
    log::start();
    let (plan, answers) = script::read(input);
    let pages = answers.len();
    play(Settings::at(&plan, 1), answers, pages + 8);
}

fn list(pipeline: &Pipeline) -> Pager<Value, Page> {
    let first = pipeline.request(&GET);
    Pager::new(
        pipeline.clone(),
        first,
        |page: &Page| page.next_link.as_deref(),
        |page| page.value,
    )
}

/// Takes all items that the answers hold, and goes on from each token.
///
/// # Panics
///
/// When something of [`oracle`] does not hold.
pub fn play(settings: Settings, answers: Vec<Answer>, most: usize) {
    let client = client(settings, answers.clone());
    let mut pager = list(&client.pipeline);
    while let Some(item) = drive(&client.clock, pager.next()) {
        if let Err(error) = item {
            oracle::error(&error);
        }
        oracle::shown("Debug of a pager", &pager);
        if let Some(token) = pager.continuation_token() {
            oracle::no_secret("a continuation token", token.to_string().as_bytes());
            let mut other = list(&client.pipeline);
            if let Err(error) = other.continue_from(&token) {
                assert_eq!(error.kind(), ErrorKind::ResumeToken);
                oracle::error(&error);
            }
        }
    }
    oracle::requests(&client.transport, ENDPOINT, client.asks_foreign, most);
    let mut pager = list(&client.pipeline);
    let bodies = answers.iter().map(|answer| format!("{answer:?}"));
    for text in bodies.take(2) {
        if let Err(error) = pager.continue_from(&ContinuationToken::from(text)) {
            oracle::error(&error);
        }
    }
}
