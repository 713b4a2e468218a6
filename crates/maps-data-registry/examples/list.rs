//! Lists the entries of the account, page by page.

// An example prints.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::env;
use std::error::Error;

use maps_core::SubscriptionKey;
use maps_data_registry::DataRegistryClient;
use maps_data_registry::models::Geography;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = DataRegistryClient::builder()
        .geography(Geography::Eu)
        .credential(SubscriptionKey::new(env::var("AZURE_MAPS_KEY")?));
    if let Ok(endpoint) = env::var("AZURE_MAPS_ENDPOINT") {
        builder = builder.endpoint(endpoint);
    }
    let client = builder.build()?;

    // `client.list()` itself is the stream of entries; this is the one of pages.
    let mut pages = client.list().pages();
    while let Some(page) = pages.next().await {
        println!("-- page");
        for entry in page?.into_body().value.unwrap_or_default() {
            println!(
                "{} {}",
                entry.udid.unwrap_or_default(),
                entry.description.unwrap_or_default()
            );
        }
    }
    Ok(())
}
