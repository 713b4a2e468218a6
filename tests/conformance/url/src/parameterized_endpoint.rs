//! Scenarios of `parameterized-endpoint.json`.
