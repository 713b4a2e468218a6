//! Scenarios of `paging.json`.
