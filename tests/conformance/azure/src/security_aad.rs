//! Scenarios of `security-aad.json`.

use std::time::{Duration, SystemTime};

use maps_core::service::BoxFuture;
use maps_core::{AccessToken, EntraCredential, ErrorKind, Result, TokenCredential};
use security_aad::SecurityAadClient;
use testserver::Session;

/// Signs in with a token that is the scope it was asked for.
#[derive(Debug)]
struct Scope;

impl TokenCredential for Scope {
    fn token<'a>(&'a self, scopes: &'a [&'a str]) -> BoxFuture<'a, Result<AccessToken>> {
        let expires_at = SystemTime::now() + Duration::from_secs(3600);
        Box::pin(async move { Ok(AccessToken::new(scopes.join(" "), expires_at)) })
    }
}

#[tokio::test]
async fn security_aad() {
    let session = Session::new();
    let client = SecurityAadClient::builder()
        .endpoint(testserver::endpoint())
        .credential(EntraCredential::new(Scope))
        .options(session.options())
        .build()
        .unwrap();
    client.head().await.unwrap();
    assert_eq!(session.trail(), ["HEAD /securityaad 200"]);
}

#[tokio::test]
async fn a_token_is_not_sent_over_plain_http_to_another_machine() {
    let session = Session::new();
    let error = SecurityAadClient::builder()
        .endpoint("http://security.example")
        .credential(EntraCredential::new(Scope))
        .options(session.options())
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(session.count(), 0);
}
