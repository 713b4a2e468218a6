//! Scenarios of `multiapi-v2-custom-base-url.json`.
