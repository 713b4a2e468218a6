//! Operations whose parameters are on the operation, on its path and on the client.

use testserver::Session;
use url::UrlClient;

const PATH: &str = "/pathitem/nullable/globalStringPath/globalStringPath/pathItemStringPath/pathItemStringPath/localStringPath/localStringPath";

/// A client that sets both of its parameters, or only the one it must.
fn client(session: &Session, query: Option<&str>) -> UrlClient {
    let builder = UrlClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .global_string_path("globalStringPath");
    match query {
        Some(query) => builder.global_string_query(query),
        None => builder,
    }
    .build()
    .unwrap()
}

#[tokio::test]
async fn url_path_item_get_all() {
    let session = Session::new();
    let call = client(&session, Some("globalStringQuery"))
        .path_items()
        .get_all_with_values("pathItemStringPath", "localStringPath")
        .path_item_string_query("pathItemStringQuery")
        .local_string_query("localStringQuery");
    assert_eq!(call.send().await.unwrap().status(), 200);
    let target = format!(
        "{PATH}/globalStringQuery/pathItemStringQuery/localStringQuery?globalStringQuery=globalStringQuery&pathItemStringQuery=pathItemStringQuery&localStringQuery=localStringQuery"
    );
    assert_eq!(session.targets(), [target]);
}

#[tokio::test]
async fn url_path_item_get_global_null() {
    let session = Session::new();
    let call = client(&session, None)
        .path_items()
        .get_global_query_null("pathItemStringPath", "localStringPath")
        .path_item_string_query("pathItemStringQuery")
        .local_string_query("localStringQuery");
    assert_eq!(call.send().await.unwrap().status(), 200);
    let target = format!(
        "{PATH}/null/pathItemStringQuery/localStringQuery?pathItemStringQuery=pathItemStringQuery&localStringQuery=localStringQuery"
    );
    assert_eq!(session.targets(), [target]);
}

#[tokio::test]
async fn url_path_item_get_global_and_local_null() {
    let session = Session::new();
    let call = client(&session, None)
        .path_items()
        .get_global_and_local_query_null("pathItemStringPath", "localStringPath")
        .path_item_string_query("pathItemStringQuery");
    assert_eq!(call.send().await.unwrap().status(), 200);
    let target =
        format!("{PATH}/null/pathItemStringQuery/null?pathItemStringQuery=pathItemStringQuery");
    assert_eq!(session.targets(), [target]);
}

#[tokio::test]
async fn url_path_item_get_path_item_and_local_null() {
    let session = Session::new();
    let call = client(&session, Some("globalStringQuery"))
        .path_items()
        .get_local_path_item_query_null("pathItemStringPath", "localStringPath");
    assert_eq!(call.send().await.unwrap().status(), 200);
    let target = format!("{PATH}/globalStringQuery/null/null?globalStringQuery=globalStringQuery");
    assert_eq!(session.targets(), [target]);
}

#[tokio::test]
async fn what_a_request_sets_comes_before_what_the_client_sets() {
    let session = Session::new();
    let call = client(&session, Some("elsewhere"))
        .path_items()
        .get_local_path_item_query_null("pathItemStringPath", "localStringPath")
        .global_string_query("globalStringQuery");
    assert_eq!(call.send().await.unwrap().status(), 200);
    let target = format!("{PATH}/globalStringQuery/null/null?globalStringQuery=globalStringQuery");
    assert_eq!(session.targets(), [target]);
}
