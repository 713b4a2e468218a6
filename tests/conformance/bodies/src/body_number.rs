//! Scenarios of `body-number.json`.
