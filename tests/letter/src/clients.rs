//! Clients of the three services, signed in one way or another, against any endpoint.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use maps_core::service::BoxFuture;
use maps_core::test_kit::VirtualClock;
use maps_core::{
    AccessToken, ClientOptions, Credential, EntraCredential, Result, RetryOptions, SasToken,
    SubscriptionKey, TokenCredential,
};
use maps_creator::CreatorClient;
use maps_data_registry::DataRegistryClient;
use maps_route::RouteClient;

/// The subscription key of the tests.
pub const KEY: &str = "key-of-the-tests";
/// The SAS token of the tests.
pub const SAS: &str = "sas-of-the-tests";
/// The Entra token of the tests.
pub const TOKEN: &str = "token-of-the-tests";
/// The account's client id of the tests.
pub const CLIENT_ID: &str = "5d9b2c14-9f0e-4c0b-8b8e-0c8a4b1f2a63";

/// Who signs in.
#[derive(Debug, Clone, Copy)]
pub enum Who {
    /// A subscription key.
    Key,
    /// A SAS token.
    Sas,
    /// A Microsoft Entra token with the account's client id.
    Entra,
}

impl From<Who> for Credential {
    fn from(who: Who) -> Self {
        match who {
            Who::Key => SubscriptionKey::new(KEY).into(),
            Who::Sas => SasToken::new(SAS).into(),
            Who::Entra => EntraCredential::new(OneToken).client_id(CLIENT_ID).into(),
        }
    }
}

#[derive(Debug)]
struct OneToken;

impl TokenCredential for OneToken {
    fn token<'a>(&'a self, _scopes: &'a [&'a str]) -> BoxFuture<'a, Result<AccessToken>> {
        let expires_at = SystemTime::now() + Duration::from_secs(3600);
        Box::pin(async move { Ok(AccessToken::new(TOKEN, expires_at)) })
    }
}

/// Options with a clock that runs ahead instead of waiting, and without retries, so that each request is a decision of
/// the poller.
pub fn options(clock: &VirtualClock) -> ClientOptions {
    ClientOptions::new()
        .clock(Arc::new(clock.clone()))
        .retry(RetryOptions::none())
        .jitter_seed(7)
}

/// A Route client.
pub fn route(endpoint: &str, who: Who, options: ClientOptions) -> RouteClient {
    RouteClient::builder()
        .endpoint(endpoint)
        .credential(who)
        .options(options)
        .build()
        .expect("the settings are valid")
}

/// A Data Registry client.
pub fn data_registry(endpoint: &str, who: Who, options: ClientOptions) -> DataRegistryClient {
    DataRegistryClient::builder()
        .endpoint(endpoint)
        .credential(who)
        .options(options)
        .build()
        .expect("the settings are valid")
}

/// A Creator client.
pub fn creator(endpoint: &str, who: Who, options: ClientOptions) -> CreatorClient {
    CreatorClient::builder()
        .endpoint(endpoint)
        .credential(who)
        .options(options)
        .build()
        .expect("the settings are valid")
}
