//! Scenarios of `httpInfrastructure.json`.
