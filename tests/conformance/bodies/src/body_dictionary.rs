//! Scenarios of `body-dictionary.json`.
