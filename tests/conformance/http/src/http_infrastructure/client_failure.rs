//! Operations `httpClientFailure_...`: no answer has a body.

use testserver::Session;

use super::{assert_refused, client};

#[tokio::test]
async fn http_client_failure400_head() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .head400()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_head400"));
}

#[tokio::test]
async fn http_client_failure400_get() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .get400()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_get400"));
}

#[tokio::test]
async fn http_client_failure400_options() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .options400()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_options400"));
}

#[tokio::test]
async fn http_client_failure400_put() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .put400()
        .body(true)
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_put400"));
}

#[tokio::test]
async fn http_client_failure400_patch() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .patch400()
        .body(true)
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_patch400"));
}

#[tokio::test]
async fn http_client_failure400_post() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .post400()
        .body(true)
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_post400"));
}

#[tokio::test]
async fn http_client_failure400_delete() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .delete400()
        .body(true)
        .await
        .unwrap_err();
    assert_refused(&session, &error, 400, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_delete400"));
}

#[tokio::test]
async fn http_client_failure401_head() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .head401()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 401, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_head401"));
    assert!(error.is_unauthorized());
}

#[tokio::test]
async fn http_client_failure402_get() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .get402()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 402, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_get402"));
}

#[tokio::test]
async fn http_client_failure403_options() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .options403()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 403, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_options403"));
    assert!(error.is_forbidden());
}

#[tokio::test]
async fn http_client_failure403_get() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .get403()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 403, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_get403"));
    assert!(error.is_forbidden());
}

#[tokio::test]
async fn http_client_failure404_put() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .put404()
        .body(true)
        .await
        .unwrap_err();
    assert_refused(&session, &error, 404, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_put404"));
    assert!(error.is_not_found());
}

#[tokio::test]
async fn http_client_failure405_patch() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .patch405()
        .body(true)
        .await
        .unwrap_err();
    assert_refused(&session, &error, 405, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_patch405"));
}

#[tokio::test]
async fn http_client_failure406_post() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .post406()
        .body(true)
        .await
        .unwrap_err();
    assert_refused(&session, &error, 406, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_post406"));
}

#[tokio::test]
async fn http_client_failure407_delete() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .delete407()
        .body(true)
        .await
        .unwrap_err();
    assert_refused(&session, &error, 407, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_delete407"));
}

#[tokio::test]
async fn http_client_failure409_put() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .put409()
        .body(true)
        .await
        .unwrap_err();
    assert_refused(&session, &error, 409, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_put409"));
}

#[tokio::test]
async fn http_client_failure410_head() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .head410()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 410, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_head410"));
}

#[tokio::test]
async fn http_client_failure411_get() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .get411()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 411, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_get411"));
}

#[tokio::test]
async fn http_client_failure412_options() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .options412()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 412, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_options412"));
}

#[tokio::test]
async fn http_client_failure412_get() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .get412()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 412, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_get412"));
}

#[tokio::test]
async fn http_client_failure413_put() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .put413()
        .body(true)
        .await
        .unwrap_err();
    assert_refused(&session, &error, 413, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_put413"));
}

#[tokio::test]
async fn http_client_failure414_patch() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .patch414()
        .body(true)
        .await
        .unwrap_err();
    assert_refused(&session, &error, 414, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_patch414"));
}

#[tokio::test]
async fn http_client_failure415_post() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .post415()
        .body(true)
        .await
        .unwrap_err();
    assert_refused(&session, &error, 415, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_post415"));
}

#[tokio::test]
async fn http_client_failure416_get() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .get416()
        .await
        .unwrap_err();
    assert_refused(&session, &error, 416, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_get416"));
}

#[tokio::test]
async fn http_client_failure417_delete() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .delete417()
        .body(true)
        .await
        .unwrap_err();
    assert_refused(&session, &error, 417, 1);
    assert_eq!(error.operation(), Some("httpClientFailure_delete417"));
}

#[tokio::test]
async fn http_client_failure429_head() {
    let session = Session::new();
    let error = client(&session)
        .http_client_failure()
        .head429()
        .await
        .unwrap_err();
    // Three retries, all in vain.
    assert_refused(&session, &error, 429, 4);
    assert_eq!(error.operation(), Some("httpClientFailure_head429"));
    assert!(error.is_throttled());
}
