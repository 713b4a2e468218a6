//! The same work as a program would do it that has only reqwest and serde.

use std::error::Error;

use serde::Deserialize;
use time::OffsetDateTime;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "decoded to be compared, not to be read")]
struct Operation {
    id: Option<String>,
    status: Option<String>,
    kind: Option<String>,
    #[serde(default, with = "time::serde::rfc3339::option")]
    created_at: Option<OffsetDateTime>,
    #[serde(default, with = "time::serde::rfc3339::option")]
    last_action_at: Option<OffsetDateTime>,
    result: Option<Link>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "decoded to be compared, not to be read")]
struct Link {
    result_url: Option<String>,
}

/// Asks for the status of an operation.
pub(crate) async fn ask(url: &str, times: usize) -> Result<(), Box<dyn Error>> {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let url = format!(
        "{url}/route/operations/{}?api-version=2025-01-01",
        crate::ID
    );
    for _ in 0..times {
        let response = client
            .get(&url)
            .header("accept", "application/json")
            .header("subscription-key", "key")
            .header("user-agent", "by-hand")
            .send()
            .await?
            .error_for_status()?;
        let body = response.bytes().await?;
        std::hint::black_box(serde_json::from_slice::<Operation>(&body)?);
    }
    Ok(())
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "decoded to be compared, not to be read")]
pub(crate) struct Matrix {
    properties: Properties,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "decoded to be compared, not to be read")]
struct Properties {
    matrix: Option<Vec<Cell>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "decoded to be compared, not to be read")]
struct Cell {
    status_code: Option<i32>,
    origin_index: Option<i32>,
    destination_index: Option<i32>,
    distance_in_meters: Option<f64>,
    duration_in_seconds: Option<i64>,
    duration_traffic_in_seconds: Option<i64>,
    #[serde(default, with = "time::serde::rfc3339::option")]
    departure_at: Option<OffsetDateTime>,
    #[serde(default, with = "time::serde::rfc3339::option")]
    arrival_at: Option<OffsetDateTime>,
    error: Option<Box<Detail>>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "decoded to be compared, not to be read")]
struct Detail {
    code: Option<String>,
    message: Option<String>,
}
