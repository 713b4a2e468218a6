//! Scenarios of `error-with-secrets.json`.
