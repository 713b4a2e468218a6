//! Scenarios of `report.json`.
