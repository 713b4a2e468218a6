//! A dataset is made of a converted drawing package.

use std::error::Error;

use maps_core::SubscriptionKey;
use maps_creator::CreatorClient;
use maps_emulator::{Conversion, Emulator};

use crate::{EMULATOR_KEY, options, progress};

const CONVERSION: &str = "0c1288fa-2058-4a1b-b68d-13a6f5af7d7c";

/// Creates the dataset, watches it and prints it.
pub(crate) async fn run(emulator: &Emulator) -> Result<(), Box<dyn Error>> {
    emulator.add_conversion(Conversion::new(CONVERSION)).await?;
    let client = CreatorClient::builder()
        .endpoint(emulator.url())
        .credential(SubscriptionKey::new(EMULATOR_KEY))
        .options(options())
        .build()?;

    let bar = progress::bar("Dataset");
    let mut poller = client
        .datasets()
        .begin_create(CONVERSION)
        .description("A campus")
        .await?;
    while let Some(operation) = poller.next().await {
        bar.set_message(progress::word(operation?.status));
    }
    let dataset = poller.result().await?;
    bar.finish();

    println!("\nDataset:\n");
    println!(
        "  id           {}",
        dataset.dataset_id.as_deref().unwrap_or("none")
    );
    println!(
        "  description  {}",
        dataset.description.as_deref().unwrap_or("none")
    );
    println!(
        "  ontology     {}",
        dataset.ontology.as_deref().unwrap_or("none")
    );
    for (feature, count) in dataset.feature_counts.iter().flatten() {
        println!("  {feature:<12} {count}");
    }
    println!();
    Ok(())
}
