//! Scenarios of `model-flattening.json`.
