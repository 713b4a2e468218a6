//! Scenarios of `media_types.json`.
