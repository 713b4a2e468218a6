//! Scenarios of `lro.json`.

use lro::LroClient;
use lro::models::CloudError;
use maps_core::{Error, ErrorKind, Poller, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use testserver::Session;

mod custom_header;
mod lros;
mod retrys;
mod sads;

fn client(session: &Session) -> LroClient {
    LroClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

/// The whole result as JSON.
async fn result<T: Serialize + DeserializeOwned>(begun: Result<Poller<T, Value>>) -> Value {
    serde_json::to_value(begun.unwrap().result().await.unwrap()).unwrap()
}

/// The error of an operation that was started.
async fn error<T: DeserializeOwned>(begun: Result<Poller<T, Value>>) -> Error {
    begun.unwrap().result().await.map(|_| ()).unwrap_err()
}

/// The product that nearly all operations make.
fn product(state: &str) -> Value {
    json!({ "id": "100", "name": "foo", "properties": { "provisioningState": state } })
}

/// An operation whose monitor says that it did not succeed.
fn assert_ended(error: &Error, monitor: &Value) {
    assert_eq!(error.kind(), ErrorKind::Operation);
    assert_eq!(error.last_status::<Value>().as_ref(), Some(monitor));
    assert!(error.resume_token().is_some());
}

/// A request that the service refused with 400 and this message.
fn assert_refused(error: &Error, message: &str) {
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().unwrap(), 400);
    assert_eq!(error.message(), Some(message));
    let body: CloudError = error.body_as().unwrap();
    assert_eq!(body.message.as_deref(), Some(message));
}
