//! Reads the state of one operation, and where its dataset is: `cargo run --example dataset_status -- OPERATION_ID`.

// An example prints.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::env;
use std::error::Error;

use maps_core::SubscriptionKey;
use maps_creator::CreatorClient;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let id = env::args()
        .nth(1)
        .ok_or("which operation? its id is the argument")?;
    let mut builder =
        CreatorClient::builder().credential(SubscriptionKey::new(env::var("AZURE_MAPS_KEY")?));
    if let Ok(endpoint) = env::var("AZURE_MAPS_ENDPOINT") {
        builder = builder.endpoint(endpoint);
    }
    let client = builder.build()?;

    let response = client.datasets().get_operation(id).send().await?;
    match &response.body().status {
        Some(status) => println!("{status}"),
        None => println!("the service gave no status"),
    }
    if let Some(url) = response.typed_headers().resource_location()? {
        println!("the dataset is at {url}");
    }
    Ok(())
}
