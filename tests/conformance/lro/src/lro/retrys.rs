//! Scenarios of `LRORetrys` of `lro.json`.

use lro::lro_retrys::LroRetrysClient;
use maps_core::{CallOptions, ErrorKind};
use serde_json::Value;
use testserver::Session;

use super::{client, product, result};

fn retrys(session: &Session) -> LroRetrysClient {
    client(session).lro_retrys()
}

/// Whoever calls knows that posting twice starts nothing twice.
fn repeatable() -> CallOptions {
    CallOptions::new().repeatable()
}

#[tokio::test]
async fn a_post_is_not_repeated_unless_the_caller_allows_it() {
    let session = Session::new();
    let begun = retrys(&session).begin_post202_retry200().await;
    let error = begun.map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().unwrap(), 500);
    assert!(error.may_have_been_sent());
    assert_eq!(
        session.trail(),
        ["POST /lro/retryerror/post/202/retry/200 500"]
    );
}

#[tokio::test]
async fn lro_retry_put_succeeded_with_body() {
    let session = Session::new();
    assert_eq!(
        result(retrys(&session).begin_put201_creating_succeeded200().await).await,
        product("Succeeded")
    );
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/retryerror/put/201/creating/succeeded/200 500",
            "PUT /lro/retryerror/put/201/creating/succeeded/200 201",
            "GET /lro/retryerror/put/201/creating/succeeded/200 500",
            "GET /lro/retryerror/put/201/creating/succeeded/200 200",
        ]
    );
}

#[tokio::test]
async fn lro_retry_error_put_async_succeeded() {
    let session = Session::new();
    assert_eq!(
        result(
            retrys(&session)
                .begin_put_async_relative_retry_succeeded()
                .await
        )
        .await,
        product("Succeeded")
    );
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/retryerror/putasync/retry/succeeded 500",
            "PUT /lro/retryerror/putasync/retry/succeeded 200",
            "GET /lro/retryerror/putasync/retry/succeeded/operationResults/200 500",
            "GET /lro/retryerror/putasync/retry/succeeded/operationResults/200 200",
            "GET /lro/retryerror/putasync/retry/succeeded 500",
            "GET /lro/retryerror/putasync/retry/succeeded 200",
        ]
    );
}

#[tokio::test]
async fn lro_retry_error_put_async_succeeded_polling() {
    let session = Session::new();
    assert_eq!(
        result(
            retrys(&session)
                .begin_put_async_relative_retry_succeeded()
                .await
        )
        .await,
        product("Succeeded")
    );
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/retryerror/putasync/retry/succeeded 500",
            "PUT /lro/retryerror/putasync/retry/succeeded 200",
            "GET /lro/retryerror/putasync/retry/succeeded/operationResults/200 500",
            "GET /lro/retryerror/putasync/retry/succeeded/operationResults/200 200",
            "GET /lro/retryerror/putasync/retry/succeeded 500",
            "GET /lro/retryerror/putasync/retry/succeeded 200",
        ]
    );
}

#[tokio::test]
async fn lro_retry_error_delete202_accepted200_succeeded() {
    let session = Session::new();
    assert_eq!(
        result(
            retrys(&session)
                .begin_delete_provisioning202_accepted200_succeeded()
                .await
        )
        .await,
        product("Succeeded")
    );
    assert_eq!(
        session.trail(),
        [
            "DELETE /lro/retryerror/delete/provisioning/202/accepted/200/succeeded 500",
            "DELETE /lro/retryerror/delete/provisioning/202/accepted/200/succeeded 202",
            "GET /lro/retryerror/delete/provisioning/202/accepted/200/succeeded 500",
            "GET /lro/retryerror/delete/provisioning/202/accepted/200/succeeded 200",
        ]
    );
}

#[tokio::test]
async fn lro_retry_error_delete202_retry200_succeeded() {
    let session = Session::new();
    assert_eq!(
        result(retrys(&session).begin_delete202_retry200().await).await,
        Value::Null
    );
    assert_eq!(
        session.trail(),
        [
            "DELETE /lro/retryerror/delete/202/retry/200 500",
            "DELETE /lro/retryerror/delete/202/retry/200 202",
            "GET /lro/retryerror/delete/202/retry/200 500",
            "GET /lro/retryerror/delete/202/retry/200 200",
        ]
    );
}

#[tokio::test]
async fn lro_retry_error_delete_async_retry_succeeded() {
    let session = Session::new();
    assert_eq!(
        result(
            retrys(&session)
                .begin_delete_relative_retry_succeeded()
                .await
        )
        .await,
        Value::Null
    );
    assert_eq!(
        session.trail(),
        [
            "DELETE /lro/retryerror/deleteasync/retry/succeeded 500",
            "DELETE /lro/retryerror/deleteasync/retry/succeeded 202",
            "GET /lro/retryerror/deleteasync/retry/succeeded/operationResults/200 500",
            "GET /lro/retryerror/deleteasync/retry/succeeded/operationResults/200 200",
        ]
    );
}

#[tokio::test]
async fn lro_retry_error_post202_retry200_succeeded() {
    let session = Session::new();
    assert_eq!(
        result(
            retrys(&session)
                .begin_post202_retry200()
                .call_options(repeatable())
                .await
        )
        .await,
        Value::Null
    );
    assert_eq!(
        session.trail(),
        [
            "POST /lro/retryerror/post/202/retry/200 500",
            "POST /lro/retryerror/post/202/retry/200 202",
            "GET /lro/retryerror/post/202/retry/200/operationResults 500",
            "GET /lro/retryerror/post/202/retry/200/operationResults 200",
        ]
    );
}

#[tokio::test]
async fn lro_retry_error_post_async_retry_succeeded() {
    let session = Session::new();
    assert_eq!(
        result(
            retrys(&session)
                .begin_post_async_relative_retry_succeeded()
                .call_options(repeatable())
                .await
        )
        .await,
        Value::Null
    );
    assert_eq!(
        session.trail(),
        [
            "POST /lro/retryerror/postasync/retry/succeeded 500",
            "POST /lro/retryerror/postasync/retry/succeeded 202",
            "GET /lro/retryerror/postasync/retry/succeeded/operationResults/200 500",
            "GET /lro/retryerror/postasync/retry/succeeded/operationResults/200 200",
        ]
    );
}
