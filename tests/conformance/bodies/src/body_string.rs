//! Scenarios of `body-string.json`.
