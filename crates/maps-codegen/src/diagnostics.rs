//! What a run reports: faults of definitions with their place and what to do about them.

use std::fmt;

use crate::model::Place;

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

    /// Says what to do, when there is something to say.
    #[must_use]
    pub fn help_maybe(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        write!(f, "{severity}[{}]: {}", self.code, self.message)?;
        if let Some(place) = &self.place {
            let Place {
                file,
                line,
                column,
                pointer,
            } = place;
            write!(f, "\n  --> {file}:{line}:{column} ({pointer})")?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
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
}

/// The candidate that `name` was probably meant to be, as help text.
pub fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let limit = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by(|a, b| a.0.cmp(&b.0))
        .map(|(_, candidate)| format!("did you mean `{candidate}`?"))
}

/// Edits that make one text the other, case counting as half an edit would: not at all.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = replaced.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_name_is_suggested_and_a_far_one_is_not() {
        let names = ["x-ms-client-name", "description"];
        assert_eq!(
            did_you_mean("x-ms-client-nmae", names),
            Some("did you mean `x-ms-client-name`?".to_owned())
        );
        assert_eq!(did_you_mean("summary", names), None);
    }

    #[test]
    fn a_diagnostic_reads_as_the_style_guide_shows() {
        let found = Diagnostic::error(
            "unsupported-schema",
            "`allOf` mixes an object with a string",
        )
        .at(Place {
            file: "spec/search/1.0/search.json".into(),
            line: 2143,
            column: 9,
            pointer: "#/definitions/Foo/allOf/1".into(),
        })
        .help("add a fixup in spec/services.toml");
        assert_eq!(
            found.to_string(),
            "error[unsupported-schema]: `allOf` mixes an object with a string\n  \
             --> spec/search/1.0/search.json:2143:9 (#/definitions/Foo/allOf/1)\n  \
             help: add a fixup in spec/services.toml"
        );
    }
}
