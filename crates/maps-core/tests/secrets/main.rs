//! No secret is shown: not in an error, a log, `Debug` output, a token, a panic or a header that says who asks.
//!
//! One secret of each kind goes through everything the SDK can do, against servers that repeat it wherever they can;
//! what could be seen on the way is searched for it, in any escape. With redaction switched off these tests fail.
//!
//! A binary of its own: subscriber, logger and panic hook are the whole process's.

// Helpers of tests are no `#[test]` themselves, so the leave that clippy.toml gives does not reach them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
mod canary;
mod credentials;
mod debug;
mod evidence;
#[path = "../support/server.rs"]
mod http;
mod links;
mod lists;
mod operations;
mod panics;
mod recorder;
mod setting;
