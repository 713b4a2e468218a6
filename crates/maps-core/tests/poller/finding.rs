//! Where an operation is found.

use maps_core::service::{LongRunning, ResultSource, StatusOperation};
use maps_core::{ErrorKind, Poller, ResumeToken};
use serde_json::{Value, json};

use crate::server::*;

static NO_RESULT: LongRunning = long_running(ResultSource::None);

#[tokio::test]
async fn operation_location_is_followed_absolute_relative_and_without_api_version() {
    for (link, query) in [
        (
            "{url}/operations/1?api-version=2.5&x=y",
            "api-version=2.5&x=y",
        ),
        ("/operations/1?Api-Version=2.5", "Api-Version=2.5"),
        ("operations/1", "api-version=1.0"),
        ("{url}/operations/1", "api-version=1.0"),
    ] {
        let server = Server::start(move |seen| match seen.method.as_str() {
            "POST" => {
                let host = seen.headers["host"].to_str().unwrap();
                let link = link.replace("{url}", &format!("http://{host}"));
                reply(202).header("Operation-Location", &link)
            }
            _ => reply(200).json(r#"{"status":"Succeeded","value":1}"#),
        })
        .await;
        let poller = server.begin(&MONITOR).await.unwrap();
        assert_eq!(poller.id(), "1");
        assert_eq!(poller.await.unwrap()["value"], 1);
        let seen = server.seen();
        assert_eq!(server.lines(), ["POST /things", "GET /operations/1"]);
        assert_eq!(seen[1].query, query);
        assert_eq!(seen[1].headers["subscription-key"], KEY);
    }
}

#[tokio::test]
async fn azure_async_operation_is_polled() {
    let server = Server::start(|seen| match (seen.method.as_str(), seen.path.as_str()) {
        ("PUT", _) => reply(200)
            .header("azure-asyncoperation", "/operations/1")
            .header("location", "/wrong")
            .json(r#"{"properties":{"provisioningState":"Accepted"}}"#),
        (_, "/operations/1") if seen.earlier == 0 => reply(202),
        (_, "/operations/1") => status("Succeeded"),
        _ => reply(200).json(r#"{"id":"a b"}"#),
    })
    .await;
    let client = server.client();
    let poller: Poller<Value, Value> = client.begin(put(&client), &ORIGINAL).await.unwrap();
    assert_eq!(poller.await.unwrap(), json!({"id": "a b"}));
    assert_eq!(
        server.lines(),
        [
            "PUT /things/a%20b",
            "GET /operations/1",
            "GET /operations/1",
            "GET /things/a%20b"
        ]
    );
}

#[tokio::test]
async fn azure_async_operation_of_a_resource_that_is_ready_is_not_called() {
    let server = Server::start(|_| {
        reply(200)
            .header("azure-asyncoperation", "https://dead.example/x")
            .json(r#"{"properties":{"provisioningState":"Succeeded"},"id":"100"}"#)
    })
    .await;
    let client = server.client();
    let mut poller: Poller<Value, Value> = client.begin(put(&client), &ORIGINAL).await.unwrap();
    assert_eq!(poller.next().await.unwrap().unwrap()["id"], "100");
    assert!(poller.next().await.is_none());
    assert_eq!(poller.await.unwrap()["id"], "100");
    assert_eq!(server.lines(), ["PUT /things/a%20b"]);
}

#[tokio::test]
async fn location_is_polled_while_it_answers_202_and_gives_the_result() {
    let server = Server::start(|seen| match (seen.method.as_str(), seen.path.as_str()) {
        ("POST", _) => reply(202).header("location", "/moving/0"),
        (_, "/moving/0") => reply(202).header("location", "/moving/1"),
        (_, "/moving/1") if seen.earlier == 0 => reply(202),
        _ => reply(200).json(r#"{"value":7}"#),
    })
    .await;
    let mut poller = server.begin(&LOCATION).await.unwrap();
    assert_eq!(poller.next().await.unwrap().unwrap(), Value::Null);
    assert_eq!(poller.result().await.unwrap(), json!({"value": 7}));
    assert_eq!(
        server.lines(),
        [
            "POST /things",
            "GET /moving/0",
            "GET /moving/1",
            "GET /moving/1"
        ]
    );
}

#[tokio::test]
async fn a_resource_is_polled_for_its_own_state() {
    for (pending, done) in [
        (
            r#"{"properties":{"provisioningState":"Creating"}}"#,
            r#"{"properties":{"provisioningState":"Succeeded"}}"#,
        ),
        (r#"{"status":"Running"}"#, r#"{"status":"Completed"}"#),
    ] {
        let server = Server::start(move |seen| match (seen.method.as_str(), seen.earlier) {
            ("PUT", _) => reply(201).json(pending),
            (_, 0) => reply(200).json(pending),
            _ => reply(200).json(done),
        })
        .await;
        let client = server.client();
        let mut poller: Poller<Value, Value> = client.begin(put(&client), &ORIGINAL).await.unwrap();
        let expected: Value = serde_json::from_str(pending).unwrap();
        assert_eq!(
            poller.next().await.unwrap().unwrap(),
            expected,
            "the answer to the submit is the first status"
        );
        assert_eq!(
            poller.await.unwrap(),
            serde_json::from_str::<Value>(done).unwrap()
        );
        assert_eq!(
            server.lines(),
            [
                "PUT /things/a%20b",
                "GET /things/a%20b",
                "GET /things/a%20b"
            ]
        );
    }
}

#[tokio::test]
async fn an_operation_that_the_client_named_is_found_without_a_link() {
    let server = Server::start(|seen| match seen.method.as_str() {
        "PUT" => reply(201).json(r#"{"status":"Running"}"#),
        _ if seen.path.starts_with("/operations/") => status("Completed"),
        _ => reply(200).json("{}"),
    })
    .await;
    let client = server.client();
    let mut request = put(&client);
    request.operation_id("Operation-Id", Some("named".into()), None);
    let poller: Poller<Value, Value> = client.begin(request, &ORIGINAL).await.unwrap();
    assert_eq!(poller.id(), "named");
    poller.await.unwrap();
    assert_eq!(
        server.lines()[1..],
        ["GET /operations/named", "GET /things/a%20b"]
    );
}

#[tokio::test]
async fn an_answer_that_leads_nowhere_says_that_the_submit_was_sent() {
    let server = Server::start(|_| reply(202)).await;
    let error = server.begin(&MONITOR).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.status().unwrap(), 202);
    assert!(error.may_have_been_sent());
}

#[tokio::test]
async fn a_refused_submit_is_the_error_of_begin() {
    let server = Server::start(|_| reply(400).json(r#"{"error":{"code":"Bad"}}"#)).await;
    let error = server.begin(&MONITOR).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Service, Some("Bad"))
    );
    assert!(error.resume_token().is_none());
    drop(server);
    let nowhere = Server::start(|_| reply(500)).await;
    let client = nowhere.client();
    let mut request = put(&client);
    request.operation_id("Operation-Id", Some("bad\nid".into()), None);
    let error = client
        .begin::<Value, Value>(request, &ORIGINAL)
        .await
        .unwrap_err();
    assert!(!error.may_have_been_sent());
    assert!(nowhere.seen().is_empty());
}

#[tokio::test]
async fn a_submit_that_is_answered_with_no_success_started_nothing() {
    for status in [300, 301, 302, 304, 305] {
        let server = Server::start(move |_| reply(status).header("location", "/login")).await;
        for operation in [&MONITOR, &NO_RESULT] {
            let error = server.begin(operation).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Service, "{status}: {error}");
            assert_eq!(error.status().unwrap(), status);
            assert_eq!(error.headers().unwrap()["location"], "/login");
        }
        assert_eq!(server.lines(), ["POST /things", "POST /things"]);
    }
}

#[tokio::test]
async fn a_submit_that_is_answered_with_303_is_sent_once_whatever_it_leads_to() {
    let server = Server::start(|seen| match seen.method.as_str() {
        "POST" => reply(303).header("location", "/login"),
        _ => reply(503),
    })
    .await;
    let error = server.begin(&MONITOR).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().unwrap(), 503);
    assert!(error.may_have_been_sent());
    assert_eq!(server.lines(), ["POST /things", "GET /login"]);
}

#[tokio::test]
async fn a_poll_that_is_answered_with_no_success_says_nothing_of_the_operation() {
    for code in [300, 304, 305] {
        let server = Server::start(move |seen| match (seen.method.as_str(), seen.earlier) {
            ("POST", _) => reply(202).header("location", "/operations/1"),
            (_, 0) => reply(code),
            _ => reply(200).json("7"),
        })
        .await;
        let mut poller = server.begin(&LOCATION).await.unwrap();
        let error = poller.result().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Service, "{code}: {error}");
        assert_eq!(error.status().unwrap(), code);
        assert_eq!(poller.result().await.unwrap(), 7);
    }
}

#[tokio::test]
async fn a_foreign_link_is_refused_and_can_be_followed_later_by_a_client_that_trusts_it() {
    let server = Server::start(|_| {
        reply(202).header(
            "operation-location",
            "https://evil.example:444/operations/9?api-version=1.0&subscription-key=canary-of-the-key&sig=canary",
        )
    })
    .await;
    let error = server.begin(&LINK).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Untrusted);
    assert!(
        error.to_string().contains("https://evil.example:444"),
        "{error}"
    );
    assert!(error.may_have_been_sent());
    assert_eq!(error.operation_id(), Some("9"));
    assert!(!error.link().unwrap().contains(KEY));
    let token = error.resume_token().unwrap();
    assert!(!token.to_string().contains("canary"), "{token}");
    let refused = server
        .client()
        .resume::<Value, Value>(&LINK, token.clone())
        .unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ResumeToken);
    let trusting = server.client_with(server.options().trusted_origin("https://evil.example:444"));
    assert_eq!(
        trusting
            .resume::<Value, Value>(&LINK, token.clone())
            .unwrap()
            .id(),
        "9"
    );
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn unreadable_links_are_errors_that_name_the_operation() {
    for link in [
        "https://",
        "http://[::1/operations/2",
        "ftp://127.0.0.1/x",
        "https://user:pw@127.0.0.1/operations/2",
    ] {
        let server = Server::start(move |_| {
            reply(202)
                .header("operation-location", link)
                .header("operation-id", "op-2")
        })
        .await;
        let error = server.begin(&MONITOR).await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Decode | ErrorKind::Untrusted),
            "{link}: {error:?}"
        );
        assert!(error.may_have_been_sent());
        assert!(error.operation_id().is_some(), "{link}");
        assert!(error.link().is_some(), "{link}");
    }
}

#[tokio::test]
async fn the_id_is_the_parameter_of_the_status_operation() {
    static JOB: LongRunning = LongRunning {
        operation: "Job",
        status: Some(StatusOperation {
            path: "/jobs/{id}/state",
            id: "id",
            check: None,
        }),
        succeeded: &[],
        failed: &[],
        result: ResultSource::None,
    };
    let server = Server::start(|seen| match seen.method.as_str() {
        "POST" => reply(202).header("operation-location", "/jobs/x%2Fy/state"),
        _ => status("Succeeded"),
    })
    .await;
    let client = server.client();
    let poller: Poller<(), Value> = client.begin(client.request(&POST), &JOB).await.unwrap();
    assert_eq!(poller.id(), "x/y");
    poller.await.unwrap();
    assert_eq!(server.lines()[1], "GET /jobs/x%2Fy/state");
}

#[tokio::test]
async fn an_end_without_link_and_result_is_an_error_each_time_and_no_poll() {
    let server = Server::start(|_| reply(200).json(r#"{"status":"Completed"}"#)).await;
    let mut poller = server.begin(&LINK).await.unwrap();
    for _ in 0..3 {
        let error = poller.result().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Operation);
    }
    assert!(poller.next().await.unwrap().is_ok());
    assert!(poller.next().await.is_none());
    let token = poller.resume_token();
    let refused = server
        .client()
        .resume::<Value, Value>(&LINK, token)
        .unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ResumeToken);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn an_id_of_the_service_that_cannot_be_one_is_not_followed() {
    for id in ["..", "not a guid"] {
        let server = Server::start(move |seen| match seen.method.as_str() {
            "PUT" => reply(201)
                .header("operation-id", id)
                .json(r#"{"status":"Running"}"#),
            _ => status("Completed"),
        })
        .await;
        let client = server.client();
        static CHECKED: LongRunning = LongRunning {
            operation: "Thing_Put",
            status: Some(StatusOperation {
                path: "/operations/{id}",
                id: "id",
                check: Some(&GUID),
            }),
            succeeded: &[],
            failed: &[],
            result: ResultSource::OriginalUri,
        };
        let poller: Poller<Value, Value> = client.begin(put(&client), &CHECKED).await.unwrap();
        poller.await.unwrap();
        assert_eq!(
            server.lines()[1..],
            ["GET /things/a%20b"],
            "the resource itself is polled"
        );
    }
}

#[tokio::test]
async fn a_key_that_the_service_names_the_operation_by_is_not_shown() {
    let server = Server::start(|_| {
        reply(202)
            .header("operation-id", KEY)
            .header("operation-location", "https://evil.example/operations/1")
    })
    .await;
    let error = server.begin(&MONITOR).await.unwrap_err();
    let shown = format!(
        "{error:?} {:?} {:?}",
        error.operation_id(),
        error.resume_token()
    );
    assert!(shown.contains("***") && !shown.contains(KEY), "{shown}");
}

#[tokio::test]
async fn a_token_of_the_longest_links_is_read_back() {
    let path = |name: &str| format!("/{name}/{}", "a".repeat(8_000));
    let (operation, location) = (path("operations"), path("things"));
    let server = Server::start(move |_| {
        reply(202)
            .header("operation-location", &operation)
            .header("location", &location)
    })
    .await;
    let poller = server.begin(&LOCATION).await.unwrap();
    let token = poller.resume_token();
    assert!(token.to_string().len() > 16_000);
    assert_eq!(token.to_string().parse::<ResumeToken>().unwrap(), token);
}

#[tokio::test]
async fn a_link_beyond_ascii_is_followed() {
    let server = scripted_at("/operations/\u{e4}").await;
    let poller = server.begin(&MONITOR).await.unwrap();
    assert_eq!(poller.id(), "\u{e4}");
    poller.await.unwrap();
    assert_eq!(server.lines()[1], "GET /operations/%C3%A4");
}

async fn scripted_at(link: &'static str) -> Server {
    Server::start(move |seen| match seen.method.as_str() {
        "POST" => reply(202).header("operation-location", link),
        _ => status("Completed"),
    })
    .await
}
