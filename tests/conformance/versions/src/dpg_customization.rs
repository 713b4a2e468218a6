//! Scenarios of `dpg-customization.json`.
//!
//! What the suite calls raw is the body as it came; what it calls a model is the value of the generated type.

use dpg_customization::{DpgCustomizationClient, models};
use futures_util::TryStreamExt;
use serde_json::json;
use testserver::Session;

fn client(session: &Session) -> DpgCustomizationClient {
    DpgCustomizationClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

fn json_of(bytes: &[u8]) -> serde_json::Value {
    serde_json::from_slice(bytes).unwrap()
}

#[tokio::test]
async fn get_raw_model() {
    let session = Session::new();
    let answer = client(&session).get_model("raw").send().await.unwrap();
    assert_eq!(json_of(answer.bytes()), json!({ "received": "raw" }));
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn get_handwritten_model() {
    let session = Session::new();
    let product = client(&session).get_model("model").await.unwrap();
    assert_eq!(
        product,
        models::Product::new(models::ProductReceived::Model)
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn post_raw_model() {
    let session = Session::new();
    let input = models::Input::new("world!");
    let answer = client(&session)
        .post_model("raw", &input)
        .send()
        .await
        .unwrap();
    assert_eq!(json_of(answer.bytes()), json!({ "received": "raw" }));
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn post_handwritten_model() {
    let session = Session::new();
    let input = models::Input::new("world!");
    let product = client(&session).post_model("model", &input).await.unwrap();
    assert_eq!(
        product,
        models::Product::new(models::ProductReceived::Model)
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn get_raw_pages() {
    let session = Session::new();
    let pages: Vec<_> = client(&session)
        .get_pages("raw")
        .pages()
        .try_collect()
        .await
        .unwrap();
    let raw = || vec![models::Product::new(models::ProductReceived::Raw)];
    assert_eq!(pages.len(), 2);
    assert_eq!(pages[0].body().values, Some(raw()));
    assert_eq!(
        json_of(pages[1].bytes()),
        json!({ "values": [{ "received": "raw" }] })
    );
    assert_eq!(
        pages[1].body(),
        &models::ProductResult::new().with_values(raw())
    );
    assert_eq!(session.count(), 2);
}

#[tokio::test]
async fn get_handwritten_model_pages() {
    let session = Session::new();
    let items: Vec<_> = client(&session)
        .get_pages("model")
        .try_collect()
        .await
        .unwrap();
    let model = || models::Product::new(models::ProductReceived::Model);
    assert_eq!(items, [model(), model()]);
    assert_eq!(session.count(), 2);
}

#[tokio::test]
async fn raw_lro() {
    let session = Session::new();
    let mut poller = client(&session).begin_lro("raw").await.unwrap();
    let product = poller.result().await.unwrap();
    let expected = models::LroProduct::new(models::ProductReceived::Raw, "Succeeded");
    assert_eq!(product, expected);
    assert_eq!(
        poller.status(),
        Some(&json!({ "provisioningState": "Succeeded", "received": "raw" }))
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn handwritten_model_lro() {
    let session = Session::new();
    let product = client(&session)
        .begin_lro("model")
        .await
        .unwrap()
        .await
        .unwrap();
    let expected = models::LroProduct::new(models::ProductReceived::Model, "Succeeded");
    assert_eq!(product, expected);
    assert_eq!(session.count(), 1);
}
