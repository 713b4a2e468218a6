//! Scenarios of `body-boolean.quirks.json`.
