//! Scenarios of `security-key.json`.

use maps_core::{ErrorKind, SubscriptionKey};
use security_key::{SecurityKeyClient, SecurityKeyClientBuilder};
use testserver::Session;

fn builder(session: &Session) -> SecurityKeyClientBuilder {
    SecurityKeyClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
}

#[tokio::test]
async fn security_key() {
    let session = Session::new();
    let client = builder(&session)
        .credential(SubscriptionKey::new("123456789"))
        .build()
        .unwrap();
    client.head().await.unwrap();
    assert_eq!(session.trail(), ["HEAD /securitykey 200"]);
}

#[tokio::test]
async fn another_key_is_refused() {
    let session = Session::new();
    let client = builder(&session)
        .credential(SubscriptionKey::new("987654321"))
        .build()
        .unwrap();
    let error = client.head().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().unwrap(), 400);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn a_key_is_not_sent_over_plain_http_to_another_machine() {
    let session = Session::new();
    let error = builder(&session)
        .endpoint("http://security.example")
        .credential(SubscriptionKey::new("123456789"))
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(session.count(), 0);
}
