//! Deletes a dataset: `cargo run --example delete_dataset -- DATASET_ID`.

// An example prints.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::env;
use std::error::Error;

use maps_core::{StatusCode, SubscriptionKey};
use maps_creator::CreatorClient;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let id = env::args()
        .nth(1)
        .ok_or("which dataset? its id is the argument")?;
    let mut builder =
        CreatorClient::builder().credential(SubscriptionKey::new(env::var("AZURE_MAPS_KEY")?));
    if let Ok(endpoint) = env::var("AZURE_MAPS_ENDPOINT") {
        builder = builder.endpoint(endpoint);
    }
    let client = builder.build()?;

    match client.datasets().delete(&id).await {
        Ok(()) => println!("deleted"),
        Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => {
            println!("there is no dataset {id}")
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
