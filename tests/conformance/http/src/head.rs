//! Scenarios of `head.json`.
