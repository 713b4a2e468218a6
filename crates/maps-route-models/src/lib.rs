#![doc = include_str!("../README.md")]

#[rustfmt::skip] // Formatted by the generator; keeps `cargo fmt --check` off the subtree.
mod generated;
pub mod matrix;

pub use generated::v2025_01_01::{self, *};
