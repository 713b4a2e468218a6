//! Route over HTTP.

// A test that cannot go on panics.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Answer, Fixture, GUID, ROUTE, matrix, start, start_with};
use maps_route_models::{RouteMatrixAsyncResponse, RouteMatrixResponse};
use reqwest::Method;
use serde_json::{Value, json};

/// Starts an operation and gives path and query of its status.
async fn begin(fixture: &Fixture, body: &Value) -> String {
    let answer = fixture
        .post_geo(&format!("/route/matrix:async?{ROUTE}"), body)
        .await;
    assert_eq!(answer.status, 202, "{answer:?}");
    assert_eq!(answer.text, "");
    assert_eq!(answer.header("retry-after"), None);
    let link = answer.header("operation-location").unwrap();
    assert!(link.ends_with("?api-version=2025-01-01"), "{link}");
    fixture.local(link)
}

async fn status(fixture: &Fixture, path: &str) -> Value {
    let answer = fixture.get(path).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("retry-after"), None);
    answer.json()
}

#[tokio::test]
async fn an_asynchronous_matrix_waits_runs_completes_and_is_kept_for_a_day() {
    let fixture = start().await;
    let body = matrix(&[[0.0, 0.0], [2.0, 0.0]], &[[1.0, 0.0]]);
    let path = begin(&fixture, &body).await;
    let id = path.split(['/', '?']).nth(3).unwrap().to_owned();
    let waiting = status(&fixture, &path).await;
    assert_eq!(waiting["status"], "NotStarted");
    assert_eq!(waiting["kind"], "RouteMatrix");
    assert_eq!(waiting["createdAt"], waiting["lastActionAt"]);
    assert!(waiting.get("id").is_none());
    let result_path = format!("/route/operations/{id}/result?{ROUTE}");
    assert_eq!(fixture.get(&result_path).await.status, 404);

    fixture.advance(2);
    let running = status(&fixture, &path).await;
    assert_eq!(running["status"], "Running");
    assert_eq!(running["id"], id);
    assert_ne!(running["createdAt"], running["lastActionAt"]);

    fixture.advance(8);
    let completed = status(&fixture, &path).await;
    assert_eq!(completed["status"], "Completed");
    assert_eq!(completed["createdAt"], waiting["createdAt"]);
    let link = completed["result"]["resultUrl"].as_str().unwrap();
    assert_eq!(fixture.local(link), result_path);
    let result = fixture.get(&result_path).await;
    assert_eq!(result.status, 200);
    assert_eq!(result.header("content-type"), Some("application/json"));
    assert_eq!(result.json()["kind"], "RouteMatrix");
    let typed: RouteMatrixAsyncResponse = serde_json::from_str(&result.text).unwrap();
    let cells = typed.properties.matrix.unwrap();
    assert_eq!(cells.len(), 2);
    assert_eq!(cells[1].origin_index, Some(1));
    assert_eq!(cells[1].distance_in_meters, Some(111_195.0));

    fixture.advance(24 * 60 * 60 - 1);
    assert_eq!(fixture.get(&result_path).await.status, 200);
    fixture.advance(1);
    for path in [path, result_path] {
        let gone = fixture.get(&path).await;
        assert_eq!((gone.status.as_u16(), gone.target().as_str()), (404, "id"));
        assert_eq!(gone.header("x-ms-error-code"), None);
    }
}

#[tokio::test]
async fn features_that_make_no_matrix_fail_later_or_at_once() {
    let fixture = start().await;
    let mut body = matrix(&[[0.0, 0.0]], &[[1.0, 0.0]]);
    body["features"].as_array_mut().unwrap().truncate(1);
    let refused = fixture
        .post_geo(&format!("/route/matrix?{ROUTE}"), &body)
        .await;
    assert_eq!(refused.status, 400);
    assert_eq!(
        refused.json()["error"]["details"][0]["code"],
        "MissingFeature"
    );

    let path = begin(&fixture, &body).await;
    fixture.advance(10);
    let failed = status(&fixture, &path).await;
    assert_eq!(failed["status"], "Failed");
    assert_eq!(failed["error"]["code"], "InvalidMatrix");
    assert_eq!(
        failed["error"]["details"],
        json!([{
            "code": "MissingFeature",
            "message": "A feature whose pointType is destinations is missing.",
            "target": "features",
        }])
    );
    assert!(failed.get("result").is_none());
    let path = path.replace('?', "/result?");
    assert_eq!(fixture.get(&path).await.status, 404);
}

#[tokio::test]
async fn a_synchronous_matrix_answers_with_geojson_and_cells_that_fail() {
    let fixture = start().await;
    let body = matrix(&[[0.0, 0.0]], &[[1.0, 0.0], [1.0, 91.0], [120.0, 0.0]]);
    let answer = fixture
        .post_geo(&format!("/route/matrix?{ROUTE}"), &body)
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/geo+json"));
    let typed: RouteMatrixResponse = serde_json::from_str(&answer.text).unwrap();
    let summary = typed.properties.summary.unwrap();
    assert_eq!(summary.successful_count, Some(1));
    assert_eq!(summary.total_count, Some(3));
    let cells = typed.properties.matrix.unwrap();
    let codes: Vec<_> = cells.iter().map(|cell| cell.status_code).collect();
    assert_eq!(codes, [Some(200), Some(400), Some(400)]);
    let error = cells[2].error.as_ref().unwrap();
    assert_eq!(error.code.as_deref(), Some("NoRouteFound"));
}

#[tokio::test]
async fn fifty_thousand_cells_are_computed_and_more_are_refused() {
    let fixture = start_with(|builder| builder.timings(maps_emulator::Timings::immediate())).await;
    let side = |count: u32| {
        (0..count)
            .map(|n| [f64::from(n) / 100.0, 47.0])
            .collect::<Vec<_>>()
    };
    let body = matrix(&side(250), &side(200));
    let path = begin(&fixture, &body).await;
    assert_eq!(status(&fixture, &path).await["status"], "Completed");
    let result = fixture.get(&path.replace('?', "/result?")).await;
    let typed: RouteMatrixAsyncResponse = serde_json::from_str(&result.text).unwrap();
    assert_eq!(typed.properties.matrix.unwrap().len(), 50_000);

    for (path, body) in [
        ("/route/matrix:async", matrix(&side(251), &side(200))),
        ("/route/matrix", matrix(&side(2_501), &side(1))),
    ] {
        let answer = fixture.post_geo(&format!("{path}?{ROUTE}"), &body).await;
        assert_eq!(answer.status, 400);
        assert_eq!(
            answer.json()["error"]["details"][0]["code"],
            "MatrixTooLarge"
        );
    }
}

#[tokio::test]
async fn bodies_are_checked() {
    let fixture = start().await;
    let good = matrix(&[[0.0, 0.0]], &[[1.0, 0.0]]);
    let cases = [
        ("features", json!(null), "features"),
        ("type", json!(7), "type"),
        ("travelMode", json!("flying"), "travelMode"),
        (
            "vehicleSpec",
            json!({"maxSpeed": 251}),
            "vehicleSpec.maxSpeed",
        ),
        ("departAt", json!("soon"), "departAt"),
    ];
    for (name, value, target) in cases {
        let mut body = good.clone();
        body[name] = value;
        for path in ["/route/matrix", "/route/matrix:async"] {
            let answer = fixture.post_geo(&format!("{path}?{ROUTE}"), &body).await;
            assert_eq!(
                (answer.status.as_u16(), answer.target().as_str()),
                (400, target),
                "{path}"
            );
        }
    }
    let mut both = good.clone();
    both["departAt"] = json!("2025-06-03T06:00:00+02:00");
    both["arriveAt"] = json!("2025-06-03T12:00:00+02:00");
    let answer = fixture
        .post_geo(&format!("/route/matrix:async?{ROUTE}"), &both)
        .await;
    assert_eq!(
        answer.json()["error"]["details"][0]["code"],
        "ConflictingValues"
    );
    let request = fixture.keyed(Method::POST, &format!("/route/matrix:async?{ROUTE}"));
    assert_eq!(Answer::of(request.json(&good)).await.status, 415);
}

#[tokio::test]
async fn ids_have_one_form() {
    let fixture = start().await;
    for (id, status) in [
        (GUID, 404),
        (&*GUID.to_uppercase(), 404),
        (&GUID.replace('-', ""), 400),
        (&format!("%7B{GUID}%7D"), 400),
        (&format!("urn:uuid:{GUID}"), 400),
        (&GUID[1..], 400),
        (&format!("{GUID}0"), 400),
        (&format!("{GUID}%0A"), 400),
    ] {
        for tail in ["", "/result"] {
            let answer = fixture
                .get(&format!("/route/operations/{id}{tail}?{ROUTE}"))
                .await;
            assert_eq!(answer.status.as_u16(), status, "{id}");
            assert_eq!(answer.target(), "id");
        }
    }
}

#[tokio::test]
async fn other_operations_answer_with_their_examples() {
    let fixture = start().await;
    let point = |n: f64| {
        json!({
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [n, 47.0]},
            "properties": {},
        })
    };
    let points = json!({"type": "FeatureCollection", "features": [point(7.0), point(7.1)]});
    let mut range = point(7.0);
    range["properties"] = json!({"distanceBudgetInMeters": 1000});
    for (path, body) in [
        ("/route/directions", &points),
        ("/route/snapToRoads", &points),
        ("/route/range", &range),
    ] {
        let answer = fixture.post_geo(&format!("{path}?{ROUTE}"), body).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        let content_type = answer.header("content-type");
        assert_eq!(content_type, Some("application/geo+json"), "{path}");
        assert_eq!(answer.json()["type"], "FeatureCollection", "{path}");
    }
    for (path, content_type, item) in [
        ("/route/directions:batch", "application/json", &points),
        ("/route/snapToRoads:batch", "application/geo+json", &points),
        ("/route/range:batch", "application/json", &range),
    ] {
        let request = fixture
            .keyed(Method::POST, &format!("{path}?{ROUTE}"))
            .header("content-type", content_type);
        let body = json!({"batchItems": [item]}).to_string();
        let answer = Answer::of(request.body(body)).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        let content_type = answer.header("content-type");
        assert_eq!(content_type, Some("application/json"), "{path}");
        assert!(answer.json()["batchItems"].is_array(), "{path}");
    }
}
