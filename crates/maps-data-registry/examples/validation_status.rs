//! Reads the state of one validation, with the wait that the service asks for:
//! `cargo run --example validation_status -- OPERATION_ID`.

// An example prints.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::env;
use std::error::Error;

use maps_core::SubscriptionKey;
use maps_data_registry::DataRegistryClient;
use maps_data_registry::models::Geography;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let id = env::args()
        .nth(1)
        .ok_or("which operation? its id is the argument")?;
    let mut builder = DataRegistryClient::builder()
        .geography(Geography::Eu)
        .credential(SubscriptionKey::new(env::var("AZURE_MAPS_KEY")?));
    if let Ok(endpoint) = env::var("AZURE_MAPS_ENDPOINT") {
        builder = builder.endpoint(endpoint);
    }
    let client = builder.build()?;

    // `.send()` in place of `.await` gives the headers as well.
    let response = client.get_operation(id).send().await?;
    match &response.body().status {
        Some(status) => println!("{status}"),
        None => println!("the service gave no status"),
    }
    if let Some(seconds) = response.typed_headers().retry_after()? {
        println!("ask again in {seconds} s");
    }
    Ok(())
}
