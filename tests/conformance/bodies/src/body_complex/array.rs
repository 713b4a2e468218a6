use body_complex::models::ArrayWrapper;
use maps_core::{Method, StatusCode};
use serde_json::{Value, json};
use testserver::Session;

use super::client;

/// What the server sends and wants: a null among items that the definition calls strings.
fn with_null() -> Value {
    json!({
        "array": ["1, 2, 3, 4", "", null, "&S#$(*Y", "The quick brown fox jumps over the lazy dog"]
    })
}

gives! {
    get_complex_array_empty: array().get_empty() => ArrayWrapper::new().with_array([""; 0]);
    put_complex_array_empty: array().put_empty(&ArrayWrapper::new().with_array([""; 0])) => ();
    get_complex_array_not_provided: array().get_not_provided() => ArrayWrapper::new();
}

#[tokio::test]
async fn get_complex_array_valid() {
    let session = Session::new();
    let answer = client(&session).array().get_valid().await;
    let error = answer.unwrap_err();
    // The whole answer is at hand all the same.
    assert_eq!(error.body_as::<Value>(), Some(with_null()));
    crate::assert_misfit(error, Some("array[2]"), "invalid type: null", &session);
}

/// No body of the definition holds a null there, so it is sent as what the definition does not know is.
#[tokio::test]
async fn put_complex_array_valid() {
    let session = Session::new();
    let answer = client(&session)
        .array()
        .request(Method::PUT, "/complex/array/valid")
        .json(&with_null())
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn array_without_a_null_is_refused_by_the_server() {
    let session = Session::new();
    let array = ArrayWrapper::new().with_array([
        "1, 2, 3, 4",
        "",
        "&S#$(*Y",
        "The quick brown fox jumps over the lazy dog",
    ]);
    let answer = client(&session).array().put_valid(&array).await;
    assert_eq!(answer.unwrap_err().status(), Some(StatusCode::BAD_REQUEST));
    assert_eq!(session.count(), 1);
}
