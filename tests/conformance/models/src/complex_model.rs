//! Scenarios of `complex-model.json`.
//!
//! The server does not know the addresses of these operations, so it is asserted what goes out.

use std::fmt::Debug;

use complex_model::ComplexModelClient;
use complex_model::models::{CatalogArrayOfDictionary, CatalogDictionaryOfArray, Product};
use maps_core::{ErrorKind, Result};
use serde_json::{Value, json};
use testserver::Session;

fn client(session: &Session) -> ComplexModelClient {
    ComplexModelClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

const TARGET: &str = "/subscriptions/123456/resourcegroups/rg1/Microsoft.Cache/Redis\
                      ?api-version=2014-04-01-preview";

fn product() -> Product {
    Product::new()
        .with_product_id("p1")
        .with_description("a product")
        .with_display_name("Product One")
        .with_capacity("4 people")
        .with_image("http://example.com/p1.png")
}

/// Checks that the server did not know the address, and what went out.
fn went_out<T: Debug>(session: &Session, answer: Result<T>, method: &str, body: Option<Value>) {
    let error = answer.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    let [exchange] = &session.exchanges()[..] else {
        panic!("not one request");
    };
    assert_eq!(exchange.line(), format!("{method} {TARGET}"));
    let sent = exchange.body.as_deref();
    let sent = sent.map(|bytes| serde_json::from_slice::<Value>(bytes).unwrap());
    assert_eq!(sent, body);
}

#[tokio::test]
async fn list_of_products() {
    let session = Session::new();
    let answer = client(&session).list("rg1").await;
    went_out(&session, answer, "GET", None);
}

#[tokio::test]
async fn map_of_lists() {
    let session = Session::new();
    let catalog = CatalogDictionaryOfArray::new()
        .with_product_dictionary_of_array([("Array1", vec![product()])]);
    let call = client(&session).create("123456", "rg1", &catalog);
    let product = json!({
        "product_id": "p1",
        "description": "a product",
        "display_name": "Product One",
        "capacity": "4 people",
        "image": "http://example.com/p1.png",
    });
    let body = json!({ "productDictionaryOfArray": { "Array1": [product] } });
    went_out(&session, call.await, "POST", Some(body));
}

#[tokio::test]
async fn list_of_maps() {
    let session = Session::new();
    let products = [("dict1".to_owned(), Product::new().with_capacity("2"))];
    let catalog =
        CatalogArrayOfDictionary::new().with_product_array_of_dictionary([products.into()]);
    let call = client(&session).update("123456", "rg1", &catalog);
    let body = json!({ "productArrayOfDictionary": [{ "dict1": { "capacity": "2" } }] });
    went_out(&session, call.await, "PUT", Some(body));
}
