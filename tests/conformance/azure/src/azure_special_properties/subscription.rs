//! Scenarios of `subscriptionInCredentials` and `subscriptionInMethod` of `azure-special-properties.json`.

use azure_special_properties::AzureSpecialPropertiesClient;
use azure_special_properties::subscription_in_credentials::SubscriptionInCredentialsClient;
use maps_core::ErrorKind;
use testserver::Session;

use super::{SUBSCRIPTION as ID, builder, client};

/// The client of a subscription.
fn subscribed(session: &Session, id: &str) -> SubscriptionInCredentialsClient {
    let client = builder(session).subscription_id(id).build().unwrap();
    client.subscription_in_credentials()
}

/// The only request, which has an id of its own.
fn assert_sent(session: &Session, path: &str) {
    assert_eq!(
        session.trail(),
        [format!("POST /azurespecials/subscriptionId/{path} 200")]
    );
    let headers = &session.exchanges()[0].headers;
    assert_eq!(headers["x-ms-client-request-id"].len(), 36);
}

#[tokio::test]
async fn azure_subscription_method_global_valid() {
    let session = Session::new();
    let client = subscribed(&session, ID);
    client.method_global_valid().await.unwrap();
    assert_sent(
        &session,
        &format!("method/string/none/path/global/{ID}/{ID}"),
    );
}

#[tokio::test]
async fn a_subscription_that_is_called_null() {
    let session = Session::new();
    let client = subscribed(&session, "null");
    client.method_global_null().await.unwrap();
    assert_sent(&session, "method/string/none/path/global/null/null");
}

#[test]
fn a_client_needs_its_subscription() {
    let error = AzureSpecialPropertiesClient::builder().build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.to_string().contains("subscription_id"), "{error}");
}

#[tokio::test]
async fn azure_subscription_method_global_not_provided_valid() {
    let session = Session::new();
    let client = subscribed(&session, ID);
    client.method_global_not_provided_valid().await.unwrap();
    assert_sent(
        &session,
        &format!(
            "method/string/none/path/globalNotProvided/{ID}/{ID}?api-version=2015-07-01-preview"
        ),
    );
}

#[tokio::test]
async fn azure_subscription_path_global_valid() {
    let session = Session::new();
    let client = subscribed(&session, ID);
    client.path_global_valid().await.unwrap();
    assert_sent(&session, &format!("path/string/none/path/global/{ID}/{ID}"));
}

/// A request may be for another subscription than that of the client.
#[tokio::test]
async fn azure_subscription_swagger_global_valid() {
    let session = Session::new();
    let client = subscribed(&session, "another");
    let request = client.swagger_global_valid().subscription_id(ID);
    request.await.unwrap();
    assert_sent(
        &session,
        &format!("swagger/string/none/path/global/{ID}/{ID}"),
    );
}

#[tokio::test]
async fn azure_subscription_method_local_valid() {
    let session = Session::new();
    let client = client(&session).subscription_in_method();
    client.method_local_valid(ID).await.unwrap();
    assert_sent(
        &session,
        &format!("method/string/none/path/local/{ID}/{ID}"),
    );
}

#[tokio::test]
async fn an_empty_subscription_is_refused_before_anything_is_sent() {
    let session = Session::new();
    let client = client(&session).subscription_in_method();
    let error = client.method_local_null("").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(session.count(), 0);
}

#[tokio::test]
async fn azure_subscription_path_local_valid() {
    let session = Session::new();
    let client = client(&session).subscription_in_method();
    client.path_local_valid(ID).await.unwrap();
    assert_sent(&session, &format!("path/string/none/path/local/{ID}/{ID}"));
}

#[tokio::test]
async fn azure_subscription_swagger_local_valid() {
    let session = Session::new();
    let client = client(&session).subscription_in_method();
    client.swagger_local_valid(ID).await.unwrap();
    assert_sent(
        &session,
        &format!("swagger/string/none/path/local/{ID}/{ID}"),
    );
}
