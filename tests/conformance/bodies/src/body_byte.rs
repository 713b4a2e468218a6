//! Scenarios of `body-byte.json`.
