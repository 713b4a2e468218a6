//! Operations `httpRedirects_...`.
//!
//! Where a redirect leads answers 200, and only to the method that is right there; the redirects themselves never do. So
//! a status of 200 says that one was followed, and with which method.

use maps_core::{Method, StatusCode};
use testserver::Session;

use super::{assert_done, client, models};

/// The redirect was followed, within one try.
fn assert_followed(session: &Session, status: StatusCode) {
    assert_eq!(status, StatusCode::OK);
    // Policies stand before redirects: a session sees the first request and the last status, and would see a second try.
    let exchanges = session.exchanges();
    assert_eq!(exchanges.len(), 1);
    assert_eq!(exchanges[0].status, Some(StatusCode::OK));
    let path = exchanges[0].url.path();
    assert!(path.starts_with("/http/redirect/3"), "{path}");
}

#[tokio::test]
async fn http_redirect300_head() {
    let session = Session::new();
    let answer = client(&session)
        .http_redirects()
        .head300()
        .send()
        .await
        .unwrap();
    assert_followed(&session, answer.status());
    assert_eq!(answer.typed_headers().location().unwrap(), None);
}

#[tokio::test]
async fn http_redirect300_get() {
    let session = Session::new();
    let answer = client(&session)
        .http_redirects()
        .get300()
        .send()
        .await
        .unwrap();
    assert_followed(&session, answer.status());
    assert_eq!(answer.typed_headers().location().unwrap(), None);
    assert_eq!(answer.into_body(), None);
}

#[tokio::test]
async fn http_redirect301_head() {
    let session = Session::new();
    let answer = client(&session)
        .http_redirects()
        .head301()
        .send()
        .await
        .unwrap();
    assert_followed(&session, answer.status());
    assert_eq!(answer.typed_headers().location().unwrap(), None);
}

#[tokio::test]
async fn http_redirect301_get() {
    let session = Session::new();
    let answer = client(&session)
        .http_redirects()
        .get301()
        .send()
        .await
        .unwrap();
    assert_followed(&session, answer.status());
    assert_eq!(answer.typed_headers().location().unwrap(), None);
}

/// Handed back: it is not for a client to decide that the change is to be made elsewhere.
#[tokio::test]
async fn http_redirect301_put() {
    let session = Session::new();
    let answer = client(&session)
        .http_redirects()
        .put301()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_done(&session, Method::PUT, answer.status(), 301);
    assert_eq!(
        answer.typed_headers().location().unwrap(),
        Some(models::HttpRedirectsPut301Status301Location::HttpFailure500)
    );
}

#[tokio::test]
async fn http_redirect302_head() {
    let session = Session::new();
    let answer = client(&session)
        .http_redirects()
        .head302()
        .send()
        .await
        .unwrap();
    assert_followed(&session, answer.status());
    assert_eq!(answer.typed_headers().location().unwrap(), None);
}

#[tokio::test]
async fn http_redirect302_get() {
    let session = Session::new();
    let answer = client(&session)
        .http_redirects()
        .get302()
        .send()
        .await
        .unwrap();
    assert_followed(&session, answer.status());
    assert_eq!(answer.typed_headers().location().unwrap(), None);
}

/// Handed back: it is not for a client to decide that the change is to be made elsewhere.
#[tokio::test]
async fn http_redirect302_patch() {
    let session = Session::new();
    let answer = client(&session)
        .http_redirects()
        .patch302()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_done(&session, Method::PATCH, answer.status(), 302);
    assert_eq!(
        answer.typed_headers().location().unwrap(),
        Some(models::HttpRedirectsPatch302Status302Location::HttpFailure500)
    );
}

#[tokio::test]
async fn http_redirect303_post() {
    let session = Session::new();
    let answer = client(&session)
        .http_redirects()
        .post303()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_followed(&session, answer.status());
    assert_eq!(answer.typed_headers().location().unwrap(), None);
}

#[tokio::test]
async fn http_redirect307_head() {
    let session = Session::new();
    let answer = client(&session)
        .http_redirects()
        .head307()
        .send()
        .await
        .unwrap();
    assert_followed(&session, answer.status());
    assert_eq!(answer.typed_headers().location().unwrap(), None);
}

#[tokio::test]
async fn http_redirect307_get() {
    let session = Session::new();
    let answer = client(&session)
        .http_redirects()
        .get307()
        .send()
        .await
        .unwrap();
    assert_followed(&session, answer.status());
    assert_eq!(answer.typed_headers().location().unwrap(), None);
}

#[tokio::test]
async fn http_redirect307_options() {
    let session = Session::new();
    let answer = client(&session)
        .http_redirects()
        .options307()
        .send()
        .await
        .unwrap();
    assert_followed(&session, answer.status());
    assert_eq!(answer.typed_headers().location().unwrap(), None);
}

#[tokio::test]
async fn http_redirect307_put() {
    let session = Session::new();
    let answer = client(&session)
        .http_redirects()
        .put307()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_followed(&session, answer.status());
    assert_eq!(answer.typed_headers().location().unwrap(), None);
}

#[tokio::test]
async fn http_redirect307_patch() {
    let session = Session::new();
    let answer = client(&session)
        .http_redirects()
        .patch307()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_followed(&session, answer.status());
    assert_eq!(answer.typed_headers().location().unwrap(), None);
}

#[tokio::test]
async fn http_redirect307_post() {
    let session = Session::new();
    let answer = client(&session)
        .http_redirects()
        .post307()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_followed(&session, answer.status());
    assert_eq!(answer.typed_headers().location().unwrap(), None);
}

#[tokio::test]
async fn http_redirect307_delete() {
    let session = Session::new();
    let answer = client(&session)
        .http_redirects()
        .delete307()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_followed(&session, answer.status());
    assert_eq!(answer.typed_headers().location().unwrap(), None);
}
