//! JSON into the models, and back.
//!
//! The first byte chooses the type, the rest is the text.

use std::fmt::Debug;

use maps_creator_models as creator;
use maps_data_registry_models as registry;
use maps_route_models as route;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Runs one input.
///
/// # Panics
///
/// When what was read and written cannot be read again as the same.
pub fn run(input: &[u8]) {
    let Some((choice, json)) = input.split_first() else {
        return;
    };
    match choice {
        b'a' => there_and_back::<route::RouteOperation>(json),
        b'b' => there_and_back::<route::RouteOperationResponse>(json),
        b'c' => there_and_back::<route::RouteMatrixResponse>(json),
        b'd' => there_and_back::<route::RouteDirectionsResponse>(json),
        b'e' => there_and_back::<route::RouteRangeResponse>(json),
        b'f' => there_and_back::<route::SnapToRoadsResponse>(json),
        b'g' => there_and_back::<route::DirectionsBatchResponse>(json),
        b'h' => there_and_back::<route::MapsErrorResponse>(json),
        b'i' => there_and_back::<route::RouteMatrixRequest>(json),
        b'j' => there_and_back::<route::DirectionsRequest>(json),
        b'k' => there_and_back::<registry::DataRegistryList>(json),
        b'l' => there_and_back::<registry::LongRunningOperationResult>(json),
        b'm' => there_and_back::<creator::DatasetListResult>(json),
        b'n' => there_and_back::<creator::LongRunningOperationResult>(json),
        b'o' => there_and_back::<creator::ErrorResponse>(json),
        b'p' => there_and_back::<route::FeatureProperties>(json),
        _ => there_and_back::<route::GeoJsonObject>(json),
    }
}

fn there_and_back<T: DeserializeOwned + Serialize + Debug>(json: &[u8]) {
    let Ok(first) = serde_json::from_slice::<T>(json) else {
        return;
    };
    let text = serde_json::to_vec(&first).expect("what was read can be written");
    let again: T = match serde_json::from_slice(&text) {
        Ok(again) => again,
        Err(error) => panic!("{error} in {}", text.escape_ascii()),
    };
    let (first, again) = (shape(&first), shape(&again));
    assert_eq!(first, again, "{}", text.escape_ascii());
}

/// What `Debug` shows but digits: the last one of a floating-point number may change.
fn shape(value: &impl Debug) -> String {
    let mut text = format!("{value:?}");
    text.retain(|character| !character.is_ascii_digit() && !".e-+".contains(character));
    text
}
