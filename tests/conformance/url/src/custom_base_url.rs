//! Scenarios of `custom-baseUrl.json`.
