//! Scenarios of `constants.json`.
