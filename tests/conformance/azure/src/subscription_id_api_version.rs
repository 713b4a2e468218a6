//! Scenarios of `subscriptionId-apiVersion.json`.
