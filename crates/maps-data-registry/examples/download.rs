//! Downloads a file of any size, and goes on with what an earlier run has left half there.
//!
//! `cargo run --example download -- /PATH?api-version=VERSION FILE`: no operation of this service answers with a file,
//! but `client.request` reaches any path of it.

// An example prints.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::env;
use std::error::Error;
use std::io::ErrorKind;

use maps_core::{Method, SubscriptionKey};
use maps_data_registry::DataRegistryClient;
use maps_data_registry::models::Geography;
use tokio::fs;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = DataRegistryClient::builder()
        .geography(Geography::Eu)
        .credential(SubscriptionKey::new(env::var("AZURE_MAPS_KEY")?));
    if let Ok(endpoint) = env::var("AZURE_MAPS_ENDPOINT") {
        builder = builder.endpoint(endpoint);
    }
    let client = builder.build()?;
    let path = env::args().nth(1).ok_or("which path?")?;
    let file = env::args().nth(2).ok_or("into which file?")?;
    let state = format!("{file}.state");

    let mut request = client.request(Method::GET, &path);
    // What is there belongs to one state of the file, which is kept beside it.
    let kept = match fs::read_to_string(&state).await {
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        kept => Some(kept?),
    };
    let mut out = match &kept {
        Some(validator) => {
            let out = fs::OpenOptions::new().append(true).open(&file).await?;
            let there = out.metadata().await?.len();
            request = request.range_from(there).if_range(validator);
            out
        }
        None => fs::File::create(&file).await?,
    };

    let mut download = request.download().await?;
    match (kept, download.validator()) {
        (None, Some(validator)) => fs::write(&state, validator).await?,
        _ => println!("from byte {} on", download.position()),
    }
    match download.copy_to(&mut out).await {
        Ok(bytes) => println!("{bytes} bytes, {} resumptions", download.resumptions()),
        Err(error) => {
            println!("{error}: run it again to go on");
            return Err(error.into());
        }
    }
    match fs::remove_file(&state).await {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
