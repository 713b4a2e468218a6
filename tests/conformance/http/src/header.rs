//! Scenarios of `header.json`.
