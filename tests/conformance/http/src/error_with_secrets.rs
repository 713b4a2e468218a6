//! Scenarios of `error-with-secrets.json`.

use error_with_secrets::{ErrorWithSecretsClient, models};
use maps_core::{ErrorKind, Method};
use serde_json::json;
use testserver::Session;

/// What the server takes for a key, and repeats.
const SECRET: &str = "1c88a67921784300a462b2cb61da2339";

fn client(session: &Session) -> ErrorWithSecretsClient {
    ErrorWithSecretsClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

#[tokio::test]
async fn error_with_secrets() {
    let session = Session::new();
    let error = client(&session).get().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert!(error.is_forbidden());
    assert_eq!(error.code(), Some("Unauthorized"));
    assert_eq!(
        error.request_id(),
        Some("5e123516-834e-4222-9e80-353108d33357")
    );
    assert_eq!(error.headers().unwrap()["x-ms-version"], "2022-02-01");
    // The keys that the service tells of are none that the client knows of, but nor are they what a log needs.
    for shown in [
        error.to_string(),
        format!("{error:?}"),
        format!("{error:#?}"),
    ] {
        assert!(!shown.contains(SECRET), "{shown}");
    }
    // Who asks for the body gets it whole.
    let body: serde_json::Value = error.body_as().unwrap();
    assert_eq!(body["primaryKey"], SECRET);
    // Its inner error is a text where an object is declared.
    assert_eq!(error.body_as::<models::ErrorResponse>(), None);
    assert_eq!(session.count(), 1);
}

/// The document declares none of what the service asks for, so the request is made by hand.
#[tokio::test]
async fn request_with_secrets() {
    let session = Session::new();
    let answer = client(&session)
        .request(Method::POST, "/secrets/:create")
        .query("key", SECRET)
        .header("authorization", format!("SharedKey {SECRET}"))
        .json(&json!({ "key": SECRET }))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_eq!(
        answer.request_id(),
        Some("49997f20-3cee-4c0c-92ff-572acbbed13d")
    );
    assert!(!format!("{answer:?}").contains(SECRET));
    let answer = answer.json::<models::SecretResponse, ()>().unwrap();
    assert_eq!(
        answer.body(),
        &models::SecretResponse::new(SECRET, "secret")
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn create_without_what_it_does_not_declare_is_refused() {
    let session = Session::new();
    let error = client(&session).create().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    assert_eq!(session.count(), 1);
}
