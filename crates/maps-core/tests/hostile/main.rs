//! What a server, or somebody who chooses a host, may try: each case ends in an answer or in an error of a known kind,
//! within its limits, and nothing of the secret is shown or sent elsewhere.

mod answers;
mod bodies;
mod heads;
mod hosts;
mod links;
mod waits;

#[path = "../support/server.rs"]
mod server;

use std::error::Error as _;

use maps_core::{Credential, Error, SubscriptionKey};

/// The key of every client here.
const SECRET: &str = "canary-of-the-key-0123456789";

fn key() -> Option<Credential> {
    Some(SubscriptionKey::new(SECRET).into())
}

/// Holds an error to what all are held to: one line, no secret.
fn check(error: &Error, case: &str) {
    let shown = error.to_string();
    assert!(!shown.contains(char::is_control), "{case}: {shown:?}");
    let mut texts = vec![
        shown,
        format!("{error:?}"),
        format!("{:?}", error.headers()),
        format!("{:?} {:?}", error.link(), error.resume_token()),
        String::from_utf8_lossy(error.body().map_or(b"", |body| body)).into_owned(),
    ];
    let mut source = error.source();
    while let Some(cause) = source {
        texts.push(format!("{cause} {cause:?}"));
        source = cause.source();
    }
    for text in texts {
        assert!(!text.contains(SECRET), "{case}: {text}");
    }
}
