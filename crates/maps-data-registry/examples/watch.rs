//! Watches a validation that was started elsewhere: `cargo run --example watch -- UDID OPERATION_ID`.

// An example prints.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::env;
use std::error::Error;

use maps_core::SubscriptionKey;
use maps_data_registry::DataRegistryClient;
use maps_data_registry::models::Geography;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(udid), Some(id)) = (arguments.next(), arguments.next()) else {
        return Err("which entry, which operation? both are arguments".into());
    };
    let mut builder = DataRegistryClient::builder()
        .geography(Geography::Eu)
        .credential(SubscriptionKey::new(env::var("AZURE_MAPS_KEY")?));
    if let Ok(endpoint) = env::var("AZURE_MAPS_ENDPOINT") {
        builder = builder.endpoint(endpoint);
    }
    let client = builder.build()?;

    // The waits between the statuses are those that the service asks for.
    let mut poller = client.attach_register_or_replace(udid, id)?;
    while let Some(status) = poller.next().await {
        if let Some(status) = status?.status {
            println!("{status}");
        }
    }
    let entry = poller.result().await?;
    if let Some(bytes) = entry.azure_blob.and_then(|blob| blob.size_in_bytes) {
        println!("{bytes} bytes");
    }
    Ok(())
}
