//! Administrative calls and fault rules over HTTP.

// A test that cannot go on panics.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Answer, CREATOR, GUID, ROUTE, start};
use maps_emulator::{FaultAction, FaultRule};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn blobs_are_put_read_and_deleted() {
    let fixture = start().await;
    let path = "/_emulator/blobs/acc/box/a%20b.bin";
    let content: Vec<u8> = (0..200_000u32).map(|n| n as u8).collect();
    let put = Answer::of(fixture.bare(Method::PUT, path).body(content.clone())).await;
    assert_eq!(put.status, 201);
    assert_eq!(put.header("location"), Some(path));
    let got = fixture.bare(Method::GET, path).send().await.unwrap();
    assert_eq!(got.bytes().await.unwrap(), content);
    assert_eq!(
        Answer::of(fixture.bare(Method::DELETE, path)).await.status,
        204
    );
    for method in [Method::GET, Method::DELETE] {
        assert_eq!(Answer::of(fixture.bare(method, path)).await.status, 404);
    }
    for bad in [
        "/_emulator/blobs/x",
        "/_emulator/blobs/a/b/%2e%2e%2f%2e%2e%2fstate.redb",
    ] {
        let answer = Answer::of(fixture.bare(Method::GET, bad)).await;
        assert_eq!(answer.status, 400, "{bad}");
    }
}

#[tokio::test]
async fn conversions_and_the_clock_can_be_set() {
    let fixture = start().await;
    let put = async |body: &str| {
        let request = fixture.bare(Method::PUT, "/_emulator/conversions/a%2Fb");
        Answer::of(request.body(body.to_owned()))
            .await
            .status
            .as_u16()
    };
    assert_eq!(put("").await, 204);
    assert_eq!(
        put(r#"{"warning": {"code": "X", "message": "Y"}}"#).await,
        204
    );
    assert_eq!(put(r#"{"unknown": 1}"#).await, 400);
    let created = fixture
        .creator(
            Method::POST,
            &format!("/datasets?{CREATOR}&conversionId=a%2Fb"),
        )
        .await;
    assert_eq!(created.status, 202);
    let advance = fixture.bare(Method::POST, "/_emulator/clock/advance");
    let answer = Answer::of(advance.json(&json!({"seconds": 30}))).await;
    assert_eq!(answer.status, 200);
    let list = fixture
        .creator(Method::GET, &format!("/datasets?{CREATOR}"))
        .await;
    assert_eq!(
        list.json()["datasets"][0]["datasetSources"]["conversionIds"],
        json!(["a/b"])
    );
    let speed = fixture.bare(Method::PUT, "/_emulator/clock");
    assert_eq!(
        Answer::of(speed.json(&json!({"speed": 50}))).await.json()["speed"],
        50.0
    );
    for (method, path, body) in [
        (Method::PUT, "/_emulator/clock", json!({"speed": -1})),
        (
            Method::POST,
            "/_emulator/clock/advance",
            json!({"seconds": -1}),
        ),
        (
            Method::POST,
            "/_emulator/clock/advance",
            json!({"seconds": 1e300}),
        ),
        (
            Method::POST,
            "/_emulator/faults",
            json!({"action": {"respond": {"status": 1}}}),
        ),
    ] {
        let request = fixture.bare(method, path);
        assert_eq!(
            Answer::of(request.json(&body)).await.status,
            400,
            "{path} {body}"
        );
    }
    assert_eq!(
        Answer::of(fixture.bare(Method::GET, "/_emulator/x"))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn pages_in_a_browser_are_refused() {
    let fixture = start().await;
    let request = fixture.bare(Method::PUT, "/_emulator/conversions/x");
    let answer = Answer::of(request.header("origin", "http://evil.example")).await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn fault_rules_throttle_cut_and_disconnect() {
    let fixture = start().await;
    let path = format!("/route/operations/{GUID}?{ROUTE}");
    let rule = json!({
        "operation": "Route_GetRouteOperationsStatus",
        "times": 2,
        "action": {"respond": {"status": 429, "retry_after": "7"}},
    });
    let add = fixture.bare(Method::POST, "/_emulator/faults").json(&rule);
    assert_eq!(Answer::of(add).await.status, 201);
    for _ in 0..2 {
        let throttled = fixture.get(&path).await;
        assert_eq!(throttled.status, 429);
        assert_eq!(throttled.header("retry-after"), Some("7"));
        assert_eq!(throttled.code(), "TooManyRequests");
    }
    assert_eq!(fixture.get(&path).await.status, 404);

    let once = |action| FaultRule::new(action).times(1);
    fixture
        .emulator
        .add_fault(once(FaultAction::Disconnect))
        .unwrap();
    assert!(fixture.keyed(Method::GET, &path).send().await.is_err());
    fixture
        .emulator
        .add_fault(once(FaultAction::CutBody { bytes: 5 }))
        .unwrap();
    let cut = fixture.keyed(Method::GET, &path).send().await.unwrap();
    assert_eq!(cut.status(), 404);
    assert!(cut.bytes().await.is_err());
    let header = FaultAction::SetHeader {
        name: "operation-location".to_owned(),
        value: "https://evil.example/x".to_owned(),
    };
    fixture.emulator.add_fault(once(header)).unwrap();
    let hostile = fixture.get(&path).await;
    assert_eq!(
        hostile.header("operation-location"),
        Some("https://evil.example/x")
    );
    let body = FaultAction::Body {
        text: "<html>".to_owned(),
    };
    fixture.emulator.add_fault(FaultRule::new(body)).unwrap();
    assert_eq!(fixture.get(&path).await.text, "<html>");
    fixture.emulator.clear_faults();
    assert_eq!(fixture.get(&path).await.code(), "NotFound");
}
