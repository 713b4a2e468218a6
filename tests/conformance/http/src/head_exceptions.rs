//! Scenarios of `head-exceptions.json`.
