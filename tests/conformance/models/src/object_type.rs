//! Scenarios of `object-type.json`.
