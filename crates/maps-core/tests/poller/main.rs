//! Pollers and pagers against a server on this machine, on a clock that runs ahead.

// Helpers of tests are no `#[test]` themselves, so the leave that clippy.toml gives does not reach them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../support/panics.rs"]
mod caller;
mod cancelling;
mod collecting;
mod faults;
mod finding;
#[path = "../support/server.rs"]
mod http;
mod lengths;
mod model;
mod paging;
mod panics;
mod processes;
mod resuming;
mod runtimes;
mod server;
mod signing_in;
mod styles;
mod waiting;
