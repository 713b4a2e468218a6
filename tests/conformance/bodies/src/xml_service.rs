//! Scenarios of `xml-service.json`.
