//! Scenarios of `x-ms-client-request-id` of `azure-special-properties.json`.

use std::sync::Arc;

use maps_core::{
    BoxFuture, CallOptions, ErrorKind, HttpRequest, Next, Policy, RawResponse, Result,
};
use testserver::Session;

use super::{builder, client};

const ID: &str = "9C4D50EE-2D56-4CD3-8152-34347DC9F2B0";
const OVERWRITE: &str = "/azurespecials/overwrite/x-ms-client-request-id/method/";

/// Takes the id of the call off each request.
#[derive(Debug)]
struct Anonymous;

impl Policy for Anonymous {
    fn send<'a>(
        &'a self,
        request: &'a mut HttpRequest,
        next: Next<'a>,
    ) -> BoxFuture<'a, Result<RawResponse>> {
        request.headers.remove("x-ms-client-request-id");
        next.send(request)
    }
}

#[tokio::test]
async fn azure_xms_request_client_overwrite() {
    let session = Session::new();
    let client = client(&session).x_ms_client_request_id();
    let options = CallOptions::new().client_request_id(ID);
    let answer = client.get().call_options(options).send().await.unwrap();
    assert_eq!(answer.request_id(), Some("123"));
    assert_eq!(session.exchanges()[0].headers["x-ms-client-request-id"], ID);
    assert_eq!(session.trail(), [format!("GET {OVERWRITE} 200")]);
}

#[tokio::test]
async fn azure_xms_request_client_id_null() {
    let session = Session::new();
    let options = session.options().per_try_policy(Arc::new(Anonymous));
    let client = builder(&session).options(options).build().unwrap();
    let answer = client.x_ms_client_request_id().get().send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.request_id(), Some("123"));
    assert_eq!(session.count(), 1);
}

/// The server takes only one id, and the client makes another for each call.
#[tokio::test]
async fn azure_request_client_id_in_error() {
    let session = Session::new();
    let client = client(&session).x_ms_client_request_id();
    let error = client.get().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().unwrap(), 400);
    assert_eq!(error.request_id(), Some("123"));
    let sent = &session.exchanges()[0].headers["x-ms-client-request-id"];
    assert_eq!(error.client_request_id(), sent.to_str().ok());
    assert_eq!(session.trail(), [format!("GET {OVERWRITE} 400")]);
}

#[tokio::test]
async fn azure_xms_request_client_overwrite_via_parameter() {
    let session = Session::new();
    let client = client(&session).x_ms_client_request_id();
    let answer = client.param_get(ID).send().await.unwrap();
    assert_eq!(answer.request_id(), Some("123"));
    assert_eq!(session.exchanges()[0].headers["x-ms-client-request-id"], ID);
    assert_eq!(
        session.trail(),
        ["GET /azurespecials/overwrite/x-ms-client-request-id/via-param/method/ 200"]
    );
}
