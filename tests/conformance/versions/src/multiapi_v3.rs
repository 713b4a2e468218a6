//! Scenarios of `multiapi-v3.json`.
