//! Scenarios of `validation.json`.
