//! POST of `LROs` of `lro.json`.

use serde_json::{Value, json};
use testserver::Session;

use super::super::{assert_ended, error, product, result};
use super::{body, foo, lros, with_status};

#[tokio::test]
async fn lro_post_and_get_list() {
    let session = Session::new();
    assert_eq!(
        result(lros(&session).begin_post202_list().await).await,
        json!([foo()])
    );
    assert_eq!(
        session.trail(),
        [
            "POST /lro/list 202",
            "GET /lro/list/pollingGet 200",
            "GET /lro/list/finalGet 200",
        ]
    );
}

#[tokio::test]
async fn lro_post200() {
    let session = Session::new();
    assert_eq!(
        result(lros(&session).begin_post200_with_payload().await).await,
        json!({ "id": "1", "name": "product" })
    );
    assert_eq!(
        session.trail(),
        [
            "POST /lro/post/payload/200 202",
            "GET /lro/post/payload/200 200",
        ]
    );
}

#[tokio::test]
async fn lro_post_succeded_with_body() {
    let session = Session::new();
    assert_eq!(
        result(lros(&session).begin_post202_retry200().body(&body()).await).await,
        Value::Null
    );
    assert_eq!(
        session.trail(),
        [
            "POST /lro/post/202/retry/200 202",
            "GET /lro/post/202/retry/200 202",
            "GET /lro/post/newuri/202/retry/200 200",
        ]
    );
}

#[tokio::test]
async fn lro_post_succeded_no_body() {
    let session = Session::new();
    assert_eq!(
        result(
            lros(&session)
                .begin_post202_no_retry204()
                .body(&body())
                .await
        )
        .await,
        Value::Null
    );
    assert_eq!(
        session.trail(),
        [
            "POST /lro/post/202/noretry/204 202",
            "GET /lro/post/202/noretry/204 202",
            "GET /lro/post/newuri/202/noretry/204 204",
        ]
    );
}

#[tokio::test]
async fn lro_post_double_headers_final_location_post() {
    let session = Session::new();
    assert_eq!(
        result(
            lros(&session)
                .begin_double_headers_final_location_get()
                .await
        )
        .await,
        foo()
    );
    assert_eq!(
        session.trail(),
        [
            "POST /lro/LROPostDoubleHeadersFinalLocationGet 202",
            "GET /lro/LROPostDoubleHeadersFinalLocationGet/asyncOperationUrl 200",
            "GET /lro/LROPostDoubleHeadersFinalLocationGet/location 200",
        ]
    );
}

#[tokio::test]
async fn lro_post_double_headers_final_location_async() {
    let session = Session::new();
    assert_eq!(
        result(
            lros(&session)
                .begin_double_headers_final_location_get()
                .await
        )
        .await,
        foo()
    );
    assert_eq!(
        session.trail(),
        [
            "POST /lro/LROPostDoubleHeadersFinalLocationGet 202",
            "GET /lro/LROPostDoubleHeadersFinalLocationGet/asyncOperationUrl 200",
            "GET /lro/LROPostDoubleHeadersFinalLocationGet/location 200",
        ]
    );
}

#[tokio::test]
async fn lro_post_double_headers_final_location_get() {
    let session = Session::new();
    assert_eq!(
        result(
            lros(&session)
                .begin_double_headers_final_location_get()
                .await
        )
        .await,
        foo()
    );
    assert_eq!(
        session.trail(),
        [
            "POST /lro/LROPostDoubleHeadersFinalLocationGet 202",
            "GET /lro/LROPostDoubleHeadersFinalLocationGet/asyncOperationUrl 200",
            "GET /lro/LROPostDoubleHeadersFinalLocationGet/location 200",
        ]
    );
}

#[tokio::test]
async fn lro_post_double_headers_final_azure_header_get() {
    let session = Session::new();
    assert_eq!(
        result(
            lros(&session)
                .begin_double_headers_final_azure_header_get()
                .await
        )
        .await,
        json!({ "id": "100" })
    );
    assert_eq!(
        session.trail(),
        [
            "POST /lro/LROPostDoubleHeadersFinalAzureHeaderGet 202",
            "GET /lro/LROPostDoubleHeadersFinalAzureHeaderGet/asyncOperationUrl 200",
        ]
    );
}

#[tokio::test]
async fn lro_post_double_headers_final_azure_header_get_default() {
    let session = Session::new();
    assert_eq!(
        result(
            lros(&session)
                .begin_double_headers_final_azure_header_get_default()
                .await
        )
        .await,
        foo()
    );
    assert_eq!(
        session.trail(),
        [
            "POST /lro/LROPostDoubleHeadersFinalAzureHeaderGetDefault 202",
            "GET /lro/LROPostDoubleHeadersFinalAzureHeaderGetDefault/asyncOperationUrl 200",
            "GET /lro/LROPostDoubleHeadersFinalAzureHeaderGetDefault/location 200",
        ]
    );
}

#[tokio::test]
async fn lro_post_async_retry_succeeded() {
    let session = Session::new();
    assert_eq!(
        result(lros(&session).begin_post_async_retry_succeeded().await).await,
        product("Succeeded")
    );
    assert_eq!(
        session.trail(),
        [
            "POST /lro/postasync/retry/succeeded 202",
            "GET /lro/postasync/retry/succeeded/operationResults/200/ 202",
            "GET /lro/postasync/retry/succeeded/operationResults/200 200",
            "GET /lro/postasync/retry/Succeeded/operationResults/foo/200/ 200",
        ]
    );
}

#[tokio::test]
async fn lro_post_async_no_retry_succeeded() {
    let session = Session::new();
    assert_eq!(
        result(lros(&session).begin_post_async_no_retry_succeeded().await).await,
        product("Succeeded")
    );
    assert_eq!(
        session.trail(),
        [
            "POST /lro/postasync/noretry/succeeded 202",
            "GET /lro/postasync/noretry/succeeded/operationResults/200/ 202",
            "GET /lro/postasync/noretry/succeeded/operationResults/200 200",
            "GET /lro/postasync/noretry/Succeeded/operationResults/foo/200/ 200",
        ]
    );
}

#[tokio::test]
async fn lro_post_async_retry_failed() {
    let session = Session::new();
    let error = error(lros(&session).begin_post_async_retry_failed().await).await;
    let fault = json!({ "code": 500, "message": "Internal Server Error" });
    assert_ended(&error, &json!({ "status": "Failed", "error": fault }));
    assert_eq!(error.code(), Some("500"));
    assert_eq!(error.message(), Some("Internal Server Error"));
    assert_eq!(
        session.trail(),
        [
            "POST /lro/postasync/retry/failed 202",
            "GET /lro/postasync/retry/failed/operationResults/200/ 202",
            "GET /lro/postasync/retry/failed/operationResults/200 200",
        ]
    );
}

#[tokio::test]
async fn lro_post_async_retry_canceled() {
    let session = Session::new();
    assert_ended(
        &error(lros(&session).begin_retrycanceled().await).await,
        &with_status("Canceled"),
    );
    assert_eq!(
        session.trail(),
        [
            "POST /lro/postasync/retry/canceled 202",
            "GET /lro/postasync/retry/canceled/operationResults/200/ 202",
            "GET /lro/postasync/retry/canceled/operationResults/200 200",
        ]
    );
}
