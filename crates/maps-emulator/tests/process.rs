//! The emulator as a process: its line, its signals, its folder, and its sudden death.

// A test that cannot go on panics.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![cfg(unix)]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use common::{REGISTRY, ROUTE, matrix, registration};
use maps_emulator::Emulator;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::Value;

const KEY: &str = "process-key";

/// Longest wait for something that must happen.
const BOUND: Duration = Duration::from_secs(30);

/// A folder of the crate's examples.
fn example(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples")
        .join(name)
}

struct Process {
    child: Child,
    url: String,
}

impl Process {
    fn start(folder: &Path, more: &[&str]) -> Self {
        let mut command = command(&["--port", "0", "--key", KEY, "--data"]);
        Self::spawn(command.arg(folder).args(more))
    }

    fn spawn(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let url = line.strip_prefix("listening on ").map(str::trim_end);
        let url = url.unwrap_or_else(|| panic!("{line:?}")).to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "{url}");
        child.stdout = Some(out.into_inner());
        Self { child, url }
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let status = Command::new("kill").args([name, &pid]).status().unwrap();
        assert!(status.success());
    }

    /// Waits for the end and gives the exit code and what else was printed.
    fn ended(mut self) -> (Option<i32>, String) {
        let mut rest = String::new();
        self.child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut rest)
            .unwrap();
        (self.child.wait().unwrap().code(), rest)
    }
}

/// A test that fails leaves no process behind.
impl Drop for Process {
    fn drop(&mut self) {
        // Both fail when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_maps-emulator"));
    command
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn failure(output: &Output) -> String {
    assert!(output.stdout.is_empty());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

async fn begin(process: &Process) -> (StatusCode, String) {
    let body = matrix(&[[0.0, 0.0]], &[[1.0, 0.0]]).to_string();
    let request = reqwest::Client::new()
        .post(format!("{}/route/matrix:async?{ROUTE}", process.url))
        .header("subscription-key", KEY)
        .header("content-type", "application/geo+json");
    let answer = request.body(body).send().await.unwrap();
    let link = &answer.headers()["operation-location"];
    (answer.status(), link.to_str().unwrap().to_owned())
}

async fn get(process: &Process, link: &str) -> Value {
    let path = link.splitn(4, '/').nth(3).unwrap();
    let request = reqwest::Client::new()
        .get(format!("{}/{path}", process.url))
        .header("subscription-key", KEY);
    request.send().await.unwrap().json().await.unwrap()
}

/// One of the three requests that start an operation.
fn submit(client: &reqwest::Client, url: &str, number: usize) -> RequestBuilder {
    let (route, registry) = (ROUTE, REGISTRY);
    match number % 3 {
        0 => client
            .post(format!("{url}/route/matrix:async?{route}"))
            .header("subscription-key", KEY)
            .header("content-type", "application/geo+json")
            .body(matrix(&[[0.0, 0.0]], &[[1.0, 0.0]]).to_string()),
        1 => client
            .put(format!("{url}/dataRegistries/{}?{registry}", common::UDID))
            .header("subscription-key", KEY)
            .json(&registration(
                "zip",
                "https://acc.blob.core.windows.net/box/x",
            )),
        _ => client.post(format!(
            "{url}/datasets?api-version=2.0&subscription-key={KEY}&conversionId=tower"
        )),
    }
}

/// Whether the operation behind this link is there.
async fn is_kept(process: &Process, link: &str) -> bool {
    let link = if link.contains("/dataRegistries/") {
        format!("{link}?{REGISTRY}")
    } else if link.contains("/datasets/") {
        format!("{link}&subscription-key={KEY}")
    } else {
        link.to_owned()
    };
    let mut request = reqwest::Client::new().get(format!(
        "{}/{}",
        process.url,
        link.splitn(4, '/').nth(3).unwrap()
    ));
    if !link.contains("subscription-key") {
        request = request.header("subscription-key", KEY);
    }
    let answer = request.send().await.unwrap();
    answer.status() == 200 && answer.json::<Value>().await.unwrap()["status"].is_string()
}

#[tokio::test]
async fn killed_at_any_moment_it_loses_no_acknowledged_operation() {
    let folder = tempfile::tempdir().unwrap();
    let mut links = Vec::new();
    for round in 0..3 {
        let process = Process::start(folder.path(), &["--speed", "0"]);
        let conversion = format!("{}/_emulator/conversions/tower", process.url);
        let added = reqwest::Client::new().put(conversion).send().await.unwrap();
        assert_eq!(added.status(), 204);
        // Several writers at once, so that the kill comes into the middle of commits.
        let (sender, mut acknowledged) = tokio::sync::mpsc::unbounded_channel();
        let mut writers = Vec::new();
        for number in 0..9 {
            let (url, sender) = (process.url.clone(), sender.clone());
            writers.push(tokio::spawn(async move {
                let client = reqwest::Client::new();
                loop {
                    let Ok(answer) = submit(&client, &url, number).send().await else {
                        return;
                    };
                    let link = answer.headers()["operation-location"].to_str().unwrap();
                    sender.send(link.to_owned()).unwrap();
                }
            }));
        }
        drop(sender);
        for _ in 0..(20 + round * 7) {
            links.push(acknowledged.recv().await.unwrap());
        }
        process.signal("-KILL");
        while let Some(link) = acknowledged.recv().await {
            links.push(link);
        }
        let (code, _) = process.ended();
        assert_eq!(code, None);
    }
    let process = Process::start(folder.path(), &["--speed", "0"]);
    for service in ["/route/", "/dataRegistries/", "/datasets/"] {
        assert!(links.iter().any(|link| link.contains(service)), "{service}");
    }
    for link in &links {
        assert!(is_kept(&process, link).await, "{link}");
    }
    process.signal("-KILL");
}

#[tokio::test]
async fn a_full_disk_is_an_error_and_loses_nothing_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    // No file may grow past this many blocks of 512 bytes, and to try is an error instead of a signal.
    let limited = "trap '' XFSZ; ulimit -f 8192; exec \"$0\" \"$@\"";
    let mut command = Command::new("sh");
    command.args(["-c", limited, env!("CARGO_BIN_EXE_maps-emulator")]);
    command.args(["--key", KEY, "--speed", "0", "--data"]);
    command.arg(folder.path()).stdout(Stdio::piped());
    let process = Process::spawn(command.stderr(Stdio::null()));
    let client = reqwest::Client::new();
    let side: Vec<_> = (0..5_000).map(|n| [f64::from(n) / 100.0, 47.0]).collect();
    let body = matrix(&side, &[[1.0, 47.0]]).to_string();
    let mut links = Vec::new();
    loop {
        let request = client
            .post(format!("{}/route/matrix:async?{ROUTE}", process.url))
            .header("subscription-key", KEY)
            .header("content-type", "application/geo+json");
        let answer = request.body(body.clone()).send().await.unwrap();
        if answer.status() == 500 {
            let error = answer.json::<Value>().await.unwrap();
            assert_eq!(error["error"]["code"], "InternalError");
            break;
        }
        assert_eq!(answer.status(), 202);
        let link = answer.headers()["operation-location"].to_str().unwrap();
        links.push(link.to_owned());
        assert!(links.len() < 1_000, "the file may grow");
    }
    assert!(!links.is_empty());
    // A blob that does not fit is an error as well, and leaves nothing behind.
    let blob = client.put(format!("{}/_emulator/blobs/acc/box/large", process.url));
    let stored = blob.body(vec![7; 12 << 20]).send().await.unwrap();
    assert_eq!(stored.status(), 500);
    let uploads = folder.path().join("blobs/.uploads");
    assert_eq!(std::fs::read_dir(uploads).unwrap().count(), 0);
    for link in &links {
        assert!(is_kept(&process, link).await, "while it is full: {link}");
    }
    process.signal("-KILL");
    process.ended();
    let process = Process::start(folder.path(), &["--speed", "0"]);
    for link in &links {
        assert!(is_kept(&process, link).await, "after a restart: {link}");
    }
    assert_eq!(begin(&process).await.0, 202);
    process.signal("-KILL");
}

#[tokio::test]
async fn a_validation_that_was_under_way_ends_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &["--speed", "0"]);
    let client = reqwest::Client::new();
    let blob = format!("{}/_emulator/blobs/acc/box/point.json", process.url);
    let put = client
        .put(&blob)
        .body(r#"{"type":"Point","coordinates":[7.5,47.5]}"#);
    assert_eq!(put.send().await.unwrap().status(), 201);
    let url = "https://acc.blob.core.windows.net/box/point.json";
    let path = format!("{}/dataRegistries/{}?{REGISTRY}", process.url, common::UDID);
    let request = client.put(path).header("subscription-key", KEY);
    let answer = request
        .json(&registration("geojson", url))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201);
    process.signal("-KILL");
    process.ended();

    let process = Process::start(folder.path(), &["--speed", "1000"]);
    let link = format!("{}/dataRegistries/{}?{REGISTRY}", process.url, common::UDID);
    let started = Instant::now();
    loop {
        let entry = get(&process, &link).await;
        if entry["status"] == "Completed" {
            assert_eq!(entry["azureBlob"]["sizeInBytes"], 41);
            break;
        }
        assert_eq!(entry["status"], "Running");
        assert!(started.elapsed() < Duration::from_secs(30));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    process.signal("-KILL");
}

#[tokio::test]
async fn an_operation_shown_as_ended_has_ended_after_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &["--speed", "0"]);
    let (_, link) = begin(&process).await;
    let advance = format!("{}/_emulator/clock/advance", process.url);
    let request = reqwest::Client::new()
        .post(advance)
        .body(r#"{"seconds": 10}"#);
    assert!(request.send().await.unwrap().status().is_success());
    let shown = get(&process, &link).await;
    assert_eq!(shown["status"], "Completed");
    process.signal("-KILL");
    process.ended();
    // The computer's clock is behind the emulator's.
    let process = Process::start(folder.path(), &["--speed", "0"]);
    let again = get(&process, &link).await;
    assert_eq!(again["status"], "Completed");
    assert_eq!(again["lastActionAt"], shown["lastActionAt"]);
    process.signal("-KILL");
}

#[tokio::test]
async fn signals_end_it_gracefully_and_the_clock_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut last = String::new();
    for signal in ["-TERM", "-INT"] {
        let process = Process::start(folder.path(), &["--speed", "1000"]);
        let (status, link) = begin(&process).await;
        assert_eq!(status, 202);
        let operation = get(&process, &link).await;
        let created = operation["createdAt"].as_str().unwrap().to_owned();
        assert!(created > last, "{created} {last}");
        last = created;
        process.signal(signal);
        assert_eq!(process.ended(), (Some(0), String::new()));
    }
}

/// Sends the head and half of the body of an upload, and waits until it has arrived.
fn half_an_upload(process: &Process, folder: &Path) -> TcpStream {
    let mut stream = TcpStream::connect(process.url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(BOUND)).unwrap();
    let head = "PUT /_emulator/blobs/acc/box/slow HTTP/1.1\r\nhost: localhost\r\ncontent-length: 8\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(b"half").unwrap();
    let started = Instant::now();
    while std::fs::read_dir(folder.join("blobs/.uploads"))
        .unwrap()
        .next()
        .is_none()
    {
        assert!(started.elapsed() < BOUND, "the upload does not arrive");
        std::thread::sleep(Duration::from_millis(5));
    }
    stream
}

#[test]
fn requests_under_way_are_answered_before_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &[]);
    let mut stream = half_an_upload(&process, folder.path());
    process.signal("-TERM");
    // It accepts nothing new any more.
    let address = process.url.trim_start_matches("http://");
    let started = Instant::now();
    while TcpStream::connect(address).is_ok() {
        assert!(started.elapsed() < BOUND, "it goes on to listen");
    }
    stream.write_all(b"half").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    assert_eq!(process.ended(), (Some(0), String::new()));
    let blob = std::fs::read(folder.path().join("blobs/acc/box/slow"));
    assert_eq!(blob.unwrap(), b"halfhalf");
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Process::start(folder.path(), &[]);
    let _open = half_an_upload(&process, folder.path());
    let started = Instant::now();
    let status = loop {
        if let Some(status) = process.child.try_wait().unwrap() {
            break status;
        }
        process.signal("-INT");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert_eq!(status.code(), Some(0));
    // Requests under way would have had ten.
    assert!(started.elapsed() < Duration::from_secs(9));
}

#[tokio::test]
async fn a_port_in_use_is_an_error() {
    let emulator = Emulator::start().await.unwrap();
    let port = emulator.address().port().to_string();
    let output = command(&["--port", &port]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let expected = format!("maps-emulator: port {port} is in use; choose another, or 0 for any\n");
    assert_eq!(failure(&output), expected);
}

#[tokio::test]
async fn a_folder_in_use_is_an_error_until_it_is_free() {
    let folder = tempfile::tempdir().unwrap();
    let emulator = Emulator::builder().data_folder(folder.path());
    let emulator = emulator.start().await.unwrap();
    let output = command(&["--data"]).arg(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = failure(&output);
    assert!(
        message.contains("is in use by another emulator"),
        "{message}"
    );
    drop(emulator);
    let again = Emulator::builder().data_folder(folder.path()).start().await;
    again.unwrap().stop().await;
}

#[test]
fn a_folder_that_cannot_be_used_is_an_error() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let output = command(&["--data"])
        .arg(file.path().join("x"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = failure(&output);
    assert!(
        message.starts_with("maps-emulator: cannot read and write the folder"),
        "{message}"
    );
}

#[test]
fn a_damaged_database_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("state.redb"),
        "not a database".repeat(1000),
    )
    .unwrap();
    let output = command(&["--data"]).arg(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(failure(&output).starts_with("maps-emulator: "));
}

#[test]
fn arguments_that_make_no_sense_are_an_error() {
    for arguments in [
        &["--port", "65536"][..],
        &["--speed", "fast"],
        &["--page-size", "x"],
        &["--log", "loud"],
        &["--data", ""],
        &["--unknown"],
        &["stray"],
    ] {
        let output = command(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!failure(&output).is_empty());
    }
    for (arguments, message) in [
        (&["--key", ""][..], "a credential is empty"),
        (&["--page-size", "0"], "a page has at least one item"),
    ] {
        let output = command(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert_eq!(failure(&output), format!("maps-emulator: {message}\n"));
    }
    let output = command(&["--speed", "-1"]).output().unwrap();
    assert_ne!(output.status.code(), Some(0));
    let output = command(&["--speed", "1e9"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = failure(&output);
    assert!(
        message.contains("the speed 1000000000 is not between"),
        "{message}"
    );
}

#[tokio::test]
async fn a_state_and_fault_rules_come_from_files() {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules.json");
    let rule = r#"[{"operation": "Route_GetRouteOperationsStatus", "times": 1, "action": {"respond": {"status": 503}}}]"#;
    std::fs::write(&rules, rule).unwrap();
    let process = Process::spawn(
        command(&["--port", "0", "--key", KEY, "--speed", "0"])
            .arg("--state")
            .arg(example("state"))
            .arg("--faults")
            .arg(&rules),
    );
    let path = format!("/route/operations/bc3f9365-3ee0-4564-aa27-825016325557?{ROUTE}");
    let client = reqwest::Client::new();
    let mut seen = Vec::new();
    for _ in 0..2 {
        let request = client.get(format!("{}{path}", process.url));
        let answer = request
            .header("subscription-key", KEY)
            .send()
            .await
            .unwrap();
        seen.push(answer.status().as_u16());
    }
    assert_eq!(seen, [503, 200]);
    process.signal("-TERM");
    assert_eq!(process.ended().0, Some(0));
}

#[test]
fn a_state_or_rules_that_cannot_be_used_end_it_with_1_and_the_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let rules = file(
        "rules.json",
        r#"[{"action": "disconnect", "probability": 7}]"#,
    );
    file("datasets.json", r#"[{"datasetId": 1}]"#);
    for (argument, path, words) in [
        ("--faults", rules.as_path(), "rules.json: /0: probability 7"),
        ("--state", folder.path(), "datasets.json: /0/datasetId: "),
    ] {
        let output = command(&[argument]).arg(path).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.contains(words), "{text}");
    }
}
