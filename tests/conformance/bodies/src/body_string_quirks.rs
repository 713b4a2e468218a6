//! Scenarios of `body-string.quirks.json`.
