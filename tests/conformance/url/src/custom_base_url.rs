//! Scenarios of `custom-baseUrl.json`.
//!
//! Its host is made of two parameters, over https. The server is elsewhere, so that the client is given an endpoint, which
//! stands in for the whole host.

use std::time::Duration;

use custom_base_url::CustomBaseUrlClient;
use maps_core::{CallOptions, ErrorKind};
use testserver::Session;

#[tokio::test]
async fn custom_base_uri() {
    let session = Session::new();
    let client = CustomBaseUrlClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap();
    assert_eq!(client.get_empty().send().await.unwrap().status(), 200);
    assert_eq!(session.targets(), ["/customuri"]);
}

#[tokio::test]
async fn parameters_make_the_host() {
    let session = Session::new();
    let client = CustomBaseUrlClient::builder()
        .account_name("local")
        .host("host:1")
        .options(session.options())
        .build()
        .unwrap();
    let limit = Duration::from_secs(2);
    let call = client.get_empty();
    // Nobody listens there.
    let answer = call.call_options(CallOptions::new().timeout(limit)).await;
    assert_eq!(answer.unwrap_err().kind(), ErrorKind::Connect);
    let first = &session.exchanges()[0];
    assert_eq!(first.url.as_str(), "https://localhost:1/customuri");
}

#[tokio::test]
async fn host_without_its_parameter_is_refused() {
    let session = Session::new();
    let error = CustomBaseUrlClient::builder()
        .options(session.options())
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.to_string().contains("accountName"), "{error}");
    assert_eq!(session.count(), 0);
}

#[tokio::test]
async fn parameter_that_leads_elsewhere_is_refused() {
    let session = Session::new();
    for name in ["", "bad.example/", "user@bad", "bad:80"] {
        let error = CustomBaseUrlClient::builder()
            .account_name(name)
            .options(session.options())
            .build()
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{name}");
        assert!(error.to_string().contains("accountName"), "{error}");
    }
    assert_eq!(session.count(), 0);
}
