//! Scenarios of `LROs` of `lro.json`.

use lro::lros::LrosClient;
use lro::models::Product;
use serde_json::{Value, json};
use testserver::Session;

use super::{client, product};

mod delete;
mod post;
mod put;

fn lros(session: &Session) -> LrosClient {
    client(session).lros()
}

/// What is sent; the server looks at none of it.
fn body() -> Product {
    Product::new().with_location("West US")
}

fn foo() -> Value {
    json!({ "id": "100", "name": "foo" })
}

fn sku() -> Value {
    json!({ "name": "sku", "id": "100" })
}

fn sub_product() -> Value {
    json!({ "id": "100", "properties": { "provisioningState": "Succeeded" } })
}

/// The last monitor of some operations holds the product too.
fn with_status(status: &str) -> Value {
    let mut monitor = product("Succeeded");
    monitor["status"] = status.into();
    monitor
}

fn with_id(id: &str, mut product: Value) -> Value {
    product["id"] = id.into();
    product
}

/// What a poller sees on the way, and that the result can still be had afterwards.
#[tokio::test]
async fn statuses_are_seen_one_by_one() {
    let session = Session::new();
    let mut poller = lros(&session)
        .begin_put_async_retry_succeeded()
        .await
        .unwrap();
    let mut seen = Vec::new();
    while let Some(status) = poller.next().await {
        seen.push(status.unwrap());
    }
    let expected = ["Accepted", "Succeeded"].map(|word| json!({ "status": word }));
    assert_eq!(seen, expected);
    assert_eq!(poller.status(), Some(&expected[1]));
    assert_eq!(session.count(), 3);
    let result = poller.result().await.unwrap();
    assert_eq!(serde_json::to_value(result).unwrap(), product("Succeeded"));
    assert_eq!(session.count(), 4);
}

/// The client that goes on shares nothing with the first but the cookies by which the server knows the step.
#[tokio::test]
async fn an_operation_goes_on_by_its_token() {
    let session = Session::new();
    let mut poller = lros(&session)
        .begin_put_async_retry_succeeded()
        .await
        .unwrap();
    let status = poller.next().await.unwrap().unwrap();
    assert_eq!(status, json!({ "status": "Accepted" }));
    let token = serde_json::to_string(&poller.resume_token()).unwrap();
    drop(poller);

    let token = serde_json::from_str(&token).unwrap();
    let resumed = lros(&session).resume_put_async_retry_succeeded(token);
    let result = resumed.unwrap().await.unwrap();
    assert_eq!(serde_json::to_value(result).unwrap(), product("Succeeded"));
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/putasync/retry/succeeded 200",
            "GET /lro/putasync/retry/succeeded/operationResults/200/ 202",
            "GET /lro/putasync/retry/succeeded/operationResults/200 200",
            "GET /lro/putasync/retry/succeeded 200",
        ]
    );
}
