//! Scenarios of `custom-baseUrl-paging.json`.

use custom_base_url_paging::CustomBaseUrlPagingClient;
use custom_base_url_paging::models::Product;
use futures_util::{Stream, StreamExt};
use maps_core::{ErrorKind, Result};
use serde_json::json;
use testserver::Session;

fn client(session: &Session) -> CustomBaseUrlPagingClient {
    CustomBaseUrlPagingClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

fn item(id: i64) -> Product {
    serde_json::from_value(json!({ "properties": { "id": id, "name": "Product" } })).unwrap()
}

async fn all(items: impl Stream<Item = Result<Product>>) -> Vec<Product> {
    items.map(Result::unwrap).collect().await
}

#[tokio::test]
async fn paging_custom_url_partial_next_link() {
    let session = Session::new();
    let items = all(client(&session).get_pages_partial_url()).await;
    assert_eq!(items, [item(1), item(2)]);
    assert_eq!(
        session.trail(),
        [
            "GET /paging/customurl/partialnextlink 200",
            "GET /paging/customurl/partialnextlink/page/2 200",
        ]
    );
}

#[tokio::test]
async fn paging_custom_url_partial_operation_next_link() {
    let session = Session::new();
    let items = all(client(&session).get_pages_partial_url_operation()).await;
    assert_eq!(items, [item(1), item(2)]);
    assert_eq!(
        session.trail(),
        [
            "GET /paging/customurl/partialnextlinkop 200",
            "GET /paging/customurl/partialnextlinkop/page/2 200",
        ]
    );
}

#[tokio::test]
async fn the_operation_for_the_next_page_can_be_called() {
    let session = Session::new();
    let items = client(&session).get_pages_partial_url_operation_next("partialnextlinkop/page/2");
    assert_eq!(all(items).await, [item(2)]);
    assert_eq!(session.count(), 1);
}

#[test]
fn a_host_needs_its_account() {
    let error = CustomBaseUrlPagingClient::builder().build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.to_string().contains("accountName"), "{error}");
}
