//! PUT and PATCH of `LROs` of `lro.json`.

use lro::models::Sku;
use serde_json::json;
use testserver::Session;

use super::super::{assert_ended, error, product, result};
use super::{body, foo, lros, sku, sub_product, with_id};

#[tokio::test]
async fn lro_put_inline_complete() {
    let session = Session::new();
    assert_eq!(
        result(lros(&session).begin_put200_succeeded().body(&body()).await).await,
        product("Succeeded")
    );
    assert_eq!(session.trail(), ["PUT /lro/put/200/succeeded 200",]);
}

#[tokio::test]
async fn lro_put_inline_complete201() {
    let session = Session::new();
    assert_eq!(
        result(lros(&session).begin_put201_succeeded().body(&body()).await).await,
        product("Succeeded")
    );
    assert_eq!(session.trail(), ["PUT /lro/put/201/succeeded 201",]);
}

#[tokio::test]
async fn lro_put200_inline_complete_no_state() {
    let session = Session::new();
    assert_eq!(
        result(lros(&session).begin_put200_succeeded_no_state().await).await,
        foo()
    );
    assert_eq!(session.trail(), ["PUT /lro/put/200/succeeded/nostate 200",]);
}

#[tokio::test]
async fn lro_patch_inline_complete_ignore_headers() {
    let session = Session::new();
    assert_eq!(
        result(
            lros(&session)
                .begin_patch200_succeeded_ignore_headers()
                .body(&body())
                .await
        )
        .await,
        product("Succeeded")
    );
    assert_eq!(
        session.trail(),
        ["PATCH /lro/patch/200/succeeded/ignoreheaders 200",]
    );
}

#[tokio::test]
async fn lro_patch201_with_async_header() {
    let session = Session::new();
    assert_eq!(
        result(
            lros(&session)
                .begin_patch201_retry_with_header()
                .body(&body())
                .await
        )
        .await,
        with_id("/lro/patch/201/retry/onlyAsyncHeader", product("Succeeded"))
    );
    assert_eq!(
        session.trail(),
        [
            "PATCH /lro/patch/201/retry/onlyAsyncHeader 201",
            "GET /lro/patch/201/retry/onlyAsyncHeader/operationStatuses/201 200",
            "GET /lro/patch/201/retry/onlyAsyncHeader/operationStatuses/201 200",
            "GET /lro/patch/201/retry/onlyAsyncHeader 200",
        ]
    );
}

#[tokio::test]
async fn lro_patch202_with_async_and_location_header() {
    let session = Session::new();
    assert_eq!(
        result(
            lros(&session)
                .begin_patch202_retry_with_and_location_header()
                .body(&body())
                .await
        )
        .await,
        with_id(
            "/lro/patch/202/retry/asyncAndLocationHeader",
            product("Succeeded")
        )
    );
    assert_eq!(
        session.trail(),
        [
            "PATCH /lro/patch/202/retry/asyncAndLocationHeader 202",
            "GET /lro/patch/202/retry/asyncAndLocationHeader/operationResults/202 200",
            "GET /lro/patch/202/retry/asyncAndLocationHeader/operationResults/202 200",
            "GET /lro/patch/202/retry/asyncAndLocationHeader 200",
        ]
    );
}

#[tokio::test]
async fn lro_put202_retry200() {
    let session = Session::new();
    assert_eq!(
        result(lros(&session).begin_put202_retry200().body(&body()).await).await,
        foo()
    );
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/put/202/retry/200 202",
            "GET /lro/put/202/retry/operationResults/200 200",
        ]
    );
}

#[tokio::test]
async fn lro_put_succeeded_with_body() {
    let session = Session::new();
    assert_eq!(
        result(
            lros(&session)
                .begin_put201_creating_succeeded200()
                .body(&body())
                .await
        )
        .await,
        product("Succeeded")
    );
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/put/201/creating/succeeded/200 201",
            "GET /lro/put/201/creating/succeeded/200 200",
        ]
    );
}

#[tokio::test]
async fn lro_put_succeeded_no_body() {
    let session = Session::new();
    assert_eq!(
        result(
            lros(&session)
                .begin_put200_updating_succeeded204()
                .body(&body())
                .await
        )
        .await,
        product("Succeeded")
    );
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/put/200/updating/succeeded/200 200",
            "GET /lro/put/200/updating/succeeded/200 200",
        ]
    );
}

#[tokio::test]
async fn lro_put_failed() {
    let session = Session::new();
    assert_ended(
        &error(lros(&session).begin_put201_creating_failed200().await).await,
        &product("Failed"),
    );
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/put/201/created/failed/200 201",
            "GET /lro/put/201/created/failed/200 200",
        ]
    );
}

#[tokio::test]
async fn lro_put_canceled() {
    let session = Session::new();
    assert_ended(
        &error(lros(&session).begin_put200_acceptedcanceled200().await).await,
        &product("Canceled"),
    );
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/put/200/accepted/canceled/200 200",
            "GET /lro/put/200/accepted/canceled/200 200",
        ]
    );
}

#[tokio::test]
async fn lro_put_no_header_in_retry() {
    let session = Session::new();
    assert_eq!(
        result(
            lros(&session)
                .begin_put_no_header_in_retry()
                .body(&body())
                .await
        )
        .await,
        product("Succeeded")
    );
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/put/noheader/202/200 202",
            "GET /lro/put/noheader/operationresults 202",
            "GET /lro/put/noheader/operationresults 200",
        ]
    );
}

#[tokio::test]
async fn lro_put_async_retry_succeeded() {
    let session = Session::new();
    assert_eq!(
        result(
            lros(&session)
                .begin_put_async_retry_succeeded()
                .body(&body())
                .await
        )
        .await,
        product("Succeeded")
    );
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

#[tokio::test]
async fn lro_put_async_no_retry_succeeded() {
    let session = Session::new();
    assert_eq!(
        result(lros(&session).begin_put_async_no_retry_succeeded().await).await,
        product("Succeeded")
    );
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/putasync/noretry/succeeded 200",
            "GET /lro/putasync/noretry/succeeded/operationResults/200/ 202",
            "GET /lro/putasync/noretry/succeeded/operationResults/200 200",
            "GET /lro/putasync/noretry/succeeded 200",
        ]
    );
}

#[tokio::test]
async fn lro_put_async_retry_failed() {
    let session = Session::new();
    assert_ended(
        &error(lros(&session).begin_put_async_retry_failed().await).await,
        &json!({ "status": "Failed" }),
    );
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/putasync/retry/failed 200",
            "GET /lro/putasync/retry/failed/operationResults/200/ 202",
            "GET /lro/putasync/retry/failed/operationResults/200 200",
        ]
    );
}

#[tokio::test]
async fn lro_put_async_no_retry_canceled() {
    let session = Session::new();
    assert_ended(
        &error(lros(&session).begin_no_retrycanceled().await).await,
        &json!({ "status": "Canceled" }),
    );
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/putasync/noretry/canceled 200",
            "GET /lro/putasync/noretry/canceled/operationResults/200/ 202",
            "GET /lro/putasync/noretry/canceled/operationResults/200 200",
        ]
    );
}

#[tokio::test]
async fn lro_put_async_no_header_in_retry() {
    let session = Session::new();
    assert_eq!(
        result(lros(&session).begin_put_async_no_header_in_retry().await).await,
        product("Succeeded")
    );
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/putasync/noheader/201/200 201",
            "GET /lro/putasync/noheader/operationresults/123 200",
            "GET /lro/putasync/noheader/operationresults/123 200",
            "GET /lro/putasync/noheader/201/200 200",
        ]
    );
}

#[tokio::test]
async fn lro_put_non_resource_in_retry() {
    let session = Session::new();
    assert_eq!(
        result(
            lros(&session)
                .begin_put_non_resource()
                .body(&Sku::new())
                .await
        )
        .await,
        sku()
    );
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/putnonresource/202/200 202",
            "GET /lro/putnonresource/operationresults 202",
            "GET /lro/putnonresource/operationresults 200",
        ]
    );
}

#[tokio::test]
async fn lro_put_non_resource_async_in_retry() {
    let session = Session::new();
    assert_eq!(
        result(lros(&session).begin_put_async_non_resource().await).await,
        sku()
    );
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/putnonresourceasync/202/200 202",
            "GET /lro/putnonresourceasync/operationresults/123 200",
            "GET /lro/putnonresourceasync/operationresults/123 200",
            "GET /lro/putnonresourceasync/202/200 200",
        ]
    );
}

#[tokio::test]
async fn lro_put_sub_resource_in_retry() {
    let session = Session::new();
    assert_eq!(
        result(lros(&session).begin_put_sub_resource().await).await,
        sub_product()
    );
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/putsubresource/202/200 202",
            "GET /lro/putsubresource/operationresults 202",
            "GET /lro/putsubresource/operationresults 200",
        ]
    );
}

#[tokio::test]
async fn lro_put_sub_resource_async_in_retry() {
    let session = Session::new();
    assert_eq!(
        result(lros(&session).begin_put_async_sub_resource().await).await,
        sub_product()
    );
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/putsubresourceasync/202/200 202",
            "GET /lro/putsubresourceasync/operationresults/123 200",
            "GET /lro/putsubresourceasync/operationresults/123 200",
            "GET /lro/putsubresourceasync/202/200 200",
        ]
    );
}
