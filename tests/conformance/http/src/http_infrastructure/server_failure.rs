//! Operations `httpServerFailure_...`: statuses that no retry helps.

use testserver::Session;

use super::{assert_refused, client};

#[tokio::test]
async fn http_server_failure501_head() {
    let session = Session::new();
    let error = client(&session)
        .http_server_failure()
        .head501()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 501, 1);
    assert_eq!(error.body().map(|body| body.len()), Some(0));
}

#[tokio::test]
async fn http_server_failure501_get() {
    let session = Session::new();
    let error = client(&session)
        .http_server_failure()
        .get501()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 501, 1);
    assert_eq!(error.body().map(|body| body.len()), Some(0));
}

#[tokio::test]
async fn http_server_failure505_post() {
    let session = Session::new();
    let error = client(&session)
        .http_server_failure()
        .post505()
        .body(true)
        .await
        .unwrap_err();
    assert_refused(&session, &error, 505, 1);
    assert_eq!(error.body().map(|body| body.len()), Some(0));
}

#[tokio::test]
async fn http_server_failure505_delete() {
    let session = Session::new();
    let error = client(&session)
        .http_server_failure()
        .delete505()
        .body(true)
        .await
        .unwrap_err();
    assert_refused(&session, &error, 505, 1);
    assert_eq!(error.body().map(|body| body.len()), Some(0));
}
