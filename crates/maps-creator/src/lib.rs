#![doc = include_str!("../README.md")]

#[rustfmt::skip] // Formatted by the generator; keeps `cargo fmt --check` off the subtree.
mod generated;

pub use generated::v2_0::{self, CreatorClient, CreatorClientBuilder};
pub use maps_creator_models as models;
