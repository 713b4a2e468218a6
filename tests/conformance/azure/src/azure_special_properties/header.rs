//! Scenarios of `header` of `azure-special-properties.json`: request ids under another name.

use azure_special_properties::HeaderCustomNamedRequestIdParamGroupingParameters;
use azure_special_properties::models::ErrorModel;
use maps_core::ErrorKind;
use testserver::Session;

use super::client;

const ID: &str = "9C4D50EE-2D56-4CD3-8152-34347DC9F2B0";

#[tokio::test]
async fn azure_xms_custom_named_request_id() {
    let session = Session::new();
    let client = client(&session).header();
    let answer = client.custom_named_request_id(ID).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.typed_headers().foo_request_id().unwrap().as_deref(),
        Some("123")
    );
    let sent = &session.exchanges()[0].headers;
    assert_eq!(sent["foo-client-request-id"], ID);
    // The pipeline's own id goes beside it.
    assert_eq!(sent["x-ms-client-request-id"].len(), 36);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn the_head_of_a_custom_named_request_id() {
    let session = Session::new();
    let client = client(&session).header();
    let answer = client.custom_named_request_id_head(ID).send().await;
    let answer = answer.unwrap();
    assert!(answer.body());
    assert_eq!(
        answer.typed_headers().foo_request_id().unwrap().as_deref(),
        Some("123")
    );
    assert_eq!(
        session.trail(),
        ["HEAD /azurespecials/customNamedRequestIdHead 200"]
    );
}

#[tokio::test]
async fn azure_xms_custom_named_request_id_parameter_group() {
    let session = Session::new();
    let client = client(&session).header();
    let group = HeaderCustomNamedRequestIdParamGroupingParameters::new(ID);
    let request = client.custom_named_request_id_param_grouping(&group);
    let answer = request.send().await.unwrap();
    assert_eq!(
        answer.typed_headers().foo_request_id().unwrap().as_deref(),
        Some("123")
    );
    assert_eq!(session.exchanges()[0].headers["foo-client-request-id"], ID);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn another_id_is_refused() {
    let session = Session::new();
    let client = client(&session).header();
    let error = client.custom_named_request_id("7").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().unwrap(), 400);
    // The server leaves out `constantId`, which the definition requires.
    assert_eq!(error.body_as::<ErrorModel>(), None);
    let message =
        "Header foo-client-request-id must be set to 9C4D50EE-2D56-4CD3-8152-34347DC9F2B0.";
    assert_eq!(error.message(), Some(message));
}
