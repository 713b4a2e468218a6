//! Every way of finding an operation with every way of collecting its result.

use maps_core::Poller;
use maps_core::service::{LongRunning, ResultSource};
use serde_json::{Value, json};

use crate::server::*;

static NONE: LongRunning = long_running(ResultSource::None);
static PROPERTY: LongRunning = long_running(ResultSource::Property("/result/output"));

/// The last status, which says all that any of them needs.
const LAST: &str =
    r#"{"status":"Succeeded","result":{"resultUrl":"/link/1","output":{"from":"property"}}}"#;

/// An operation whose answer to the submit has these headers, `{host}` in them being the server.
async fn server_with(headers: &'static [(&'static str, &'static str)]) -> Server {
    Server::start(
        move |seen| match (seen.method.as_str(), seen.path.as_str()) {
            ("PUT", _) => headers.iter().fold(reply(202), |reply, (name, value)| {
                let host = seen.headers["host"].to_str().unwrap();
                reply.header(name, &value.replace("{host}", &format!("http://{host}")))
            }),
            (_, "/operations/1") if seen.earlier == 0 => status("Running"),
            (_, "/operations/1") => reply(200)
                .header("resource-location", "/resource/1")
                .json(LAST),
            (_, path) => reply(200).json(&format!(r#"{{"from":"{path}"}}"#)),
        },
    )
    .await
}

/// The same cases for a monitor, however it is named.
async fn monitor(headers: &'static [(&'static str, &'static str)]) {
    for (operation, from) in [
        (&NONE, None),
        (&MONITOR, None),
        (&PROPERTY, Some("property")),
        (&LINK, Some("/link/1")),
        (&RESOURCE_LOCATION, Some("/resource/1")),
        (&ORIGINAL, Some("/things/a%20b")),
        (&RESOURCE, Some("/things/a%20b")),
        (&LOCATION, Some("/location/1")),
    ] {
        let server = server_with(headers).await;
        let client = server.client();
        let poller: Poller<Value, Value> = client.begin(put(&client), operation).await.unwrap();
        assert_eq!(poller.id(), "1");
        let value = poller.await.unwrap();
        let case = format!("{:?} by {headers:?}", operation.result);
        match (operation.result, from) {
            (ResultSource::None, _) => assert_eq!(value, Value::Null),
            (_, None) => assert_eq!(value, serde_json::from_str::<Value>(LAST).unwrap()),
            (_, Some(from)) => assert_eq!(value, json!({ "from": from }), "{case}"),
        }
        let mut lines = vec!["PUT /things/a%20b".to_owned()];
        lines.extend([
            "GET /operations/1".to_owned(),
            "GET /operations/1".to_owned(),
        ]);
        if let Some(path) = from.filter(|from| from.starts_with('/')) {
            lines.push(format!("GET {path}"));
        }
        assert_eq!(server.lines(), lines, "{case}");
        let seen = server.seen();
        assert!(seen.iter().all(|seen| seen.query == "api-version=1.0"));
        assert!(
            seen.iter()
                .all(|seen| seen.headers["subscription-key"] == KEY)
        );
    }
}

#[tokio::test]
async fn operation_location_absolute_with_every_result() {
    monitor(&[
        ("operation-location", "{host}/operations/1?api-version=1.0"),
        ("location", "{host}/location/1?api-version=1.0"),
    ])
    .await;
}

#[tokio::test]
async fn operation_location_relative_without_api_version_with_every_result() {
    monitor(&[
        ("operation-location", "/operations/1"),
        ("location", "../location/1"),
    ])
    .await;
}

#[tokio::test]
async fn azure_async_operation_absolute_with_every_result() {
    monitor(&[
        (
            "azure-asyncoperation",
            "{host}/operations/1?api-version=1.0",
        ),
        ("location", "{host}/location/1?api-version=1.0"),
    ])
    .await;
}

#[tokio::test]
async fn azure_async_operation_relative_without_api_version_with_every_result() {
    monitor(&[
        ("azure-asyncoperation", "../operations/1"),
        ("location", "/location/1"),
    ])
    .await;
}

#[tokio::test]
async fn operation_location_goes_before_the_other_headers() {
    monitor(&[
        ("azure-asyncoperation", "/wrong/1"),
        ("location", "/location/1"),
        ("operation-location", "/operations/1"),
    ])
    .await;
}

/// By `Location` the last answer is the result, unless the definition says that it is elsewhere.
#[tokio::test]
async fn location_with_every_result_that_it_can_have() {
    for (operation, last, from) in [
        (&NONE, "/location/1", None),
        (&LOCATION, "/location/1", Some("/location/1")),
        (&MONITOR, "/location/1", Some("/location/1")),
        (&RESOURCE, "/location/1", Some("/location/1")),
        (&ORIGINAL, "/things/a%20b", Some("/things/a%20b")),
    ] {
        let server =
            Server::start(
                |seen| match (seen.method.as_str(), seen.path.as_str(), seen.earlier) {
                    ("PUT", ..) => reply(202).header("location", "/location/1"),
                    (_, "/location/1", 0 | 1) => reply(202),
                    (_, path, _) => reply(200).json(&format!(r#"{{"from":"{path}"}}"#)),
                },
            )
            .await;
        let client = server.client();
        let poller: Poller<Value, Value> = client.begin(put(&client), operation).await.unwrap();
        let value = poller.await.unwrap();
        assert_eq!(
            value,
            from.map_or(Value::Null, |from| json!({"from": from}))
        );
        let lines = server.lines();
        assert_eq!(
            lines[1..4],
            ["GET /location/1"; 3],
            "{:?}",
            operation.result
        );
        assert_eq!(*lines.last().unwrap(), format!("GET {last}"));
    }
}

/// A `Location` that has nothing to show in the end leaves the resource where the submit went.
#[tokio::test]
async fn location_that_ends_without_a_body_leaves_the_resource_at_its_own_uri() {
    let server = Server::start(|seen| match (seen.method.as_str(), seen.path.as_str()) {
        ("PUT", _) => reply(202).header("location", "/location/1"),
        (_, "/location/1") => reply(204),
        (_, path) => reply(200).json(&format!(r#"{{"from":"{path}"}}"#)),
    })
    .await;
    let client = server.client();
    let mut poller: Poller<Value, Value> = client.begin(put(&client), &RESOURCE).await.unwrap();
    let token = poller.resume_token();
    let expected = json!({ "from": "/things/a%20b" });
    assert_eq!(poller.result().await.unwrap(), expected);
    let resumed: Poller<Value, Value> = client.resume(&RESOURCE, token).unwrap();
    assert_eq!(resumed.await.unwrap(), expected);
    let lines = ["GET /location/1", "GET /things/a%20b"];
    assert_eq!(server.lines()[1..], [lines, lines].concat());
}

/// Without any header the resource itself is asked.
#[tokio::test]
async fn provisioning_state_with_every_result_that_it_can_have() {
    let state = |word: &str| format!(r#"{{"properties":{{"provisioningState":"{word}"}}}}"#);
    for operation in [&NONE, &ORIGINAL, &RESOURCE, &MONITOR, &LOCATION] {
        let server = Server::start(move |seen| match (seen.method.as_str(), seen.earlier) {
            ("PUT", _) => reply(201).json(&state("Creating")),
            (_, 0) => reply(200).json(&state("Juggling")),
            _ => reply(200).json(&state("SUCCEEDED")),
        })
        .await;
        let client = server.client();
        let poller: Poller<Value, Value> = client.begin(put(&client), operation).await.unwrap();
        let value = poller.await.unwrap();
        if operation.result != ResultSource::None {
            assert_eq!(value["properties"]["provisioningState"], "SUCCEEDED");
        }
        let mut lines = vec!["PUT /things/a%20b"];
        lines.extend(["GET /things/a%20b"; 2]);
        assert_eq!(server.lines(), lines);
    }
}
