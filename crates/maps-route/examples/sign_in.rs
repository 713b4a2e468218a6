//! Three ways to sign in: a subscription key, a SAS token, and tokens of Microsoft Entra ID.
//!
//! `AZURE_MAPS_KEY`, `AZURE_MAPS_SAS` or `AZURE_MAPS_TOKEN` with `AZURE_MAPS_CLIENT_ID` says which.

// An example prints.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::env;
use std::error::Error;
use std::time::{Duration, SystemTime};

use maps_core::{
    AccessToken, BoxFuture, Credential, EntraCredential, SasToken, StatusCode, SubscriptionKey,
    TokenCredential,
};
use maps_route::RouteClient;

/// Gives a token that someone else got, for example `az account get-access-token`.
///
/// A program would ask its identity provider here; `maps-core` keeps what it is given and asks again ahead of the end.
/// How long the token of the environment is good is not known here: ten minutes is a guess. A provider says it, and that
/// is what belongs into [`AccessToken::new`].
#[derive(Debug)]
struct FromEnvironment;

impl TokenCredential for FromEnvironment {
    fn token<'a>(
        &'a self,
        _scopes: &'a [&'a str],
    ) -> BoxFuture<'a, maps_core::Result<AccessToken>> {
        Box::pin(async {
            let token = env::var("AZURE_MAPS_TOKEN").map_err(|_| {
                maps_core::Error::new(
                    maps_core::ErrorKind::Credential,
                    "AZURE_MAPS_TOKEN is not set",
                )
            })?;
            Ok(AccessToken::new(
                token,
                SystemTime::now() + Duration::from_secs(600),
            ))
        })
    }
}

fn credential() -> Result<Credential, Box<dyn Error>> {
    if let Ok(key) = env::var("AZURE_MAPS_KEY") {
        return Ok(SubscriptionKey::new(key).into());
    }
    if let Ok(token) = env::var("AZURE_MAPS_SAS") {
        return Ok(SasToken::new(token).into());
    }
    let account =
        env::var("AZURE_MAPS_CLIENT_ID").map_err(|_| "set AZURE_MAPS_KEY, or one of the others")?;
    Ok(EntraCredential::new(FromEnvironment)
        .client_id(account)
        .into())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = RouteClient::builder().credential(credential()?);
    if let Ok(endpoint) = env::var("AZURE_MAPS_ENDPOINT") {
        builder = builder.endpoint(endpoint);
    }
    let client = builder.build()?;

    // An operation that nobody started: whoever may ask is told that it is not there.
    match client
        .get_route_operations_status("00000000-0000-0000-0000-000000000000")
        .await
    {
        Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => println!("signed in"),
        Err(error) if error.status() == Some(StatusCode::UNAUTHORIZED) => {
            println!("refused: {error}")
        }
        Err(error) => return Err(error.into()),
        Ok(operation) => println!("{operation:?}"),
    }
    Ok(())
}
