//! How a result is collected, and what a failure says.

use std::sync::Arc;
use std::time::Duration;

use maps_core::service::ResultSource;
use maps_core::test_kit::{Answer, ScriptedTransport, VirtualClock};
use maps_core::{ErrorKind, Poller, PollingOptions, RetryOptions};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::server::*;

static NONE: maps_core::service::LongRunning = long_running(ResultSource::None);
static PROPERTY: maps_core::service::LongRunning =
    long_running(ResultSource::Property("/properties/output"));

#[tokio::test]
async fn the_last_status_is_the_result() {
    let server = scripted(|_| reply(200).json(r#"{"status":"Completed","value":[1,2]}"#)).await;
    assert_eq!(
        server.begin(&MONITOR).await.unwrap().await.unwrap()["value"],
        json!([1, 2])
    );
}

#[tokio::test]
async fn a_property_of_the_last_status_is_the_result() {
    let body = r#"{"status":"Completed","properties":{"output":{"value":42}}}"#;
    let server = scripted(move |_| reply(200).json(body)).await;
    assert_eq!(
        server.begin(&PROPERTY).await.unwrap().await.unwrap(),
        json!({"value": 42})
    );
    assert_eq!(server.lines().len(), 2);
}

#[tokio::test]
async fn a_link_in_the_last_status_is_followed() {
    for link in ["/results/1", "../results/1?api-version=3.0"] {
        let body = format!(r#"{{"status":"Completed","result":{{"resultUrl":"{link}"}}}}"#);
        let server = scripted(move |_| reply(200).json(&body)).await;
        assert_eq!(
            server.begin(&LINK).await.unwrap().await.unwrap(),
            json!({"value": 42})
        );
        let last = server.seen().pop().unwrap();
        assert_eq!(last.path, "/results/1");
        assert_eq!(
            last.query,
            if link.contains('?') {
                "api-version=3.0"
            } else {
                "api-version=1.0"
            }
        );
        assert_eq!(last.headers["subscription-key"], KEY);
    }
}

#[tokio::test]
async fn resource_location_is_followed() {
    let server = scripted(|_| status("Succeeded").header("resource-location", "/results/1")).await;
    assert_eq!(
        server
            .begin(&RESOURCE_LOCATION)
            .await
            .unwrap()
            .await
            .unwrap(),
        json!({"value": 42})
    );
}

#[tokio::test]
async fn the_uri_of_the_submit_is_read_again() {
    let server = scripted(|_| status("Completed")).await;
    let client = server.client();
    let poller: Poller<Value, Value> = client.begin(put(&client), &ORIGINAL).await.unwrap();
    assert_eq!(poller.await.unwrap(), json!({"id": "a b"}));
    let last = server.seen().pop().unwrap();
    assert_eq!(
        (last.method.as_str(), last.path.as_str()),
        ("GET", "/things/a%20b")
    );
    assert_eq!(last.query, "api-version=1.0");
}

#[tokio::test]
async fn the_location_of_the_submit_is_read_at_the_end() {
    let server = Server::start(|seen| match (seen.method.as_str(), seen.path.as_str()) {
        ("POST", _) => reply(202)
            .header("azure-asyncoperation", "/operations/1")
            .header("location", "/results/1"),
        (_, "/operations/1") => status("Succeeded"),
        _ => reply(200).json(r#"{"value":42}"#),
    })
    .await;
    assert_eq!(
        server.begin(&LOCATION).await.unwrap().await.unwrap(),
        json!({"value": 42})
    );
    assert_eq!(
        server.lines(),
        ["POST /things", "GET /operations/1", "GET /results/1"]
    );
}

#[tokio::test]
async fn an_operation_without_result_gives_nothing() {
    let server = scripted(|_| status("Succeeded")).await;
    let client = server.client();
    let poller: Poller<(), Value> = client.begin(client.request(&POST), &NONE).await.unwrap();
    poller.await.unwrap();
    let error = server
        .begin(&NONE)
        .await
        .unwrap()
        .await
        .map(|value| value.is_null());
    assert!(error.unwrap());
    assert_eq!(server.lines().len(), 4);
}

#[tokio::test]
async fn a_success_without_its_result_is_an_operation_error_that_can_be_resumed() {
    for (operation, first) in [
        (&LINK, r#"{"status":"Completed"}"#),
        (
            &LINK,
            r#"{"status":"Completed","result":{"resultUrl":null}}"#,
        ),
        (&LINK, r#"{"status":"Completed","result":{"resultUrl":7}}"#),
        (&RESOURCE_LOCATION, r#"{"status":"Succeeded"}"#),
        (&PROPERTY, r#"{"status":"Succeeded","properties":[]}"#),
    ] {
        let server = scripted(move |earlier| match earlier {
            0 => reply(200).json(first),
            _ => reply(200)
                .header("resource-location", "/results/1")
                .json(r#"{"status":"Completed","result":{"resultUrl":"/results/1"},"properties":{"output":{"value":42}}}"#),
        })
        .await;
        let mut poller = server.begin(operation).await.unwrap();
        let error = poller.result().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Operation, "{first}");
        assert_eq!(
            error.last_status::<Value>().unwrap(),
            serde_json::from_str::<Value>(first).unwrap()
        );
        assert_eq!(error.operation_id(), Some("1"));
        let token = error.resume_token().unwrap().clone();
        assert_eq!(
            poller.result().await.unwrap(),
            json!({"value": 42}),
            "the poller polls once more"
        );
        let resumed = server
            .client()
            .resume::<Value, Value>(operation, token)
            .unwrap();
        assert_eq!(resumed.await.unwrap(), json!({"value": 42}));
    }
}

#[tokio::test]
async fn a_failure_says_all_that_the_service_said() {
    const BODY: &str = r#"{"id":"1","status":"Failed","error":{"code":"InvalidData","message":"no GeoJSON",
        "details":[{"code":"Line3"}],"innererror":{"code":"Parser","innererror":{"code":"Comma"}}}}"#;
    let server = scripted(|_| reply(200).header("x-ms-request-id", "r-17").json(BODY)).await;
    let mut poller = server.begin(&LINK).await.unwrap();
    let status = poller.next().await.unwrap().unwrap();
    assert_eq!(
        status["status"], "Failed",
        "the stream gives the terminal status as it is"
    );
    assert!(poller.next().await.is_none());
    for _ in 0..2 {
        let error = poller.result().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Operation);
        assert_eq!(
            (error.code(), error.message()),
            (Some("InvalidData"), Some("no GeoJSON"))
        );
        assert_eq!(error.inner_codes(), ["Parser", "Comma"]);
        assert_eq!(error.request_id(), Some("r-17"));
        assert_eq!(error.body().unwrap().as_ref(), BODY.as_bytes());
        assert_eq!(error.last_status::<Value>().unwrap(), status);
        assert_eq!(error.operation_id(), Some("1"));
        assert!(error.resume_token().is_some());
        let shown = error.to_string();
        let start = "the operation ended as `Failed` (InvalidData: no GeoJSON) [operation ";
        assert!(shown.starts_with(start), "{shown}");
        let ids = ", operation id 1, request id r-17, client request id ";
        assert!(shown.contains(ids), "{shown}");
        #[derive(Deserialize)]
        struct Detail {
            code: String,
        }
        #[derive(Deserialize)]
        struct Typed {
            details: Vec<Detail>,
        }
        #[derive(Deserialize)]
        struct Monitor {
            error: Typed,
        }
        assert_eq!(
            error.body_as::<Monitor>().unwrap().error.details[0].code,
            "Line3"
        );
    }
    assert_eq!(server.lines().len(), 2);
}

#[tokio::test]
async fn cancelled_is_a_failure_and_words_have_any_case() {
    for (word, fails) in [
        ("CANCELED", true),
        ("cancelled", true),
        ("failed", true),
        ("sUcceeded", false),
        ("completed", false),
    ] {
        let server = scripted(move |_| status(word)).await;
        let result = server.begin(&MONITOR).await.unwrap().await;
        assert_eq!(result.is_err(), fails, "{word}");
    }
}

#[tokio::test]
async fn a_status_never_seen_is_pending() {
    let server =
        scripted(|earlier| status(["Juggling", "", "Unknown", "Completed"][earlier.min(3)])).await;
    let mut poller = server.begin(&MONITOR).await.unwrap();
    let mut words = Vec::new();
    while let Some(status) = poller.next().await {
        words.push(status.unwrap()["status"].as_str().unwrap().to_owned());
    }
    assert_eq!(words, ["Juggling", "", "Unknown", "Completed"]);
}

#[tokio::test]
async fn a_result_is_collected_as_often_as_it_is_asked_for() {
    let server = scripted(|_| status("Succeeded").header("resource-location", "/results/1")).await;
    let mut poller = server.begin(&RESOURCE_LOCATION).await.unwrap();
    for _ in 0..3 {
        assert_eq!(poller.result().await.unwrap()["value"], 42);
    }
    assert_eq!((&mut poller).await.unwrap()["value"], 42);
    assert_eq!(poller.status().unwrap()["status"], "Succeeded");
    assert_eq!(
        poller.next().await.unwrap().unwrap()["status"],
        "Succeeded",
        "the stream has not given it yet"
    );
    assert!(poller.next().await.is_none());
    assert_eq!(poller.await.unwrap()["value"], 42);
}

#[tokio::test]
async fn a_result_that_does_not_fit_says_where_and_leads_back() {
    #[derive(Debug, Deserialize)]
    struct Typed {
        #[serde(rename = "value")]
        _value: String,
    }
    let server = scripted(|_| status("Succeeded").header("resource-location", "/results/1")).await;
    let client = server.client();
    let poller: Poller<Typed, Value> = client
        .begin(client.request(&POST), &RESOURCE_LOCATION)
        .await
        .unwrap();
    let error = poller.await.unwrap_err();
    assert_eq!(
        (error.kind(), error.json_path()),
        (ErrorKind::Decode, Some("value"))
    );
    assert!(error.resume_token().is_some());
    assert_eq!(error.last_status::<Value>().unwrap()["status"], "Succeeded");
}

#[tokio::test]
async fn a_link_that_nobody_needs_any_more_does_not_hide_the_result() {
    let server = scripted(|_| {
        status("Completed").header("operation-location", "https://evil.example/operations/1")
    })
    .await;
    let poller = server.begin(&MONITOR).await.unwrap();
    assert_eq!(poller.await.unwrap()["status"], "Completed");
}

#[tokio::test]
async fn a_result_is_not_cut_off_by_what_little_is_left_of_the_operations_time() {
    let script = ScriptedTransport::new()
        .answer(Answer::status(202).header("operation-location", "/operations/1"))
        .answer(
            Answer::status(200)
                .header("resource-location", "/results/1")
                .json(r#"{"status":"Succeeded"}"#),
        )
        .answer(Answer::silence())
        .answer(Answer::status(200).json(r#"{"value":42}"#));
    let clock = VirtualClock::new();
    let server = Server::with_clock(clock.clone(), |_| reply(500)).await;
    let polling = PollingOptions::new()
        .first_wait(Duration::ZERO)
        .timeout(Duration::from_secs(1));
    let options = server.options().polling(polling);
    let options = options.retry(RetryOptions::new().first_delay(Duration::ZERO));
    let options = options.transport(Arc::new(script.clone()));
    let client = server.client_with(options);
    let mut poller = begin(&client, &RESOURCE_LOCATION).await.unwrap();
    while script.requests().len() < 3 {
        let _ = crate::cancelling::drop_at(1, poller.result()).await;
    }
    // The operation's time is up, the try's is not.
    clock.advance(Duration::from_secs(59));
    assert!(
        crate::cancelling::drop_at(1, poller.result())
            .await
            .is_none()
    );
    clock.advance(Duration::from_secs(1));
    assert_eq!(poller.await.unwrap()["value"], 42);
}

#[tokio::test]
async fn a_foreign_result_is_refused_before_anything_is_sent() {
    let body = r#"{"status":"Completed","result":{"resultUrl":"https://evil.example/r"}}"#;
    let server = scripted(move |_| reply(200).json(body)).await;
    let error = server.begin(&LINK).await.unwrap().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Untrusted);
    assert_eq!(error.link(), Some("https://evil.example/r"));
    assert!(error.resume_token().is_some() && error.last_status::<Value>().is_some());
}

#[tokio::test]
async fn a_status_of_another_shape_does_not_hide_the_result() {
    #[derive(Debug, Clone, Deserialize)]
    struct Monitor {
        #[serde(rename = "missing")]
        _missing: u32,
    }
    let server = scripted(|_| reply(200).json(r#"{"status":"Completed","value":1}"#)).await;
    let client = server.client();
    let mut poller: Poller<Value, Monitor> =
        client.begin(client.request(&POST), &MONITOR).await.unwrap();
    let error = poller.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(poller.next().await.is_none());
    assert_eq!(poller.await.unwrap()["value"], 1);
}

#[tokio::test]
async fn a_location_that_the_service_names_otherwise_is_followed() {
    let server = scripted(|_| status("Succeeded").header("resource-location", "/results/1")).await;
    let poller = server.begin(&LOCATION).await.unwrap();
    assert_eq!(poller.await.unwrap(), json!({"value": 42}));
}

#[tokio::test]
async fn an_operation_that_a_get_starts_is_read_once_more_and_no_oftener() {
    static READ: maps_core::service::Operation = maps_core::service::Operation {
        id: "Thing_Read",
        method: maps_core::Method::GET,
        path: "/batches/1",
        accept: "application/json",
        redirects: &[],
    };
    for location in [None, Some("/batches/1?api-version=1.0")] {
        let server = Server::start(move |seen| match (seen.earlier, location) {
            (0 | 1, Some(location)) => reply(202).header("location", location),
            (0 | 1, None) => reply(202),
            _ => reply(200).json(r#"{"value":42}"#),
        })
        .await;
        let client = server.client();
        let poller: Poller<Value, Value> = client
            .begin(client.request(&READ), &ORIGINAL)
            .await
            .unwrap();
        assert_eq!(poller.await.unwrap(), json!({"value": 42}));
        assert_eq!(server.lines(), ["GET /batches/1"; 3], "{location:?}");
    }
}
