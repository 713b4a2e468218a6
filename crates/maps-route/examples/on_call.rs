//! Watches one route operation by its id, for whoever is on call: each poll as it happens, then the result or all that is
//! known of the error.
//!
//! `cargo run -p maps-route --example on_call -- ID` asks the service, with the key in `AZURE_MAPS_KEY`;
//! `AZURE_MAPS_ENDPOINT` leads elsewhere. `-- --emulator` starts an emulator, a matrix on it, and a fault; with an id
//! behind it, that id is watched instead.

// An example prints.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::env;
use std::error::Error as StdError;
use std::process::ExitCode;

use maps_core::{Error, PollReport, SubscriptionKey};
use maps_emulator::{DEFAULT_KEY, Emulator, FaultAction, FaultRule};
use maps_route::RouteClient;
use maps_route::models::{
    GeoJsonMultiPoint, InputRouteMatrixFeaturesItem, InputRouteMatrixProperties, MapsErrorResponse,
    RouteMatrixAsyncRequest, RouteMatrixTypeEnum, RouteOperation,
};
use time::OffsetDateTime;

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn StdError>> {
    let mut arguments = env::args().skip(1).peekable();
    let emulated = arguments.next_if(|first| first == "--emulator").is_some();
    let id = arguments.next();
    if !emulated {
        let id = id.ok_or("which operation? Give its id, or `--emulator`")?;
        let mut builder =
            RouteClient::builder().credential(SubscriptionKey::new(env::var("AZURE_MAPS_KEY")?));
        if let Ok(endpoint) = env::var("AZURE_MAPS_ENDPOINT") {
            builder = builder.endpoint(endpoint);
        }
        return Ok(watch(&builder.build()?, &id).await);
    }
    let unavailable = FaultAction::respond(503);
    let emulator = Emulator::builder()
        .fault(
            FaultRule::new(unavailable)
                .on("Route_GetRouteOperationsStatus")
                .after(1)
                .times(4),
        )
        .start()
        .await?;
    let client = RouteClient::builder()
        .credential(SubscriptionKey::new(DEFAULT_KEY))
        .endpoint(emulator.url())
        .build()?;
    let id = match id {
        Some(id) => id,
        None => client.begin_route_matrix(&request()).await?.id().to_owned(),
    };
    let code = watch(&client, &id).await;
    emulator.stop().await;
    Ok(code)
}

async fn watch(client: &RouteClient, id: &str) -> ExitCode {
    match follow(client, id).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            explain(&error);
            ExitCode::FAILURE
        }
    }
}

async fn follow(client: &RouteClient, id: &str) -> maps_core::Result<()> {
    let mut poller = client.attach_route_matrix(id)?;
    println!("operation {id}");
    println!("resume with {}", poller.resume_token());
    poller.on_poll(line);
    let response = poller.result().await?;
    if let Some(operation) = poller.status() {
        println!("created {:?}", operation.created_at);
    }
    let matrix = response.matrix();
    let failed = (0..matrix.origins())
        .flat_map(|origin| (0..matrix.destinations()).map(move |at| (origin, at)))
        .filter(|&(origin, at)| matrix.cell(origin, at).is_err())
        .count();
    println!(
        "{} by {} cells, {failed} of them failed",
        matrix.origins(),
        matrix.destinations()
    );
    Ok(())
}

/// One line for each poll, also for those that the poller survives.
fn line(poll: &PollReport<'_>) {
    let said = match (poll.status(), poll.error()) {
        (_, Some(error)) => format!("{error}, {} in a row", poll.failures()),
        (status, None) => format!(
            "{}, last action {}",
            status.unwrap_or("no status"),
            poll.last_action().unwrap_or("-")
        ),
    };
    let http = poll.http_status().map_or(0, |status| status.as_u16());
    let (hour, minute, second) = OffsetDateTime::from(poll.at()).to_hms();
    println!(
        "{hour:02}:{minute:02}:{second:02} UTC  {http}  {said}; hint {:.1?}, next in {:.1?}; request {}",
        poll.hint(),
        poll.next_wait(),
        poll.request_id().unwrap_or("-"),
    );
}

/// All that an error knows.
fn explain(error: &Error) {
    println!("error: {error}");
    println!("  kind               {:?}", error.kind());
    println!("  HTTP status        {:?}", error.status());
    println!("  code               {:?}", error.code());
    println!("  message            {:?}", error.message());
    println!("  inner codes        {:?}", error.inner_codes());
    if let Some(body) = error.body_as::<MapsErrorResponse>() {
        for detail in body.error.details.iter().flatten() {
            println!(
                "  detail             {:?}: {:?}",
                detail.code, detail.message
            );
        }
    }
    println!("  request            {:?}", error.request_id());
    println!("  client request     {:?}", error.client_request_id());
    println!("  operation          {:?}", error.operation_id());
    println!(
        "  last status        {:?}",
        error.last_status::<RouteOperation>()
    );
    println!("  may have been sent {}", error.may_have_been_sent());
    println!("  asked to wait      {:?}", error.retry_after());
    println!("  place in the JSON  {:?}", error.json_path());
    if let Some(token) = error.resume_token() {
        println!("  resume with        {token}");
    }
    if let Some(body) = error.body() {
        println!("  body               {}", String::from_utf8_lossy(body));
    }
    let mut cause = error.source();
    while let Some(error) = cause {
        println!("  because            {error}");
        cause = error.source();
    }
}

fn request() -> RouteMatrixAsyncRequest {
    let side = |side, positions: [[f64; 2]; 2]| {
        InputRouteMatrixFeaturesItem::new(
            GeoJsonMultiPoint::new(positions),
            InputRouteMatrixProperties::new().with_point_type(side),
        )
    };
    RouteMatrixAsyncRequest::new([
        side(
            RouteMatrixTypeEnum::Origins,
            [[4.4777, 51.9244], [4.4025, 51.2194]],
        ),
        side(
            RouteMatrixTypeEnum::Destinations,
            [[6.9603, 50.9375], [6.1319, 49.6116]],
        ),
    ])
}
