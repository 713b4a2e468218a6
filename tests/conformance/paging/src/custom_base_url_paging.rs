//! Scenarios of `custom-baseUrl-paging.json`.
