//! Scenarios of `xms-error-responses.json`.
