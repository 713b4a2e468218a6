//! Scenarios of `security-key.json`.
