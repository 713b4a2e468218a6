//! Does the same work through the SDK and by hand, so that a profiler can count both.
//!
//! `maps-budgets serve` answers on a port that it prints. `maps-budgets client URL N` and `maps-budgets by-hand URL N` ask
//! it N times; `maps-budgets decode N` and `maps-budgets decode-by-hand N` decode a matrix of 50,000 cells N times.
//! README.md says how to count.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line program"
)]

mod by_hand;
mod matrix;
mod server;

use std::error::Error;
use std::process::ExitCode;

use maps_core::SubscriptionKey;
use maps_route::RouteClient;
use maps_route::models::RouteMatrixAsyncResponse;

const ID: &str = "bc3f9365-3ee0-4564-aa27-825016325557";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

async fn run(arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    match arguments {
        ["serve"] => server::serve().await?,
        ["client", url, times] => {
            let client = RouteClient::builder().endpoint(*url).credential(SubscriptionKey::new("key")).build()?;
            for _ in 0..times.parse()? {
                std::hint::black_box(client.get_route_operations_status(ID).await?);
            }
        }
        ["by-hand", url, times] => by_hand::ask(url, times.parse()?).await?,
        ["decode", times] => decode::<RouteMatrixAsyncResponse>(times.parse()?)?,
        ["decode-by-hand", times] => decode::<by_hand::Matrix>(times.parse()?)?,
        _ => return Err("usage: maps-budgets serve | client URL N | by-hand URL N | decode N | decode-by-hand N".into()),
    }
    Ok(())
}

fn decode<T: serde::de::DeserializeOwned>(times: usize) -> Result<(), Box<dyn Error>> {
    let body = matrix::body();
    for _ in 0..times {
        std::hint::black_box(serde_json::from_slice::<T>(&body)?);
    }
    Ok(())
}
