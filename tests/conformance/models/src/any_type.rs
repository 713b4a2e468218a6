//! Scenarios of `any-type.json`.

use any_type::AnyTypeClient;
use serde_json::json;
use testserver::Session;

fn client(session: &Session) -> AnyTypeClient {
    AnyTypeClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

#[tokio::test]
async fn get_string_as_anything() {
    let session = Session::new();
    let answer = client(&session).get_string().await.unwrap();
    assert_eq!(answer, json!("anything"));
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn get_object_as_anything() {
    let session = Session::new();
    let answer = client(&session).get_object().await.unwrap();
    assert_eq!(
        answer,
        json!({ "message": "An object was successfully returned" })
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn get_array_as_anything() {
    let session = Session::new();
    let answer = client(&session).get_array().await.unwrap();
    assert_eq!(answer, json!(["foo", "bar"]));
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn put_string_as_anything() {
    let session = Session::new();
    let response = client(&session)
        .put_string(&json!("anything"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(session.targets(), ["/anything/string"]);
}

#[tokio::test]
async fn put_object_as_anything() {
    let session = Session::new();
    let response = client(&session)
        .put_object(&json!({ "foo": "bar" }))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(session.targets(), ["/anything/object"]);
}

#[tokio::test]
async fn put_array_as_anything() {
    let session = Session::new();
    let response = client(&session)
        .put_array(&json!(["foo", "bar"]))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(session.targets(), ["/anything/array"]);
}
