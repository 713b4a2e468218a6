//! Generates Rust clients and models from OpenAPI 2.0 definitions with `x-ms-*` extensions.
//!
//! The stages are plain functions over values: `load` reads files, `resolve` follows every `$ref` and applies fixups,
//! `model` builds the intermediate representation, `name` makes Rust identifiers, `emit` makes tokens, `format` makes
//! text, and `output` writes what changed.

pub mod build;
pub mod config;
pub mod diagnostics;
pub mod emit;
pub mod fixups;
pub mod format;
pub mod generate;
pub mod input;
pub mod keywords;
pub mod load;
pub mod model;
pub mod name;
pub mod names;
pub mod output;
pub mod resolve;
