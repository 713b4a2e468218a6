//! Scenarios of `body-complex.json`.
