//! Scenarios of `azure-resource-x.json`.
