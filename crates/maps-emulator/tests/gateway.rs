//! What every request goes through: host, path, credential, api-version.

// A test that cannot go on panics.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Answer, CREATOR, GUID, REGISTRY, ROUTE, UDID, start, start_with};
use maps_emulator::{Credentials, DEFAULT_ENTRA_TOKEN, DEFAULT_KEY, DEFAULT_SAS_TOKEN};
use reqwest::Method;
use std::io::{Read, Write};

fn status_paths() -> [(String, &'static str); 3] {
    [
        (format!("/route/operations/{GUID}"), "2025-01-01"),
        (format!("/dataRegistries/operations/{GUID}"), "2023-06-01"),
        ("/datasets/operations/x".to_owned(), "2.0"),
    ]
}

#[tokio::test]
async fn keys_count_only_in_the_place_their_service_declares() {
    let fixture = start().await;
    for (path, version) in status_paths() {
        let in_query = path.starts_with("/datasets");
        let bare = format!("{path}?api-version={version}");
        let keyed = format!("{bare}&subscription-key={DEFAULT_KEY}");
        let query = Answer::of(fixture.bare(Method::GET, &keyed)).await;
        let header = Answer::of(fixture.keyed(Method::GET, &bare)).await;
        // 404 is what a request gets that passed: there is no such operation.
        let statuses = if in_query { (404, 401) } else { (401, 404) };
        assert_eq!(
            (query.status.as_u16(), header.status.as_u16()),
            statuses,
            "{path}"
        );
        for answer in [
            Answer::of(fixture.keyed(Method::GET, &keyed)).await,
            Answer::of(fixture.bare(Method::GET, &bare)).await,
            Answer::of(
                fixture
                    .bare(Method::GET, &bare)
                    .header("subscription-key", "x"),
            )
            .await,
        ] {
            assert_eq!(answer.status, 401, "{path}");
            assert_eq!(answer.code(), "Unauthorized");
            let expected = path
                .starts_with("/dataRegistries")
                .then_some("Unauthorized");
            assert_eq!(answer.header("x-ms-error-code"), expected);
        }
    }
}

#[tokio::test]
async fn tokens_pass_on_every_endpoint_and_entra_needs_the_client_id() {
    let fixture = start().await;
    for (path, version) in status_paths() {
        let path = format!("{path}?api-version={version}");
        let send = async |authorization: &str, client_id: Option<&str>| {
            let mut request = fixture.bare(Method::GET, &path);
            request = request.header("authorization", authorization);
            if let Some(client_id) = client_id {
                request = request.header("x-ms-client-id", client_id);
            }
            Answer::of(request).await.status.as_u16()
        };
        let sas = format!("jwt-sas {DEFAULT_SAS_TOKEN}");
        let bearer = format!("Bearer {DEFAULT_ENTRA_TOKEN}");
        assert_eq!(send(&sas, None).await, 404);
        assert_eq!(send(&bearer, Some("account")).await, 404);
        assert_eq!(send(&bearer, None).await, 401);
        assert_eq!(send("Bearer x", Some("account")).await, 401);
        assert_eq!(send("jwt-sas x", None).await, 401);
        assert_eq!(send(DEFAULT_SAS_TOKEN, None).await, 401);
    }
}

#[tokio::test]
async fn several_credentials_are_refused() {
    let fixture = start().await;
    let path = format!("/route/operations/{GUID}?{ROUTE}");
    let sas = format!("jwt-sas {DEFAULT_SAS_TOKEN}");
    let request = fixture.keyed(Method::GET, &path);
    assert_eq!(
        Answer::of(request.header("authorization", sas))
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn keys_rotate_while_it_runs() {
    let fixture = start_with(|builder| builder.key("first")).await;
    let path = format!("/route/operations/{GUID}?{ROUTE}");
    let send = async |key: &str| {
        let request = fixture.bare(Method::GET, &path);
        let answer = Answer::of(request.header("subscription-key", key)).await;
        answer.status.as_u16()
    };
    assert_eq!((send("first").await, send("second").await), (404, 401));
    assert_eq!(send(DEFAULT_KEY).await, 401);
    fixture
        .emulator
        .set_credentials(Credentials::none().key("second"));
    assert_eq!((send("first").await, send("second").await), (401, 404));
}

#[tokio::test]
async fn api_versions_are_missing_empty_unknown_or_repeated() {
    let fixture = start().await;
    for (path, version) in status_paths() {
        let key = format!("subscription-key={DEFAULT_KEY}");
        let creator = path.starts_with("/datasets");
        for query in [
            String::new(),
            "api-version=".to_owned(),
            "api-version=1999-01-01".to_owned(),
            format!("api-version={version}&api-version={version}"),
        ] {
            let answer = if creator {
                let path = format!("{path}?{key}&{query}");
                Answer::of(fixture.bare(Method::GET, &path)).await
            } else {
                fixture.get(&format!("{path}?{query}")).await
            };
            assert_eq!(answer.status, 400, "{path} {query}");
            assert_eq!(answer.target(), "api-version");
        }
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused() {
    let fixture = start().await;
    for path in [
        "/",
        "/route",
        "/route/matrix:sync",
        "/datasets/",
        "/dataRegistries/a/b/c",
    ] {
        let answer = fixture.get(&format!("{path}?{ROUTE}")).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (404, "NotFound"),
            "{path}"
        );
    }
    let path = format!("/dataRegistries/{UDID}?{REGISTRY}");
    let answer = Answer::of(fixture.keyed(Method::PATCH, &path)).await;
    assert_eq!(answer.status, 405);
    assert_eq!(answer.header("allow"), Some("DELETE, GET, PUT"));
    assert_eq!(answer.header("x-ms-error-code"), Some("MethodNotAllowed"));
}

#[tokio::test]
async fn declared_patterns_are_checked() {
    let fixture = start().await;
    let path = format!("/dataRegistries/operations/{GUID}0?{REGISTRY}");
    let answer = fixture.get(&path).await;
    assert_eq!(
        (answer.status.as_u16(), answer.target().as_str()),
        (400, "operationId")
    );
    assert_eq!(answer.header("x-ms-error-code"), Some("InvalidRequest"));
    let body = common::registration("zip", "https://acc.blob.core.windows.net/box/x");
    let request = fixture
        .put_registry(UDID, &body)
        .header("Operation-Id", "x");
    let answer = Answer::of(request).await;
    assert_eq!(
        (answer.status.as_u16(), answer.target().as_str()),
        (400, "Operation-Id")
    );
}

#[tokio::test]
async fn links_use_the_name_the_request_used() {
    let fixture = start_with(|builder| builder.allow_host("maps.test")).await;
    let body = common::registration("zip", "https://acc.blob.core.windows.net/box/x");
    for host in ["localhost:1234", "maps.test", "[::1]:9"] {
        let request = fixture.put_registry(UDID, &body).header("host", host);
        let answer = Answer::of(request).await;
        let link = answer.header("operation-location").unwrap();
        assert!(
            link.starts_with(&format!("http://{host}/dataRegistries/")),
            "{link}"
        );
    }
    for host in ["evil.example", "localhost.evil.example"] {
        for path in [
            format!("/datasets?{CREATOR}"),
            "/_emulator/health".to_owned(),
        ] {
            let request = fixture.keyed(Method::GET, &path).header("host", host);
            assert_eq!(Answer::of(request).await.status, 421, "{host} {path}");
        }
    }
}

#[tokio::test]
async fn every_answer_has_a_request_id_and_repeats_the_callers() {
    let fixture = start().await;
    let request = fixture.keyed(Method::GET, &format!("/route/operations/{GUID}?{ROUTE}"));
    let answer = Answer::of(request.header("x-ms-client-request-id", "mine")).await;
    assert_eq!(answer.header("x-ms-request-id").map(str::len), Some(36));
    assert_eq!(answer.header("x-ms-client-request-id"), Some("mine"));
}

#[tokio::test]
async fn requests_are_recorded_when_asked_for() {
    let fixture = start_with(|builder| builder.record_requests(2)).await;
    for id in ["a", "b", "c"] {
        let path = format!("/datasets/operations/{id}?{CREATOR}");
        Answer::of(fixture.bare(Method::GET, &path)).await;
    }
    let requests = fixture.emulator.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[1].uri.path(), "/datasets/operations/c");
    assert_eq!(requests[1].operation, Some("Dataset_GetOperation"));
    assert_eq!(requests[1].status, 404);
    assert!(!format!("{requests:?}").contains(DEFAULT_KEY));
}

/// Sends bytes as they are, and gives what comes back.
fn raw(fixture: &common::Fixture, bytes: &[u8]) -> String {
    let mut stream = std::net::TcpStream::connect(fixture.emulator.address()).unwrap();
    stream
        .set_read_timeout(Some(std::time::Duration::from_secs(10)))
        .unwrap();
    // The emulator may answer and close before it has read everything.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn broken_requests_neither_stop_nor_hang_it() {
    let fixture = start_with(|builder| {
        let mut limits = maps_emulator::Limits::default();
        limits.body = 1024;
        builder.limits(limits)
    })
    .await;
    let head = format!(
        "POST /route/matrix?{ROUTE} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nsubscription-key: {DEFAULT_KEY}\r\ncontent-type: application/geo+json\r\n"
    );
    let many = "x: y\r\n".repeat(200);
    for (bytes, status) in [
        ("\0\0\0\r\n\r\n".to_owned(), " 400 "),
        ("GET / HTTP/1.1\r\nconnection: close\r\n\r\n".to_owned(), " 421 "),
        (format!("{head}{many}\r\n"), " 431 "),
        (format!("{head}content-length: 2000\r\n\r\n{}", "x".repeat(2000)), " 413 "),
        (format!("{head}content-length: 5\r\n\r\n[[[[["), " 400 "),
        (format!("{head}content-length: 600\r\n\r\n{}", "[".repeat(600)), " 400 "),
        (format!("GET /datasets/%FF?{CREATOR} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"), " 400 "),
        ("GET /datasets?api-version=2.0&subscription-key=%FF HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n".to_owned(), " 400 "),
    ] {
        let answer = raw(&fixture, bytes.as_bytes());
        let line = answer.lines().next().unwrap_or_default().to_owned();
        assert!(line.contains(status), "{line:?} for {bytes:.60?}");
    }
    assert_eq!(fixture.get("/_emulator/health").await.status, 200);
}

#[tokio::test]
async fn a_refusal_reaches_a_client_that_still_sends() {
    let fixture = start_with(|builder| {
        let mut limits = maps_emulator::Limits::default();
        limits.body = 1024;
        limits.blob = 1024;
        builder.limits(limits)
    })
    .await;
    let large = vec![b' '; 32 << 20];
    let matrix = format!("/route/matrix?{ROUTE}");
    for _ in 0..5 {
        for (request, status) in [
            (fixture.bare(Method::POST, &matrix), 401),
            (fixture.keyed(Method::POST, &matrix), 413),
            (fixture.keyed(Method::PUT, "/_emulator/blobs/a/b/c"), 413),
            (fixture.keyed(Method::PUT, "/_emulator/blobs/a"), 400),
            (fixture.keyed(Method::POST, "/nowhere"), 404),
        ] {
            let answer = Answer::of(request.body(large.clone())).await;
            assert_eq!(answer.status, status, "{}", answer.text);
        }
    }
}

#[tokio::test]
async fn mangled_bodies_are_never_its_own_fault() {
    let fixture = start().await;
    let registration = common::registration("zip", "https://acc.blob.core.windows.net/box/x");
    let matrix = common::matrix(&[[0.0, 0.0], [1.5, 2.5]], &[[1.0, 0.0]]);
    let entry = format!("/dataRegistries/{UDID}?{REGISTRY}");
    let targets = [
        (Method::PUT, entry, "application/json", registration),
        (
            Method::POST,
            format!("/route/matrix?{ROUTE}"),
            "application/geo+json",
            matrix.clone(),
        ),
        (
            Method::POST,
            format!("/route/matrix:async?{ROUTE}"),
            "application/geo+json",
            matrix,
        ),
    ];
    let long = "9".repeat(400);
    let pieces = [
        "null", "[]", "{}", "-1", "1e308", "\"\"", "\u{0}", "true", "[[]]", ",", &long,
    ];
    // The same cases in every run.
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..500 {
        let (method, path, content_type, body) = &targets[random.usize(..targets.len())];
        let mut text = body.to_string().into_bytes();
        for _ in 0..random.usize(1..4) {
            let at = random.usize(..text.len());
            let end = (at + random.usize(..12)).min(text.len());
            let piece = pieces[random.usize(..pieces.len())];
            text.splice(at..end, piece.bytes());
        }
        let request = fixture
            .keyed(method.clone(), path)
            .header("content-type", *content_type);
        let answer = Answer::of(request.body(text.clone())).await;
        let shown = String::from_utf8_lossy(&text);
        assert!(answer.status.as_u16() < 500, "{}: {shown}", answer.status);
    }
}
