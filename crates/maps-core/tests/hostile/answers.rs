//! Sends a request to a server that answers with given bytes.

use std::time::Duration;

use maps_core::service::{LongRunning, Operation, ResultSource};
use maps_core::{
    ClientOptions, Error, Poller, PollingOptions, RawResponse, Response, Result, RetryOptions,
    Timeouts,
};
use serde_json::Value;

use crate::server::{GET, POST, Reply, SERVICE, Server, Then, raw, reply};
use crate::{check, key};

static JOB: LongRunning = LongRunning {
    operation: "Things_Post",
    status: None,
    succeeded: &[],
    failed: &[],
    result: ResultSource::None,
};

/// Fails a test that waits for ever.
const BOUND: Duration = Duration::from_secs(20);

/// One try, and polls without a pause.
pub(crate) fn options() -> ClientOptions {
    ClientOptions::new()
        .retry(RetryOptions::none())
        .polling(PollingOptions::new().first_wait(Duration::ZERO))
}

/// The same, giving up after two seconds, or 200 ms where a body says no more.
pub(crate) fn hasty() -> ClientOptions {
    let timeouts = Timeouts::new().one_try(Duration::from_secs(2));
    options().timeouts(timeouts.stalled_body(Duration::from_millis(200)))
}

/// The answer of a request to bytes, after which the server hangs or closes.
pub(crate) async fn send(operation: &'static Operation, answer: Reply) -> Result<RawResponse> {
    let options = match answer.then {
        Then::Hang => hasty(),
        Then::KeepOpen | Then::Close => options(),
    };
    let server = Server::always(answer).await;
    let pipeline = server.pipeline(&SERVICE, key(), options);
    let call = tokio::time::timeout(BOUND, pipeline.send(pipeline.request(operation)));
    let outcome = call.await.expect("bounded");
    if let Err(error) = &outcome {
        check(error, "an answer");
    }
    outcome
}

/// The same for a GET of bytes.
pub(crate) async fn get(bytes: impl AsRef<[u8]>, then: Then) -> Result<RawResponse> {
    send(&GET, raw(bytes.as_ref(), then)).await
}

/// A GET whose answer is JSON.
pub(crate) async fn json(body: impl AsRef<[u8]>, headers: &[(&str, &str)]) -> Result<Value> {
    let response = send(&GET, reply(200, headers, body)).await?;
    let response: Response<Value> = response.json()?;
    Ok(response.into_body())
}

/// The first status of an operation whose monitor answers with a body.
pub(crate) async fn monitor(body: impl AsRef<[u8]>, headers: &[(&str, &str)]) -> Result<Value> {
    let server = Server::script(vec![
        reply(202, &[("operation-location", "/jobs/1")], ""),
        reply(200, headers, body),
    ])
    .await;
    let pipeline = server.pipeline(&SERVICE, key(), options());
    let watch = async {
        let mut job: Poller<Value, Value> = pipeline.begin(pipeline.request(&POST), &JOB).await?;
        job.next().await.expect("a status")
    };
    let outcome = tokio::time::timeout(BOUND, watch).await.expect("bounded");
    if let Err(error) = &outcome {
        check(error, "a status");
    }
    outcome
}

/// The error of a refusal with a body.
pub(crate) async fn refusal(body: impl AsRef<[u8]>, headers: &[(&str, &str)]) -> Error {
    let outcome = send(&GET, reply(500, headers, body)).await;
    outcome.expect_err("a status of 500")
}
