//! Examples that bring the SDK together with other crates.
//!
//! A crate of its own, so that no client's tests compile what they need. Each file of `examples/` says at its top what it
//! shows and how to run it.
