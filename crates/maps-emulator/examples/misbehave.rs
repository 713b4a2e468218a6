//! Makes an emulator throttle, disconnect and cut answers, and shows what a client sees of it.
//!
//! `cargo run -p maps-emulator --example misbehave`

// Examples print.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::error::Error;

use maps_emulator::{DEFAULT_KEY, Emulator, FaultAction, FaultRule};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let list = |action| FaultRule::new(action).on("Dataset_List");
    let emulator = Emulator::builder()
        .fault(list(FaultAction::respond(429).retry_after("2")).times(2))
        .fault(list(FaultAction::Disconnect).times(1))
        .fault(list(FaultAction::CutBody { bytes: 4 }).times(1))
        .start()
        .await?;
    let client = reqwest::Client::new();
    let url = format!(
        "{}/datasets?api-version=2.0&subscription-key={DEFAULT_KEY}",
        emulator.url()
    );
    for attempt in 1..=5 {
        match client.get(&url).send().await {
            Ok(response) => {
                let status = response.status();
                let hint = response.headers().get("retry-after").cloned();
                let body = response.text().await;
                println!("{attempt}: {status}, Retry-After {hint:?}, body {body:?}");
            }
            Err(err) => println!("{attempt}: no answer: {}", err.without_url()),
        }
    }
    emulator.stop().await;
    Ok(())
}
