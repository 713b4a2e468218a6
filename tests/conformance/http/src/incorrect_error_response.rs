//! Scenarios of `incorrect-error-response.json`.
