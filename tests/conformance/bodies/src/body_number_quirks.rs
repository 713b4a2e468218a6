//! Scenarios of `body-number.quirks.json`.
