//! Scenarios of `model-flattening.json`.

use std::collections::BTreeMap;
use std::time::Duration;

use maps_core::{CallOptions, ErrorKind};
use model_flattening::models::{
    ErrorModel, FlattenedProduct, FlattenedProductProperties,
    FlattenedProductPropertiesProvisioningStateValues, ProductUrl, Resource, ResourceCollection,
    SimpleProduct, SimpleProductProperties, WrappedProduct,
};
use model_flattening::{FlattenParameterGroup, ModelFlatteningClient};
use testserver::Session;

fn client(session: &Session) -> ModelFlatteningClient {
    ModelFlatteningClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

fn properties(p_name: &str) -> FlattenedProductProperties {
    FlattenedProductProperties::new()
        .with_p_name(p_name)
        .with_type("Flat")
}

/// What the server has of everything: the first of three.
fn whole(id: &str, name: &str, p_name: &str) -> FlattenedProduct {
    FlattenedProduct::new()
        .with_id(id)
        .with_location("Building 44")
        .with_name(name)
        .with_properties(properties(p_name))
        .with_provisioning_state("Succeeded")
        .with_provisioning_state_values(FlattenedProductPropertiesProvisioningStateValues::Ok)
        .with_tags([("tag1", "value1"), ("tag2", "value3")])
        .with_type("Microsoft.Web/sites")
}

/// The second and the third.
fn located(id: &str, name: &str) -> FlattenedProduct {
    named(id, name).with_location("Building 44")
}

fn named(id: &str, name: &str) -> FlattenedProduct {
    FlattenedProduct::new().with_id(id).with_name(name)
}

/// A product to send.
fn flat(location: &str, p_name: &str) -> FlattenedProduct {
    FlattenedProduct::new()
        .with_location(location)
        .with_properties(properties(p_name))
}

fn tagged(product: FlattenedProduct) -> FlattenedProduct {
    product.with_tags([("tag1", "value1"), ("tag2", "value3")])
}

fn dictionary() -> BTreeMap<String, FlattenedProduct> {
    BTreeMap::from([
        ("Resource1".to_owned(), tagged(flat("West US", "Product1"))),
        ("Resource2".to_owned(), flat("Building 44", "Product2")),
    ])
}

#[tokio::test]
async fn get_model_flatten_array() {
    let session = Session::new();
    let answer = client(&session).get_array().await.unwrap();
    assert_eq!(
        answer,
        [
            whole("1", "Resource1", "Product1"),
            located("2", "Resource2"),
            named("3", "Resource3"),
        ]
    );
    assert_eq!(answer[0].p_name(), Some("Product1"));
    assert_eq!(answer[0].provisioning_state(), Some("Succeeded"));
    assert_eq!(answer[1].p_name(), None);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn put_model_flatten_array() {
    let session = Session::new();
    let resources = [
        // What is read-only stays at home.
        Resource::new()
            .with_id("7")
            .with_location("West US")
            .with_tags([("tag1", "value1"), ("tag2", "value3")]),
        Resource::new().with_location("Building 44"),
    ];
    let call = client(&session).put_array().body(&resources);
    assert_eq!(call.send().await.unwrap().status(), 200);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn get_model_flatten_dictionary() {
    let session = Session::new();
    let answer = client(&session).get_dictionary().await.unwrap();
    let expected = BTreeMap::from([
        ("Product1".to_owned(), whole("1", "Resource1", "Product1")),
        ("Product2".to_owned(), located("2", "Resource2")),
        ("Product3".to_owned(), named("3", "Resource3")),
    ]);
    assert_eq!(answer, expected);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn put_model_flatten_dictionary() {
    let session = Session::new();
    let call = client(&session).put_dictionary().body(&dictionary());
    assert_eq!(call.send().await.unwrap().status(), 200);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn get_model_flatten_resource_collection() {
    let session = Session::new();
    let answer = client(&session).get_resource_collection().await.unwrap();
    let expected = ResourceCollection::new()
        .with_dictionaryofresources([
            ("Product1", whole("1", "Resource1", "Product1")),
            ("Product2", located("2", "Resource2")),
            ("Product3", named("3", "Resource3")),
        ])
        .with_arrayofresources([
            whole("4", "Resource4", "Product4"),
            located("5", "Resource5"),
            named("6", "Resource6"),
        ])
        .with_productresource(located("7", "Resource7"));
    assert_eq!(answer, expected);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn put_model_flatten_resource_collection() {
    let session = Session::new();
    let collection = ResourceCollection::new()
        .with_arrayofresources([
            tagged(flat("West US", "Product1")),
            flat("East US", "Product2"),
        ])
        .with_dictionaryofresources(dictionary())
        .with_productresource(flat("India", "Azure"));
    let call = client(&session).put_resource_collection().body(&collection);
    assert_eq!(call.send().await.unwrap().status(), 200);
    assert_eq!(session.count(), 1);
}

fn simple_product(image: ProductUrl) -> SimpleProduct {
    SimpleProduct::new("123")
        .with_description("product description")
        .with_details(SimpleProductProperties::new("max name").with_max_product_image(image))
}

#[tokio::test]
async fn put_model_flatten_custom_base() {
    let session = Session::new();
    let image = ProductUrl::new()
        .with_odata_value("http://foo")
        .with_generic_value("https://generic");
    let product = simple_product(image);
    let call = client(&session).simple_product().body(&product);
    let answer = call.await.unwrap();
    assert_eq!(answer, product);
    assert_eq!(answer.max_product_display_name(), Some("max name"));
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn post_model_flatten_custom_parameter() {
    let session = Session::new();
    let product = simple_product(ProductUrl::new().with_odata_value("http://foo"));
    let call = client(&session).flattened_simple_product().body(&product);
    assert_eq!(call.await.unwrap(), product);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn put_model_flatten_custom_grouped_parameter() {
    let session = Session::new();
    let product = simple_product(ProductUrl::new().with_odata_value("http://foo"));
    let group =
        FlattenParameterGroup::new("groupproduct").with_simple_body_product(product.clone());
    let call = client(&session).simple_product_with_grouping(&group);
    assert_eq!(call.await.unwrap(), product);
    assert_eq!(
        session.targets(),
        ["/model-flatten/customFlattening/parametergrouping/groupproduct/"]
    );
}

// The server takes this request and never answers it.
#[tokio::test]
async fn wrapped_array_that_is_never_answered_runs_out_of_time() {
    let session = Session::new();
    let limit = Duration::from_millis(300);
    let call = client(&session)
        .put_wrapped_array()
        .body(&[WrappedProduct::new().with_value("hello")])
        .call_options(CallOptions::new().timeout(limit));
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.may_have_been_sent());
    let [exchange] = &session.exchanges()[..] else {
        panic!("not one request");
    };
    assert_eq!(exchange.line(), "PUT /model-flatten/wrappedarray");
    assert_eq!(
        exchange.body.as_deref(),
        Some(&br#"[{"value":"hello"}]"#[..])
    );
}

#[tokio::test]
async fn wrapped_array_is_nothing_that_the_server_has() {
    let session = Session::new();
    let call = client(&session).get_wrapped_array();
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    let body: ErrorModel = error.body_as().unwrap();
    assert_eq!(body.status, Some(400));
    assert_eq!(
        body.message.as_deref(),
        Some("Request path must contain 'array', 'dictionary' or 'resourcecollection'")
    );
    assert_eq!(session.count(), 1);
}
