//! Scenarios of `multiapi-v0.json`.
