//! Scenarios of `head-exceptions.json`, which declares no 404: there it is an error.

use head_exceptions::HeadExceptionsClient;
use maps_core::ErrorKind;
use testserver::Session;

fn client(session: &Session) -> HeadExceptionsClient {
    HeadExceptionsClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

#[tokio::test]
async fn http_success200_head() {
    let session = Session::new();
    let answer = client(&session).head200().send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn http_success204_head() {
    let session = Session::new();
    let answer = client(&session).head204().send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 204);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn http_success404_head() {
    let session = Session::new();
    let error = client(&session).head404().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert!(error.is_not_found());
    assert_eq!(session.count(), 1);
}
