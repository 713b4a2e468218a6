//! Scenarios of `multiapi-v2.json`.
