//! Scenarios of the public test server, one module for each document and one test for each coverage key.
#![cfg(test)]
#![expect(
    clippy::duplicate_mod,
    reason = "a document and its twin have the same scenarios"
)]

mod error_with_secrets;
mod head;
mod head_exceptions;
mod header;
mod http_infrastructure;
mod http_infrastructure_quirks;
mod incorrect_error_response;
mod media_types;
mod xms_error_responses;
