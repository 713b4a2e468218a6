//! Scenarios of `parameter-flattening.json`.
