//! Scenarios of `body-time.json`.
