//! Scenarios of `body-datetime-rfc1123.json`.
