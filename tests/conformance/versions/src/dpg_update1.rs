//! Scenarios of `dpg-update1.json`.

use dpg_update1::{DpgUpdate1Client, models};
use maps_core::{Content, Error, ErrorKind, Method};
use serde_json::{Map, Value, json};
use testserver::Session;

fn client(session: &Session) -> DpgUpdate1Client {
    DpgUpdate1Client::builder()
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
    let error = client(&session)
        .post_parameters(&image())
        .await
        .unwrap_err();
    assert_taken(&session, &error, "application/json");
}

#[tokio::test]
async fn dpg_new_body_type_json() {
    let session = Session::new();
    let error = client(&session)
        .post_parameters(&image())
        .send()
        .await
        .unwrap_err();
    assert_taken(&session, &error, "application/json");
    assert_eq!(error.body().map(|body| body.len()), Some(0));
}

#[tokio::test]
async fn dpg_new_body_type_jpeg() {
    let session = Session::new();
    let picture = Content::bytes("image/jpeg", b"\xFF\xD8\xFF\xD9".as_slice());
    let error = client(&session).post_parameters(picture).await.unwrap_err();
    assert_taken(&session, &error, "image/jpeg");
}

#[tokio::test]
async fn new_parameter_goes_with_the_old_ones() {
    let session = Session::new();
    let client = client(&session);
    client.head_no_params().new_parameter("new").await.unwrap();
    client
        .get_required("param")
        .new_parameter("new")
        .await
        .unwrap();
    client
        .required_optional("required")
        .optional_param("optional")
        .new_parameter("new")
        .await
        .unwrap();
    client
        .get_optional()
        .optional_param("optional")
        .new_parameter("new")
        .await
        .unwrap();
    let exchanges = session.exchanges();
    let queries: Vec<_> = exchanges
        .iter()
        .map(|exchange| exchange.url.query().unwrap_or_default())
        .collect();
    assert_eq!(
        queries,
        [
            "new_parameter=new",
            "parameter=param&new_parameter=new",
            "requiredParam=required&optionalParam=optional&new_parameter=new",
            "optionalParam=optional&new_parameter=new",
        ]
    );
}

#[tokio::test]
async fn dpg_add_new_operation() {
    let session = Session::new();
    let answer = client(&session).delete_parameters().send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 204);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn dpg_add_new_path() {
    let session = Session::new();
    let answer = client(&session).get_new_operation().await.unwrap();
    assert_eq!(answer, message());
    assert_eq!(session.count(), 1);
}

/// No document has the operation: a client sends any request.
#[tokio::test]
async fn dpg_glass_breaker() {
    let session = Session::new();
    let answer = client(&session)
        .request(Method::GET, "/servicedriven/glassbreaker")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let answer = answer.json::<Map<String, Value>, ()>().unwrap();
    assert_eq!(answer.into_body(), message());
    assert_eq!(session.count(), 1);
}
