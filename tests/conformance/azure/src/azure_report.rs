//! Scenarios of `azure-report.json`.
