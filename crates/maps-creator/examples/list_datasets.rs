//! Lists the datasets of the account.

// An example prints.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::env;
use std::error::Error;

use maps_core::SubscriptionKey;
use maps_creator::CreatorClient;
use maps_creator::models::Geography;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = CreatorClient::builder()
        .geography(Geography::Eu)
        .credential(SubscriptionKey::new(env::var("AZURE_MAPS_KEY")?));
    if let Ok(endpoint) = env::var("AZURE_MAPS_ENDPOINT") {
        builder = builder.endpoint(endpoint);
    }
    let client = builder.build()?;

    let mut datasets = client.datasets().list();
    while let Some(dataset) = datasets.next().await {
        let dataset = dataset?;
        println!(
            "{} {}",
            dataset.dataset_id.unwrap_or_default(),
            dataset.description.unwrap_or_default()
        );
    }
    Ok(())
}
