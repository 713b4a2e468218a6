//! A process that is killed while it waits, and another one that finishes from the token.

use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use maps_core::service::HostSettings;
use maps_core::{ClientOptions, Method, Pipeline, Poller, PollingOptions, ResumeToken};
use serde_json::Value;

use crate::http;
use crate::server::*;

const ENDPOINT: &str = "MAPS_CORE_TEST_ENDPOINT";
const TOKEN: &str = "MAPS_CORE_TEST_TOKEN";

/// Does nothing unless the test below starts it as a process of its own.
#[tokio::test]
async fn the_other_process() {
    let Ok(endpoint) = std::env::var(ENDPOINT) else {
        return;
    };
    let wait = Duration::from_millis(30);
    let polling = PollingOptions::new().first_wait(wait).max_wait(wait);
    let mut host = HostSettings::new();
    host.endpoint(endpoint);
    let options = ClientOptions::new().polling(polling);
    let client = Pipeline::new(&SERVICE, &host, None, None, options).unwrap();
    let poller: Poller<Value, Value> = match std::env::var(TOKEN) {
        Ok(token) => client.resume(&MONITOR, token.parse().unwrap()).unwrap(),
        Err(_) => begin(&client, &MONITOR).await.unwrap(),
    };
    let token = poller.resume_token().to_string();
    let note = client
        .raw(Method::POST, "/tokens")
        .bytes("text/plain", token);
    note.await.unwrap();
    let result = poller.await.unwrap();
    let note = client.raw(Method::POST, "/results").json(&result);
    note.await.unwrap();
}

fn start(endpoint: &str, token: Option<&ResumeToken>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "processes::the_other_process"]);
    command.env(ENDPOINT, endpoint);
    if let Some(token) = token {
        command.env(TOKEN, token.to_string());
    }
    command.spawn().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_process_is_continued_by_another_from_its_token() {
    let done = Arc::new(AtomicBool::new(false));
    let ended = Arc::clone(&done);
    let server = http::Server::start(move |seen, _| {
        let path = seen.target.split('?').next().unwrap();
        match (seen.method.as_str(), path) {
            ("POST", "/things") => http::reply(202, &[("operation-location", "/operations/1")], ""),
            ("POST", _) => http::reply(200, &[], "{}"),
            _ if ended.load(Ordering::SeqCst) => {
                http::reply(200, &[], r#"{"status":"Completed","value":42}"#)
            }
            _ => http::reply(200, &[], r#"{"status":"Running"}"#),
        }
    })
    .await;
    let seen = |start: &str| {
        let requests = server.seen().into_iter();
        requests
            .filter(|seen| seen.to_string().starts_with(start))
            .collect::<Vec<_>>()
    };

    let mut first = start(&server.url, None);
    let begun = Instant::now();
    while seen("GET /operations/1").len() < 2 {
        assert!(begun.elapsed() < Duration::from_secs(60), "no polls");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // SIGKILL: nothing of the process gets to run any more.
    first.kill().unwrap();
    assert!(!first.wait().unwrap().success());
    let token = seen("POST /tokens").remove(0).body;
    let token: ResumeToken = serde_json::from_slice(&token).unwrap();

    done.store(true, Ordering::SeqCst);
    let mut second = start(&server.url, Some(&token));
    let ended = tokio::task::spawn_blocking(move || second.wait());
    let ended = tokio::time::timeout(Duration::from_secs(60), ended).await;
    assert!(ended.unwrap().unwrap().unwrap().success());
    let result: Value = serde_json::from_slice(&seen("POST /results")[0].body).unwrap();
    assert_eq!(result["value"], 42);
    assert_eq!(seen("POST /things").len(), 1, "submitted once");
}
