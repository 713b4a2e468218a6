//! Scenarios of `LROSADs` of `lro.json`.

use lro::lrosads::LrosadsClient;
use lro::models::CloudError;
use maps_core::{Error, ErrorKind};
use serde_json::Value;
use testserver::Session;

use super::{assert_refused, client, error, product, result};

fn sads(session: &Session) -> LrosadsClient {
    client(session).lrosads()
}

/// An answer of this status that does not say what it has to.
fn assert_unreadable(error: &Error, status: u16) {
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.status().unwrap(), status);
}

/// The link leads nowhere, and `Retry-After: /bar` says nothing.
fn assert_not_found(error: &Error) {
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().unwrap(), 404);
    assert_eq!(error.retry_after(), None);
    assert!(error.resume_token().is_some());
}

#[tokio::test]
async fn lro_non_retry_put400() {
    let session = Session::new();
    let error = sads(&session)
        .begin_put_non_retry400()
        .await
        .map(|_| ())
        .unwrap_err();
    assert_refused(&error, "Expected bad request message");
    assert_eq!(session.trail(), ["PUT /lro/nonretryerror/put/400 400",]);
}

#[tokio::test]
async fn lro_non_retry_put201_creating400() {
    let session = Session::new();
    let error = error(sads(&session).begin_non_retry201_creating400().await).await;
    assert_refused(&error, "Error from the server");
    assert_eq!(error.last_status(), Some(product("Creating")));
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/nonretryerror/put/201/creating/400 201",
            "GET /lro/nonretryerror/put/201/creating/400 400",
        ]
    );
}

#[tokio::test]
async fn lro_non_retry_put201_creating400_invalid_json() {
    let session = Session::new();
    let error = error(
        sads(&session)
            .begin_non_retry201_creating400_invalid_json()
            .await,
    )
    .await;
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().unwrap(), 400);
    assert_eq!(error.body_as::<CloudError>(), None);
    let text = r#"<{ "message" : "Error from the server" }"#;
    assert_eq!(error.body().unwrap(), text);
    assert_eq!(error.last_status(), Some(product("Creating")));
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/nonretryerror/put/201/creating/400/invalidjson 201",
            "GET /lro/nonretryerror/put/201/creating/400/invalidjson 400",
        ]
    );
}

#[tokio::test]
async fn lro_non_retry_put_async_retry400() {
    let session = Session::new();
    let error = error(sads(&session).begin_put_async_relative_retry400().await).await;
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().unwrap(), 400);
    assert_eq!(error.body_as::<CloudError>(), None);
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/nonretryerror/putasync/retry/400 200",
            "GET /lro/nonretryerror/putasync/retry/failed/operationResults/400 400",
        ]
    );
}

#[tokio::test]
async fn lro_non_retry_delete400() {
    let session = Session::new();
    let error = sads(&session)
        .begin_delete_non_retry400()
        .await
        .map(|_| ())
        .unwrap_err();
    assert_refused(&error, "Expected bad request message");
    assert_eq!(
        session.trail(),
        ["DELETE /lro/nonretryerror/delete/400 400",]
    );
}

#[tokio::test]
async fn lro_non_retry_delete202_retry400() {
    let session = Session::new();
    let error = error(sads(&session).begin_delete202_non_retry400().await).await;
    assert_refused(&error, "Expected bad request message");
    assert_eq!(
        session.trail(),
        [
            "DELETE /lro/nonretryerror/delete/202/retry/400 202",
            "GET /lro/nonretryerror/delete/202/retry/400 400",
        ]
    );
}

#[tokio::test]
async fn lro_non_retry_delete_async_retry400() {
    let session = Session::new();
    let error = error(sads(&session).begin_delete_relative_retry400().await).await;
    assert_refused(&error, "Expected bad request message");
    assert_eq!(
        session.trail(),
        [
            "DELETE /lro/nonretryerror/deleteasync/retry/400 202",
            "GET /lro/nonretryerror/deleteasync/retry/failed/operationResults/400 400",
        ]
    );
}

#[tokio::test]
async fn lro_non_retry_post400() {
    let session = Session::new();
    let error = sads(&session)
        .begin_post_non_retry400()
        .await
        .map(|_| ())
        .unwrap_err();
    assert_refused(&error, "Expected bad request message");
    assert_eq!(session.trail(), ["POST /lro/nonretryerror/post/400 400",]);
}

#[tokio::test]
async fn lro_non_retry_post202_retry400() {
    let session = Session::new();
    let error = error(sads(&session).begin_post202_non_retry400().await).await;
    assert_refused(&error, "Expected bad request message");
    assert_eq!(
        session.trail(),
        [
            "POST /lro/nonretryerror/post/202/retry/400 202",
            "GET /lro/nonretryerror/post/202/retry/400 400",
        ]
    );
}

#[tokio::test]
async fn lro_non_retry_post_async_retry400() {
    let session = Session::new();
    let error = error(sads(&session).begin_post_async_relative_retry400().await).await;
    assert_refused(&error, "Expected bad request message");
    assert_eq!(
        session.trail(),
        [
            "POST /lro/nonretryerror/postasync/retry/400 202",
            "GET /lro/nonretryerror/postasync/retry/failed/operationResults/400 400",
        ]
    );
}

#[tokio::test]
async fn lro_error_put201_no_provisioning_state_payload() {
    let session = Session::new();
    let error = error(
        sads(&session)
            .begin_error201_no_provisioning_state_payload()
            .await,
    )
    .await;
    assert_unreadable(&error, 201);
    assert_eq!(
        session.trail(),
        ["PUT /lro/error/put/201/noprovisioningstatepayload 201",]
    );
}

#[tokio::test]
async fn lro_error_put_async_no_polling_status() {
    let session = Session::new();
    let error = error(sads(&session).begin_relative_retry_no_status().await).await;
    assert_unreadable(&error, 200);
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/error/putasync/retry/nostatus 200",
            "GET /lro/error/putasync/retry/failed/operationResults/nostatus 200",
        ]
    );
}

#[tokio::test]
async fn lro_error_put_async_no_polling_status_payload() {
    let session = Session::new();
    let error = error(
        sads(&session)
            .begin_relative_retry_no_status_payload()
            .await,
    )
    .await;
    assert_unreadable(&error, 200);
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/error/putasync/retry/nostatuspayload 200",
            "GET /lro/error/putasync/retry/failed/operationResults/nostatuspayload 200",
        ]
    );
}

#[tokio::test]
async fn lro_error_delete_no_location() {
    let session = Session::new();
    assert_eq!(
        result(sads(&session).begin_delete204_succeeded().await).await,
        Value::Null
    );
    assert_eq!(
        session.trail(),
        ["DELETE /lro/error/delete/204/nolocation 204",]
    );
}

#[tokio::test]
async fn lro_error_delete_async_no_polling_status() {
    let session = Session::new();
    let error = error(sads(&session).begin_delete_relative_retry_no_status().await).await;
    assert_unreadable(&error, 200);
    assert_eq!(
        session.trail(),
        [
            "DELETE /lro/error/deleteasync/retry/nostatus 202",
            "GET /lro/error/deleteasync/retry/failed/operationResults/nostatus 200",
        ]
    );
}

#[tokio::test]
async fn lro_error_post_no_location() {
    let session = Session::new();
    let error = sads(&session)
        .begin_post202_no_location()
        .await
        .map(|_| ())
        .unwrap_err();
    assert_unreadable(&error, 202);
    assert!(error.may_have_been_sent());
    assert_eq!(
        session.trail(),
        ["POST /lro/error/post/202/nolocation 202",]
    );
}

#[tokio::test]
async fn lro_error_post_async_no_polling_payload() {
    let session = Session::new();
    let error = error(sads(&session).begin_relative_retry_no_payload().await).await;
    assert_unreadable(&error, 200);
    assert_eq!(
        session.trail(),
        [
            "POST /lro/error/postasync/retry/nopayload 202",
            "GET /lro/error/postasync/retry/failed/operationResults/nopayload 200",
        ]
    );
}

#[tokio::test]
async fn lro_error_put200_invalid_json() {
    let session = Session::new();
    let error = sads(&session)
        .begin_put200_invalid_json()
        .await
        .map(|_| ())
        .unwrap_err();
    assert_unreadable(&error, 200);
    assert_eq!(session.trail(), ["PUT /lro/error/put/200/invalidjson 200",]);
}

#[tokio::test]
async fn lro_error_put_async_invalid_header() {
    let session = Session::new();
    let error = error(
        sads(&session)
            .begin_put_async_relative_retry_invalid_header()
            .await,
    )
    .await;
    assert_not_found(&error);
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/error/putasync/retry/invalidheader 200",
            "GET /foo 404",
            "GET /foo 404",
            "GET /foo 404",
            "GET /foo 404",
            "GET /foo 404",
            "GET /foo 404",
        ]
    );
}

#[tokio::test]
async fn lro_error_put_async_invalid_json_polling() {
    let session = Session::new();
    let error = error(
        sads(&session)
            .begin_put_async_relative_retry_invalid_json_polling()
            .await,
    )
    .await;
    assert_unreadable(&error, 200);
    assert_eq!(
        session.trail(),
        [
            "PUT /lro/error/putasync/retry/invalidjsonpolling 200",
            "GET /lro/error/putasync/retry/failed/operationResults/invalidjsonpolling 200",
        ]
    );
}

#[tokio::test]
async fn lro_error_delete_async_invalid_header() {
    let session = Session::new();
    let error = error(
        sads(&session)
            .begin_delete_relative_retry_invalid_header()
            .await,
    )
    .await;
    assert_not_found(&error);
    assert_eq!(
        session.trail(),
        [
            "DELETE /lro/error/deleteasync/retry/invalidheader 202",
            "GET /foo 404",
            "GET /foo 404",
            "GET /foo 404",
            "GET /foo 404",
            "GET /foo 404",
            "GET /foo 404",
        ]
    );
}

#[tokio::test]
async fn lro_error_delete_async_invalid_json_polling() {
    let session = Session::new();
    let error = error(
        sads(&session)
            .begin_delete_relative_retry_invalid_json_polling()
            .await,
    )
    .await;
    assert_unreadable(&error, 200);
    assert_eq!(
        session.trail(),
        [
            "DELETE /lro/error/deleteasync/retry/invalidjsonpolling 202",
            "GET /lro/error/deleteasync/retry/failed/operationResults/invalidjsonpolling 200",
        ]
    );
}

#[tokio::test]
async fn lro_error_delete202_retry_invalid_header() {
    let session = Session::new();
    let error = error(sads(&session).begin_delete202_retry_invalid_header().await).await;
    assert_not_found(&error);
    assert_eq!(
        session.trail(),
        [
            "DELETE /lro/error/delete/202/retry/invalidheader 202",
            "GET /foo 404",
            "GET /foo 404",
            "GET /foo 404",
            "GET /foo 404",
            "GET /foo 404",
            "GET /foo 404",
        ]
    );
}

#[tokio::test]
async fn lro_error_post_async_invalid_header() {
    let session = Session::new();
    let error = error(
        sads(&session)
            .begin_post_async_relative_retry_invalid_header()
            .await,
    )
    .await;
    assert_not_found(&error);
    assert_eq!(
        session.trail(),
        [
            "POST /lro/error/postasync/retry/invalidheader 202",
            "GET /foo 404",
            "GET /foo 404",
            "GET /foo 404",
            "GET /foo 404",
            "GET /foo 404",
            "GET /foo 404",
        ]
    );
}

#[tokio::test]
async fn lro_error_post_async_invalid_json_polling() {
    let session = Session::new();
    let error = error(
        sads(&session)
            .begin_post_async_relative_retry_invalid_json_polling()
            .await,
    )
    .await;
    assert_unreadable(&error, 200);
    assert_eq!(
        session.trail(),
        [
            "POST /lro/error/postasync/retry/invalidjsonpolling 202",
            "GET /lro/error/postasync/retry/failed/operationResults/invalidjsonpolling 200",
        ]
    );
}

#[tokio::test]
async fn lro_error_post202_retry_invalid_header() {
    let session = Session::new();
    let error = error(sads(&session).begin_post202_retry_invalid_header().await).await;
    assert_not_found(&error);
    assert_eq!(
        session.trail(),
        [
            "POST /lro/error/post/202/retry/invalidheader 202",
            "GET /foo 404",
            "GET /foo 404",
            "GET /foo 404",
            "GET /foo 404",
            "GET /foo 404",
            "GET /foo 404",
        ]
    );
}
