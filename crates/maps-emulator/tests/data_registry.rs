//! The Data Registry over HTTP.

// A test that cannot go on panics.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Answer, Fixture, GUID, REGISTRY, UDID, registration, start, start_with};
use reqwest::Method;
use serde_json::json;

const POINT: &str = r#"{"type":"Point","coordinates":[7.5,47.5]}"#;

async fn operation(fixture: &Fixture, id: &str) -> Answer {
    let path = format!("/dataRegistries/operations/{id}?{REGISTRY}");
    fixture.get(&path).await
}

#[tokio::test]
async fn registering_runs_and_completes() {
    let fixture = start().await;
    let url = fixture.emulator.put_blob("acc/box/point.json", POINT).await;
    let body = registration("geojson", &url.unwrap());
    let request = fixture.put_registry(UDID, &body);
    let created = Answer::of(request.header("Operation-Id", GUID)).await;
    assert_eq!(created.status, 201);
    assert_eq!(created.header("operation-id"), Some(GUID));
    let location = created.header("operation-location").unwrap();
    let expected = format!(
        "{}/dataRegistries/operations/{GUID}",
        fixture.emulator.url()
    );
    assert_eq!(location, expected);
    assert_eq!(created.header("retry-after"), None);
    let entry = created.json();
    assert_eq!(entry["udid"], UDID);
    assert_eq!(entry["status"], "Running");
    assert_eq!(entry["description"], "Delivery areas");
    assert!(entry["azureBlob"].get("sizeInBytes").is_none());

    let running = operation(&fixture, GUID).await;
    assert_eq!(running.status, 200);
    assert_eq!(running.json(), json!({"id": GUID, "status": "Running"}));
    assert_eq!(running.header("retry-after"), Some("10"));

    fixture.advance(20);
    let completed = operation(&fixture, GUID).await;
    assert_eq!(completed.json(), json!({"id": GUID, "status": "Completed"}));
    assert_eq!(completed.header("retry-after"), None);
    let entry = fixture
        .get(&format!("/dataRegistries/{UDID}?{REGISTRY}"))
        .await;
    let entry = entry.json();
    assert_eq!(entry["status"], "Completed");
    assert_eq!(entry["azureBlob"]["sizeInBytes"], 41);
    // `md5sum` of the blob, in Base64.
    assert_eq!(entry["azureBlob"]["contentMD5"], "Fj629XF3kboZDK6pCuDVDw==");
}

#[tokio::test]
async fn replacing_is_200_and_a_repeated_request_starts_nothing_twice() {
    let fixture = start().await;
    let url = fixture.emulator.put_blob("acc/box/point.json", POINT).await;
    let body = registration("geojson", &url.unwrap());
    let put = async |id: &str| {
        Answer::of(fixture.put_registry(UDID, &body).header("Operation-Id", id)).await
    };
    assert_eq!(put(GUID).await.status, 201);
    let repeated = put(GUID).await;
    assert_eq!(repeated.status, 201);
    assert_eq!(repeated.header("operation-id"), Some(GUID));
    // Upper case is the same id.
    let upper = put(&GUID.to_uppercase()).await;
    assert_eq!(upper.header("operation-id"), Some(GUID));
    assert_eq!(put(UDID).await.status, 200);

    let other = registration("zip", "https://acc.blob.core.windows.net/box/other.zip");
    let request = fixture.put_registry(UDID, &other);
    let conflict = Answer::of(request.header("Operation-Id", GUID)).await;
    assert_eq!(conflict.status, 409);
    assert_eq!(conflict.target(), "Operation-Id");
}

#[tokio::test]
async fn data_of_another_format_fails_with_invalid_data() {
    let fixture = start().await;
    let blobs = [
        (
            "geojson",
            "{}",
            "The data is not a valid GeoJSON document: 1 problem was found.",
        ),
        (
            "zip",
            POINT,
            "The data is not a valid ZIP archive: 1 problem was found.",
        ),
    ];
    for (format, content, message) in blobs {
        let url = fixture.emulator.put_blob("acc/box/data", content).await;
        let request = fixture.put_registry(UDID, &registration(format, &url.unwrap()));
        let answer = Answer::of(request).await;
        let id = answer.header("operation-id").unwrap().to_owned();
        assert!(answer.status.is_success(), "{answer:?}");
        fixture.advance(20);
        let failed = operation(&fixture, &id).await;
        assert_eq!(failed.status, 200);
        assert_eq!(failed.header("retry-after"), None);
        let body = failed.json();
        assert_eq!(body["status"], "Failed");
        assert_eq!(body["error"]["code"], "InvalidData");
        assert_eq!(body["error"]["message"], message);
        assert_eq!(body["error"]["target"], "azureBlob");
        assert_eq!(body["error"]["details"].as_array().unwrap().len(), 1);
        let entry = fixture
            .get(&format!("/dataRegistries/{UDID}?{REGISTRY}"))
            .await;
        assert_eq!(entry.json()["status"], "Failed");
        assert_eq!(entry.json()["error"], body["error"]);
    }
}

#[tokio::test]
async fn only_blobs_of_the_emulator_are_read() {
    let fixture = start().await;
    for url in [
        "https://acc.blob.core.windows.net/box/missing.json",
        "https://example.com/box/x.json",
        "file:///etc/passwd",
        "http://127.0.0.1:1/_emulator/blobs/acc/box/x.json",
    ] {
        let answer = Answer::of(fixture.put_registry(UDID, &registration("geojson", url))).await;
        let id = answer.header("operation-id").unwrap().to_owned();
        fixture.advance(20);
        let body = operation(&fixture, &id).await.json();
        assert_eq!(body["status"], "Failed", "{url}");
        assert_eq!(body["error"]["code"], "InvalidData");
        assert_eq!(body["error"]["details"][0]["code"], "BlobNotFound");
    }
    let url = "contosomapsdata/areas/north/2024-05.geojson";
    let refused = Answer::of(fixture.put_registry(UDID, &registration("geojson", url))).await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.target(), "azureBlob.blobUrl");
    assert_eq!(refused.header("x-ms-error-code"), Some("InvalidRequest"));
}

#[tokio::test]
async fn storage_urls_and_files_mean_blobs_of_the_emulator() {
    let folder = tempfile::tempdir().unwrap();
    let fixture = start_with(|builder| builder.data_folder(folder.path())).await;
    let file = folder.path().join("blobs/acc/box/point.json");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, POINT).unwrap();
    let file = format!("file://{}", file.canonicalize().unwrap().display());
    for url in ["https://acc.blob.core.windows.net/box/point.json", &file] {
        let answer = Answer::of(fixture.put_registry(UDID, &registration("geojson", url))).await;
        let id = answer.header("operation-id").unwrap().to_owned();
        fixture.advance(20);
        let body = operation(&fixture, &id).await.json();
        assert_eq!(body["status"], "Completed", "{url}: {body}");
    }
}

#[tokio::test]
async fn entries_are_listed_in_pages_and_removed() {
    let fixture = start_with(|builder| builder.page_size(2)).await;
    let udid = |n: u8| format!("00000000-0000-4000-8000-00000000000{n}");
    let url = "https://acc.blob.core.windows.net/box/x";
    for n in 1..=5 {
        let request = fixture.put_registry(&udid(n), &registration("zip", url));
        assert_eq!(Answer::of(request).await.status, 201);
    }
    let remove = async || {
        let path = format!("/dataRegistries/{}?{REGISTRY}", udid(4));
        Answer::of(fixture.keyed(Method::DELETE, &path)).await
    };
    let removed = remove().await;
    assert_eq!((removed.status.as_u16(), removed.text.as_str()), (204, ""));
    let missing = remove().await;
    assert_eq!(missing.status, 404);
    assert_eq!(missing.header("x-ms-error-code"), Some("NotFound"));
    assert_eq!(
        missing.json()["error"]["message"],
        format!("No data is registered under the udid {}.", udid(4))
    );

    let mut seen = Vec::new();
    let mut next = format!("/dataRegistries?{REGISTRY}");
    let mut pages = 0;
    loop {
        let page = fixture.get(&next).await.json();
        for entry in page["value"].as_array().unwrap() {
            seen.push(entry["udid"].as_str().unwrap().to_owned());
        }
        pages += 1;
        let Some(link) = page["nextLink"].as_str() else {
            break;
        };
        next = fixture.local(link);
    }
    assert_eq!(seen, [1, 2, 3, 5].map(udid));
    assert_eq!(pages, 2);
    let bad = fixture
        .get(&format!("/dataRegistries?{REGISTRY}&continuationToken=x"))
        .await;
    assert_eq!(
        (bad.status.as_u16(), bad.target().as_str()),
        (400, "continuationToken")
    );
}

#[tokio::test]
async fn unknown_things_are_404() {
    let fixture = start().await;
    let entry = fixture
        .get(&format!("/dataRegistries/{UDID}?{REGISTRY}"))
        .await;
    assert_eq!(
        (entry.status.as_u16(), entry.target().as_str()),
        (404, "udid")
    );
    let operation = operation(&fixture, GUID).await;
    assert_eq!(operation.status, 404);
    assert_eq!(operation.target(), "operationId");
    assert_eq!(
        operation.json()["error"]["message"],
        format!("There is no operation {GUID}.")
    );
}

#[tokio::test]
async fn bodies_are_checked() {
    let fixture = start().await;
    let good = registration("zip", "https://acc.blob.core.windows.net/box/x");
    let mut cases = Vec::new();
    for (pointer, value, target) in [
        ("/azureBlob", json!(null), "azureBlob"),
        (
            "/azureBlob/dataFormat",
            json!("csv"),
            "azureBlob.dataFormat",
        ),
        ("/azureBlob/blobUrl", json!(7), "azureBlob.blobUrl"),
        (
            "/azureBlob/linkedResource",
            json!(""),
            "azureBlob.linkedResource",
        ),
        ("/kind", json!("Disk"), "kind"),
        ("/description", json!("x".repeat(1025)), "description"),
    ] {
        let mut body = good.clone();
        *body.pointer_mut(pointer).unwrap() = value;
        cases.push((body, target));
    }
    cases.push((json!({"kind": "AzureBlob"}), "azureBlob"));
    cases.push((
        json!({"azureBlob": {"dataFormat": "zip"}}),
        "azureBlob.linkedResource",
    ));
    for (body, target) in cases {
        let answer = Answer::of(fixture.put_registry(UDID, &body)).await;
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.target(), target);
        assert_eq!(answer.code(), "InvalidRequest");
    }
    let path = format!("/dataRegistries/{UDID}?{REGISTRY}");
    for (content_type, body, status) in [
        (Some("text/plain"), "{}", 415),
        (None, "{}", 415),
        (Some("application/json"), "{", 400),
        (Some("application/json"), "", 400),
    ] {
        let mut request = fixture.keyed(Method::PUT, &path).body(body);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        assert_eq!(
            Answer::of(request).await.status,
            status,
            "{content_type:?} {body:?}"
        );
    }
}
