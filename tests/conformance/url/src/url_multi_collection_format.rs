//! Scenarios of `url-multi-collectionFormat.json`.
