//! Scenarios of `reserved-words.json`.
