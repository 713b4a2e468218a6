//! Checks values against the shapes that the operation tables declare.

mod json;
mod parameters;
mod text;

pub(crate) use json::check_body;
pub(crate) use parameters::{check_parameters, query_pairs};

use crate::problem::Fault;

/// Most faults that are looked for: an answer lists no more, and a body may hold a million.
const MAX_FAULTS: usize = 20;

/// Faults of a request, up to a limit.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    faults: Vec<Fault>,
    /// Whether what only responses carry is checked too.
    of_answer: bool,
}

impl Faults {
    /// Faults of what a service answers.
    pub(crate) fn of_answer() -> Self {
        Self {
            of_answer: true,
            ..Self::default()
        }
    }

    pub(crate) fn into_faults(self) -> Vec<Fault> {
        self.faults
    }

    /// Whether a value is left alone because only responses carry it.
    fn leaves_out(&self, read_only: bool) -> bool {
        read_only && !self.of_answer
    }

    pub(crate) fn add(
        &mut self,
        code: &str,
        target: impl Into<String>,
        message: impl Into<String>,
    ) {
        if !self.is_full() {
            self.faults.push(Fault::new(code, message).at(target));
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.faults.len() >= MAX_FAULTS
    }

    /// The refusal, when there are any.
    pub(crate) fn into_result(self) -> Result<(), crate::problem::Problem> {
        if self.faults.is_empty() {
            Ok(())
        } else {
            Err(crate::problem::Problem::invalid(self.faults))
        }
    }

    #[cfg(test)]
    pub(crate) fn lines(&self) -> Vec<String> {
        let line = |fault: &Fault| {
            let target = fault.target.as_deref().unwrap_or_default();
            format!("{} {target}: {}", fault.code, fault.message)
        };
        self.faults.iter().map(line).collect()
    }
}

/// Codes of details, as the definitions' examples use them.
pub(crate) mod code {
    /// Something required is absent.
    pub(crate) const MISSING: &str = "MissingValue";
    /// A value is not what it should be.
    pub(crate) const INVALID: &str = "InvalidValue";
    /// Two values exclude each other.
    pub(crate) const CONFLICT: &str = "ConflictingValues";
}
