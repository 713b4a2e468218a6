//! Reads the state of one operation: `cargo run --example operation_status -- ID`.

// An example prints.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::env;
use std::error::Error;

use maps_core::{StatusCode, SubscriptionKey};
use maps_route::RouteClient;
use maps_route::models::StatusEnum;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let id = env::args()
        .nth(1)
        .ok_or("which operation? its id is the argument")?;
    let mut builder =
        RouteClient::builder().credential(SubscriptionKey::new(env::var("AZURE_MAPS_KEY")?));
    if let Ok(endpoint) = env::var("AZURE_MAPS_ENDPOINT") {
        builder = builder.endpoint(endpoint);
    }
    let client = builder.build()?;

    let operation = match client.get_route_operations_status(&id).await {
        Ok(operation) => operation,
        Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => {
            println!("there is no such operation, or it ended more than 24 hours ago");
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    match operation.status {
        Some(StatusEnum::Completed) => {
            println!("completed; attach_route_matrix(\"{id}\") collects the result")
        }
        Some(StatusEnum::Failed) => println!("failed: {:?}", operation.error),
        // A status that this crate does not know yet is data, not an error.
        Some(status) => println!("{status}, last worked on at {:?}", operation.last_action_at),
        None => println!("the service gave no status"),
    }
    Ok(())
}
