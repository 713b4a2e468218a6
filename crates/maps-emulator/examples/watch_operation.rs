//! Starts an emulator, begins a route matrix over HTTP, and shows each state of the operation.
//!
//! `cargo run -p maps-emulator --example watch_operation`

// Examples print.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::error::Error;
use std::time::Duration;

use maps_emulator::{DEFAULT_KEY, Emulator, ManualClock};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let clock = ManualClock::default();
    let emulator = Emulator::builder().clock(clock.clone()).start().await?;
    let client = reqwest::Client::new();

    let side = |kind: &str, points: &[[f64; 2]]| {
        json!({
            "type": "Feature",
            "geometry": {"type": "MultiPoint", "coordinates": points},
            "properties": {"pointType": kind},
        })
    };
    let body = json!({
        "type": "FeatureCollection",
        "features": [
            side("origins", &[[7.59, 47.56], [8.54, 47.37]]),
            side("destinations", &[[7.45, 46.95], [6.14, 46.20]]),
        ],
    });
    let url = format!(
        "{}/route/matrix:async?api-version=2025-01-01",
        emulator.url()
    );
    let submitted = client
        .post(url)
        .header("subscription-key", DEFAULT_KEY)
        .header("content-type", "application/geo+json")
        .body(body.to_string())
        .send()
        .await?;
    let monitor = submitted.headers().get("operation-location");
    let monitor = monitor.ok_or("no Operation-Location")?.to_str()?.to_owned();
    println!("{} {monitor}", submitted.status());

    let get = async |url: &str| -> Result<Value, reqwest::Error> {
        let request = client.get(url).header("subscription-key", DEFAULT_KEY);
        request.send().await?.json().await
    };
    let result = loop {
        let operation = get(&monitor).await?;
        println!("{operation}");
        if let Some(url) = operation["result"]["resultUrl"].as_str() {
            break get(url).await?;
        }
        // No waiting: the time is ours.
        clock.advance(Duration::from_secs(4));
    };
    println!("{}", result["properties"]["summary"]);
    for cell in result["properties"]["matrix"]
        .as_array()
        .into_iter()
        .flatten()
    {
        println!("{cell}");
    }
    emulator.stop().await;
    Ok(())
}
