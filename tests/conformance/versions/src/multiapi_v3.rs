//! Scenarios of `multiapi-v3.json`.

use futures_util::TryStreamExt;
use maps_core::Content;
use multiapi_v3::{MultiapiV3Client, models};
use testserver::Session;

fn client(session: &Session) -> MultiapiV3Client {
    MultiapiV3Client::builder()
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

/// What each of the two pages holds.
fn paged() -> models::ModelThree {
    models::ModelThree::new().with_optional_property("paged")
}

#[tokio::test]
async fn multiapi_paging() {
    let session = Session::new();
    let items: Vec<_> = client(&session).test_paging().try_collect().await.unwrap();
    assert_eq!(items, [paged(), paged()]);
    assert_eq!(session.count(), 2);
}

#[tokio::test]
async fn multiapi_operation_group_paging() {
    let session = Session::new();
    let group = client(&session).operation_group_one();
    let items: Vec<_> = group
        .test_operation_group_paging()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(items, [paged(), paged()]);
    assert_eq!(session.count(), 2);
}

#[tokio::test]
async fn multiapi_get_test_two_api_version_three() {
    let session = Session::new();
    let model = models::ModelThree::new().with_optional_property("hello");
    let group = client(&session).operation_group_one();
    let answer = group.test_two().body(&model).await.unwrap();
    let expected =
        models::ModelThree::new().with_optional_property("This was called with api-version 3.0.0");
    assert_eq!(answer, expected);
    assert_version(&session, "3.0.0");
}

#[tokio::test]
async fn multiapi_post_test_four_api_version_three_json() {
    let session = Session::new();
    let source = models::SourcePath::new().with_source("foo");
    let group = client(&session).operation_group_two();
    let answer = group.test_four().body(&source).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_version(&session, "3.0.0");
}

/// The server checks the body and counts nothing.
#[tokio::test]
async fn multiapi_post_test_four_api_version_three_pdf() {
    let session = Session::new();
    let document = Content::bytes("application/pdf", "PDF");
    let group = client(&session).operation_group_two();
    let answer = group.test_four().body(document).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_version(&session, "3.0.0");
}

#[tokio::test]
async fn multiapi_put_test_five_api_version_three() {
    let session = Session::new();
    let answer = client(&session)
        .operation_group_two()
        .test_five()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_version(&session, "3.0.0");
}

/// The server checks the headers and counts nothing.
#[tokio::test]
async fn multiapi_different_calls_api_version_three() {
    let session = Session::new();
    let answer = client(&session)
        .test_different_calls("hello")
        .greeting_in_chinese("nihao")
        .greeting_in_french("bonjour")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_version(&session, "3.0.0");
}
