//! Refusals in any shape: status, headers and body.
//!
//! The plan is one letter, ignored, and two for the [`Settings`]; the second part is the answer.

use maps_core::RetryOptions;
use maps_core::service::HostSettings;

use crate::client::{ENDPOINT, GET, Settings, client_at};
use crate::drive::drive;
use crate::{log, oracle, script};

/// Runs one input.
///
/// # Panics
///
/// When something of [`oracle`] does not hold, or a status of 400 and more is no error.
pub fn run(input: &[u8]) {
    log::start();
    let (plan, answers) = script::read(input);
    let mut host = HostSettings::new();
    host.endpoint(ENDPOINT);
    let options = maps_core::ClientOptions::new().retry(RetryOptions::none());
    let client = client_at(&host, Settings::at(&plan, 1), answers, options)
        .expect("settings that work together");
    let call = client.pipeline.send(client.pipeline.request(&GET));
    match drive(&client.clock, call) {
        Err(error) => {
            oracle::error(&error);
            let _ = error.body_as::<maps_route_models::MapsErrorResponse>();
            let _ = error.body_as::<maps_creator_models::ErrorResponse>();
            if let Some(status) = error.status() {
                let plain = error.kind() != maps_core::ErrorKind::Service;
                assert!(plain || status.as_u16() >= 300, "{status}: {error}");
            }
        }
        Ok(response) => {
            assert!(
                response.status().as_u16() < 400,
                "{} as success",
                response.status()
            );
            oracle::shown("Debug of a response", &response);
            if let Err(error) = response.clone().json::<serde_json::Value, ()>() {
                oracle::error(&error);
            }
            oracle::error(&response.into_error());
        }
    }
    // Redirects, each an answer of the script.
    oracle::requests(&client.transport, ENDPOINT, client.asks_foreign, 12);
}
