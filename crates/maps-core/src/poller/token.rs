//! Resume tokens out of what a poller knows.

use std::time::{Instant, SystemTime};

use url::Url;

use crate::pipeline::Pipeline;
use crate::resume_token::{Found, ResumeToken, origin, reduce};
use crate::service::{LongRunning, ResultSource};

/// The parts of a token.
pub(super) struct Parts<'a> {
    pub(super) found: Found,
    /// What is polled, unless the answer to the submit was the end.
    pub(super) link: Option<&'a Url>,
    pub(super) original: Option<&'a Url>,
    pub(super) location: Option<&'a Url>,
    pub(super) deadline: Instant,
}

impl Parts<'_> {
    /// The token, which holds of these only what its reader will need, and no secret.
    pub(super) fn token(self, pipeline: &Pipeline, operation: &LongRunning) -> ResumeToken {
        let origin = origin(self.link.unwrap_or(pipeline.base()));
        let short = |url: &Url| pipeline.redact(&reduce(url, &origin));
        ResumeToken {
            operation: operation.operation.to_owned(),
            found: self.found,
            link: self.link.map(short).unwrap_or_default(),
            original: self
                .original
                .filter(|_| operation.result.needs_original())
                .map(short),
            location: self
                .location
                .filter(|_| operation.result == ResultSource::Location)
                .map(short),
            deadline: milliseconds(pipeline, self.deadline),
            // That of a link which was refused may be anything.
            origin: pipeline.redact(&origin),
        }
    }
}

/// Time of day of a deadline, in milliseconds since the epoch.
fn milliseconds(pipeline: &Pipeline, deadline: Instant) -> u64 {
    let clock = pipeline.clock();
    let (now, wall) = (clock.now(), clock.wall());
    let deadline = match deadline.checked_duration_since(now) {
        Some(left) => wall.checked_add(left),
        None => wall.checked_sub(now.saturating_duration_since(deadline)),
    };
    let since = deadline.and_then(|deadline| deadline.duration_since(SystemTime::UNIX_EPOCH).ok());
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}
