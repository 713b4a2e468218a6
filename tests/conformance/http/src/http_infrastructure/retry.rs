//! Operations `httpRetry_...`: the first try fails for the moment, the second one succeeds.

use maps_core::{ErrorKind, StatusCode};
use testserver::Session;

use super::client;

/// One try with this status, and one with 200.
fn assert_repeated(session: &Session, status: u16) {
    let statuses: Vec<_> = session
        .exchanges()
        .iter()
        .map(|exchange| exchange.status.map(|status| status.as_u16()))
        .collect();
    assert_eq!(statuses, [Some(status), Some(200)]);
}

#[tokio::test]
async fn http_retry408_head() {
    let session = Session::new();
    let answer = client(&session)
        .http_retry()
        .head408()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_repeated(&session, 408);
}

#[tokio::test]
async fn http_retry500_put() {
    let session = Session::new();
    let answer = client(&session)
        .http_retry()
        .put500()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_repeated(&session, 500);
}

#[tokio::test]
async fn http_retry500_patch() {
    let session = Session::new();
    let answer = client(&session)
        .http_retry()
        .patch500()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_repeated(&session, 500);
}

#[tokio::test]
async fn http_retry502_get() {
    let session = Session::new();
    let answer = client(&session).http_retry().get502().send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_repeated(&session, 502);
}

#[tokio::test]
async fn http_retry502_options() {
    let session = Session::new();
    // The answer lacks the boolean that is declared.
    let error = client(&session)
        .http_retry()
        .options502()
        .await
        .unwrap_err();
    assert_repeated(&session, 502);
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.status(), Some(StatusCode::OK));
}

#[tokio::test]
async fn http_retry503_post() {
    let session = Session::new();
    let answer = client(&session)
        .http_retry()
        .post503()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_repeated(&session, 503);
}

#[tokio::test]
async fn http_retry503_delete() {
    let session = Session::new();
    let answer = client(&session)
        .http_retry()
        .delete503()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_repeated(&session, 503);
}

#[tokio::test]
async fn http_retry504_put() {
    let session = Session::new();
    let answer = client(&session)
        .http_retry()
        .put504()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_repeated(&session, 504);
}

#[tokio::test]
async fn http_retry504_patch() {
    let session = Session::new();
    let answer = client(&session)
        .http_retry()
        .patch504()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_repeated(&session, 504);
}
