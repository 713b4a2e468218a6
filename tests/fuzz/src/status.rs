//! A poller fed with any answers, by any sequence of calls.
//!
//! The plan is a letter for the operation, two for the [`Settings`], and the calls: see [`run`].

use std::time::Duration;

use maps_core::service::{LongRunning, Operation, ResultSource, StatusOperation};
use maps_core::{ErrorKind, Poller, ResumeToken};
use serde_json::Value;

use crate::client::{Client, ENDPOINT, GET, POST, PUT, Settings, client};
use crate::drive::{drive, poll_some};
use crate::{log, oracle, script};

/// More calls make an input slow and tell no more.
const MOST_CALLS: usize = 24;

/// Ten polls of four tries, the grace for 404, a 401, and the try of what came before.
const MOST_REQUESTS_OF_A_CALL: usize = 60;

type Job = Poller<Value, Value>;

macro_rules! operations {
    ($($name:ident: $result:expr, $succeeded:expr, $failed:expr;)*) => {
        $(static $name: LongRunning = LongRunning {
            operation: "Things_Submit",
            status: Some(StatusOperation { path: "/jobs/{id}", id: "id", check: None }),
            succeeded: &$succeeded,
            failed: &$failed,
            result: $result,
        };)*
    };
}

operations! {
    LINK: ResultSource::Link("/result/resultUrl"), ["Completed"], ["Failed"];
    ORIGINAL: ResultSource::OriginalUri, [], [];
    RESOURCE: ResultSource::ResourceLocation, [], [];
    LOCATION: ResultSource::Location, [], [];
    PROPERTY: ResultSource::Property("/properties/output"), [], [];
    MONITOR: ResultSource::Monitor, ["Ready"], ["Broken"];
    NOTHING: ResultSource::None, [], [];
}

fn operation(letter: u8) -> (&'static LongRunning, &'static Operation) {
    match letter {
        b'P' => (&ORIGINAL, &PUT),
        b'R' => (&RESOURCE, &POST),
        b'L' => (&LOCATION, &POST),
        b'G' => (&LOCATION, &GET),
        b'Y' => (&PROPERTY, &POST),
        b'O' => (&MONITOR, &POST),
        b'N' => (&NOTHING, &PUT),
        _ => (&LINK, &POST),
    }
}

/// Runs one input.
///
/// Calls: `n` the next status, `r` the result, `N` and `R` the same but dropped after two polls, `t` the token through
/// text and back, `T` a new poller of it, `a` one attached by id, `e` more time, `w` a minute passes, all else what
/// can be asked without waiting.
///
/// # Panics
///
/// When something of [`oracle`] does not hold, or a wait has no limit.
pub fn run(input: &[u8]) {
    log::start();
    let (plan, answers) = script::read(input);
    let settings = Settings::at(&plan, 1);
    let (operation, submit) = operation(plan.bytes().next().unwrap_or_default());
    let calls: Vec<u8> = plan.bytes().skip(3).take(MOST_CALLS).collect();
    let most = answers.len() + (calls.len() + 2) * MOST_REQUESTS_OF_A_CALL;
    let client = client(settings, answers);
    let begin = client
        .pipeline
        .begin(client.pipeline.request(submit), operation);
    match drive(&client.clock, begin) {
        Err(error) => {
            oracle::error(&error);
            if let Some(token) = error.resume_token() {
                check(&client, operation, token);
            }
        }
        Ok(mut poller) => {
            for call in calls {
                one(&client, operation, &mut poller, call);
            }
            finish(&client, poller);
        }
    }
    oracle::requests(&client.transport, ENDPOINT, client.asks_foreign, most);
}

fn one(client: &Client, operation: &'static LongRunning, poller: &mut Job, call: u8) {
    let clock = &client.clock;
    match call {
        b'n' => status(drive(clock, poller.next())),
        b'r' => result(drive(clock, poller.result())),
        b'N' => status(poll_some(2, poller.next()).flatten()),
        b'R' => {
            if let Some(outcome) = poll_some(2, poller.result()) {
                result(outcome);
            }
        }
        b't' => check(client, operation, &poller.resume_token()),
        b'T' => match client.pipeline.resume(operation, poller.resume_token()) {
            Ok(resumed) => *poller = resumed,
            Err(error) => resume_error(&error),
        },
        b'a' => match client.pipeline.attach(operation, None, "4/..?#") {
            Ok(attached) => *poller = attached,
            Err(error) => assert_eq!(error.kind(), ErrorKind::InvalidArgument),
        },
        b'e' => poller.extend_timeout(Duration::from_secs(10)),
        b'w' => clock.advance(Duration::from_secs(60)),
        _ => {
            let _ = (poller.id(), poller.status());
            oracle::shown("Debug of a poller", poller);
        }
    }
}

fn status(outcome: Option<maps_core::Result<Value>>) {
    if let Some(Err(error)) = outcome {
        oracle::error(&error);
        assert_ne!(error.kind(), ErrorKind::InvalidArgument, "{error}");
    }
}

fn result(outcome: maps_core::Result<Value>) {
    if let Err(error) = outcome {
        oracle::error(&error);
        assert_ne!(error.kind(), ErrorKind::InvalidArgument, "{error}");
        assert!(error.resume_token().is_some(), "{error} without a token");
    }
}

/// A token is small, reads back from its text and is taken by the client that gave it.
fn check(client: &Client, operation: &'static LongRunning, token: &ResumeToken) {
    let text = token.to_string();
    oracle::no_secret("a resume token", text.as_bytes());
    let read: ResumeToken = text.parse().expect("a token's own text");
    assert_eq!(read, *token);
    if let Err(error) = client.pipeline.resume::<Value, Value>(operation, read) {
        resume_error(&error);
    }
}

fn resume_error(error: &maps_core::Error) {
    assert_eq!(error.kind(), ErrorKind::ResumeToken, "{error}");
    oracle::error(error);
}

/// Whatever came before, a poller can be asked for its result and comes to an end.
fn finish(client: &Client, mut poller: Job) {
    result(drive(&client.clock, &mut poller));
    oracle::shown("Debug of a poller", &poller);
}
