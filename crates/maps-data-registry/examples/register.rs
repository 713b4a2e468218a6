//! Registers a blob under an id of our own, and waits until its data was validated:
//! `cargo run --example register -- BLOB_URL`.

// An example prints.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::env;
use std::error::Error;

use maps_core::{ErrorKind, SubscriptionKey};
use maps_data_registry::DataRegistryClient;
use maps_data_registry::models::{
    AzureBlob, DataFormat, DataRegistry, DataRegistryKind, Geography,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = DataRegistryClient::builder()
        .geography(Geography::Eu)
        .credential(SubscriptionKey::new(env::var("AZURE_MAPS_KEY")?));
    if let Ok(endpoint) = env::var("AZURE_MAPS_ENDPOINT") {
        builder = builder.endpoint(endpoint);
    }
    let client = builder.build()?;

    let udid = "e13a9d70-2b84-4f6e-8c19-07f5d3ab6e42";
    let blob = AzureBlob::new(
        DataFormat::Geojson,
        "contoso-maps-data",
        env::args().nth(1).unwrap_or_else(|| {
            "https://contosomapsdata.blob.core.windows.net/areas/harbour.geojson".to_owned()
        }),
    );
    let entry = DataRegistry::new()
        .with_description("Areas of the harbour")
        .with_kind(DataRegistryKind::AzureBlob)
        .with_azure_blob(blob);

    let request = client.begin_register_or_replace(udid, &entry);
    // Known before anything is sent: with it the operation is found again, whatever happens to the answer.
    println!("operation {}", request.id());
    match request.await?.await {
        Ok(entry) => println!("{udid}: {}", entry.description.unwrap_or_default()),
        Err(error) if error.kind() == ErrorKind::Operation => {
            println!("the data is not valid: {error}")
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
