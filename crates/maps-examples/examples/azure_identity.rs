//! Signs in with Microsoft Entra ID by a credential of `azure_identity`.
//!
//! `cargo run -p maps-examples --example azure_identity -- developer-tools`
//!
//! | argument | signs in as | needs |
//! |---|---|---|
//! | `developer-tools` | who is signed in to the Azure CLI or `azd` | one of them |
//! | `managed-identity` | the machine, on Azure | an identity of the virtual machine, app or function |
//! | `client-secret` | an app registration | `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, `AZURE_CLIENT_SECRET` |
//!
//! `AZURE_MAPS_CLIENT_ID` is the unique id of the Maps account, on its page Authentication in the portal. Who signs in
//! needs a role there, such as Azure Maps Search and Render Data Reader.

// An example prints.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::env;
use std::error::Error;
use std::sync::Arc;

use azure_core::credentials::TokenCredential;
use azure_identity::{ClientSecretCredential, DeveloperToolsCredential, ManagedIdentityCredential};
use maps_core::{AzureCredential, EntraCredential};
use maps_route::RouteClient;

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("{name} is not set"))
}

fn credential(way: &str) -> Result<Arc<dyn TokenCredential>, Box<dyn Error>> {
    Ok(match way {
        "developer-tools" => DeveloperToolsCredential::new(None)?,
        "managed-identity" => ManagedIdentityCredential::new(None)?,
        "client-secret" => ClientSecretCredential::new(
            &variable("AZURE_TENANT_ID")?,
            variable("AZURE_CLIENT_ID")?,
            variable("AZURE_CLIENT_SECRET")?.into(),
            None,
        )?,
        _ => {
            let message = "say how: developer-tools, managed-identity or client-secret";
            return Err(message.into());
        }
    })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let way = env::args().nth(1).unwrap_or_default();
    let credential = EntraCredential::new(AzureCredential::new(credential(&way)?))
        .client_id(variable("AZURE_MAPS_CLIENT_ID")?);
    let client = RouteClient::builder().credential(credential).build()?;

    // An operation that nobody started: whoever may ask is told that it is not there.
    let nobodys = "00000000-0000-0000-0000-000000000000";
    match client.get_route_operations_status(nobodys).await {
        Ok(operation) => println!("{operation:?}"),
        Err(error) if error.is_not_found() => println!("signed in"),
        Err(error) => {
            println!("{error}");
            let mut cause = error.source();
            while let Some(why) = cause {
                println!("  because {why}");
                cause = why.source();
            }
            return Err("not signed in".into());
        }
    }
    Ok(())
}
