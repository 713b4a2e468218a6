//! Scenarios of `extensible-enums-swagger.json`.
