//! Scenarios of `merge-patch.json`.
