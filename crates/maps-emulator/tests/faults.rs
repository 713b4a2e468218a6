//! Every fault as it looks on the wire, to a caller that reads bytes.

// A test that cannot go on panics.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::time::Duration;

use maps_emulator::{FaultAction, FaultRule};
use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use common::*;

const STATUS: &str = "Route_GetRouteOperationsStatus";

/// No test waits longer for a byte.
const PATIENCE: Duration = Duration::from_secs(20);

async fn with(rule: FaultRule) -> Fixture {
    start_with(|builder| builder.fault(rule)).await
}

fn path() -> String {
    format!("/route/operations/{GUID}?{ROUTE}")
}

/// A connection on which a request has been sent.
async fn ask(fixture: &Fixture, method: &str, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(fixture.emulator.address())
        .await
        .unwrap();
    // Creator has its key in the query.
    let key = match path.contains("subscription-key") {
        true => "",
        false => "subscription-key: maps-emulator-key\r\n",
    };
    let request =
        format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n{key}content-length: 0\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Everything that arrives until the sender's side closes.
async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read = stream.read_to_end(&mut bytes);
    tokio::time::timeout(PATIENCE, read).await.unwrap().unwrap();
    bytes
}

/// What a request that is hit by an action gets, byte by byte.
async fn bytes(action: FaultAction) -> String {
    let fixture = with(FaultRule::new(action).times(1)).await;
    let mut stream = ask(&fixture, "GET", &path()).await;
    let bytes = rest(&mut stream).await;
    // The emulator is whole again.
    assert_eq!(fixture.get(&path()).await.status, 404);
    String::from_utf8(bytes).unwrap()
}

fn head_and_body(answer: &str) -> (&str, &str) {
    answer.split_once("\r\n\r\n").unwrap()
}

fn length(head: &str) -> usize {
    let line = head
        .lines()
        .find(|line| line.starts_with("content-length: "));
    line.unwrap()["content-length: ".len()..].parse().unwrap()
}

#[tokio::test]
async fn a_disconnect_sends_no_byte_and_serves_nothing() {
    let fixture = with(FaultRule::new(FaultAction::Disconnect).times(1)).await;
    fixture
        .emulator
        .add_conversion(maps_emulator::Conversion::new("c"))
        .await
        .unwrap();
    let create = format!("/datasets?conversionId=c&{CREATOR}");
    let mut stream = ask(&fixture, "POST", &create).await;
    assert_eq!(rest(&mut stream).await, b"");
    fixture.advance(60);
    let list = fixture
        .creator(Method::GET, &format!("/datasets?{CREATOR}"))
        .await;
    assert_eq!(list.json()["datasets"], json!([]));
}

#[tokio::test]
async fn a_lost_answer_sends_no_byte_and_the_request_is_served() {
    let fixture = with(FaultRule::new(FaultAction::lose_answer()).on("Dataset_Create")).await;
    fixture
        .emulator
        .add_conversion(maps_emulator::Conversion::new("c"))
        .await
        .unwrap();
    let create = format!("/datasets?conversionId=c&{CREATOR}");
    let mut stream = ask(&fixture, "POST", &create).await;
    assert_eq!(rest(&mut stream).await, b"");
    fixture.advance(60);
    let list = fixture
        .creator(Method::GET, &format!("/datasets?{CREATOR}"))
        .await;
    assert_eq!(list.json()["datasets"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_cut_head_ends_where_it_says() {
    assert_eq!(
        bytes(FaultAction::CutHead { bytes: 16 }).await,
        "HTTP/1.1 404 Not"
    );
}

#[tokio::test]
async fn a_cut_body_is_shorter_than_announced() {
    let answer = bytes(FaultAction::CutBody { bytes: 10 }).await;
    let (head, body) = head_and_body(&answer);
    assert_eq!(body, r#"{"error":{"#);
    assert!(length(head) > 10);
}

#[tokio::test]
async fn a_truncated_body_is_as_long_as_announced() {
    let fixture = with(FaultRule::new(FaultAction::TruncateBody { bytes: 10 })).await;
    let answer = fixture.get(&path()).await;
    assert_eq!(answer.text, r#"{"error":{"#);
    assert_eq!(answer.header("content-length"), Some("10"));
}

#[tokio::test]
async fn a_wrong_length_is_announced_as_it_says() {
    for (difference, text) in [(7, "longer"), (-7, "shorter")] {
        let answer = bytes(FaultAction::WrongLength { difference }).await;
        let (head, body) = head_and_body(&answer);
        let announced = i64::try_from(length(head)).unwrap();
        let real = i64::try_from(body.len()).unwrap();
        assert_eq!(announced - real, difference, "{text}");
    }
}

#[tokio::test]
async fn a_half_close_ends_the_answer_and_leaves_the_other_side_open() {
    let fixture = with(FaultRule::new(FaultAction::HalfClose)).await;
    let mut stream = ask(&fixture, "GET", &path()).await;
    assert_eq!(rest(&mut stream).await, b"");
    // A closed connection would answer the first write with a reset, and refuse the second.
    for _ in 0..2 {
        stream.write_all(&[b'x'; 4096]).await.unwrap();
        let reset = tokio::time::timeout(PATIENCE, stream.readable())
            .await
            .unwrap();
        reset.unwrap();
        let mut byte = [0];
        let read = stream.try_read(&mut byte);
        assert!(matches!(read, Ok(0)), "{read:?}");
    }
}

#[tokio::test]
async fn a_slow_body_arrives_whole_in_pieces() {
    let fixture = with(FaultRule::new(FaultAction::slow_body(
        20,
        Duration::from_millis(1),
    )))
    .await;
    let mut stream = ask(&fixture, "GET", &path()).await;
    let answer = String::from_utf8(rest(&mut stream).await).unwrap();
    let (head, body) = head_and_body(&answer);
    assert_eq!(length(head), body.len());
    assert!(body.ends_with("}}"));
}

#[tokio::test]
async fn junk_headers_arrive_as_they_are() {
    let answer = bytes(FaultAction::junk_header("no name", "\u{e9}\u{1}")).await;
    assert!(answer.contains("\r\nno name: \u{e9}\u{1}\r\n"), "{answer}");
    let many = FaultAction::JunkHeader {
        name: "x-many".to_owned(),
        value: "ab".to_owned(),
        repeat: 3,
        copies: 1_000,
    };
    let answer = bytes(many).await;
    assert_eq!(answer.matches("x-many: ababab\r\n").count(), 1_000);
}

#[tokio::test]
async fn an_answer_of_its_own_has_the_status_the_hint_and_the_body_of_the_rule() {
    let fixture = start_with(|builder| {
        let once = |action| FaultRule::new(action).times(1);
        builder
            .fault(once(FaultAction::respond(503)))
            .fault(once(FaultAction::respond(429).retry_after("soon")))
            .fault(once(FaultAction::respond(500).body("<html>")))
            .fault(once(FaultAction::respond(599)))
    })
    .await;
    let plain = fixture.get(&path()).await;
    assert_eq!(
        (plain.status.as_u16(), plain.header("retry-after")),
        (503, None)
    );
    assert_eq!(plain.code(), "ServiceUnavailable");
    let hinted = fixture.get(&path()).await;
    assert_eq!(hinted.header("retry-after"), Some("soon"));
    assert_eq!(fixture.get(&path()).await.text, "<html>");
    assert_eq!(fixture.get(&path()).await.status.as_u16(), 599);
    assert_eq!(fixture.get(&path()).await.status.as_u16(), 404);
}

#[tokio::test]
async fn without_a_rule_only_the_registry_hints() {
    let fixture = start().await;
    let url = fixture.emulator.put_blob("a/b/c", "{}").await.unwrap();
    let begin = fixture.put_registry(UDID, &registration("geojson", &url));
    let begun = Answer::of(begin.header("operation-id", GUID)).await;
    assert_eq!(begun.status, 201);
    assert_eq!(begun.header("retry-after"), None);
    let poll = format!("/dataRegistries/operations/{GUID}?{REGISTRY}");
    assert_eq!(fixture.get(&poll).await.header("retry-after"), Some("10"));
    fixture.advance(60);
    assert_eq!(fixture.get(&poll).await.header("retry-after"), None);
    let body = matrix(&[[7.5, 47.5]], &[[8.5, 47.4]]);
    let begun = fixture
        .post_geo(&format!("/route/matrix:async?{ROUTE}"), &body)
        .await;
    let poll = fixture.local(begun.header("operation-location").unwrap());
    assert_eq!(fixture.get(&poll).await.header("retry-after"), None);
}

#[tokio::test]
async fn each_new_operation_is_unknown_for_as_many_polls_as_the_rule_says() {
    let rule = FaultRule::new(FaultAction::respond(404))
        .on(STATUS)
        .times(2);
    let fixture = with(rule.for_each_path()).await;
    let body = matrix(&[[7.5, 47.5]], &[[8.5, 47.4]]);
    for _ in 0..2 {
        let begun = fixture
            .post_geo(&format!("/route/matrix:async?{ROUTE}"), &body)
            .await;
        let poll = fixture.local(begun.header("operation-location").unwrap());
        let mut seen = Vec::new();
        for _ in 0..3 {
            seen.push(fixture.get(&poll).await.status.as_u16());
        }
        assert_eq!(seen, [404, 404, 200]);
    }
}

#[tokio::test]
async fn a_window_is_in_the_emulators_time() {
    let hour = Duration::from_secs(3_600);
    let fixture = with(FaultRule::new(FaultAction::respond(503)).between(hour, 2 * hour)).await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(fixture.get(&path()).await.status.as_u16());
        fixture.advance(3_600);
    }
    assert_eq!(seen, [404, 503, 404]);
}

#[tokio::test]
async fn chance_depends_on_the_seed_alone() {
    let run = async |seed| {
        let fixture = start_with(|builder| {
            let rule = FaultRule::new(FaultAction::respond(503)).with_probability(0.5);
            builder.fault_seed(seed).fault(rule)
        })
        .await;
        let mut seen = Vec::new();
        for _ in 0..20 {
            seen.push(fixture.get(&path()).await.status.as_u16());
        }
        seen
    };
    assert_eq!(run(1).await, run(1).await);
    assert_ne!(run(1).await, run(2).await);
}

#[tokio::test]
async fn the_administrative_call_lists_adds_and_removes_rules() {
    let fixture = start().await;
    let admin = "/_emulator/faults";
    let add = async |rule| {
        let request = fixture.bare(Method::POST, admin).json(&rule);
        Answer::of(request).await.json()["id"].as_u64().unwrap()
    };
    let first =
        add(json!({"operation": STATUS, "skip": 1, "action": {"respond": {"status": 503}}})).await;
    let second = add(json!({"path": "/datasets", "method": "GET", "action": "disconnect"})).await;
    fixture.get(&path()).await;
    fixture.get(&path()).await;
    let listed = Answer::of(fixture.bare(Method::GET, admin)).await.json();
    assert_eq!(
        listed,
        json!({"faults": [
            {"id": first, "seen": 2, "hits": 1, "rule": {
                "operation": STATUS, "skip": 1, "each_path": false, "action": {"respond": {"status": 503}}}},
            {"id": second, "seen": 0, "hits": 0, "rule": {
                "path": "/datasets", "method": "GET", "skip": 0, "each_path": false, "action": "disconnect"}},
        ]})
    );
    let delete = format!("{admin}/{first}");
    for status in [204, 404] {
        let deleted = Answer::of(fixture.bare(Method::DELETE, &delete)).await;
        assert_eq!(deleted.status, status);
    }
    assert_eq!(fixture.get(&path()).await.status, 404);
    assert_eq!(
        Answer::of(fixture.bare(Method::DELETE, admin)).await.status,
        204
    );
    assert!(fixture.emulator.faults().is_empty());
}

#[tokio::test]
async fn a_rule_that_cannot_be_followed_is_refused_with_the_reason() {
    let fixture = start().await;
    for (rule, word) in [
        (json!({"action": "disconnect", "tims": 3}), "tims"),
        (json!({"action": {"respond": {"status": 20}}}), "status 20"),
        (
            json!({"action": "disconnect", "probability": 2}),
            "probability 2",
        ),
    ] {
        let request = fixture.bare(Method::POST, "/_emulator/faults").json(&rule);
        let answer = Answer::of(request).await;
        assert_eq!(answer.status, 400);
        assert!(answer.text.contains(word), "{}", answer.text);
    }
    let bad = FaultRule::new(FaultAction::respond(1));
    let err = fixture.emulator.add_fault(bad.clone()).unwrap_err();
    assert!(err.to_string().contains("status 1"), "{err}");
    let builder = maps_emulator::Emulator::builder().fault(bad);
    assert!(builder.start().await.is_err());
}

#[tokio::test]
async fn a_caller_that_leaves_during_a_slow_body_harms_nobody() {
    let slow = FaultAction::slow_body(1, Duration::from_secs(60));
    let fixture = with(FaultRule::new(slow).times(1)).await;
    let mut stream = ask(&fixture, "GET", &path()).await;
    let mut byte = [0];
    let read = tokio::time::timeout(PATIENCE, stream.read(&mut byte)).await;
    assert_eq!(read.unwrap().unwrap(), 1);
    drop(stream);
    assert_eq!(fixture.get(&path()).await.status, 404);
    fixture.emulator.stop().await;
}
