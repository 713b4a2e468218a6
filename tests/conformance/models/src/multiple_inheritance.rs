//! Scenarios of `multiple-inheritance.json`.
