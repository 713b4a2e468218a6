//! What a run reports: faults of definitions with their place and what to do about them.

use std::collections::HashSet;
use std::fmt;

use crate::model::Place;

mod snippet;
mod suggest;

pub use snippet::{Sources, Style};
pub use suggest::did_you_mean;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// The output may lack something.
    Warning,
    /// Worth knowing: a name that was changed, a definition that nothing reaches.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

/// One finding about one place of a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Its kind in a word or three, for example `unresolved-ref`.
    pub code: &'static str,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where, when the fault has a place.
    pub place: Option<Place>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A fault that keeps output from being made.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A fault that output can be made in spite of.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// Something worth knowing.
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity,
            code,
            message: message.into(),
            place: None,
            help: None,
        }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Says where, when there is a place.
    #[must_use]
    pub fn at_maybe(mut self, place: Option<Place>) -> Self {
        self.place = place;
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Whether nothing may be generated.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics
        .iter()
        .any(|found| found.severity == Severity::Error)
}

/// Brings the findings of a run into the order of the documents and drops repetitions.
pub fn arrange(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        let key = |found: &Diagnostic| {
            let place = found.place.clone().unwrap_or_default();
            (
                found.severity,
                place.file,
                place.line,
                place.column,
                found.code,
            )
        };
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    diagnostics.dedup();
    // What is an error where an operation needs it is a warning elsewhere, and both may have met it.
    let place = |found: &Diagnostic| {
        let place = found.place.as_ref()?;
        Some((found.code, place.file.clone(), place.line, place.column))
    };
    let errors: HashSet<_> = diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .filter_map(place)
        .collect();
    diagnostics.retain(|found| {
        found.severity == Severity::Error || place(found).is_none_or(|key| !errors.contains(&key))
    });
}
