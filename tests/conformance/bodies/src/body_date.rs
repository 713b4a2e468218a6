//! Scenarios of `body-date.json`.
