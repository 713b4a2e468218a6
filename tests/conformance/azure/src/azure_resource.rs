//! Scenarios of `azure-resource.json`.
