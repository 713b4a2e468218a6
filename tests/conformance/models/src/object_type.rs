//! Scenarios of `object-type.json`.

use maps_core::ErrorKind;
use object_type::ObjectTypeClient;
use serde_json::{Map, Value, json};
use testserver::Session;

fn client(session: &Session) -> ObjectTypeClient {
    ObjectTypeClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

fn object(name: &str, value: &str) -> Map<String, Value> {
    Map::from_iter([(name.to_owned(), json!(value))])
}

#[tokio::test]
async fn object_type_response() {
    let session = Session::new();
    let answer = client(&session).get().await.unwrap();
    assert_eq!(
        answer,
        object("message", "An object was successfully returned")
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn object_type_put() {
    let session = Session::new();
    let call = client(&session).put(&object("foo", "bar"));
    assert_eq!(call.send().await.unwrap().status(), 200);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn object_type_error_response() {
    let session = Session::new();
    let call = client(&session).put(&object("bar", "foo"));
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    assert_eq!(
        error.body_as::<Map<String, Value>>(),
        Some(object("message", "The object you passed was incorrect"))
    );
    assert_eq!(error.message(), Some("The object you passed was incorrect"));
    assert_eq!(session.count(), 1);
}
