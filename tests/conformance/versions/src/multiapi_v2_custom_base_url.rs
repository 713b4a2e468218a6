//! Scenarios of `multiapi-v2-custom-base-url.json`.

use maps_core::ErrorKind;
use multiapi_v2_custom_base_url::MultiapiV2CustomBaseUrlClient;
use testserver::Session;

#[tokio::test]
async fn multiapi_custom_base_url_api_version_two() {
    let session = Session::new();
    let client = MultiapiV2CustomBaseUrlClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap();
    let answer = client.test(2).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let exchanges = session.exchanges();
    assert_eq!(exchanges.len(), 1);
    assert_eq!(exchanges[0].url.path(), "/multiapiCustomBaseUrl/v2/test");
    assert_eq!(exchanges[0].url.query(), Some("api-version=2.0.0&id=2"));
}

#[tokio::test]
async fn path_of_the_template_follows_an_endpoint_with_a_slash() {
    let session = Session::new();
    let client = MultiapiV2CustomBaseUrlClient::builder()
        .endpoint(testserver::endpoint() + "/")
        .options(session.options())
        .build()
        .unwrap();
    let answer = client.test(2).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn client_without_an_endpoint_is_refused() {
    let error = MultiapiV2CustomBaseUrlClient::builder()
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
}
