//! Scenarios of `dpg-initial.json`.

use dpg_initial::{DpgInitialClient, models};
use maps_core::{Error, ErrorKind};
use serde_json::{Map, Value, json};
use testserver::Session;

fn client(session: &Session) -> DpgInitialClient {
    DpgInitialClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

/// What the server says to all that it gives an object.
fn message() -> Map<String, Value> {
    let text = "An object was successfully returned";
    Map::from_iter([("message".to_owned(), json!(text))])
}

/// The query of the only request.
fn query(session: &Session) -> Vec<(String, String)> {
    let exchanges = session.exchanges();
    assert_eq!(exchanges.len(), 1);
    exchanges[0].url.query_pairs().into_owned().collect()
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// The server took the body, and answered without the object that is declared.
fn assert_taken(session: &Session, error: &Error, media_type: &str) {
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    let exchanges = session.exchanges();
    assert_eq!(exchanges.len(), 1);
    assert_eq!(exchanges[0].headers["content-type"], media_type);
}

/// The only body that the server takes as JSON.
fn image() -> models::PostInput {
    models::PostInput::new("http://example.org/myimage.jpeg")
}

#[tokio::test]
async fn dpg_add_optional_input_no_params() {
    let session = Session::new();
    let answer = client(&session).head_no_params().send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_eq!(answer.headers()["content-length"], "123");
    assert_eq!(query(&session), []);
}

#[tokio::test]
async fn dpg_add_optional_input() {
    let session = Session::new();
    let answer = client(&session).get_required("param").await.unwrap();
    assert_eq!(answer, message());
    assert_eq!(query(&session), [pair("parameter", "param")]);
}

#[tokio::test]
async fn dpg_add_optional_input_required_optional_param() {
    let session = Session::new();
    let answer = client(&session)
        .required_optional("required")
        .optional_param("optional")
        .await
        .unwrap();
    assert_eq!(answer, message());
    assert_eq!(
        query(&session),
        [
            pair("requiredParam", "required"),
            pair("optionalParam", "optional"),
        ]
    );
}

#[tokio::test]
async fn dpg_add_optional_input_optional_param() {
    let session = Session::new();
    let answer = client(&session)
        .get_optional()
        .optional_param("optional")
        .await
        .unwrap();
    assert_eq!(answer, message());
    assert_eq!(query(&session), [pair("optionalParam", "optional")]);
}

#[tokio::test]
async fn dpg_new_body_type() {
    let session = Session::new();
    let error = client(&session).parameters(&image()).await.unwrap_err();
    assert_taken(&session, &error, "application/json");
}

#[tokio::test]
async fn dpg_new_body_type_json() {
    let session = Session::new();
    let error = client(&session)
        .parameters(&image())
        .send()
        .await
        .unwrap_err();
    assert_taken(&session, &error, "application/json");
    assert_eq!(error.body().map(|body| body.len()), Some(0));
}
