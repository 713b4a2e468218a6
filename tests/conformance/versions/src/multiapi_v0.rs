//! Scenarios of `multiapi-v0.json`.

use multiapi_v0::MultiapiV0Client;
use testserver::Session;

/// The document is that of another version of the service, which the server does not have.
#[tokio::test]
async fn multiapi_get_test_two_api_version_one() {
    let session = Session::new();
    let client = MultiapiV0Client::builder()
        .endpoint(testserver::endpoint())
        .api_version("1.0.0")
        .options(session.options())
        .build()
        .unwrap();
    let answer = client.test_two().send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let exchanges = session.exchanges();
    assert_eq!(exchanges.len(), 1);
    assert_eq!(exchanges[0].url.query(), Some("api-version=1.0.0"));
}

#[tokio::test]
async fn version_that_the_service_does_not_have_is_refused() {
    let session = Session::new();
    let client = MultiapiV0Client::builder()
        .endpoint(testserver::endpoint())
        .api_version("0.0.0")
        .options(session.options())
        .build()
        .unwrap();
    let error = client.test_two().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    assert_eq!(session.count(), 1);
}
