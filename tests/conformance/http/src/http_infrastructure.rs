//! Scenarios of `httpInfrastructure.json`.

mod client_failure;
mod failure;
mod multiple_responses;
mod redirects;
mod retry;
mod server_failure;
mod success;

use http_infrastructure::{self as api, HttpInfrastructureClient, models};
use maps_core::{Error, ErrorKind, Method, StatusCode};
use testserver::Session;

fn client(session: &Session) -> HttpInfrastructureClient {
    HttpInfrastructureClient::builder()
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
