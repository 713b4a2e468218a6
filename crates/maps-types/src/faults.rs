//! Rules that make answers go wrong, for servers and transports that misbehave on request.
//!
//! Behind the feature `faults`, off by default. `maps-emulator` follows the rules on the wire and the test kit of
//! `maps-core` inside a program, with the same meaning. A [`FaultRule`] says what goes wrong and for which requests;
//! [`FaultRules`] counts requests and chooses.
//!
//! # Rules as JSON
//!
//! An object; a member that the table does not name is refused. Only `action` is required.
//!
//! | member | type | meaning |
//! |---|---|---|
//! | `operation` | text | only requests of this `operationId` |
//! | `path` | text | only requests whose path starts like this |
//! | `method` | text | only requests of this method, in capitals |
//! | `from`, `until` | number | only from and before this many seconds after the start, on the clock of who follows the rule |
//! | `skip` | integer | so many requests pass first; 0 by default |
//! | `probability` | number | the part of the requests it applies to, above 0 and up to 1; the same ones in each run |
//! | `times` | integer | so many requests it applies to; all by default |
//! | `each_path` | boolean | `skip` and `times` count for each path on its own; `false` by default |
//! | `action` | text or object | what goes wrong |
//!
//! | action | request is served | what the caller gets |
//! |---|---|---|
//! | `{"respond": {"status": 429, "retry_after": "2", "body": ".."}}` | no | this status; without `body` an error body of the service |
//! | `"disconnect"` | no | the end of the connection instead of an answer |
//! | `"half_close"` | yes | the end of the server's sending side only, instead of an answer |
//! | `{"delay": {"milliseconds": 500}}` | yes | the answer, later |
//! | `{"cut_head": {"bytes": 0}}` | yes | so many bytes of the answer's head, and the end of the connection |
//! | `{"cut_body": {"bytes": 10}}` | yes | so many bytes of the body, fewer than announced, and the end of the connection |
//! | `{"truncate_body": {"bytes": 10}}` | yes | a sound answer whose body is only the start of the real one |
//! | `{"slow_body": {"bytes": 1, "milliseconds": 100}}` | yes | the body piece by piece, with a wait after each |
//! | `{"wrong_length": {"difference": 5}}` | yes | an announced length that is so much longer, or shorter, than the body |
//! | `{"body": {"text": "<html>"}}` | yes | another body |
//! | `{"set_header": {"name": "operation-location", "value": "https://evil.example/"}}` | yes | a header added or replaced |
//! | `{"junk_header": {"name": "x", "value": "y", "repeat": 1, "copies": 200}}` | yes | header lines as they are, legal or not: the value repeated so many times, the line so often |
//!
//! # Examples
//!
//! Each new operation is unknown to the service for two polls, and a fifth of all answers is lost:
//!
//! ```
//! use maps_types::faults::{FaultAction, FaultRequest, FaultRule, FaultRules};
//!
//! let mut rules = FaultRules::new(7);
//! rules.add(FaultRule::new(FaultAction::respond(404)).on("Job_GetStatus").times(2).for_each_path())?;
//! rules.add(serde_json::from_str(r#"{"probability": 0.2, "action": {"cut_head": {"bytes": 0}}}"#)?)?;
//!
//! let poll = FaultRequest::new("Job_GetStatus", "GET", "/jobs/1");
//! assert_eq!(rules.choose(&poll), Some(FaultAction::respond(404)));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod action;
mod check;
mod rule;
mod rules;

pub use action::FaultAction;
pub use check::FaultRuleError;
pub use rule::FaultRule;
pub use rules::{FaultReport, FaultRequest, FaultRules};
