//! What goes wrong.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a [`FaultRule`](super::FaultRule) does to a request.
///
/// [`Respond`](Self::Respond) and [`Disconnect`](Self::Disconnect) come before the request is looked at, so that it
/// changes nothing; with all others the request is served, and its answer goes wrong. Methods make the ones with many
/// fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "snake_case",
    rename_all_fields = "snake_case",
    deny_unknown_fields
)]
#[non_exhaustive]
pub enum FaultAction {
    /// Answers with this status, without doing anything.
    Respond {
        /// The status, 200 to 999.
        status: u16,
        /// Value of a `Retry-After` header: seconds, a date, or anything else.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<String>,
        /// The body; an error body of the service when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
    },
    /// Closes the connection without an answer and without doing anything.
    Disconnect,
    /// Does what is asked, closes its sending side without an answer, and keeps the other side open.
    HalfClose,
    /// Waits before the request is looked at.
    Delay {
        /// How long, at most an hour.
        milliseconds: u64,
    },
    /// Does what is asked, and closes the connection after some bytes of the answer's head: with 0, the answer is lost.
    CutHead {
        /// Bytes of the head that arrive.
        bytes: usize,
    },
    /// Does what is asked, announces the whole answer, and closes the connection after some bytes of its body; a body
    /// that is not longer arrives whole.
    CutBody {
        /// Bytes of the body that arrive.
        bytes: usize,
    },
    /// Does what is asked, and gives the start of the body as if it were all of it.
    TruncateBody {
        /// Bytes of the body that are left.
        bytes: usize,
    },
    /// Does what is asked, and sends the body piece by piece.
    SlowBody {
        /// Bytes of a piece, at least 1.
        bytes: usize,
        /// Wait after each piece, at most an hour.
        milliseconds: u64,
    },
    /// Does what is asked, announces a wrong length of the body, and closes the connection after it.
    WrongLength {
        /// What the announced length is longer by than the body; below 0 it is shorter.
        difference: i64,
    },
    /// Does what is asked, and answers with another body.
    Body {
        /// The body.
        text: String,
    },
    /// Does what is asked, and adds or replaces a header of the answer, such as a hostile `Operation-Location`.
    SetHeader {
        /// Name of the header.
        name: String,
        /// Its value.
        value: String,
    },
    /// Does what is asked, and adds header lines to the answer that need not be legal.
    JunkHeader {
        /// Name of the header, sent as it is.
        name: String,
        /// Its value, sent as it is.
        value: String,
        /// How many times the value stands in the line.
        #[serde(default = "once")]
        repeat: usize,
        /// How many such lines there are.
        #[serde(default = "once")]
        copies: usize,
    },
}

fn once() -> usize {
    1
}

impl FaultAction {
    /// Answers with this status and an error body of the service.
    #[must_use]
    pub fn respond(status: u16) -> Self {
        Self::Respond {
            status,
            retry_after: None,
            body: None,
        }
    }

    /// Adds a `Retry-After` header to [`respond`](Self::respond); other actions stay as they are.
    #[must_use]
    pub fn retry_after(mut self, value: impl Into<String>) -> Self {
        if let Self::Respond { retry_after, .. } = &mut self {
            *retry_after = Some(value.into());
        }
        self
    }

    /// Gives [`respond`](Self::respond) a body of its own; other actions stay as they are.
    #[must_use]
    pub fn body(mut self, text: impl Into<String>) -> Self {
        if let Self::Respond { body, .. } = &mut self {
            *body = Some(text.into());
        }
        self
    }

    /// Waits before the request is looked at.
    #[must_use]
    pub fn delay(time: Duration) -> Self {
        Self::Delay {
            milliseconds: milliseconds(time),
        }
    }

    /// Does what is asked and loses the answer.
    #[must_use]
    pub fn lose_answer() -> Self {
        Self::CutHead { bytes: 0 }
    }

    /// Sends the body in pieces of so many bytes, with a wait after each.
    #[must_use]
    pub fn slow_body(bytes: usize, wait: Duration) -> Self {
        Self::SlowBody {
            bytes,
            milliseconds: milliseconds(wait),
        }
    }

    /// Answers with another body.
    #[must_use]
    pub fn replace_body(text: impl Into<String>) -> Self {
        Self::Body { text: text.into() }
    }

    /// Adds or replaces a header of the answer.
    #[must_use]
    pub fn set_header(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self::SetHeader {
            name: name.into(),
            value: value.into(),
        }
    }

    /// Adds one header line that need not be legal.
    #[must_use]
    pub fn junk_header(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self::JunkHeader {
            name: name.into(),
            value: value.into(),
            repeat: 1,
            copies: 1,
        }
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
