//! What an answer says about the state of an operation.

use http::StatusCode;

use super::fields::Fields;
use crate::error::{Error, ErrorKind, Result, strip_bom};
use crate::resume_token::Found;
use crate::service::LongRunning;

/// Words of success where a definition does not say otherwise.
const SUCCEEDED: [&str; 2] = ["Succeeded", "Completed"];

/// Words of failure where a definition does not say otherwise.
const FAILED: [&str; 3] = ["Failed", "Canceled", "Cancelled"];

/// Words that services use on the way; any other one is pending too, but worth a warning.
const PENDING: [&str; 14] = [
    "NotStarted",
    "Running",
    "InProgress",
    "Pending",
    "Accepted",
    "Creating",
    "Updating",
    "Deleting",
    "Queued",
    "Started",
    "Provisioning",
    "Validating",
    "Canceling",
    "Cancelling",
];

/// State of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It goes on; `known` is whether the word was seen before by those who wrote this.
    Pending {
        known: bool,
    },
    Succeeded,
    Failed,
}

/// What one answer says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) state: State,
    /// The service's word, for people.
    pub(super) word: Option<String>,
    /// When something last happened, as the service writes it.
    pub(super) last_action: Option<String>,
}

/// Reads the state out of an answer with a status below 400.
///
/// # Errors
///
/// A monitor whose body is no JSON object, or holds no status.
pub(super) fn read(
    operation: &LongRunning,
    found: Found,
    status: StatusCode,
    body: &[u8],
) -> Result<Reading> {
    let accepted = status == StatusCode::ACCEPTED;
    let mut fields = match Fields::read(strip_bom(body)) {
        Ok(fields) => fields,
        // The result of an operation that is polled by `Location` may be anything, and 202 says enough.
        Err(_) if accepted || found == Found::Location => Fields::default(),
        Err(error) => {
            let message = format!("the state of the operation is not readable: {error}");
            return Err(Error::new(ErrorKind::Decode, message));
        }
    };
    let provisioning = fields.provisioning_state();
    let word = match found {
        Found::Monitor => fields.status.0,
        Found::Location => provisioning,
        Found::Resource => provisioning.or(fields.status.0),
    };
    let state = match (found, word.as_deref()) {
        (Found::Location, _) if accepted => State::Pending { known: true },
        // The body is the result. Of a result's own words only a failed provisioning counts.
        (Found::Location, Some(word)) if classify(operation, word) == State::Failed => {
            State::Failed
        }
        (Found::Location, _) => State::Succeeded,
        (_, Some(word)) => classify(operation, word),
        (_, None) if accepted => State::Pending { known: true },
        // A resource without a state is complete.
        (Found::Resource, None) => State::Succeeded,
        (Found::Monitor, None) => {
            return Err(Error::new(
                ErrorKind::Decode,
                "the status monitor holds no status",
            ));
        }
    };
    Ok(Reading {
        state,
        word,
        last_action: fields.last_action.0,
    })
}

/// Whether the body is a resource whose own provisioning has ended.
pub(super) fn provisioned(operation: &LongRunning, body: &[u8]) -> bool {
    let word = Fields::read(strip_bom(body))
        .ok()
        .and_then(|mut fields| fields.provisioning_state());
    word.is_some_and(|word| matches!(classify(operation, &word), State::Succeeded | State::Failed))
}

/// The definition's words first, then the usual ones; anything else is pending.
fn classify(operation: &LongRunning, word: &str) -> State {
    let word = word.trim();
    let among = |words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    if among(operation.succeeded) {
        State::Succeeded
    } else if among(operation.failed) {
        State::Failed
    } else if among(&SUCCEEDED) {
        State::Succeeded
    } else if among(&FAILED) {
        State::Failed
    } else {
        State::Pending {
            known: among(&PENDING),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::ResultSource;

    static PLAIN: LongRunning = LongRunning {
        operation: "Test_Submit",
        status: None,
        succeeded: &[],
        failed: &[],
        result: ResultSource::None,
    };

    fn state(found: Found, status: u16, body: &str) -> Option<State> {
        let status = StatusCode::from_u16(status).unwrap();
        read(&PLAIN, found, status, body.as_bytes())
            .ok()
            .map(|reading| reading.state)
    }

    const KNOWN: Option<State> = Some(State::Pending { known: true });
    const NEW: Option<State> = Some(State::Pending { known: false });
    const GOOD: Option<State> = Some(State::Succeeded);
    const BAD: Option<State> = Some(State::Failed);

    #[test]
    fn a_monitor_says_its_status_in_any_case() {
        for (body, expected) in [
            (r#"{"status":"NotStarted"}"#, KNOWN),
            (r#"{"status":"running"}"#, KNOWN),
            (r#"{"status":"Juggling"}"#, NEW),
            (r#"{"status":""}"#, NEW),
            (r#"{"status":"Succeeded"}"#, GOOD),
            (r#"{"status":"COMPLETED"}"#, GOOD),
            (r#"{"status":"failed"}"#, BAD),
            (r#"{"status":"Canceled"}"#, BAD),
            (r#"{"status":"cancelled"}"#, BAD),
            ("\u{feff}{\"status\":\"Failed\"}", BAD),
        ] {
            assert_eq!(state(Found::Monitor, 200, body), expected, "{body}");
        }
    }

    #[test]
    fn a_monitor_without_a_status_is_an_error_unless_it_was_accepted() {
        let odd = [
            "",
            " ",
            "{}",
            "[]",
            "[\"Failed\"]",
            "null",
            r#"{"status":null}"#,
            r#"{"status":7}"#,
            r#"{"status":{"status":"Failed"}}"#,
            r#"{"status":["Failed"]}"#,
            r#"{"status":"Run"#,
        ];
        for body in odd {
            assert_eq!(state(Found::Monitor, 200, body), None, "{body}");
            assert_eq!(state(Found::Monitor, 202, body), KNOWN, "{body}");
        }
    }

    #[test]
    fn a_location_is_pending_while_it_answers_202() {
        assert_eq!(
            state(
                Found::Location,
                202,
                r#"{"properties":{"provisioningState":"Succeeded"}}"#
            ),
            KNOWN
        );
        assert_eq!(state(Found::Location, 204, ""), GOOD);
        assert_eq!(state(Found::Location, 200, "not JSON"), GOOD);
        // The status of a result is the result's own.
        assert_eq!(state(Found::Location, 200, r#"{"status":"Failed"}"#), GOOD);
        assert_eq!(
            state(
                Found::Location,
                200,
                r#"{"properties":{"provisioningState":"Failed"}}"#
            ),
            BAD
        );
    }

    #[test]
    fn a_resource_says_its_provisioning_state_before_its_status() {
        for (body, expected) in [
            (
                r#"{"properties":{"provisioningState":"Creating"},"status":"Succeeded"}"#,
                KNOWN,
            ),
            (
                r#"{"properties":{"provisioningState":"Succeeded"},"status":"Running"}"#,
                GOOD,
            ),
            (r#"{"properties":{"provisioningState":"Canceled"}}"#, BAD),
            (r#"{"properties":[],"status":"Running"}"#, KNOWN),
            (r#"{"status":"Completed"}"#, GOOD),
            (r#"{"id":"100"}"#, GOOD),
            ("", GOOD),
            ("[1]", GOOD),
            ("{", None),
        ] {
            assert_eq!(state(Found::Resource, 200, body), expected, "{body}");
        }
        assert_eq!(state(Found::Resource, 202, "{}"), KNOWN);
    }

    #[test]
    fn words_of_the_definition_come_first() {
        let operation = LongRunning {
            operation: "Test_Submit",
            status: None,
            succeeded: &["Failed", "Ready"],
            failed: &["Broken"],
            result: ResultSource::None,
        };
        let state = |word| classify(&operation, word);
        assert_eq!(state("ready"), State::Succeeded);
        assert_eq!(state("Failed"), State::Succeeded);
        assert_eq!(state("BROKEN"), State::Failed);
        assert_eq!(state("Completed"), State::Succeeded);
        assert_eq!(state("Canceled"), State::Failed);
    }
}
