//! Scenarios of `paging.json`.

use futures_util::{Stream, StreamExt};
use maps_core::{ErrorKind, Result};
use paging::models::{BodyParam, MaxPageSizeType, Product};
use paging::{
    CustomParameterGroup, PagingClient, PagingGetMultiplePagesLroOptions,
    PagingGetMultiplePagesOptions, PagingGetMultiplePagesWithOffsetOptions,
    PagingGetOdataMultiplePagesOptions,
};
use serde_json::json;
use testserver::Session;

fn client(session: &Session) -> PagingClient {
    PagingClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

/// An item as JSON.
fn item(id: i64, name: &str) -> Product {
    serde_json::from_value(json!({ "properties": { "id": id, "name": name } })).unwrap()
}

/// The only item of many lists.
fn one() -> Vec<Product> {
    vec![item(1, "Product")]
}

/// Items of ten pages, the first of which spells their name otherwise.
fn ten(offset: i64) -> Vec<Product> {
    let rest = (2..=10).map(|id| item(id + offset, "product"));
    one().into_iter().chain(rest).collect()
}

/// `GET path 200` of ten pages, the first of which is elsewhere.
fn ten_requests(first: &str, next: impl Fn(u32) -> String) -> Vec<String> {
    let rest = (2..=10).map(|page| format!("GET {} 200", next(page)));
    std::iter::once(format!("GET {first} 200"))
        .chain(rest)
        .collect()
}

async fn all(items: impl Stream<Item = Result<Product>>) -> Vec<Product> {
    items.map(Result::unwrap).collect().await
}

#[tokio::test]
async fn paging_no_item_name() {
    let session = Session::new();
    let items = all(client(&session).get_no_item_name_pages()).await;
    assert_eq!(items, one());
    assert_eq!(session.trail(), ["GET /paging/noitemname 200"]);
}

#[tokio::test]
async fn paging_empty_next_link() {
    let session = Session::new();
    let items = all(client(&session).get_empty_next_link_name_pages()).await;
    assert_eq!(items, one());
    assert_eq!(session.trail(), ["GET /paging/emptynextlink 200"]);
}

/// The page has a link, and the definition says that there is none.
#[tokio::test]
async fn paging_next_link_name_null() {
    let session = Session::new();
    let items = all(client(&session).get_null_next_link_name_pages()).await;
    assert_eq!(items, one());
    assert_eq!(session.trail(), ["GET /paging/nullnextlink 200"]);
}

#[tokio::test]
async fn paging_single() {
    let session = Session::new();
    let items = all(client(&session).get_single_pages()).await;
    assert_eq!(items, one());
    assert_eq!(session.trail(), ["GET /paging/single 200"]);
}

#[tokio::test]
async fn paging_single_with_body_params() {
    let session = Session::new();
    let body = BodyParam::new().with_name("body");
    let items = all(client(&session).get_single_pages_with_body_params(&body)).await;
    assert_eq!(items, one());
    assert_eq!(
        session.trail(),
        ["GET /paging/single/getWithBodyParams 200"]
    );
}

#[tokio::test]
async fn paging_first_response_empty() {
    let session = Session::new();
    let items = all(client(&session).first_response_empty()).await;
    assert_eq!(items, one());
    assert_eq!(
        session.trail(),
        [
            "GET /paging/firstResponseEmpty/1 200",
            "GET /paging/firstResponseEmpty/2?api-version=1.0.0 200",
        ]
    );
}

#[tokio::test]
async fn paging_multiple() {
    let session = Session::new();
    let options = PagingGetMultiplePagesOptions::new()
        .with_maxresults(1)
        .with_timeout(20);
    let items = client(&session)
        .get_multiple_pages()
        .client_request_id("of the client")
        .paging_get_multiple_pages_options(&options);
    assert_eq!(all(items).await, ten(0));
    let next = |page| format!("/paging/multiple/page/{page}?api-version=1.0.0");
    assert_eq!(session.trail(), ten_requests("/paging/multiple", next));
    for exchange in session.exchanges() {
        assert_eq!(exchange.headers["client-request-id"], "of the client");
        assert_eq!(exchange.headers["maxresults"], "1");
        assert_eq!(exchange.headers["timeout"], "20");
    }
}

/// Whole pages, and a second client that goes on in the middle.
#[tokio::test]
async fn pages_can_be_taken_one_by_one_and_continued_elsewhere() {
    let session = Session::new();
    let mut pages = client(&session).get_multiple_pages().pages();
    let page = pages.next().await.unwrap().unwrap();
    assert_eq!(page.status(), 200);
    assert_eq!(page.body().values, Some(one()));
    let token = pages.continuation_token().unwrap();

    let other = Session::new();
    let mut pager = client(&other).get_multiple_pages().into_pager();
    pager.continue_from(&token).unwrap();
    assert_eq!(all(pager).await, ten(0)[1..]);
    assert_eq!(session.count(), 1);
    assert_eq!(other.count(), 9);
}

#[tokio::test]
async fn paging_multiple_with_query_parameters() {
    let session = Session::new();
    let items = all(client(&session).get_with_query_params(100)).await;
    assert_eq!(items, [item(1, "Product"), item(2, "Product")]);
    assert_eq!(
        session.trail(),
        [
            "GET /paging/multiple/getWithQueryParams?queryConstant=true&requiredQueryParameter=100 200",
            "GET /paging/multiple/nextOperationWithQueryParams?queryConstant=true&api-version=1.0.0 200",
        ]
    );
}

#[tokio::test]
async fn the_operation_for_the_next_page_can_be_called() {
    let session = Session::new();
    let items = all(client(&session).next_operation_with_query_params()).await;
    assert_eq!(items, [item(2, "Product")]);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn paging_duplicate_parameters() {
    let session = Session::new();
    let items = client(&session).duplicate_params().filter("foo");
    assert_eq!(all(items).await, one());
    assert_eq!(
        session.trail(),
        [
            "GET /paging/multiple/duplicateParams/1?%24filter=foo 200",
            "GET /paging/multiple/duplicateParams/2?%24filter=serviceReturned&%24skiptoken=bar&api-version=1.0.0 200",
        ]
    );
}

#[tokio::test]
async fn paging_dont_send_max_page_size() {
    let session = Session::new();
    let items = all(client(&session).page_with_max_page_size()).await;
    assert_eq!(items, []);
    assert_eq!(session.trail(), ["GET /paging/maxPageSize 200"]);
}

#[tokio::test]
async fn a_page_size_that_the_caller_asks_for_is_sent() {
    let session = Session::new();
    let mut items = client(&session)
        .page_with_max_page_size()
        .maxpagesize(MaxPageSizeType::Value5);
    let error = items.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().unwrap(), 400);
    assert_eq!(
        session.trail(),
        ["GET /paging/maxPageSize?%24maxpagesize=5 400"]
    );
}

#[tokio::test]
async fn paging_odata_multiple() {
    let session = Session::new();
    let options = PagingGetOdataMultiplePagesOptions::new().with_maxresults(1);
    let items = client(&session)
        .get_odata_multiple_pages()
        .client_request_id("of the client")
        .paging_get_odata_multiple_pages_options(&options);
    assert_eq!(all(items).await, ten(0));
    let next = |page| format!("/paging/multiple/odata/page/{page}?api-version=1.0.0");
    assert_eq!(
        session.trail(),
        ten_requests("/paging/multiple/odata", next)
    );
}

#[tokio::test]
async fn paging_multiple_path() {
    let session = Session::new();
    let options = PagingGetMultiplePagesWithOffsetOptions::new(100);
    let items = client(&session).get_multiple_pages_with_offset(&options);
    assert_eq!(all(items.client_request_id("client")).await, ten(100));
    let next = |page| format!("/paging/multiple/withpath/page/100/{page}?api-version=1.0.0");
    assert_eq!(
        session.trail(),
        ten_requests("/paging/multiple/withpath/100", next)
    );
}

#[tokio::test]
async fn paging_multiple_retry_first() {
    let session = Session::new();
    let items = all(client(&session).get_multiple_pages_retry_first()).await;
    assert_eq!(items, ten(0));
    let first = "GET /paging/multiple/retryfirst 500".to_owned();
    let next = |page| format!("/paging/multiple/page/{page}?api-version=1.0.0");
    let mut trail = ten_requests("/paging/multiple/retryfirst", next);
    trail.insert(0, first);
    assert_eq!(session.trail(), trail);
}

#[tokio::test]
async fn paging_multiple_retry_second() {
    let session = Session::new();
    let items = all(client(&session).get_multiple_pages_retry_second()).await;
    let mut expected = ten(0);
    // The second page has the item of the first.
    expected[1] = item(1, "Product");
    assert_eq!(items, expected);
    let second = "GET /paging/multiple/retrysecond/page/2?api-version=1.0.0 500".to_owned();
    let next = |page| format!("/paging/multiple/retrysecond/page/{page}?api-version=1.0.0");
    let mut trail = ten_requests("/paging/multiple/retrysecond", next);
    trail.insert(1, second);
    assert_eq!(session.trail(), trail);
}

#[tokio::test]
async fn paging_single_failure() {
    let session = Session::new();
    let mut items = client(&session).get_single_pages_failure();
    let error = items.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().unwrap(), 400);
    assert_eq!(error.message(), Some("Expected single failure test."));
    assert!(items.next().await.is_none());
    assert_eq!(session.trail(), ["GET /paging/single/failure 400"]);
}

#[tokio::test]
async fn paging_multiple_failure() {
    let session = Session::new();
    let mut items = client(&session).get_multiple_pages_failure();
    assert_eq!(items.next().await.unwrap().unwrap(), item(1, "Product"));
    let error = items.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().unwrap(), 400);
    assert_eq!(error.message(), Some("Expected single failure test."));
    assert!(items.next().await.is_none());
    assert_eq!(
        session.trail(),
        [
            "GET /paging/multiple/failure 200",
            "GET /paging/multiple/failure/page/2?api-version=1.0.0 400",
        ]
    );
}

/// `*&*#&$` is a path beside that of the page, and nothing is there.
#[tokio::test]
async fn paging_multiple_failure_uri() {
    let session = Session::new();
    let mut items = client(&session).get_multiple_pages_failure_uri();
    assert_eq!(items.next().await.unwrap().unwrap(), item(1, "Product"));
    let error = items.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().unwrap(), 404);
    assert!(items.next().await.is_none());
    assert_eq!(
        session.trail(),
        [
            "GET /paging/multiple/failureuri 200",
            "GET /paging/multiple/*&*?api-version=1.0.0 404",
        ]
    );
}

#[tokio::test]
async fn paging_fragment() {
    let session = Session::new();
    let items = client(&session).get_multiple_pages_fragment_next_link("1.6", "test_user");
    let mut expected = ten(0);
    expected[0] = item(1, "product");
    assert_eq!(all(items).await, expected);
    let root = "/paging/multiple/fragment/test_user";
    let next = |page| format!("{root}/next?page={page}&api_version=1.6&api-version=1.0.0");
    let first = format!("{root}?api_version=1.6");
    assert_eq!(session.trail(), ten_requests(&first, next));
}

#[tokio::test]
async fn pages_by_fragments_of_links_whose_parameters_are_grouped() {
    let session = Session::new();
    let group = CustomParameterGroup::new("1.6", "test_user");
    let items = client(&session).get_multiple_pages_fragment_with_grouping_next_link(&group);
    let mut expected = ten(0);
    expected[0] = item(1, "product");
    assert_eq!(all(items).await, expected);
    let root = "/paging/multiple/fragmentwithgrouping/test_user";
    let next = |page| format!("{root}/next?page={page}&api_version=1.6&api-version=1.0.0");
    let first = format!("{root}?api_version=1.6");
    assert_eq!(session.trail(), ten_requests(&first, next));
}

/// The operation for further pages, asked by itself, has no page number: the server takes that for the last one.
#[tokio::test]
async fn the_operations_for_further_fragments_can_be_called() {
    let session = Session::new();
    let last: Product =
        serde_json::from_value(json!({ "properties": { "name": "product" } })).unwrap();
    let items = client(&session).next_fragment("1.6", "test_user", "next");
    assert_eq!(all(items).await, vec![last.clone()]);
    let group = CustomParameterGroup::new("1.6", "test_user");
    let items = client(&session).next_fragment_with_grouping("next", &group);
    assert_eq!(all(items).await, [last]);
    assert_eq!(
        session.trail(),
        [
            "GET /paging/multiple/fragment/test_user/next?api_version=1.6 200",
            "GET /paging/multiple/fragmentwithgrouping/test_user/next?api_version=1.6 200",
        ]
    );
}

/// The result is the first page.
#[tokio::test]
async fn paging_multiple_lro() {
    let session = Session::new();
    let options = PagingGetMultiplePagesLroOptions::new().with_maxresults(1);
    let mut poller = client(&session)
        .begin_get_multiple_pages_lro()
        .client_request_id("of the client")
        .paging_get_multiple_pages_lro_options(&options)
        .await
        .unwrap();
    let page = poller.result().await.unwrap().unwrap();
    assert_eq!(page.values, Some(one()));
    let next = format!("{}/paging/multiple/page/2", testserver::endpoint());
    assert_eq!(page.next_link, Some(next));
    assert_eq!(
        session.trail(),
        [
            "POST /paging/multiple/lro 202",
            "GET /paging/multiple/lro/200?api-version=1.0.0 200",
            "GET /paging/multiple?api-version=1.0.0 200",
        ]
    );
}

#[tokio::test]
async fn paging_with_api_version_append() {
    let session = Session::new();
    let items = all(client(&session).append_api_version()).await;
    assert_eq!(items, one());
    assert_eq!(
        session.trail(),
        [
            "GET /paging/apiVersion/append/1?api-version=1.0.0 200",
            "GET /paging/apiVersion/append/2?%24skiptoken=bar&api-version=1.0.0 200",
        ]
    );
}

#[tokio::test]
async fn paging_with_api_version_replace() {
    let session = Session::new();
    let items = all(client(&session).replace_api_version()).await;
    assert_eq!(items, one());
    let query = "%24skiptoken=bar&startTime=1/1/1970%2012%3A00%3A00%20AM%20%2B00%3A00";
    assert_eq!(
        session.trail(),
        [
            "GET /paging/apiVersion/replace/1?api-version=1.0.0 200".to_owned(),
            format!("GET /paging/apiVersion/replace/2?api-version=1.0.0&{query} 200"),
        ]
    );
}

#[tokio::test]
async fn paging_return_model_with_xms_client_name() {
    let session = Session::new();
    let items = client(&session).get_paging_model_with_item_name_with_xms_client_name();
    let page = items.pages().next().await.unwrap().unwrap();
    assert_eq!(page.body().indexes, Some(one()));
    let items = client(&session).get_paging_model_with_item_name_with_xms_client_name();
    assert_eq!(all(items).await, one());
    assert_eq!(
        session.trail(),
        ["GET /paging/itemNameWithXMSClientName 200"; 2]
    );
}
