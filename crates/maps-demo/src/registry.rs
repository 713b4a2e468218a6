//! A floor plan goes into the data registry.

use std::error::Error;

use maps_core::SubscriptionKey;
use maps_data_registry::DataRegistryClient;
use maps_data_registry::models::{AzureBlob, DataFormat, DataRegistry};
use maps_emulator::Emulator;

use crate::{EMULATOR_KEY, options, progress};

const UDID: &str = "25084fb7-307a-4720-8f91-7952a0b91012";

const PLAN: &str = r#"{
    "type": "FeatureCollection",
    "features": [{
        "type": "Feature",
        "properties": {"name": "Lobby"},
        "geometry": {"type": "Point", "coordinates": [-122.3493, 47.6205]}
    }]
}"#;

/// Registers the plan, watches its validation and prints the entry.
pub(crate) async fn run(emulator: &Emulator) -> Result<(), Box<dyn Error>> {
    let client = DataRegistryClient::builder()
        .endpoint(emulator.url())
        .credential(SubscriptionKey::new(EMULATOR_KEY))
        .options(options())
        .build()?;
    let blob_url = emulator
        .put_blob("demostore/plans/lobby.geojson", PLAN.as_bytes())
        .await?;
    let entry = DataRegistry::new()
        .with_description("The lobby")
        .with_azure_blob(AzureBlob::new(DataFormat::Geojson, "demo-store", blob_url));

    let bar = progress::bar("Data registry");
    let mut poller = client.begin_register_or_replace(UDID, &entry).await?;
    while let Some(operation) = poller.next().await {
        bar.set_message(progress::word(operation?.status));
    }
    let registered = poller.result().await?;
    bar.finish();

    println!("\nRegistered data:\n");
    println!(
        "  udid         {}",
        registered.udid.as_deref().unwrap_or("none")
    );
    println!(
        "  description  {}",
        registered.description.as_deref().unwrap_or("none")
    );
    if let Some(blob) = &registered.azure_blob {
        println!("  format       {}", blob.data_format);
        println!(
            "  size         {} bytes",
            blob.size_in_bytes.unwrap_or_default()
        );
        println!(
            "  MD5          {}",
            blob.content_md5.as_deref().unwrap_or("none")
        );
    }
    println!();
    Ok(())
}
