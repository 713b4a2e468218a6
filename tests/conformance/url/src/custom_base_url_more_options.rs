//! Scenarios of `custom-baseUrl-more-options.json`.

use custom_base_url_more_options::CustomBaseUrlMoreOptionsClient;
use maps_core::ErrorKind;
use testserver::Session;

#[tokio::test]
async fn custom_base_uri_more_options() {
    let session = Session::new();
    let endpoint = testserver::endpoint();
    let (_, port) = endpoint.rsplit_once(':').unwrap();
    let client = CustomBaseUrlMoreOptionsClient::builder()
        .vault("http://lo")
        .secret("cal")
        .dns_suffix(format!("host:{port}"))
        .options(session.options())
        .subscription_id("test12")
        .build()
        .unwrap();
    let call = client.get_empty("key1").key_version("v1");
    assert_eq!(call.send().await.unwrap().status(), 200);
    let [exchange] = &session.exchanges()[..] else {
        panic!("not one request");
    };
    assert_eq!(
        exchange.url.as_str(),
        format!("http://localhost:{port}/customuri/test12/key1?keyVersion=v1")
    );
}

#[tokio::test]
async fn parameters_that_lead_elsewhere_are_refused() {
    let session = Session::new();
    for (vault, secret, suffix, named) in [
        ("lo/", "cal", "host", "vault"),
        ("ftp://lo", "cal", "host", "vault"),
        ("http://user@lo", "cal", "host", "vault"),
        ("http://lo", "c.al", "host", "secret"),
        ("http://lo", "cal", "host/", "dnsSuffix"),
        ("http://lo", "cal", "host:port", "dnsSuffix"),
    ] {
        let error = CustomBaseUrlMoreOptionsClient::builder()
            .vault(vault)
            .secret(secret)
            .dns_suffix(suffix)
            .options(session.options())
            .subscription_id("test12")
            .build()
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.to_string().contains(named), "{error}");
    }
    assert_eq!(session.count(), 0);
}

#[tokio::test]
async fn client_without_what_its_calls_require_is_refused() {
    let session = Session::new();
    let builder = CustomBaseUrlMoreOptionsClient::builder().options(session.options());
    let error = builder
        .clone()
        .endpoint(testserver::endpoint())
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.to_string().contains("subscription_id"), "{error}");
    let error = builder.subscription_id("test12").build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.to_string().contains("vault"), "{error}");
    assert_eq!(session.count(), 0);
}
