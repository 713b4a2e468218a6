//! DELETE of `LROs` of `lro.json`.

use serde_json::{Value, json};
use testserver::Session;

use super::super::{assert_ended, error, product, result};
use super::lros;

#[tokio::test]
async fn lro_delete_provisioning_succeeded_with_body() {
    let session = Session::new();
    assert_eq!(
        result(
            lros(&session)
                .begin_delete_provisioning202_accepted200_succeeded()
                .await
        )
        .await,
        product("Succeeded")
    );
    assert_eq!(
        session.trail(),
        [
            "DELETE /lro/delete/provisioning/202/accepted/200/succeeded 202",
            "GET /lro/delete/provisioning/202/accepted/200/succeeded 200",
        ]
    );
}

#[tokio::test]
async fn lro_delete_provisioning_failed() {
    let session = Session::new();
    assert_ended(
        &error(
            lros(&session)
                .begin_delete_provisioning202_deleting_failed200()
                .await,
        )
        .await,
        &product("Failed"),
    );
    assert_eq!(
        session.trail(),
        [
            "DELETE /lro/delete/provisioning/202/deleting/200/failed 202",
            "GET /lro/delete/provisioning/202/deleting/200/failed 200",
        ]
    );
}

#[tokio::test]
async fn lro_delete_provisioning_canceled() {
    let session = Session::new();
    assert_ended(
        &error(
            lros(&session)
                .begin_delete_provisioning202_deletingcanceled200()
                .await,
        )
        .await,
        &product("Canceled"),
    );
    assert_eq!(
        session.trail(),
        [
            "DELETE /lro/delete/provisioning/202/deleting/200/canceled 202",
            "GET /lro/delete/provisioning/202/deleting/200/canceled 200",
        ]
    );
}

#[tokio::test]
async fn lro_delete_inline_complete() {
    let session = Session::new();
    assert_eq!(
        result(lros(&session).begin_delete204_succeeded().await).await,
        Value::Null
    );
    assert_eq!(session.trail(), ["DELETE /lro/delete/204/succeeded 204",]);
}

#[tokio::test]
async fn lro_delete200() {
    let session = Session::new();
    assert_eq!(
        result(lros(&session).begin_delete202_retry200().await).await,
        Value::Null
    );
    assert_eq!(
        session.trail(),
        [
            "DELETE /lro/delete/202/retry/200 202",
            "GET /lro/delete/202/retry/200 200",
        ]
    );
}

#[tokio::test]
async fn lro_delete204() {
    let session = Session::new();
    assert_eq!(
        result(lros(&session).begin_delete202_no_retry204().await).await,
        Value::Null
    );
    assert_eq!(
        session.trail(),
        [
            "DELETE /lro/delete/202/noretry/204 202",
            "GET /lro/delete/202/noretry/204 204",
        ]
    );
}

#[tokio::test]
async fn lro_delete_no_header_in_retry() {
    let session = Session::new();
    assert_eq!(
        result(lros(&session).begin_delete_no_header_in_retry().await).await,
        Value::Null
    );
    assert_eq!(
        session.trail(),
        [
            "DELETE /lro/delete/noheader 202",
            "GET /lro/delete/noheader/operationresults/123 202",
            "GET /lro/delete/noheader/operationresults/123 204",
        ]
    );
}

#[tokio::test]
async fn lro_delete_async_no_header_in_retry() {
    let session = Session::new();
    assert_eq!(
        result(lros(&session).begin_delete_async_no_header_in_retry().await).await,
        Value::Null
    );
    assert_eq!(
        session.trail(),
        [
            "DELETE /lro/deleteasync/noheader/202/204 202",
            "GET /lro/deleteasync/noheader/operationresults/123 200",
            "GET /lro/deleteasync/noheader/operationresults/123 200",
        ]
    );
}

#[tokio::test]
async fn lro_delete_async_retry_succeeded() {
    let session = Session::new();
    assert_eq!(
        result(lros(&session).begin_delete_retry_succeeded().await).await,
        Value::Null
    );
    assert_eq!(
        session.trail(),
        [
            "DELETE /lro/deleteasync/retry/succeeded 202",
            "GET /lro/deleteasync/retry/succeeded/operationResults/200/ 202",
            "GET /lro/deleteasync/retry/succeeded/operationResults/200 200",
        ]
    );
}

#[tokio::test]
async fn lro_delete_async_no_retry_succeeded() {
    let session = Session::new();
    assert_eq!(
        result(lros(&session).begin_delete_no_retry_succeeded().await).await,
        Value::Null
    );
    assert_eq!(
        session.trail(),
        [
            "DELETE /lro/deleteasync/noretry/succeeded 202",
            "GET /lro/deleteasync/noretry/succeeded/operationResults/200/ 202",
            "GET /lro/deleteasync/noretry/succeeded/operationResults/200 200",
        ]
    );
}

#[tokio::test]
async fn lro_delete_async_retry_failed() {
    let session = Session::new();
    assert_ended(
        &error(lros(&session).begin_delete_retry_failed().await).await,
        &json!({ "status": "Failed" }),
    );
    assert_eq!(
        session.trail(),
        [
            "DELETE /lro/deleteasync/retry/failed 202",
            "GET /lro/deleteasync/retry/failed/operationResults/200/ 202",
            "GET /lro/deleteasync/retry/failed/operationResults/200 200",
        ]
    );
}

#[tokio::test]
async fn lro_delete_async_retry_canceled() {
    let session = Session::new();
    assert_ended(
        &error(lros(&session).begin_delete_retrycanceled().await).await,
        &json!({ "status": "Canceled" }),
    );
    assert_eq!(
        session.trail(),
        [
            "DELETE /lro/deleteasync/retry/canceled 202",
            "GET /lro/deleteasync/retry/canceled/operationResults/200/ 202",
            "GET /lro/deleteasync/retry/canceled/operationResults/200 200",
        ]
    );
}
