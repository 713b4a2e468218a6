#![doc = include_str!("../README.md")]

#[rustfmt::skip] // Formatted by the generator; keeps `cargo fmt --check` off the subtree.
mod generated;

pub use generated::v2023_06_01::{self, DataRegistryClient, DataRegistryClientBuilder};
pub use maps_data_registry_models as models;
