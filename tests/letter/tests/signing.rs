//! The exact headers and query of submit, poll and result request, for each credential on each endpoint, absence included.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use maps_core::test_kit::VirtualClock;
use maps_data_registry::models::DataRegistry;
use maps_letter_tests::{
    Answer, CLIENT_ID, DATASET_ID, ID, KEY, SAS, ScriptedServer, Seen, TOKEN, UDID, Who, creator,
    data_registry, options, route,
};
use maps_route::models::RouteMatrixAsyncRequest;

/// What signs a request: `authorization`, `x-ms-client-id`, the header `subscription-key` and the query parameter of
/// the same name.
type Signs = (Option<String>, Option<String>, Option<String>, Vec<String>);

fn signs(request: &Seen) -> Signs {
    let header = |name: &str| request.header(name).map(str::to_owned);
    (
        header("authorization"),
        header("x-ms-client-id"),
        header("subscription-key"),
        request.query_values("subscription-key"),
    )
}

fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

fn key_in_header() -> Signs {
    (None, None, text(KEY), vec![])
}

fn key_in_query() -> Signs {
    (None, None, None, vec![KEY.to_owned()])
}

fn sas() -> Signs {
    (text(&format!("jwt-sas {SAS}")), None, None, vec![])
}

fn entra() -> Signs {
    (
        text(&format!("Bearer {TOKEN}")),
        text(CLIENT_ID),
        None,
        vec![],
    )
}

/// Every request of an operation is signed in the same way, and carries the right api-version once.
fn assert_signed(seen: &[Seen], expected: &Signs, api_version: &str) {
    assert_eq!(seen.len(), 3, "submit, poll and result");
    for request in seen {
        assert_eq!(
            &signs(request),
            expected,
            "{} {}?{}",
            request.method,
            request.path,
            request.query
        );
        assert_eq!(request.query_values("api-version"), [api_version]);
    }
}

async fn route_signs(who: Who) -> Vec<Seen> {
    let server = ScriptedServer::start([
        Answer::status(202).header(
            "Operation-Location",
            format!("{{origin}}/route/operations/{ID}?api-version=2025-01-01"),
        ),
        Answer::json(
            200,
            r#"{"status":"Completed","result":{"resultUrl":"{origin}/r?api-version=2025-01-01"}}"#,
        ),
        Answer::json(
            200,
            r#"{"kind":"RouteMatrix","type":"Feature","geometry":null,"properties":{}}"#,
        ),
    ])
    .await;
    let client = route(
        server.origin(),
        who,
        options(&VirtualClock::running_ahead()),
    );
    client
        .begin_route_matrix(&RouteMatrixAsyncRequest::new(vec![]))
        .await
        .unwrap()
        .await
        .unwrap();
    server.seen()
}

async fn data_registry_signs(who: Who) -> Vec<Seen> {
    let server = ScriptedServer::start([
        Answer::json(201, &format!(r#"{{"udid":"{UDID}","status":"Running"}}"#)).header(
            "Operation-Location",
            format!("{{origin}}/dataRegistries/operations/{ID}"),
        ),
        Answer::json(200, r#"{"status":"Completed"}"#),
        Answer::json(200, "{}"),
    ])
    .await;
    let client = data_registry(
        server.origin(),
        who,
        options(&VirtualClock::running_ahead()),
    );
    client
        .begin_register_or_replace(UDID, &DataRegistry::new())
        .await
        .unwrap()
        .await
        .unwrap();
    server.seen()
}

async fn dataset_signs(who: Who) -> Vec<Seen> {
    let server = ScriptedServer::start([
        Answer::status(202).header(
            "Operation-Location",
            format!("{{origin}}/datasets/operations/{DATASET_ID}?api-version=2.0"),
        ),
        Answer::json(200, r#"{"status":"Succeeded"}"#)
            .header("Resource-Location", "{origin}/datasets/d?api-version=2.0"),
        Answer::json(200, "{}"),
    ])
    .await;
    let client = creator(
        server.origin(),
        who,
        options(&VirtualClock::running_ahead()),
    );
    client
        .datasets()
        .begin_create("c")
        .await
        .unwrap()
        .await
        .unwrap();
    server.seen()
}

#[tokio::test]
async fn route_with_a_key() {
    assert_signed(&route_signs(Who::Key).await, &key_in_header(), "2025-01-01");
}

#[tokio::test]
async fn route_with_a_sas_token() {
    assert_signed(&route_signs(Who::Sas).await, &sas(), "2025-01-01");
}

#[tokio::test]
async fn route_with_an_entra_token() {
    // The status operation does not declare `x-ms-client-id`; the token needs it all the same.
    assert_signed(&route_signs(Who::Entra).await, &entra(), "2025-01-01");
}

#[tokio::test]
async fn data_registry_with_a_key() {
    assert_signed(
        &data_registry_signs(Who::Key).await,
        &key_in_header(),
        "2023-06-01",
    );
}

#[tokio::test]
async fn data_registry_with_a_sas_token() {
    assert_signed(&data_registry_signs(Who::Sas).await, &sas(), "2023-06-01");
}

#[tokio::test]
async fn data_registry_with_an_entra_token() {
    assert_signed(
        &data_registry_signs(Who::Entra).await,
        &entra(),
        "2023-06-01",
    );
}

#[tokio::test]
async fn dataset_with_a_key() {
    assert_signed(&dataset_signs(Who::Key).await, &key_in_query(), "2.0");
}

#[tokio::test]
async fn dataset_with_a_sas_token() {
    assert_signed(&dataset_signs(Who::Sas).await, &sas(), "2.0");
}

#[tokio::test]
async fn dataset_with_an_entra_token() {
    assert_signed(&dataset_signs(Who::Entra).await, &entra(), "2.0");
}
