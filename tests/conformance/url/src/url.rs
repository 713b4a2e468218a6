//! Scenarios of `url.json`.
