//! Scenarios of `lro-parameterized-endpoints.json`.
