//! Creator datasets over HTTP.

// A test that cannot go on panics.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{CREATOR, Fixture, start, start_with};
use maps_emulator::Conversion;
use reqwest::Method;
use serde_json::{Value, json};

/// Starts a dataset and gives path and query of its operation.
async fn create(fixture: &Fixture, query: &str) -> String {
    let path = format!("/datasets?{CREATOR}&{query}");
    let answer = fixture.creator(Method::POST, &path).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    assert_eq!(answer.text, "");
    assert_eq!(answer.header("retry-after"), None);
    let link = answer.header("operation-location").unwrap();
    assert!(link.ends_with("?api-version=2.0"), "{link}");
    format!("{}&subscription-key=maps-emulator-key", fixture.local(link))
}

async fn status(fixture: &Fixture, path: &str) -> (Value, Option<String>) {
    let answer = fixture.creator(Method::GET, path).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("retry-after"), None);
    let location = answer.header("resource-location").map(str::to_owned);
    (answer.json(), location)
}

/// Creates a dataset, waits for it and gives it.
async fn dataset(fixture: &Fixture, query: &str) -> Value {
    let operation = create(fixture, query).await;
    fixture.advance(30);
    let (_, location) = status(fixture, &operation).await;
    let path = fixture.local(&location.unwrap());
    let answer = fixture
        .creator(
            Method::GET,
            &format!("{path}&subscription-key=maps-emulator-key"),
        )
        .await;
    assert_eq!(answer.status, 200);
    answer.json()
}

async fn fixture() -> Fixture {
    let fixture = start_with(|builder| builder.page_size(2)).await;
    let conversions = [
        Conversion::new("tower").features("unit", 10),
        Conversion::new("hall").features("unit", 5),
        Conversion::new("warned").warning("DuplicateFeature", "An opening was left out."),
        Conversion::new("broken").failure("MissingLevel", "A level is missing."),
    ];
    for conversion in conversions {
        fixture.emulator.add_conversion(conversion).await.unwrap();
    }
    fixture
}

#[tokio::test]
async fn making_waits_runs_and_succeeds() {
    let fixture = fixture().await;
    let operation = create(&fixture, "conversionId=tower&description=Harbour+tower").await;
    for (step, word) in [(0, "NotStarted"), (5, "Running"), (24, "Running")] {
        fixture.advance(step);
        let (body, location) = status(&fixture, &operation).await;
        assert_eq!(body["status"], word);
        assert_eq!(location, None);
    }
    fixture.advance(1);
    let (body, location) = status(&fixture, &operation).await;
    assert_eq!(body["status"], "Succeeded");
    let id = operation.split(['/', '?']).nth(3).unwrap();
    assert_eq!(body["operationId"], id);
    // Seven digits and the offset spelled out: `2021-04-20T22:43:14.9401559+00:00`.
    let created = body["created"].as_str().unwrap();
    assert_eq!(created.len(), 33);
    assert_eq!(&created[19..20], ".");
    assert!(created.ends_with("+00:00"));
    let location = location.unwrap();
    assert!(location.ends_with("?api-version=2.0"), "{location}");
    let path = format!(
        "{}&subscription-key=maps-emulator-key",
        fixture.local(&location)
    );
    let dataset = fixture.creator(Method::GET, &path).await.json();
    assert_eq!(dataset["description"], "Harbour tower");
    assert_eq!(dataset["ontology"], "facility-2.0");
    assert_eq!(
        dataset["datasetSources"],
        json!({"conversionIds": ["tower"]})
    );
    assert_eq!(dataset["featureCounts"]["unit"], 10);
}

#[tokio::test]
async fn a_dataset_is_not_there_before_its_making_ends() {
    let fixture = fixture().await;
    create(&fixture, "conversionId=tower").await;
    fixture.advance(29);
    let list = fixture
        .creator(Method::GET, &format!("/datasets?{CREATOR}"))
        .await;
    assert_eq!(list.json(), json!({"datasets": []}));
}

#[tokio::test]
async fn warnings_and_failures_come_from_the_conversion() {
    let fixture = fixture().await;
    let warned = create(&fixture, "conversionId=warned").await;
    let broken = create(&fixture, "conversionId=broken").await;
    fixture.advance(30);
    let (body, location) = status(&fixture, &warned).await;
    assert_eq!(body["status"], "Succeeded");
    assert_eq!(body["warning"]["details"][0]["code"], "DuplicateFeature");
    assert!(body.get("error").is_none());
    assert!(location.is_some());
    let (body, location) = status(&fixture, &broken).await;
    assert_eq!(body["status"], "Failed");
    assert_eq!(body["error"]["code"], "InvalidData");
    assert_eq!(
        body["error"]["details"][0]["message"],
        "A level is missing."
    );
    assert!(body.get("warning").is_none());
    assert_eq!(location, None);
}

#[tokio::test]
async fn appending_takes_the_features_over() {
    let fixture = fixture().await;
    let base = dataset(&fixture, "conversionId=tower").await;
    let base = base["datasetId"].as_str().unwrap();
    let both = dataset(&fixture, &format!("conversionId=hall&datasetId={base}")).await;
    assert_eq!(both["featureCounts"]["unit"], 15);
    assert_eq!(
        both["datasetSources"],
        json!({"conversionIds": ["tower", "hall"], "appendDatasetId": base})
    );
}

#[tokio::test]
async fn requests_that_cannot_succeed_are_refused_at_once() {
    let fixture = fixture().await;
    for (query, target) in [
        ("conversionId=unknown", "conversionId"),
        ("conversionId=tower&datasetId=unknown", "datasetId"),
        ("conversionId=", "conversionId"),
        ("description=x", "conversionId"),
        ("conversionId=tower&conversionId=hall", "conversionId"),
    ] {
        let path = format!("/datasets?{CREATOR}&{query}");
        let answer = fixture.creator(Method::POST, &path).await;
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(answer.target(), target);
        assert_eq!(answer.header("x-ms-error-code"), None);
        assert!(answer.json()["error"].get("innererror").is_none());
    }
}

#[tokio::test]
async fn datasets_are_listed_in_pages_and_deleted() {
    let fixture = fixture().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let dataset = dataset(&fixture, "conversionId=tower").await;
        ids.push(dataset["datasetId"].as_str().unwrap().to_owned());
    }
    let first = fixture
        .creator(Method::GET, &format!("/datasets?{CREATOR}"))
        .await
        .json();
    assert_eq!(first["datasets"].as_array().unwrap().len(), 2);
    let next = fixture.local(first["nextLink"].as_str().unwrap());
    assert!(!next.contains("subscription-key"), "{next}");
    let next = format!("{next}&subscription-key=maps-emulator-key");
    let second = fixture.creator(Method::GET, &next).await.json();
    assert_eq!(second["datasets"][0]["datasetId"], ids[2]);
    assert!(second.get("nextLink").is_none());

    let path = format!("/datasets/{}?{CREATOR}", ids[0]);
    assert_eq!(fixture.creator(Method::DELETE, &path).await.status, 204);
    for method in [Method::GET, Method::DELETE] {
        let answer = fixture.creator(method, &path).await;
        assert_eq!(answer.status, 404);
        assert_eq!(
            answer.json()["error"],
            json!({
                "code": "NotFound",
                "message": format!("There is no dataset {}.", ids[0]),
                "target": "datasetId",
            })
        );
    }
}

#[tokio::test]
async fn operation_ids_are_any_text_in_one_segment() {
    let fixture = start().await;
    for (segment, id) in [
        (
            "8b1288fa-1958-4a2b-b68e-13a7i5af7d7c",
            "8b1288fa-1958-4a2b-b68e-13a7i5af7d7c",
        ),
        ("..%2Fkeys", "../keys"),
        ("a%2Fb", "a/b"),
        ("%252e%252e", "%2e%2e"),
        ("%7Bx%7D", "{x}"),
    ] {
        let path = format!("/datasets/operations/{segment}?{CREATOR}");
        let answer = fixture.creator(Method::GET, &path).await;
        assert_eq!(answer.status, 404);
        assert_eq!(
            answer.json()["error"],
            json!({
                "code": "NotFound",
                "message": format!("There is no operation {id}."),
                "target": "operationId",
            })
        );
    }
}
