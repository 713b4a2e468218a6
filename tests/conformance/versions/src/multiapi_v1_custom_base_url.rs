//! Scenarios of `multiapi-v1-custom-base-url.json`.

use maps_core::ErrorKind;
use multiapi_v1_custom_base_url::MultiapiV1CustomBaseUrlClient;
use testserver::Session;

#[tokio::test]
async fn multiapi_custom_base_url_api_version_one() {
    let session = Session::new();
    let client = MultiapiV1CustomBaseUrlClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap();
    let answer = client.test(1).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let exchanges = session.exchanges();
    assert_eq!(exchanges.len(), 1);
    assert_eq!(exchanges[0].url.path(), "/multiapiCustomBaseUrl/v1/test");
    assert_eq!(exchanges[0].url.query(), Some("api-version=1.0.0&id=1"));
}

#[tokio::test]
async fn path_of_the_template_follows_an_endpoint_with_a_slash() {
    let session = Session::new();
    let client = MultiapiV1CustomBaseUrlClient::builder()
        .endpoint(testserver::endpoint() + "/")
        .options(session.options())
        .build()
        .unwrap();
    let answer = client.test(1).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn client_without_an_endpoint_is_refused() {
    let error = MultiapiV1CustomBaseUrlClient::builder()
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
}
