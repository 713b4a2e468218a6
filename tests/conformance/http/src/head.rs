//! Scenarios of `head.json`.

use head::HeadClient;
use maps_core::Method;
use testserver::Session;

fn client(session: &Session) -> HeadClient {
    HeadClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

/// One request, of the right method.
fn assert_asked_once(session: &Session) {
    let methods: Vec<_> = session
        .exchanges()
        .into_iter()
        .map(|exchange| exchange.method)
        .collect();
    assert_eq!(methods, [Method::HEAD]);
}

#[tokio::test]
async fn http_success200_head() {
    let session = Session::new();
    let answer = client(&session).head200().send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert!(answer.into_body());
    assert_asked_once(&session);
}

#[tokio::test]
async fn http_success204_head() {
    let session = Session::new();
    let answer = client(&session).head204().send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 204);
    assert!(answer.into_body());
    assert_asked_once(&session);
}

#[tokio::test]
async fn http_success404_head() {
    let session = Session::new();
    let answer = client(&session).head404().send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 404);
    assert!(!answer.into_body());
    assert_asked_once(&session);
}
