//! Scenarios of `azure-special-properties.json`.
