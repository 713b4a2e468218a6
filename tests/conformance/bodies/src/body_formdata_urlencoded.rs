//! Scenarios of `body-formdata-urlencoded.json`.
