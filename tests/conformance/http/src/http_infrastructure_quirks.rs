//! Scenarios of `httpInfrastructure.quirks.json`: the same as those of its twin, with the other crate.

#[path = "http_infrastructure/client_failure.rs"]
mod client_failure;
#[path = "http_infrastructure/failure.rs"]
mod failure;
#[path = "http_infrastructure/multiple_responses.rs"]
mod multiple_responses;
#[path = "http_infrastructure/redirects.rs"]
mod redirects;
#[path = "http_infrastructure/retry.rs"]
mod retry;
#[path = "http_infrastructure/server_failure.rs"]
mod server_failure;
#[path = "http_infrastructure/success.rs"]
mod success;

use http_infrastructure_quirks::{self as api, HttpInfrastructureQuirksClient, models};
use maps_core::{Error, ErrorKind, Method, StatusCode};
use testserver::Session;

fn client(session: &Session) -> HttpInfrastructureQuirksClient {
    HttpInfrastructureQuirksClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

/// What was asked for was done at once: one request with this method, and an answer with this status.
fn assert_done(session: &Session, method: Method, status: StatusCode, expected: u16) {
    assert_eq!(status.as_u16(), expected);
    let exchanges = session.exchanges();
    assert_eq!(exchanges.len(), 1);
    assert_eq!(exchanges[0].method, method);
}

/// The service refused the request, with this status after so many requests.
fn assert_refused(session: &Session, error: &Error, status: u16, requests: usize) {
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
    assert!(error.may_have_been_sent());
    assert_eq!(session.count(), requests);
}
