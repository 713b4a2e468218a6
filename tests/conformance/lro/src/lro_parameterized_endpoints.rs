//! Scenarios of `lro-parameterized-endpoints.json`.

use lro_parameterized_endpoints::LroParameterizedEndpointsClient;
use maps_core::ErrorKind;
use testserver::Session;

fn client(session: &Session) -> LroParameterizedEndpointsClient {
    LroParameterizedEndpointsClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

#[tokio::test]
async fn lro_parameterized_endpoint() {
    let session = Session::new();
    let mut poller = client(&session)
        .begin_poll_with_parameterized_endpoints()
        .await
        .unwrap();
    assert_eq!(poller.result().await.unwrap(), "success");
    assert_eq!(
        session.trail(),
        [
            "POST /lroParameterizedEndpoints 202",
            "GET /lroParameterizedEndpoints/results/1 200",
        ]
    );
}

/// Both requests of an operation whose path has a constant.
async fn constant() {
    let session = Session::new();
    let mut poller = client(&session)
        .begin_poll_with_constant_parameterized_endpoints()
        .await
        .unwrap();
    assert_eq!(poller.result().await.unwrap(), "success");
    assert_eq!(
        session.trail(),
        [
            "POST /lroConstantParameterizedEndpoints/iAmConstant 202",
            "GET /lroConstantParameterizedEndpoints/iAmConstant/results/1 200",
        ]
    );
}

#[tokio::test]
async fn lro_constant_parameterized_post() {
    constant().await;
}

#[tokio::test]
async fn lro_constant_parameterized_get() {
    constant().await;
}

#[test]
fn a_host_needs_its_account() {
    let error = LroParameterizedEndpointsClient::builder()
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.to_string().contains("accountName"), "{error}");
}
