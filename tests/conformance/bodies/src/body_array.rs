//! Scenarios of `body-array.json`.
