//! Rust from the intermediate representation: tokens, one small type per concept.

pub mod client;
pub mod docs;
pub mod models;
pub mod secrets;
pub mod types;
