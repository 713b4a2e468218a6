//! Scenarios of `body-binary.json`.

use body_binary::BodyBinaryClient;
use body_binary::models::ErrorModel;
use maps_core::{ErrorKind, StatusCode};
use testserver::Session;

client!(BodyBinaryClient);

gives! {
    body_binary_file: upload().file(r#"{ "more": "cowbell" }"#) => ();
    body_binary_octet: upload().binary(&b"\xff\xfe\xfd"[..]) => ();
}

#[tokio::test]
async fn body_binary_error() {
    let session = Session::new();
    let answer = client(&session).download().error_stream().await;
    let error = answer.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status(), Some(StatusCode::BAD_REQUEST));
    assert_eq!(
        error.body_as::<ErrorModel>(),
        Some(
            ErrorModel::new()
                .with_status(400)
                .with_message("I failed on purpose")
        )
    );
    assert_eq!(session.count(), 1);
}

/// The error is the same where the body would have been read piece by piece.
#[tokio::test]
async fn refused_download_is_an_error_before_its_first_byte() {
    let session = Session::new();
    let answer = client(&session).download().error_stream().download().await;
    let error = answer.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::BAD_REQUEST));
    assert_eq!(error.message(), Some("I failed on purpose"));
    assert_eq!(session.count(), 1);
}
