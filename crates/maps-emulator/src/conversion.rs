//! Conversions: what datasets are made from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::problem::Fault;

/// A conversion that datasets can be made from.
///
/// The emulator converts no drawings; tests say which conversions there are, and how datasets made from them end.
///
/// ```
/// use maps_emulator::Conversion;
///
/// let clean = Conversion::new("5e8c1b07-d29f-4a63-8e70-4bc6f1a3d952").features("unit", 412);
/// let warned = Conversion::new("with-a-warning").warning("DuplicateFeature", "An opening was left out.");
/// let broken = Conversion::new("broken").failure("MissingLevel", "A unit refers to a level that is missing.");
/// # let _ = (clean, warned, broken);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Conversion {
    /// Its id, which the administrative call takes from the path.
    #[serde(default, rename = "conversionId")]
    pub id: String,
    /// How many features of each class it adds to a dataset.
    #[serde(default = "some_features")]
    pub feature_counts: BTreeMap<String, u64>,
    /// The ontology of its features. Default: `facility-2.0`.
    #[serde(default = "ontology")]
    pub ontology: String,
    /// A dataset made from it succeeds with this warning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<Reason>,
    /// A dataset made from it fails with this error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Reason>,
}

/// Code and message of a [`Conversion`]'s warning or failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Reason {
    /// The code, for example `MissingLevel`.
    pub code: String,
    /// What happened.
    pub message: String,
}

impl From<&Reason> for Fault {
    fn from(reason: &Reason) -> Self {
        Self::new(&reason.code, &reason.message)
    }
}

impl Reason {
    fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
        }
    }
}

pub(crate) fn ontology() -> String {
    "facility-2.0".to_owned()
}

/// A small building.
fn some_features() -> BTreeMap<String, u64> {
    let counts = [("facility", 1), ("level", 3), ("unit", 24), ("opening", 31)];
    counts
        .map(|(class, count)| (class.to_owned(), count))
        .into()
}

impl Conversion {
    /// A conversion of a small building, from which datasets are made without complaint.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            feature_counts: some_features(),
            ontology: ontology(),
            warning: None,
            failure: None,
        }
    }

    /// Sets how many features of a class it adds.
    #[must_use]
    pub fn features(mut self, class: impl Into<String>, count: u64) -> Self {
        self.feature_counts.insert(class.into(), count);
        self
    }

    /// Makes datasets succeed with a warning.
    #[must_use]
    pub fn warning(mut self, code: impl Into<String>, message: impl Into<String>) -> Self {
        self.warning = Some(Reason::new(code, message));
        self
    }

    /// Makes datasets fail.
    #[must_use]
    pub fn failure(mut self, code: impl Into<String>, message: impl Into<String>) -> Self {
        self.failure = Some(Reason::new(code, message));
        self
    }
}
