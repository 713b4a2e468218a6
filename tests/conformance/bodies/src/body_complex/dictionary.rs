use std::collections::BTreeMap;

use body_complex::models::DictionaryWrapper;
use maps_core::{Method, Nullable, StatusCode};
use serde_json::{Value, json};
use testserver::Session;

use super::client;

/// What the server sends and wants: a null among values that the definition calls strings.
fn with_null() -> Value {
    json!({
        "defaultProgram": { "txt": "notepad", "bmp": "mspaint", "xls": "excel", "exe": "", "": null }
    })
}

gives! {
    get_complex_dictionary_empty: dictionary().get_empty() =>
        DictionaryWrapper::new().with_default_program(BTreeMap::new());
    put_complex_dictionary_empty: dictionary().put_empty(
        &DictionaryWrapper::new().with_default_program(BTreeMap::new())
    ) => ();
    get_complex_dictionary_null: dictionary().get_null() =>
        DictionaryWrapper::new().with_default_program(Nullable::Null);
    get_complex_dictionary_not_provided: dictionary().get_not_provided() => DictionaryWrapper::new();
}

#[tokio::test]
async fn get_complex_dictionary_valid() {
    let session = Session::new();
    let answer = client(&session).dictionary().get_valid().await;
    let error = answer.unwrap_err();
    // The whole answer is at hand all the same.
    assert_eq!(error.body_as::<Value>(), Some(with_null()));
    crate::assert_misfit(
        error,
        Some("defaultProgram."),
        "invalid type: null",
        &session,
    );
}

/// No body of the definition holds a null there, so it is sent as what the definition does not know is.
#[tokio::test]
async fn put_complex_dictionary_valid() {
    let session = Session::new();
    let answer = client(&session)
        .dictionary()
        .request(Method::PUT, "/complex/dictionary/typed/valid")
        .json(&with_null())
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn dictionary_without_a_null_is_refused_by_the_server() {
    let session = Session::new();
    let programs = [
        ("txt", "notepad"),
        ("bmp", "mspaint"),
        ("xls", "excel"),
        ("exe", ""),
        ("", ""),
    ]
    .map(|(suffix, program)| (suffix.to_owned(), program.to_owned()));
    let dictionary = DictionaryWrapper::new().with_default_program(BTreeMap::from(programs));
    let answer = client(&session).dictionary().put_valid(&dictionary).await;
    assert_eq!(answer.unwrap_err().status(), Some(StatusCode::BAD_REQUEST));
    assert_eq!(session.count(), 1);
}
