//! Scenarios of `storage.json`.
