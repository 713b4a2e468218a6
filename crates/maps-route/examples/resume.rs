//! Keeps the resume token of a matrix operation in a file, and goes on from it when it is run again.

// An example prints.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::error::Error;
use std::path::Path;
use std::time::Duration;
use std::{env, fs};

use maps_core::{ErrorKind, ResumeToken, SubscriptionKey};
use maps_route::RouteClient;
use maps_route::models::{
    GeoJsonMultiPoint, InputRouteMatrixFeaturesItem, InputRouteMatrixProperties,
    RouteMatrixAsyncRequest, RouteMatrixTypeEnum,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let file = Path::new("matrix.token");
    let mut builder =
        RouteClient::builder().credential(SubscriptionKey::new(env::var("AZURE_MAPS_KEY")?));
    if let Ok(endpoint) = env::var("AZURE_MAPS_ENDPOINT") {
        builder = builder.endpoint(endpoint);
    }
    let client = builder.build()?;

    let poller = if file.exists() {
        let token: ResumeToken = fs::read_to_string(file)?.parse()?;
        println!("going on with {}", token.operation());
        client.resume_route_matrix(token)?
    } else {
        let poller = client.begin_route_matrix(&request()).await?;
        // The token holds no secret: it may be kept anywhere.
        fs::write(file, poller.resume_token().to_string())?;
        poller
    };

    // A deadline of this process; the operation itself goes on.
    match tokio::time::timeout(Duration::from_secs(10), poller).await {
        Ok(Ok(response)) => {
            println!("{} cells", response.matrix().len());
            fs::remove_file(file)?;
        }
        Ok(Err(error)) => {
            // It has failed, or is not there any more: the next run begins anew. After other errors it goes on.
            if error.kind() == ErrorKind::Operation || error.is_not_found() {
                fs::remove_file(file)?;
            }
            return Err(error.into());
        }
        Err(_) => println!("not ready yet: run this again"),
    }
    Ok(())
}

fn request() -> RouteMatrixAsyncRequest {
    let side = |side, position: [f64; 2]| {
        InputRouteMatrixFeaturesItem::new(
            GeoJsonMultiPoint::new([position]),
            InputRouteMatrixProperties::new().with_point_type(side),
        )
    };
    RouteMatrixAsyncRequest::new([
        side(RouteMatrixTypeEnum::Origins, [174.7762, -41.2865]),
        side(RouteMatrixTypeEnum::Destinations, [175.6082, -40.3523]),
    ])
}
