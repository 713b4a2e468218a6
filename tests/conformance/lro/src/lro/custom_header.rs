//! Scenarios of `LROsCustomHeader` of `lro.json`.

use lro::lros_custom_header::LrosCustomHeaderClient;
use maps_core::CallOptions;
use serde_json::Value;
use testserver::Session;

use super::{client, product, result};

fn custom(session: &Session) -> LrosCustomHeaderClient {
    client(session).lros_custom_header()
}

/// The id that the server wants on every request of these operations.
const ID: &str = "9C4D50EE-2D56-4CD3-8152-34347DC9F2B0";

fn named() -> CallOptions {
    CallOptions::new().client_request_id(ID)
}

fn assert_named(session: &Session) {
    for exchange in session.exchanges() {
        assert_eq!(exchange.headers["x-ms-client-request-id"], ID);
    }
}

#[tokio::test]
async fn custom_header_put_async_succeded() {
    let session = Session::new();
    assert_eq!(
        result(
            custom(&session)
                .begin_put_async_retry_succeeded()
                .call_options(named())
                .await
        )
        .await,
        product("Succeeded")
    );
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/customheader/putasync/retry/succeeded 200",
            "GET /lro/customheader/putasync/retry/succeeded/operationResults/200 202",
            "GET /lro/customheader/putasync/retry/succeeded/operationResults/200 200",
            "GET /lro/customheader/putasync/retry/succeeded 200",
        ]
    );
    assert_named(&session);
}

#[tokio::test]
async fn custom_header_put_succeeded() {
    let session = Session::new();
    assert_eq!(
        result(
            custom(&session)
                .begin_put201_creating_succeeded200()
                .call_options(named())
                .await
        )
        .await,
        product("Succeeded")
    );
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/customheader/put/201/creating/succeeded/200 201",
            "GET /lro/customheader/put/201/creating/succeeded/200 200",
        ]
    );
    assert_named(&session);
}

#[tokio::test]
async fn custom_header_post_succeeded() {
    let session = Session::new();
    assert_eq!(
        result(
            custom(&session)
                .begin_post202_retry200()
                .call_options(named())
                .await
        )
        .await,
        Value::Null
    );
    assert_eq!(
        session.trail(),
        [
            "POST /lro/customheader/post/202/retry/200 202",
            "GET /lro/customheader/post/202/retry/200 202",
            "GET /lro/customheader/post/newuri/202/retry/200 200",
        ]
    );
    assert_named(&session);
}

#[tokio::test]
async fn custom_header_post_async_succeded() {
    let session = Session::new();
    assert_eq!(
        result(
            custom(&session)
                .begin_post_async_retry_succeeded()
                .call_options(named())
                .await
        )
        .await,
        Value::Null
    );
    assert_eq!(
        session.trail(),
        [
            "POST /lro/customheader/postasync/retry/succeeded 202",
            "GET /lro/customheader/postasync/retry/succeeded/operationResults/200 202",
            "GET /lro/customheader/postasync/retry/succeeded/operationResults/200 200",
        ]
    );
    assert_named(&session);
}
