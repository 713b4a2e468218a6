//! Scenarios of `body-duration.json`.
