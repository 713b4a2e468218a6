//! Scenarios of `multiapi-v1.json`.
