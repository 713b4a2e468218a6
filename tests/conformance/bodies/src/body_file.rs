//! Scenarios of `body-file.json`.
