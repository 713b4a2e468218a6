//! Scenarios of `reserved-words.json`.
//!
//! The definition promises an object in each answer, and the server sends nothing at all: each answer is one that cannot
//! be decoded, and its error says that the service had done what it was asked.

use std::fmt::Debug;

use maps_core::{Error, ErrorKind, FormFile, Result};
use reserved_words::ReservedWordsClient;
use reserved_words::models::MyEnum;
use serde_json::json;
use testserver::{Exchange, Session};

fn client(session: &Session) -> ReservedWordsClient {
    ReservedWordsClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

/// Checks the answer, and gives the one request that there was.
fn answered_with_nothing<T: Debug>(session: &Session, answer: Result<T>) -> Exchange {
    let error: Error = answer.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    assert_eq!(error.body().map(|body| body.len()), Some(0));
    assert!(error.may_have_been_sent());
    let [exchange] = &session.exchanges()[..] else {
        panic!("not one request");
    };
    exchange.clone()
}

#[tokio::test]
async fn reserved_words_operation_group_import() {
    let session = Session::new();
    let answer = client(&session).import().operation_one("foo").await;
    let exchange = answered_with_nothing(&session, answer);
    assert_eq!(
        exchange.line(),
        "PUT /reservedWords/operationGroup/import?parameter1=foo"
    );
}

#[tokio::test]
async fn reserved_words_body_named_content() {
    let session = Session::new();
    let call = client(&session).operation_with_content_param("hello, world");
    let exchange = answered_with_nothing(&session, call.await);
    assert_eq!(exchange.line(), "PUT /reservedWords/operation/content");
    assert_eq!(exchange.headers["content-type"], "application/octet-stream");
    assert_eq!(exchange.body.as_deref(), Some(&b"hello, world"[..]));
}

#[tokio::test]
async fn reserved_words_body_named_json() {
    let session = Session::new();
    let call = client(&session).operation_with_json_param(&json!({ "hello": "world" }));
    let exchange = answered_with_nothing(&session, call.await);
    assert_eq!(exchange.line(), "PUT /reservedWords/operation/json");
    assert_eq!(exchange.body.as_deref(), Some(&br#"{"hello":"world"}"#[..]));
}

#[tokio::test]
async fn reserved_words_body_named_data() {
    let session = Session::new();
    let call = client(&session).operation_with_data_param("hello", "world");
    let exchange = answered_with_nothing(&session, call.await);
    assert_eq!(exchange.line(), "PUT /reservedWords/operation/data");
    assert_eq!(
        exchange.headers["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert_eq!(
        exchange.body.as_deref(),
        Some(&b"data=hello&world=world"[..])
    );
}

#[tokio::test]
async fn reserved_words_body_named_files() {
    let session = Session::new();
    let file = FormFile::new("hello, world").file_name("a.txt");
    let call = client(&session).operation_with_files_param(file, "my.txt");
    let exchange = answered_with_nothing(&session, call.await);
    assert_eq!(exchange.line(), "PUT /reservedWords/operation/files");
    let body = String::from_utf8(exchange.body.unwrap().to_vec()).unwrap();
    for part in [
        r#"name="files"; filename="a.txt""#,
        "hello, world",
        r#"name="fileName""#,
        "my.txt",
    ] {
        assert!(body.contains(part), "{part} in {body}");
    }
}

#[tokio::test]
async fn reserved_words_url_header_query() {
    let session = Session::new();
    let call = client(&session)
        .operation_with_url("foo", "x-ms-header")
        .query_parameters(["one", "two"]);
    let exchange = answered_with_nothing(&session, call.await);
    assert_eq!(
        exchange.line(),
        "GET /reservedWords/foo?queryParameters=one&queryParameters=two"
    );
    assert_eq!(exchange.headers["headerParameters"], "x-ms-header");
}

#[tokio::test]
async fn reserved_words_header_enum() {
    let session = Session::new();
    let call = client(&session).reserved_enum(MyEnum::Import);
    let exchange = answered_with_nothing(&session, call.await);
    assert_eq!(exchange.line(), "GET /reservedWords/enum");
    assert_eq!(exchange.headers["enumParameter"], "import");
}
