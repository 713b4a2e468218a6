//! How a program tests what it does with a client: no network, no waiting, and a service that misbehaves.

#[allow(dead_code, reason = "the program's own `main`")]
#[path = "../examples/travel_report.rs"]
mod travel_report;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use maps_core::test_kit::{
    Answer, FaultAction, FaultRule, FaultTransport, ScriptedTransport, VirtualClock,
};
use maps_core::{ClientOptions, ErrorKind, PollingOptions, SubscriptionKey, Transport};
use maps_route::RouteClient;
use serde_json::json;

use travel_report::{Report, report};

const OPERATION: &str = "/route/operations/2f9d6c1e-7b40-4e83-a5c7-0d18b96e3f52";

/// A service that knows one operation, which needs two polls.
fn service() -> ScriptedTransport {
    let polls = AtomicUsize::new(0);
    let result = format!("{OPERATION}/result?api-version=2025-01-01");
    ScriptedTransport::new().otherwise(move |request| match request.url.path() {
        "/route/matrix:async" => Answer::accepted(&format!("{OPERATION}?api-version=2025-01-01")),
        OPERATION => match polls.fetch_add(1, Ordering::Relaxed) {
            0 => Answer::monitor("Running"),
            _ => Answer::monitor("Completed").member("result", &json!({"resultUrl": result})),
        },
        _ => Answer::status(200).json(
            json!({
                "kind": "RouteMatrix", "type": "Feature", "geometry": null,
                "properties": {
                    "summary": {"totalCount": 2, "successfulCount": 1},
                    "matrix": [
                        {"statusCode": 200, "originIndex": 0, "destinationIndex": 0, "durationInSeconds": 9000},
                        {"statusCode": 400, "originIndex": 0, "destinationIndex": 1,
                         "error": {"code": "NoRoute", "message": "There is no way."}},
                    ],
                },
            })
            .to_string(),
        ),
    })
}

fn client(transport: impl Transport, clock: &VirtualClock) -> RouteClient {
    let options = ClientOptions::new()
        .transport(Arc::new(transport))
        .clock(Arc::new(clock.clone()))
        .polling(PollingOptions::new().timeout(Duration::from_secs(600)))
        .jitter_seed(1);
    RouteClient::builder()
        .endpoint("https://maps.example")
        .credential(SubscriptionKey::new("key-of-the-test"))
        .options(options)
        .build()
        .expect("the settings are sound")
}

async fn run(client: &RouteClient) -> maps_core::Result<Report> {
    report(client, [4.5, 51.9], &[[7.0, 50.9], [6.1, 49.6]]).await
}

fn lines(report: Report) -> Vec<String> {
    match report {
        Report::Ready(lines) => lines,
        Report::Later(token) => panic!("later: {token:?}"),
    }
}

#[tokio::test]
async fn a_report_has_a_line_for_each_destination_also_where_there_is_no_way() {
    let service = service();
    let client = client(service.clone(), &VirtualClock::running_ahead());
    let lines = lines(run(&client).await.expect("a report"));
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0], "150 min");
    assert!(
        lines[1].starts_with("no way: ") && lines[1].contains("NoRoute"),
        "{}",
        lines[1]
    );
    service
        .request(0)
        .assert_method("POST")
        .assert_path("/route/matrix:async")
        .assert_query("api-version", "2025-01-01")
        .assert_header("subscription-key", "key-of-the-test");
}

#[tokio::test]
async fn a_bad_hour_of_the_service_changes_nothing_but_the_time() {
    let clock = VirtualClock::running_ahead();
    let service = service();
    let poll = |action| FaultRule::new(action).on_path(OPERATION);
    let faults = FaultTransport::new(service.clone())
        .clock(Arc::new(clock.clone()))
        .fault(poll(FaultAction::respond(404)).times(2))
        .expect("sound")
        .fault(poll(FaultAction::respond(429).retry_after("30")).times(1))
        .expect("sound")
        .fault(poll(FaultAction::lose_answer()).times(1))
        .expect("sound");
    let client = client(faults.clone(), &clock);
    assert_eq!(lines(run(&client).await.expect("a report"))[0], "150 min");
    let submits = service
        .lines()
        .iter()
        .filter(|line| line.starts_with("POST"))
        .count();
    assert_eq!(submits, 1);
    assert!(clock.elapsed() >= Duration::from_secs(30));
    assert!(
        faults
            .faults()
            .iter()
            .all(|rule| Some(rule.hits) == rule.rule.times)
    );
}

#[tokio::test]
async fn a_service_that_never_ends_is_reported_later_from_the_token() {
    let clock = VirtualClock::running_ahead();
    let forever = FaultRule::new(FaultAction::respond(200).body(r#"{"status":"Running"}"#));
    let faults = FaultTransport::new(service())
        .clock(Arc::new(clock.clone()))
        .fault(forever.on_path(OPERATION))
        .expect("sound");
    let client = client(faults.clone(), &clock);
    let Report::Later(token) = run(&client).await.expect("a report") else {
        panic!("the operation cannot have ended");
    };
    faults.clear_faults();
    let mut poller = client
        .resume_route_matrix(token)
        .expect("the same operation");
    poller.extend_timeout(Duration::from_secs(60));
    let response = poller.await.expect("its result");
    assert_eq!(response.matrix().destinations(), 2);
}

#[tokio::test]
async fn a_request_that_is_refused_is_an_error_and_no_report() {
    let service = ScriptedTransport::new().answer(Answer::error(400, "BadRequest", "No points."));
    let error = run(&client(service, &VirtualClock::running_ahead()))
        .await
        .expect_err("refused");
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Service, Some("BadRequest"))
    );
}
