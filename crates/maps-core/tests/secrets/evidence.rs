//! What could be seen, and whether a secret is in it.

use std::error::Error as StdError;
use std::fmt::{Debug, Display};

use maps_core::{ContinuationToken, Error, ResumeToken};
use serde_json::Value;

use crate::canary;

/// Everything that one test saw of the SDK from outside.
#[derive(Default)]
pub(crate) struct Evidence {
    seen: Vec<(String, Vec<u8>)>,
}

impl Evidence {
    pub(crate) fn note(&mut self, what: impl Into<String>, bytes: impl AsRef<[u8]>) {
        self.seen.push((what.into(), bytes.as_ref().to_vec()));
    }

    pub(crate) fn debug(&mut self, what: &str, value: &dyn Debug) {
        self.note(format!("{what} {{:?}}"), format!("{value:?}"));
        self.note(format!("{what} {{:#?}}"), format!("{value:#?}"));
    }

    fn display(&mut self, what: &str, value: &dyn Display) {
        self.note(format!("{what} {{}}"), format!("{value}"));
        self.note(format!("{what} {{:#}}"), format!("{value:#}"));
    }

    /// An error by all that it can be asked for.
    pub(crate) fn error(&mut self, what: &str, error: &Error) {
        self.debug(what, error);
        let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
        while let Some(link) = cause {
            self.display(what, &link);
            self.debug(what, &link);
            cause = link.source();
        }
        let words = [
            ("code", error.code()),
            ("message", error.message()),
            ("request id", error.request_id()),
            ("operation id", error.operation_id()),
            ("link", error.link()),
            ("JSON path", error.json_path()),
        ];
        for (name, word) in words {
            self.note(format!("{what}: {name}"), word.unwrap_or_default());
        }
        self.note(
            format!("{what}: inner codes"),
            error.inner_codes().join(" "),
        );
        for (name, value) in error.headers().into_iter().flatten() {
            self.note(format!("{what}: header {name}"), value.as_bytes());
        }
        self.note(
            format!("{what}: body"),
            error.body().cloned().unwrap_or_default(),
        );
        self.debug(&format!("{what}: body"), &error.body_as::<Value>());
        self.debug(
            &format!("{what}: last status"),
            &error.last_status::<Value>(),
        );
        if let Some(token) = error.resume_token() {
            self.resume_token(what, token);
        }
    }

    pub(crate) fn resume_token(&mut self, what: &str, token: &ResumeToken) {
        self.debug(&format!("{what}: resume token"), token);
        self.display(&format!("{what}: resume token"), token);
        let json = serde_json::to_string(token).unwrap();
        self.note(format!("{what}: resume token as JSON"), json);
    }

    pub(crate) fn continuation_token(&mut self, what: &str, token: &ContinuationToken) {
        self.debug(&format!("{what}: continuation token"), token);
        self.display(&format!("{what}: continuation token"), token);
        let json = serde_json::to_string(token).unwrap();
        self.note(format!("{what}: continuation token as JSON"), json);
    }

    /// Looks through all of it, and through all that was logged so far.
    pub(crate) fn assert_clean(&self) {
        let leaks: Vec<String> = self
            .seen
            .iter()
            .filter_map(|(what, bytes)| Some(format!("{what}: {}", canary::find(bytes)?)))
            .collect();
        assert!(
            leaks.is_empty(),
            "{} leaks:\n{}",
            leaks.len(),
            leaks.join("\n")
        );
        assert!(!self.seen.is_empty(), "nothing was looked at");
        crate::recorder::assert_clean();
    }
}
