//! Scenarios of `multiapi-v2.json`.

use maps_core::Error;
use multiapi_v2::{MultiapiV2Client, models};
use testserver::Session;

fn client(session: &Session) -> MultiapiV2Client {
    MultiapiV2Client::builder()
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

/// The id is a text where a number is declared.
fn assert_id_is_a_text(error: &Error) {
    assert!(error.is_decode());
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    assert_eq!(error.json_path(), Some("id"));
    assert_eq!(
        error.body_as(),
        Some(serde_json::json!({
            "id": "1",
            "message": "This was called with api-version 2.0.0",
        }))
    );
}

#[tokio::test]
async fn multiapi_put_test_one_api_version_two() {
    let session = Session::new();
    let error = client(&session)
        .test_one(1)
        .message("hello")
        .await
        .unwrap_err();
    assert_id_is_a_text(&error);
    assert_version(&session, "2.0.0");
}

#[tokio::test]
async fn multiapi_get_test_two_api_version_two() {
    let session = Session::new();
    let model = models::ModelTwo::new(1).with_message("hello");
    let group = client(&session).operation_group_one();
    let error = group.test_two().body(&model).await.unwrap_err();
    assert_id_is_a_text(&error);
    assert_version(&session, "2.0.0");
}

#[tokio::test]
async fn multiapi_put_test_three_api_version_two() {
    let session = Session::new();
    let answer = client(&session)
        .operation_group_one()
        .test_three()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_version(&session, "2.0.0");
}

#[tokio::test]
async fn multiapi_post_test_four_api_version_two() {
    let session = Session::new();
    let answer = client(&session)
        .operation_group_two()
        .test_four(true)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_version(&session, "2.0.0");
}

/// The server checks the headers and counts nothing.
#[tokio::test]
async fn multiapi_different_calls_api_version_two() {
    let session = Session::new();
    let answer = client(&session)
        .test_different_calls("hello")
        .greeting_in_chinese("nihao")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_version(&session, "2.0.0");
}
