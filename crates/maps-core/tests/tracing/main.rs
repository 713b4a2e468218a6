//! What is traced: the spans of operations, calls and tries, and the events in them.
//!
//! A binary of its own: whether an event is wanted is remembered for the whole process, and other tests want none.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../support/server.rs"]
mod http;
#[path = "../support/recorder.rs"]
mod recorder;
#[path = "../poller/server.rs"]
mod server;

mod calls;
mod operations;
mod table;
