//! Scenarios of `azure-resource-x.json`, of whose paths the server has none.

use std::collections::BTreeMap;
use std::fmt::Debug;

use azure_resource_x::AzureResourceXClient;
use azure_resource_x::models::{
    FlattenedProduct, FlattenedResourceProperties, ResourceCollection, ResourceX,
};
use maps_core::{ErrorKind, Result};
use serde_json::json;
use testserver::Session;

fn client(session: &Session) -> AzureResourceXClient {
    AzureResourceXClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

/// The only request, and that the server does not know its path.
fn assert_unknown<T: Debug>(session: &Session, answer: Result<T>, request: &str) {
    let error = answer.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().unwrap(), 404);
    let expected = request.replacen(' ', " /azure/resource-flatten/", 1);
    assert_eq!(session.trail(), [format!("{expected} 404")]);
}

fn product() -> FlattenedProduct {
    FlattenedProduct::new()
        .with_id("1")
        .with_location("West US")
        .with_pname("Product1")
        .with_lsize(7)
}

#[test]
fn flattened_properties_are_nested_on_the_wire() {
    let wire = json!({
        "id": "1",
        "location": "West US",
        "properties": { "pname": "Product1", "lsize": 7 },
    });
    assert_eq!(serde_json::to_value(product()).unwrap(), wire);
    let read: FlattenedProduct = serde_json::from_value(wire).unwrap();
    assert_eq!(read, product());
    assert_eq!(read.pname(), Some("Product1"));
    assert_eq!(read.lsize(), Some(7));
    assert_eq!(read.provisioning_state(), None);
    let properties = FlattenedResourceProperties::new()
        .with_pname("Product1")
        .with_lsize(7);
    assert_eq!(read.properties, Some(properties));
}

#[tokio::test]
async fn put_array() {
    let session = Session::new();
    let resources = [ResourceX::new().with_location("West US")];
    let answer = client(&session).put_array().body(&resources).await;
    assert_unknown(&session, answer, "PUT array");
}

#[tokio::test]
async fn get_array() {
    let session = Session::new();
    let answer = client(&session).get_array().await;
    assert_unknown(&session, answer, "GET array");
}

#[tokio::test]
async fn put_dictionary() {
    let session = Session::new();
    let products = BTreeMap::from([("Product1".to_owned(), product())]);
    let answer = client(&session).put_dictionary().body(&products).await;
    assert_unknown(&session, answer, "PUT dictionary");
}

#[tokio::test]
async fn get_dictionary() {
    let session = Session::new();
    let answer = client(&session).get_dictionary().await;
    assert_unknown(&session, answer, "GET dictionary");
}

#[tokio::test]
async fn put_resource_collection() {
    let session = Session::new();
    let collection = ResourceCollection::new()
        .with_productresource(product())
        .with_arrayofresources([product()])
        .with_dictionaryofresources([("Product1", product())]);
    let request = client(&session).put_resource_collection().body(&collection);
    assert_unknown(&session, request.await, "PUT resourcecollection");
}

#[tokio::test]
async fn get_resource_collection() {
    let session = Session::new();
    let answer = client(&session).get_resource_collection().await;
    assert_unknown(&session, answer, "GET resourcecollection");
}
