//! Scenarios of `multiapi-v1-custom-base-url.json`.
