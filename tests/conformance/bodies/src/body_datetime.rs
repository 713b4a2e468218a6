//! Scenarios of `body-datetime.json`.
