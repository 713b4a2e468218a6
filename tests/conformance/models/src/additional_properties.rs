//! Scenarios of `additionalProperties.json`.
