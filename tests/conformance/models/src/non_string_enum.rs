//! Scenarios of `non-string-enum.json`.
