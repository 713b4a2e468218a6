//! Scenarios of `dpg-update1.json`.
