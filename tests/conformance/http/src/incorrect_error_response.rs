//! Scenarios of `incorrect-error-response.json`.

use incorrect_error_response::{IncorrectErrorResponseClient, models};
use maps_core::ErrorKind;
use testserver::Session;

#[tokio::test]
async fn verify_incorrect_error_parsing() {
    let session = Session::new();
    let client = IncorrectErrorResponseClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap();
    let error = client.get_incorrect_error_from_server().await.unwrap_err();
    // What cannot be read of the body takes nothing away from the error.
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(444));
    assert_eq!(error.body().map(AsRef::as_ref), Some(b"foobar".as_slice()));
    assert_eq!(error.body_as::<models::ErrorModel>(), None);
    assert_eq!(error.code(), None);
    assert_eq!(
        error.headers().unwrap()["content-type"],
        "text/html; charset=utf-8"
    );
    assert_eq!(session.count(), 1);
}
