//! Scenarios of `multiapi-v1.json`.

use multiapi_v1::{MultiapiV1Client, TestLroAndPagingOptions, models};
use testserver::Session;

fn client(session: &Session) -> MultiapiV1Client {
    MultiapiV1Client::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

/// One request, with this API version.
fn assert_version(session: &Session, version: &str) {
    let exchanges = session.exchanges();
    assert_eq!(exchanges.len(), 1);
    let query: Vec<_> = exchanges[0].url.query_pairs().collect();
    assert!(
        query.contains(&("api-version".into(), version.into())),
        "{query:?}"
    );
}

#[tokio::test]
async fn multiapi_put_test_one_api_version_one() {
    let session = Session::new();
    let answer = client(&session)
        .test_one(1)
        .message("hello")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_version(&session, "1.0.0");
}

#[tokio::test]
async fn multiapi_get_test_two_api_version_one() {
    let session = Session::new();
    let answer = client(&session)
        .operation_group_one()
        .test_two()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_version(&session, "1.0.0");
}

#[tokio::test]
async fn multiapi_lro() {
    let session = Session::new();
    let product = models::Product::new().with_id(100);
    let poller = client(&session)
        .begin_test_lro()
        .body(&product)
        .await
        .unwrap();
    // The id is a text where a number is declared.
    let error = poller.await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.json_path(), Some("id"));
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn multiapi_lro_and_paging() {
    let session = Session::new();
    let options = TestLroAndPagingOptions::new()
        .with_maxresults(5)
        .with_timeout(30);
    let poller = client(&session)
        .begin_test_lro_and_paging()
        .client_request_id("7f3c1c5e")
        .test_lro_and_paging_options(&options)
        .await
        .unwrap();
    // The id is a text where a number is declared.
    let error = poller.await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.json_path(), Some("values[0].id"));
    let exchanges = session.exchanges();
    assert_eq!(exchanges.len(), 1);
    assert_eq!(exchanges[0].headers["client-request-id"], "7f3c1c5e");
    assert_eq!(exchanges[0].headers["maxresults"], "5");
    assert_eq!(exchanges[0].headers["timeout"], "30");
}

/// The server checks the headers and counts nothing.
#[tokio::test]
async fn multiapi_different_calls_api_version_one() {
    let session = Session::new();
    let answer = client(&session)
        .test_different_calls("hello")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_version(&session, "1.0.0");
}
