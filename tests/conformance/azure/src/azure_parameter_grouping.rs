//! Scenarios of `azure-parameter-grouping.json`.
