//! Scenarios of `dpg-customization.json`.
