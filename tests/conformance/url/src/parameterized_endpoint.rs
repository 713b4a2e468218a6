//! Scenarios of `parameterized-endpoint.json`.

use maps_core::ErrorKind;
use parameterized_endpoint::ParameterizedEndpointClient;
use testserver::Session;

#[tokio::test]
async fn get_parameterized_host_with_name_endpoint() {
    let session = Session::new();
    let client = ParameterizedEndpointClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap();
    let response = client.get().send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(session.targets(), ["/parameterizedEndpoint/get"]);
}

#[tokio::test]
async fn client_without_endpoint_is_refused() {
    let session = Session::new();
    let error = ParameterizedEndpointClient::builder()
        .options(session.options())
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.to_string().contains("endpoint"), "{error}");
    assert_eq!(session.count(), 0);
}
