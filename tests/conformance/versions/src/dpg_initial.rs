//! Scenarios of `dpg-initial.json`.
