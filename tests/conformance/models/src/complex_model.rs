//! Scenarios of `complex-model.json`.
