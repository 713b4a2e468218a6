//! Scenarios of `custom-baseUrl-more-options.json`.
