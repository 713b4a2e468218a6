//! Scenarios of `required-optional.json`.
