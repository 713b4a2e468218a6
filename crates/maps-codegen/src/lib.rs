#![doc = include_str!("../README.md")]

pub mod build;
pub mod config;
pub mod corpus;
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
