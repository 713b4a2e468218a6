//! A task for each matrix, as a program would do it that has only reqwest, serde and tokio.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use maps_emulator::DEFAULT_KEY;
use reqwest::{RequestBuilder, Response};
use serde::Deserialize;
use time::OffsetDateTime;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::usage::Usage;
use crate::{IN_FLIGHT, Outcome, matrix};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "decoded to be compared, not to be read")]
struct Operation {
    id: Option<String>,
    status: String,
    kind: Option<String>,
    #[serde(default, with = "time::serde::rfc3339::option")]
    created_at: Option<OffsetDateTime>,
    #[serde(default, with = "time::serde::rfc3339::option")]
    last_action_at: Option<OffsetDateTime>,
    result: Option<Link>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Link {
    result_url: String,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "decoded to be compared, not to be read")]
struct Matrix {
    properties: Properties,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "decoded to be compared, not to be read")]
struct Properties {
    matrix: Vec<Cell>,
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
}

type Failure = Box<dyn Error + Send + Sync>;

struct Service {
    client: reqwest::Client,
    url: String,
    body: Vec<u8>,
    /// Without it there were as many connections as matrices.
    room: Semaphore,
    submitted: AtomicUsize,
}

pub(crate) async fn run(url: &str, count: &str) -> Outcome {
    let count: usize = count.parse()?;
    let service = Arc::new(Service {
        client: reqwest::Client::new(),
        url: format!("{url}/route/matrix:async?api-version=2025-01-01"),
        body: serde_json::to_vec(&matrix())?,
        room: Semaphore::new(IN_FLIGHT),
        submitted: AtomicUsize::new(0),
    });
    let mut usage = Usage::start()?;
    let mut tasks = JoinSet::new();
    for number in 0..count {
        let service = Arc::clone(&service);
        tasks.spawn(async move { service.watch(number).await });
    }
    while service.submitted.load(Ordering::Relaxed) < count {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    usage.note_submitted();
    while let Some(ended) = tasks.join_next().await {
        let matrix = ended?.map_err(|error| error as Box<dyn Error>)?;
        std::hint::black_box(matrix);
    }
    usage.print(count)
}

impl Service {
    async fn watch(&self, number: usize) -> Result<Matrix, Failure> {
        let submit = self
            .client
            .post(&self.url)
            .header("content-type", "application/geo+json");
        let accepted = self.ask(submit.body(self.body.clone())).await?;
        let monitor = accepted
            .headers()
            .get("operation-location")
            .ok_or("no monitor")?;
        let monitor = monitor.to_str()?.to_owned();
        drop(accepted);
        self.submitted.fetch_add(1, Ordering::Relaxed);
        // The waits of the SDK.
        let mut wait = 0.5_f64;
        for poll in 0.. {
            let jitter = (number * 7919 + poll * 104_729) % 1000;
            tokio::time::sleep(Duration::from_secs_f64(
                wait * (1.0 + jitter as f64 / 5000.0),
            ))
            .await;
            wait = (wait * 1.5).min(15.0);
            let operation: Operation = self.read(&monitor).await?;
            if let ("Completed", Some(link)) = (operation.status.as_str(), operation.result) {
                return self.read(&link.result_url).await;
            }
        }
        Err("the polls have an end".into())
    }

    async fn read<T: for<'de> Deserialize<'de>>(&self, url: &str) -> Result<T, Failure> {
        let response = self.ask(self.client.get(url)).await?;
        Ok(serde_json::from_slice(&response.bytes().await?)?)
    }

    async fn ask(&self, request: RequestBuilder) -> Result<Response, Failure> {
        let _seat = self.room.acquire().await?;
        let request = request
            .header("subscription-key", DEFAULT_KEY)
            .header("accept", "application/json");
        Ok(request.send().await?.error_for_status()?)
    }
}
