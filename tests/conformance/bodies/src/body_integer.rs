//! Scenarios of `body-integer.json`.
