//! Scenarios of `any-type.json`.
