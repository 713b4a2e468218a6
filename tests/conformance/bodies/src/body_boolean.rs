//! Scenarios of `body-boolean.json`.
