//! Scenarios of `body-formdata.json`.
