//! Scenarios of `security-aad.json`.
