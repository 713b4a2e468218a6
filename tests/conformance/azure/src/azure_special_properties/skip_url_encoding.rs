//! Scenarios of `skipUrlEncoding` of `azure-special-properties.json`.

use maps_core::ErrorKind;
use testserver::Session;

use super::client;

const PATH: &str = "path1/path2/path3";
const QUERY: &str = "value1&q2=value2&q3=value3";

/// The only request.
fn assert_sent(session: &Session, path: &str) {
    assert_eq!(
        session.trail(),
        [format!("GET /azurespecials/skipUrlEncoding/{path} 200")]
    );
}

#[tokio::test]
async fn azure_method_path_url_encoding() {
    let session = Session::new();
    let client = client(&session).skip_url_encoding();
    client.get_method_path_valid(PATH).await.unwrap();
    assert_sent(&session, "method/path/valid/path1/path2/path3");
}

#[tokio::test]
async fn azure_path_path_url_encoding() {
    let session = Session::new();
    let client = client(&session).skip_url_encoding();
    client.get_path_path_valid(PATH).await.unwrap();
    assert_sent(&session, "path/path/valid/path1/path2/path3");
}

#[tokio::test]
async fn azure_swagger_path_url_encoding() {
    let session = Session::new();
    let client = client(&session).skip_url_encoding();
    client.get_swagger_path_valid().await.unwrap();
    assert_sent(&session, "swagger/path/valid/path1/path2/path3");
}

#[tokio::test]
async fn a_path_that_climbs_is_refused_before_anything_is_sent() {
    let session = Session::new();
    let client = client(&session).skip_url_encoding();
    for path in ["a/../b", "a?b=c", "a//b", ""] {
        let error = client.get_method_path_valid(path).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{path}");
    }
    assert_eq!(session.count(), 0);
}

#[tokio::test]
async fn azure_method_query_url_encoding() {
    let session = Session::new();
    let client = client(&session).skip_url_encoding();
    client.get_method_query_valid(QUERY).await.unwrap();
    assert_sent(&session, "method/query/valid?q1=value1&q2=value2&q3=value3");
}

#[tokio::test]
async fn azure_path_query_url_encoding() {
    let session = Session::new();
    let client = client(&session).skip_url_encoding();
    client.get_path_query_valid(QUERY).await.unwrap();
    assert_sent(&session, "path/query/valid?q1=value1&q2=value2&q3=value3");
}

#[tokio::test]
async fn azure_swagger_query_url_encoding() {
    let session = Session::new();
    let client = client(&session).skip_url_encoding();
    client.get_swagger_query_valid().await.unwrap();
    assert_sent(
        &session,
        "swagger/query/valid?q1=value1&q2=value2&q3=value3",
    );
}

#[tokio::test]
async fn azure_method_query_url_encoding_null() {
    let session = Session::new();
    let client = client(&session).skip_url_encoding();
    client.get_method_query_null().await.unwrap();
    assert_sent(&session, "method/query/null");
}

#[tokio::test]
async fn an_optional_query_is_sent_as_it_is() {
    let session = Session::new();
    let client = client(&session).skip_url_encoding();
    let error = client
        .get_method_query_null()
        .q1("a%20b")
        .await
        .unwrap_err();
    assert_eq!(error.status().unwrap(), 400);
    assert_eq!(
        session.trail(),
        ["GET /azurespecials/skipUrlEncoding/method/query/null?q1=a%20b 400"]
    );
}
