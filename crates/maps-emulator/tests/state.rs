//! Known states: what an emulator starts from, goes back to and writes.

// A test that cannot go on panics.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use maps_emulator::{Conversion, Emulator, Error, FaultAction, FaultRule, ManualClock};
use reqwest::Method;
use serde_json::{Value, json};

use common::*;

const COMPLETED: &str = "bc3f9365-3ee0-4564-aa27-825016325557";
const FIXED: &str = "5f0c7a8e-41b2-4c9d-8e63-2a97d1b05f4c";
const RUNNING: &str = "93d1e5b7-0c48-4f2a-a6d9-7be8c3140f52";

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/state")
}

async fn started() -> Fixture {
    start_with(|builder| builder.state_from(example())).await
}

async fn datasets(fixture: &Fixture) -> Vec<String> {
    let list = fixture
        .creator(Method::GET, &format!("/datasets?{CREATOR}"))
        .await;
    let list = list.json();
    let ids = list["datasets"].as_array().unwrap().iter();
    ids.map(|dataset| dataset["datasetId"].as_str().unwrap().to_owned())
        .collect()
}

/// Status words of the operations of the example.
async fn words(fixture: &Fixture) -> Vec<String> {
    let mut words = Vec::new();
    for path in [
        format!("/route/operations/{COMPLETED}?{ROUTE}"),
        format!("/route/operations/{RUNNING}?{ROUTE}"),
        format!("/dataRegistries/operations/2d9f4c61-7e05-4b8a-b3d6-81c0fa9e5372?{REGISTRY}"),
        format!("/dataRegistries/operations/b8a7d6c5-1f2e-4d3c-9b8a-706f5e4d3c2b?{REGISTRY}"),
        format!("/dataRegistries/operations/0f9e8d7c-6b5a-4938-8271-60514f3e2d1c?{REGISTRY}"),
        format!("/datasets/operations/o-harbour?{CREATOR}"),
        format!("/datasets/operations/o-next?{CREATOR}"),
        format!("/datasets/operations/o-mill?{CREATOR}"),
    ] {
        let answer = match path.contains("datasets") {
            true => fixture.creator(Method::GET, &path).await,
            false => fixture.get(&path).await,
        };
        words.push(answer.json()["status"].as_str().unwrap().to_owned());
    }
    words
}

const AT_START: [&str; 8] = [
    "Completed",
    "Running",
    "Completed",
    "Running",
    "Failed",
    "Succeeded",
    "Running",
    "Failed",
];
const LATER: [&str; 8] = [
    "Completed",
    "Failed",
    "Completed",
    "Completed",
    "Failed",
    "Succeeded",
    "Succeeded",
    "Failed",
];

async fn now(fixture: &Fixture) -> String {
    let clock = fixture.bare(Method::GET, "/_emulator/clock");
    Answer::of(clock).await.json()["now"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn the_example_starts_at_its_time_with_operations_in_every_state_and_goes_on_from_there() {
    let fixture = started().await;
    assert_eq!(now(&fixture).await, "2025-03-04T08:00:00.0000000+00:00");
    assert_eq!(words(&fixture).await, AT_START);
    assert_eq!(datasets(&fixture).await, ["d-harbour"]);
    let entry = fixture
        .get(&format!("/dataRegistries/{UDID}?{REGISTRY}"))
        .await
        .json();
    assert_eq!(entry["azureBlob"]["sizeInBytes"], 42);

    fixture.advance(600);
    assert_eq!(words(&fixture).await, LATER);
    assert_eq!(datasets(&fixture).await, ["d-harbour", "d-next"]);
    let next = fixture
        .creator(Method::GET, &format!("/datasets/d-next?{CREATOR}"))
        .await
        .json();
    assert_eq!(next["created"], "2025-03-04T08:05:00.0000000+00:00");
    let failed = fixture
        .get(&format!("/route/operations/{RUNNING}?{ROUTE}"))
        .await
        .json();
    assert_eq!(failed["error"]["code"], "InvalidMatrix");
}

#[tokio::test]
async fn results_are_computed_from_a_request_or_are_what_the_file_says() {
    let fixture = started().await;
    let result = async |id| {
        let path = format!("/route/operations/{id}/result?{ROUTE}");
        fixture.get(&path).await.json()["properties"]["matrix"][0].clone()
    };
    assert_eq!(result(FIXED).await["distanceInMeters"], 251_300.5);
    // Rotterdam to Cologne is some 200 km, at 60 km/h.
    let metres = result(COMPLETED).await["distanceInMeters"]
        .as_f64()
        .unwrap();
    assert!((190e3..220e3).contains(&metres), "{metres}");
}

#[tokio::test]
async fn a_reset_goes_back_to_the_start_in_records_blobs_time_speed_and_faults() {
    let fixture = start_with(|builder| {
        let once = FaultRule::new(FaultAction::respond(503))
            .on("Dataset_List")
            .times(1);
        builder
            .state_from(example())
            .fault(once)
            .record_requests(10)
    })
    .await;
    let list = format!("/datasets?{CREATOR}");
    for _ in 0..2 {
        assert_eq!(fixture.creator(Method::GET, &list).await.status, 503);
        fixture
            .emulator
            .add_conversion(Conversion::new("more"))
            .await
            .unwrap();
        let create = format!("/datasets?conversionId=more&{CREATOR}");
        assert_eq!(fixture.creator(Method::POST, &create).await.status, 202);
        fixture
            .emulator
            .put_blob("contoso/sites/more", "x")
            .await
            .unwrap();
        let waiting = "/_emulator/blobs/contoso/sites/waiting.geojson";
        Answer::of(fixture.bare(Method::DELETE, waiting)).await;
        fixture.emulator.set_speed(9.0).unwrap();
        fixture.advance(600);
        assert_eq!(datasets(&fixture).await.len(), 3);

        let reset = fixture.bare(Method::POST, "/_emulator/reset");
        assert_eq!(Answer::of(reset).await.status, 204);
        assert!(fixture.emulator.requests().is_empty());
        assert_eq!(now(&fixture).await, "2025-03-04T08:00:00.0000000+00:00");
        assert_eq!(words(&fixture).await, AT_START);
        let blob = fixture.bare(Method::GET, waiting);
        assert_eq!(Answer::of(blob).await.status, 200);
        let more = fixture.bare(Method::GET, "/_emulator/blobs/contoso/sites/more");
        assert_eq!(Answer::of(more).await.status, 404);
        let create = fixture.creator(Method::POST, &create).await;
        assert_eq!(create.status, 400, "the conversion is gone");
        let clock = Answer::of(fixture.bare(Method::GET, "/_emulator/clock")).await;
        assert_eq!(clock.json()["speed"], 1.0);
    }
}

#[tokio::test]
async fn without_a_state_a_reset_goes_back_to_nothing() {
    let fixture = start().await;
    fixture
        .emulator
        .add_conversion(Conversion::new("c"))
        .await
        .unwrap();
    let create = format!("/datasets?conversionId=c&{CREATOR}");
    assert_eq!(fixture.creator(Method::POST, &create).await.status, 202);
    fixture.emulator.advance(Duration::from_secs(3_600));
    assert_eq!(datasets(&fixture).await.len(), 1);
    fixture.emulator.reset().await.unwrap();
    assert_eq!(datasets(&fixture).await.len(), 0);
    assert_eq!(fixture.creator(Method::POST, &create).await.status, 400);
}

/// Everything below a folder, as text.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder_) = open.pop() {
        for entry in fs::read_dir(&folder_).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path
                    .strip_prefix(folder)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                all.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    all.sort();
    all
}

#[tokio::test]
async fn a_state_reached_by_hand_is_written_and_starts_another_emulator_in_the_same_state() {
    let fixture = started().await;
    let body = matrix(&[[7.5, 47.5]], &[[8.5, 47.4]]);
    let begun = fixture
        .post_geo(&format!("/route/matrix:async?{ROUTE}"), &body)
        .await;
    let poll = fixture.local(begun.header("operation-location").unwrap());
    fixture.advance(5);
    let url = fixture.emulator.put_blob(
        "contoso/sites/new.json",
        r#"{"type":"Point","coordinates":[1,2]}"#,
    );
    let url = url.await.unwrap();
    // Replaces an entry, whose operation is kept.
    fixture
        .put_registry(UDID, &registration("geojson", &url))
        .send()
        .await
        .unwrap();

    let folder = tempfile::tempdir().unwrap();
    let written = folder.path().join("a");
    fixture.emulator.export_state(&written).await.unwrap();
    let again = fixture.emulator.export_state(&written).await.unwrap_err();
    assert!(matches!(again, Error::Folder { .. }), "{again}");

    let other = start_with(|builder| builder.state_from(&written)).await;
    assert_eq!(now(&other).await, "2025-03-04T08:00:05.0000000+00:00");
    assert_eq!(words(&other).await, words(&fixture).await);
    assert_eq!(other.get(&poll).await.json()["status"], "Running");
    for emulator in [&fixture, &other] {
        emulator.advance(60);
        assert_eq!(emulator.get(&poll).await.json()["status"], "Completed");
        let entry = emulator
            .get(&format!("/dataRegistries/{UDID}?{REGISTRY}"))
            .await
            .json();
        assert_eq!(entry["status"], "Completed", "{entry}");
    }
    // What both write now is the same to the byte.
    let (one, two) = (folder.path().join("b"), folder.path().join("c"));
    fixture.emulator.export_state(&one).await.unwrap();
    other.emulator.export_state(&two).await.unwrap();
    assert_eq!(files(&one), files(&two));
    assert!(
        files(&one)
            .iter()
            .any(|(name, _)| name == "registry-operations.json")
    );
}

#[tokio::test]
async fn the_administrative_call_gives_the_folder_as_an_archive() {
    let fixture = started().await;
    let request = fixture.bare(Method::GET, "/_emulator/state");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/zip");
    let bytes = answer.bytes().await.unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fixture.emulator.export_state(folder.path()).await.unwrap();
    let mut unpacked = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        unpacked.push((name, text));
    }
    unpacked.sort();
    assert_eq!(unpacked, files(folder.path()));
    assert!(
        unpacked
            .iter()
            .any(|(name, _)| name == "blobs/contoso/sites/waiting.geojson")
    );
}

#[tokio::test]
async fn a_data_folder_starts_from_the_state_once_and_then_goes_on_where_it_was() {
    let data = tempfile::tempdir().unwrap();
    let clock = ManualClock::default();
    let start = async || {
        let builder = Emulator::builder()
            .clock(clock.clone())
            .data_folder(data.path());
        Fixture {
            emulator: builder.state_from(example()).start().await.unwrap(),
            clock: clock.clone(),
            client: reqwest::Client::new(),
        }
    };
    let first = start().await;
    assert_eq!(words(&first).await, AT_START);
    let deleted = format!("/datasets/d-harbour?{CREATOR}");
    assert_eq!(first.creator(Method::DELETE, &deleted).await.status, 204);
    first.advance(30);
    first.emulator.stop().await;
    clock.advance(Duration::from_secs(30));
    let second = start().await;
    assert_eq!(now(&second).await, "2025-03-04T08:01:00.0000000+00:00");
    assert_eq!(datasets(&second).await.len(), 0);
    second.emulator.reset().await.unwrap();
    assert_eq!(datasets(&second).await, ["d-harbour"]);
    assert_eq!(words(&second).await, AT_START);
}

/// The problems of a state with one file.
async fn problems(file: &str, content: &Value) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(file), content.to_string()).unwrap();
    let builder = Emulator::builder().state_from(folder.path());
    match builder.start().await.unwrap_err() {
        Error::State { problems, .. } => problems,
        err => panic!("{err}"),
    }
}

#[tokio::test]
async fn a_state_that_cannot_be_used_says_which_member_of_which_file_and_why() {
    let route = |members: Value| {
        let mut item =
            json!({"id": COMPLETED, "status": "Failed", "error": {"code": "c", "message": "m"}});
        for (name, value) in members.as_object().unwrap() {
            item[name] = value.clone();
        }
        json!([item])
    };
    let registry = |blob: Value| json!([{"udid": UDID, "operationId": GUID, "status": "Running", "azureBlob": blob}]);
    for (file, content, expected) in [
        (
            "datasets.jsn",
            json!([]),
            "datasets.jsn: is no file of a state",
        ),
        (
            "clock.json",
            json!({"now": "today"}),
            "clock.json: \"today\" is not a date and time",
        ),
        (
            "datasets.json",
            json!({}),
            "datasets.json: invalid type: map, expected a sequence",
        ),
        (
            "datasets.json",
            json!([{"datasetId": "d", "created": "soon"}]),
            "datasets.json: /0/created: ",
        ),
        (
            "datasets.json",
            json!([{"datasetId": "d", "colour": 1}]),
            "datasets.json: /0/colour: unknown field",
        ),
        (
            "datasets.json",
            json!([{"datasetId": "d"}, {"datasetId": "d"}]),
            "datasets.json: /1/datasetId: d is there twice",
        ),
        (
            "datasets.json",
            json!([{"datasetId": "d", "datasetSources": {"conversionIds": [1]}}]),
            "datasets.json: /0/datasetSources/conversionIds/0: The value is not a text.",
        ),
        (
            "dataset-operations.json",
            json!([{"operationId": "o", "status": "Failed"}]),
            "dataset-operations.json: /0: Failed needs an error",
        ),
        (
            "dataset-operations.json",
            json!([{"operationId": "o", "status": "Running"}]),
            "dataset-operations.json: /0: datasetId is required",
        ),
        (
            "dataset-operations.json",
            json!([{"operationId": "o", "status": "Running", "datasetId": "d", "endsAt": "2001-01-01T00:00:00Z"}]),
            "dataset-operations.json: /0/endsAt: is too early for Running",
        ),
        (
            "route-operations.json",
            route(json!({"id": "1"})),
            "route-operations.json: /0/id: ",
        ),
        (
            "route-operations.json",
            route(json!({"status": "Runing"})),
            "route-operations.json: /0/status: unknown variant `Runing`",
        ),
        (
            "route-operations.json",
            route(json!({"status": "Completed"})),
            "route-operations.json: /0/error: Completed has no error",
        ),
        (
            "route-operations.json",
            route(json!({"request": {"type": "FeatureCollection"}})),
            "route-operations.json: /0/request/features: The value is required.",
        ),
        (
            "route-operations.json",
            route(
                json!({"matrix": {"kind": "RouteMatrix", "type": "Feature", "geometry": null, "properties": 1}}),
            ),
            "route-operations.json: /0/matrix/properties: The value is not an object.",
        ),
        (
            "registry.json",
            registry(json!({"dataFormat": "geojson", "linkedResource": "l"})),
            "registry.json: /0/azureBlob/blobUrl: The value is required.",
        ),
        (
            "registry.json",
            registry(
                json!({"dataFormat": "geojson", "linkedResource": "l", "blobUrl": "u", "sizeInBytes": 1}),
            ),
            "registry.json: /0/azureBlob: has one of sizeInBytes and contentMD5",
        ),
    ] {
        let problems = problems(file, &content).await;
        assert!(
            problems.iter().any(|problem| problem.starts_with(expected)),
            "{expected}: {problems:#?}"
        );
    }
}

#[tokio::test]
async fn every_problem_is_reported_and_a_missing_folder_too() {
    let two = json!([{"datasetId": ""}, {"datasetId": 1}]);
    assert!(problems("datasets.json", &two).await.len() >= 2);
    let builder = Emulator::builder().state_from("/no/such/folder");
    let err = builder.start().await.unwrap_err().to_string();
    assert!(err.contains("/no/such/folder"), "{err}");
}

#[tokio::test]
async fn a_state_may_be_nothing_but_words_and_begins_at_the_time_of_the_clock() {
    let folder = tempfile::tempdir().unwrap();
    let operations = json!([
        {"operationId": "a", "status": "NotStarted", "datasetId": "d"},
        {"operationId": "b", "status": "Running", "error": {"code": "c", "message": "m"}},
    ]);
    fs::write(
        folder.path().join("dataset-operations.json"),
        operations.to_string(),
    )
    .unwrap();
    fs::write(
        folder.path().join("datasets.json"),
        r#"[{"datasetId": "d"}]"#,
    )
    .unwrap();
    let fixture = start_with(|builder| builder.state_from(folder.path())).await;
    let word = async |id| {
        let path = format!("/datasets/operations/{id}?{CREATOR}");
        fixture.creator(Method::GET, &path).await.json()["status"].clone()
    };
    assert_eq!(
        (word("a").await, word("b").await),
        (json!("NotStarted"), json!("Running"))
    );
    assert_eq!(datasets(&fixture).await.len(), 0);
    fixture.advance(120);
    assert_eq!(
        (word("a").await, word("b").await),
        (json!("Succeeded"), json!("Failed"))
    );
    assert_eq!(datasets(&fixture).await, ["d"]);
}
