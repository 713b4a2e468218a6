//! Scenarios of `client-enum.json`.
