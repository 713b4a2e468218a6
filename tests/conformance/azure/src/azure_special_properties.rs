//! Scenarios of `azure-special-properties.json`.

use azure_special_properties::{AzureSpecialPropertiesClient, AzureSpecialPropertiesClientBuilder};
use testserver::Session;

mod api_version;
mod header;
mod odata;
mod request_id;
mod skip_url_encoding;
mod subscription;

/// The client belongs to a subscription, whichever of its operations is called.
const SUBSCRIPTION: &str = "1234-5678-9012-3456";

fn builder(session: &Session) -> AzureSpecialPropertiesClientBuilder {
    AzureSpecialPropertiesClient::builder()
        .endpoint(testserver::endpoint())
        .subscription_id(SUBSCRIPTION)
        .options(session.options())
}

fn client(session: &Session) -> AzureSpecialPropertiesClient {
    builder(session).build().unwrap()
}
