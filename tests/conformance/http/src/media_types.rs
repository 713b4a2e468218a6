//! Scenarios of `media_types.json`.

use maps_core::{Content, ErrorKind};
use media_types::{MediaTypesClient, models};
use serde_json::json;
use testserver::Session;

fn client(session: &Session) -> MediaTypesClient {
    MediaTypesClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

/// One request, with a body of this media type.
fn assert_sent(session: &Session, media_type: &str) {
    let exchanges = session.exchanges();
    assert_eq!(exchanges.len(), 1);
    assert_eq!(exchanges[0].headers["content-type"], media_type);
}

#[tokio::test]
async fn media_type_json() {
    let session = Session::new();
    let source = models::SourcePath::new().with_source("foo");
    let text = client(&session).analyze_body().body(&source).await.unwrap();
    assert_eq!(text, "Nice job with JSON");
    assert_sent(&session, "application/json");
}

#[tokio::test]
async fn media_type_pdf() {
    let session = Session::new();
    let document = Content::bytes("application/pdf", "PDF");
    let text = client(&session)
        .analyze_body()
        .body(document)
        .await
        .unwrap();
    assert_eq!(text, "Nice job with PDF");
    assert_sent(&session, "application/pdf");
}

#[tokio::test]
async fn image_that_the_service_does_not_like_is_refused() {
    let session = Session::new();
    let image = Content::bytes("image/png", "PNG");
    let error = client(&session)
        .analyze_body()
        .body(image)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    assert_sent(&session, "image/png");
}

#[tokio::test]
async fn media_types_analyze_body_no_accept_header() {
    let session = Session::new();
    let source = models::SourcePath::new().with_source("foo");
    let answer = client(&session)
        .analyze_body_no_accept_header()
        .body(&source)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 202);
    assert_sent(&session, "application/json");
}

#[tokio::test]
async fn body_without_accept_header_may_be_a_document_too() {
    let session = Session::new();
    let document = Content::bytes("application/pdf", "PDF");
    let answer = client(&session)
        .analyze_body_no_accept_header()
        .body(document)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 202);
    assert_sent(&session, "application/pdf");
}

#[tokio::test]
async fn media_type_with_encoding() {
    let session = Session::new();
    let text = client(&session)
        .content_type_with_encoding()
        .body("hello, world!")
        .await
        .unwrap();
    assert_eq!(text, "Nice job sending content type with encoding");
    assert_sent(&session, "text/plain; charset=UTF-8");
}

#[tokio::test]
async fn media_types_two_content_types() {
    for (body, media_type) in [
        (Content::from("hello, world!"), "application/octet-stream"),
        (
            Content::bytes("application/json", r#"{"hello":"world"}"#),
            "application/json",
        ),
    ] {
        let session = Session::new();
        let text = client(&session)
            .binary_body_with_two_content_types(body)
            .await
            .unwrap();
        assert_eq!(text, "");
        assert_sent(&session, media_type);
    }
}

#[tokio::test]
async fn media_types_three_content_types() {
    for (body, media_type) in [
        (Content::from("hello, world!"), "application/octet-stream"),
        (Content::bytes("text/plain", "hello, world"), "text/plain"),
        (
            Content::bytes("application/json", r#"{"hello":"world"}"#),
            "application/json",
        ),
    ] {
        let session = Session::new();
        let text = client(&session)
            .binary_body_with_three_content_types(body)
            .await
            .unwrap();
        assert_eq!(text, "");
        assert_sent(&session, media_type);
    }
}

#[tokio::test]
async fn media_types_three_body_types() {
    let value = json!({ "hello": "world" });
    for (body, media_type) in [
        (Content::from(&value), "application/json"),
        (Content::bytes("text/plain", "hello, world"), "text/plain"),
        (
            Content::bytes("application/octet-stream", "hello, world!"),
            "application/octet-stream",
        ),
    ] {
        let session = Session::new();
        let text = client(&session).body_three_types(body).await.unwrap();
        assert_eq!(text, "");
        assert_sent(&session, media_type);
    }
}

/// The server has no such path.
#[tokio::test]
async fn text_and_json_body_is_sent_as_either() {
    for (body, media_type) in [
        (Content::from("hello"), "application/json"),
        (Content::bytes("text/plain", "hello"), "text/plain"),
    ] {
        let session = Session::new();
        let error = client(&session)
            .put_text_and_json_body(body)
            .await
            .unwrap_err();
        assert!(error.is_not_found());
        assert_sent(&session, media_type);
    }
}
