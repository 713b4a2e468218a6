//! Makes a dataset from a conversion: `cargo run --example create_dataset -- CONVERSION_ID`.

// An example prints.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::env;
use std::error::Error;

use maps_core::SubscriptionKey;
use maps_creator::CreatorClient;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let conversion = env::args()
        .nth(1)
        .ok_or("which conversion? its id is the argument")?;
    let mut builder =
        CreatorClient::builder().credential(SubscriptionKey::new(env::var("AZURE_MAPS_KEY")?));
    if let Ok(endpoint) = env::var("AZURE_MAPS_ENDPOINT") {
        builder = builder.endpoint(endpoint);
    }
    let client = builder.build()?;

    let mut poller = client
        .datasets()
        .begin_create(conversion)
        .description("Harbour tower")
        .await?;
    while let Some(status) = poller.next().await {
        if let Some(status) = status?.status {
            println!("{status}");
        }
    }
    let dataset = poller.result().await?;
    println!("dataset {}", dataset.dataset_id.unwrap_or_default());
    // The last status stays at hand: a dataset that was made may have come with a warning.
    if let Some(warning) = poller.status().and_then(|status| status.warning.as_ref()) {
        println!("warning: {warning}");
    }
    Ok(())
}
