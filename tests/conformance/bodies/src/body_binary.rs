//! Scenarios of `body-binary.json`.
