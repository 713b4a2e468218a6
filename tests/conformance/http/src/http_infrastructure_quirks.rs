//! Scenarios of `httpInfrastructure.quirks.json`.
