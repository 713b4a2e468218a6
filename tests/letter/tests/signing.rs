//! The exact headers and query of submit, poll and result request, for each credential on each endpoint, absence included.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use maps_core::test_kit::VirtualClock;
use maps_data_registry::models::DataRegistry;
use maps_letter_tests::{
    Answer, CLIENT_ID, DATASET_ID, ID, KEY, SAS, ScriptedServer, Seen, TOKEN, UDID, Who, creator,
    data_registry, options, route,
};
use maps_route::models::RouteMatrixAsyncRequest;

/// Every header of a request, sorted, as `name: value`.
///
/// In place of what differs from run to run: `host`, the length of the body when it is right, what follows the product's
/// name, and an id of the client's own.
fn headers(request: &Seen) -> Vec<String> {
    let mut lines: Vec<_> = request
        .headers
        .iter()
        .map(|(name, value)| {
            let value = value.to_str().unwrap();
            let value = match name.as_str() {
                "host" if value.starts_with("127.0.0.1:") => "HOST",
                "content-length" if value == request.body.len().to_string() => "LENGTH",
                "operation-id" | "x-ms-client-request-id" if value.len() == 36 => "GUID",
                "user-agent" => value.split('/').next().unwrap(),
                _ => value,
            };
            format!("{name}: {value}")
        })
        .collect();
    lines.sort();
    lines
}

/// The id of the call, on every request.
const CALL: &str = "x-ms-client-request-id: GUID";

/// What a credential adds to the headers of each request.
fn signature(who: Who, key_in_header: bool) -> Vec<String> {
    match who {
        Who::Key if key_in_header => vec![format!("subscription-key: {KEY}")],
        Who::Key => vec![],
        Who::Sas => vec![format!("authorization: jwt-sas {SAS}")],
        Who::Entra => vec![
            format!("authorization: Bearer {TOKEN}"),
            format!("x-ms-client-id: {CLIENT_ID}"),
        ],
    }
}

/// Asserts method, path, query and all headers of submit, poll and result request, and with them what is absent.
fn assert_requests(seen: &[Seen], signature: &[String], expected: [(String, &[&str]); 3]) {
    assert_eq!(seen.len(), 3, "submit, poll and result");
    for (request, (line, unsigned)) in seen.iter().zip(expected) {
        let sent = format!("{} {}?{}", request.method, request.path, request.query);
        assert_eq!(sent, line);
        let unsigned = unsigned.iter().map(|header| (*header).to_owned());
        let mut expected: Vec<_> = unsigned.chain(signature.iter().cloned()).collect();
        expected.sort();
        assert_eq!(headers(request), expected, "{line}");
    }
}

fn assert_route(seen: &[Seen], who: Who) {
    const AGENT: &str = "user-agent: azsdk-rust-maps-route";
    let get: &[&str] = &["accept: application/json", "host: HOST", AGENT, CALL];
    let submit: &[&str] = &[
        "accept: application/json",
        "content-length: LENGTH",
        "content-type: application/geo+json",
        "host: HOST",
        AGENT,
        CALL,
    ];
    let version = "api-version=2025-01-01";
    let lines = [
        (format!("POST /route/matrix:async?{version}"), submit),
        (format!("GET /route/operations/{ID}?{version}"), get),
        (format!("GET /r?{version}"), get),
    ];
    assert_requests(seen, &signature(who, true), lines);
}

fn assert_data_registry(seen: &[Seen], who: Who) {
    const AGENT: &str = "user-agent: azsdk-rust-maps-data-registry";
    let get: &[&str] = &["accept: application/json", "host: HOST", AGENT, CALL];
    let submit: &[&str] = &[
        "accept: application/json",
        "content-length: LENGTH",
        "content-type: application/json",
        "host: HOST",
        "operation-id: GUID",
        AGENT,
        CALL,
    ];
    let version = "api-version=2023-06-01";
    let lines = [
        (format!("PUT /dataRegistries/{UDID}?{version}"), submit),
        (
            format!("GET /dataRegistries/operations/{ID}?{version}"),
            get,
        ),
        (format!("GET /dataRegistries/{UDID}?{version}"), get),
    ];
    assert_requests(seen, &signature(who, true), lines);
}

fn assert_dataset(seen: &[Seen], who: Who) {
    const AGENT: &str = "user-agent: azsdk-rust-maps-creator";
    // The submit has no body, so nothing says of what type one would be.
    let headers: &[&str] = &["accept: application/json", "host: HOST", AGENT, CALL];
    let key = match who {
        Who::Key => format!("&subscription-key={KEY}"),
        Who::Sas | Who::Entra => String::new(),
    };
    let version = "api-version=2.0";
    let lines = [
        (
            format!("POST /datasets?{version}&conversionId=c{key}"),
            headers,
        ),
        (
            format!("GET /datasets/operations/{DATASET_ID}?{version}{key}"),
            headers,
        ),
        (format!("GET /datasets/d?{version}{key}"), headers),
    ];
    assert_requests(seen, &signature(who, false), lines);
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
    assert_route(&route_signs(Who::Key).await, Who::Key);
}

#[tokio::test]
async fn route_with_a_sas_token() {
    assert_route(&route_signs(Who::Sas).await, Who::Sas);
}

#[tokio::test]
async fn route_with_an_entra_token() {
    assert_route(&route_signs(Who::Entra).await, Who::Entra);
}

#[tokio::test]
async fn data_registry_with_a_key() {
    assert_data_registry(&data_registry_signs(Who::Key).await, Who::Key);
}

#[tokio::test]
async fn data_registry_with_a_sas_token() {
    assert_data_registry(&data_registry_signs(Who::Sas).await, Who::Sas);
}

#[tokio::test]
async fn data_registry_with_an_entra_token() {
    assert_data_registry(&data_registry_signs(Who::Entra).await, Who::Entra);
}

#[tokio::test]
async fn dataset_with_a_key() {
    assert_dataset(&dataset_signs(Who::Key).await, Who::Key);
}

#[tokio::test]
async fn dataset_with_a_sas_token() {
    assert_dataset(&dataset_signs(Who::Sas).await, Who::Sas);
}

#[tokio::test]
async fn dataset_with_an_entra_token() {
    assert_dataset(&dataset_signs(Who::Entra).await, Who::Entra);
}

#[tokio::test]
async fn the_client_id_goes_with_a_token_whatever_the_operation_declares() {
    for who in [Who::Key, Who::Sas, Who::Entra] {
        let server = ScriptedServer::start([Answer::json(
            200,
            r#"{"kind":"RouteMatrix","type":"Feature","geometry":null,"properties":{}}"#,
        )])
        .await;
        let clock = VirtualClock::running_ahead();
        // The status operations of Route and Data Registry do not declare the header, all others do.
        let client = route(server.origin(), who, options(&clock));
        client.get_route_operations_status(ID).await.unwrap();
        client.get_route_operations_result(ID).await.unwrap();
        let client = data_registry(server.origin(), who, options(&clock));
        client.get_operation(ID).await.unwrap();
        client.get(UDID).await.unwrap();
        client.unregister(UDID).await.unwrap();
        client.list().pages().next().await.unwrap().unwrap();
        let client = creator(server.origin(), who, options(&clock)).datasets();
        client.get_operation(DATASET_ID).await.unwrap();
        client.get("d").await.unwrap();
        client.delete("d").await.unwrap();
        client.list().pages().next().await.unwrap().unwrap();
        let seen = server.seen();
        assert_eq!(seen.len(), 10);
        for request in &seen {
            let ids: Vec<_> = request.headers.get_all("x-ms-client-id").iter().collect();
            match who {
                Who::Entra => assert_eq!(ids, [CLIENT_ID], "{}", request.path),
                Who::Key | Who::Sas => assert!(ids.is_empty(), "{}", request.path),
            }
        }
    }
}
