//! Operations `httpSuccess_...`.

use maps_core::{ErrorKind, Method};
use testserver::Session;

use super::{assert_done, client};

#[tokio::test]
async fn http_success200_head() {
    let session = Session::new();
    let answer = client(&session)
        .http_success()
        .head200()
        .send()
        .await
        .unwrap();
    assert_done(&session, Method::HEAD, answer.status(), 200);
}

#[tokio::test]
async fn http_success200_get() {
    let session = Session::new();
    let answer = client(&session)
        .http_success()
        .get200()
        .send()
        .await
        .unwrap();
    assert_done(&session, Method::GET, answer.status(), 200);
    assert!(answer.into_body());
}

#[tokio::test]
async fn http_success200_put() {
    let session = Session::new();
    let answer = client(&session)
        .http_success()
        .put200()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_done(&session, Method::PUT, answer.status(), 200);
}

#[tokio::test]
async fn http_success200_patch() {
    let session = Session::new();
    let answer = client(&session)
        .http_success()
        .patch200()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_done(&session, Method::PATCH, answer.status(), 200);
}

#[tokio::test]
async fn http_success200_post() {
    let session = Session::new();
    let answer = client(&session)
        .http_success()
        .post200()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_done(&session, Method::POST, answer.status(), 200);
}

#[tokio::test]
async fn http_success200_delete() {
    let session = Session::new();
    let answer = client(&session)
        .http_success()
        .delete200()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_done(&session, Method::DELETE, answer.status(), 200);
}

#[tokio::test]
async fn http_success201_put() {
    let session = Session::new();
    let answer = client(&session)
        .http_success()
        .put201()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_done(&session, Method::PUT, answer.status(), 201);
}

#[tokio::test]
async fn http_success201_post() {
    let session = Session::new();
    let answer = client(&session)
        .http_success()
        .post201()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_done(&session, Method::POST, answer.status(), 201);
}

#[tokio::test]
async fn http_success202_put() {
    let session = Session::new();
    let answer = client(&session)
        .http_success()
        .put202()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_done(&session, Method::PUT, answer.status(), 202);
}

#[tokio::test]
async fn http_success202_patch() {
    let session = Session::new();
    let answer = client(&session)
        .http_success()
        .patch202()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_done(&session, Method::PATCH, answer.status(), 202);
}

#[tokio::test]
async fn http_success202_post() {
    let session = Session::new();
    let answer = client(&session)
        .http_success()
        .post202()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_done(&session, Method::POST, answer.status(), 202);
}

#[tokio::test]
async fn http_success202_delete() {
    let session = Session::new();
    let answer = client(&session)
        .http_success()
        .delete202()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_done(&session, Method::DELETE, answer.status(), 202);
}

#[tokio::test]
async fn http_success204_head() {
    let session = Session::new();
    let answer = client(&session)
        .http_success()
        .head204()
        .send()
        .await
        .unwrap();
    assert_done(&session, Method::HEAD, answer.status(), 204);
}

#[tokio::test]
async fn http_success204_put() {
    let session = Session::new();
    let answer = client(&session)
        .http_success()
        .put204()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_done(&session, Method::PUT, answer.status(), 204);
}

#[tokio::test]
async fn http_success204_patch() {
    let session = Session::new();
    let answer = client(&session)
        .http_success()
        .patch204()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_done(&session, Method::PATCH, answer.status(), 204);
}

#[tokio::test]
async fn http_success204_post() {
    let session = Session::new();
    let answer = client(&session)
        .http_success()
        .post204()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_done(&session, Method::POST, answer.status(), 204);
}

#[tokio::test]
async fn http_success204_delete() {
    let session = Session::new();
    let answer = client(&session)
        .http_success()
        .delete204()
        .body(true)
        .send()
        .await
        .unwrap();
    assert_done(&session, Method::DELETE, answer.status(), 204);
}

#[tokio::test]
async fn http_success404_head() {
    let session = Session::new();
    let answer = client(&session)
        .http_success()
        .head404()
        .send()
        .await
        .unwrap();
    assert_done(&session, Method::HEAD, answer.status(), 404);
    assert!(!answer.into_body());
}

#[tokio::test]
async fn options200_is_answered_with_a_text_where_a_boolean_is_declared() {
    let session = Session::new();
    let error = client(&session)
        .http_success()
        .options200()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    assert_eq!(session.count(), 1);
}
