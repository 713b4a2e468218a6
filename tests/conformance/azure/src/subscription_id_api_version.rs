//! Scenarios of `subscriptionId-apiVersion.json`.

use maps_core::ErrorKind;
use subscription_id_api_version::SubscriptionIdApiVersionClient;
use subscription_id_api_version::models::SampleResourceGroup;
use testserver::Session;

#[tokio::test]
async fn subscription_id_and_api_version() {
    let session = Session::new();
    let client = SubscriptionIdApiVersionClient::builder()
        .endpoint(testserver::endpoint())
        .subscription_id("1234-5678-9012-3456")
        .options(session.options())
        .build()
        .unwrap();
    let group = client
        .get_sample_resource_group("testgroup101")
        .await
        .unwrap();
    assert_eq!(
        group,
        SampleResourceGroup::new()
            .with_name("testgroup101")
            .with_location("West US")
    );
    assert_eq!(
        session.trail(),
        [
            "GET /subscriptions/1234-5678-9012-3456/resourcegroups/testgroup101?api-version=2014-04-01-preview 200"
        ]
    );
}

#[tokio::test]
async fn another_api_version_is_an_option_of_the_client_and_is_refused() {
    let session = Session::new();
    let client = SubscriptionIdApiVersionClient::builder()
        .endpoint(testserver::endpoint())
        .api_version("2015-01-01")
        .subscription_id("of the client")
        .options(session.options())
        .build()
        .unwrap();
    let error = client
        .get_sample_resource_group("testgroup101")
        .subscription_id("of the request")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().unwrap(), 400);
    assert_eq!(
        session.trail(),
        [
            "GET /subscriptions/of%20the%20request/resourcegroups/testgroup101?api-version=2015-01-01 400"
        ]
    );
}

#[test]
fn a_client_needs_its_subscription() {
    let error = SubscriptionIdApiVersionClient::builder()
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.to_string().contains("subscription_id"), "{error}");
}
