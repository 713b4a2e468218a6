//! Futures dropped at any moment, and calls in any order.

use std::future::{Future, IntoFuture, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use maps_core::service::HostSettings;
use maps_core::test_kit::{Answer, ScriptedTransport, VirtualClock};
use maps_core::{ClientOptions, ErrorKind, Pipeline, Poller, Result, RetryOptions};
use serde_json::Value;

use crate::server::*;

/// Polls a future at most `polls` times, then drops it.
pub(crate) async fn drop_at<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            // The last poll must not wait for a wake-up, because the future goes away.
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

async fn three_statuses() -> Server {
    scripted(|earlier| match earlier {
        0 | 1 => status("Running"),
        _ => status("Succeeded").header("resource-location", "/results/1"),
    })
    .await
}

fn expected() -> [&'static str; 5] {
    [
        "POST /things",
        "GET /operations/1",
        "GET /operations/1",
        "GET /operations/1",
        "GET /results/1",
    ]
}

#[tokio::test]
async fn result_dropped_at_its_kth_poll_goes_on_and_sends_nothing_twice() {
    for k in 0.. {
        let server = three_statuses().await;
        let mut poller = server.begin(&RESOURCE_LOCATION).await.unwrap();
        let first = drop_at(k, poller.result()).await;
        let ended = first.is_some();
        if !ended {
            assert_eq!(
                poller.result().await.unwrap()["value"],
                42,
                "dropped at poll {k}"
            );
        }
        assert_eq!(server.lines(), expected(), "dropped at poll {k}");
        if ended {
            // Each of three waits, four polls and requests and the connection is pending at least once.
            assert!(k >= 8, "the test has dropped too rarely: {k}");
            break;
        }
    }
}

#[tokio::test]
async fn result_dropped_at_every_poll_still_ends() {
    for step in 1..4 {
        let server = three_statuses().await;
        let mut poller = server.begin(&RESOURCE_LOCATION).await.unwrap();
        let result = loop {
            match drop_at(step, poller.result()).await {
                Some(result) => break result,
                // Nobody is woken for a dropped future: give the socket a turn.
                None => tokio::task::yield_now().await,
            }
        };
        assert_eq!(result.unwrap()["value"], 42);
        assert_eq!(server.lines(), expected());
    }
}

#[tokio::test]
async fn next_dropped_at_its_kth_poll_loses_no_status() {
    for k in 0.. {
        let server = three_statuses().await;
        let mut poller = server.begin(&RESOURCE_LOCATION).await.unwrap();
        let (mut words, mut dropped) = (Vec::new(), 0);
        loop {
            let next = match drop_at(k, poller.next()).await {
                Some(next) => next,
                None => {
                    dropped += 1;
                    poller.next().await
                }
            };
            match next {
                Some(status) => words.push(status.unwrap()["status"].as_str().unwrap().to_owned()),
                None => break,
            }
        }
        assert_eq!(
            words,
            ["Running", "Running", "Succeeded"],
            "dropped at poll {k}"
        );
        assert_eq!(poller.await.unwrap()["value"], 42);
        assert_eq!(server.lines(), expected(), "dropped at poll {k}");
        if dropped == 0 {
            // The wait, the connection and the answer are pending at least once each.
            assert!(k >= 3, "the test has dropped too rarely: {k}");
            break;
        }
    }
}

/// Waiting, collecting and waiting once more after a fault, each dropped at every poll of it.
#[tokio::test]
async fn whatever_is_dropped_at_its_kth_poll_ends_with_one_submit_and_no_request_twice() {
    for k in 1.. {
        let server = Server::start(|seen| match (seen.method.as_str(), seen.path.as_str()) {
            ("POST", _) => reply(202).header("operation-location", "/operations/1"),
            (_, "/operations/1") => match seen.earlier {
                0 => reply(404),
                1 => status("Running").header("retry-after", "7"),
                2 => reply(503),
                _ => status("Succeeded").header("resource-location", "/results/1"),
            },
            _ if seen.earlier == 0 => reply(503),
            _ => reply(200).json(r#"{"value":42}"#),
        })
        .await;
        let mut poller = server.begin(&RESOURCE_LOCATION).await.unwrap();
        let (mut words, mut drops) = (Vec::new(), 0);
        let value = loop {
            let next = drop_at(k, poller.next()).await;
            drops += usize::from(next.is_none());
            if let Some(Some(status)) = next {
                words.push(status.unwrap()["status"].clone());
            }
            let result = match drop_at(k, IntoFuture::into_future(&mut poller)).await {
                None => drop_at(k, poller.result()).await,
                result => result,
            };
            match result {
                Some(result) => break result.unwrap(),
                None => drops += 1,
            }
            // Nobody is woken for a dropped future: give the socket a turn.
            tokio::task::yield_now().await;
        };
        while let Some(status) = poller.next().await {
            words.push(status.unwrap()["status"].clone());
        }
        assert_eq!(value["value"], 42);
        // `result` may have seen the first one first; then the stream gives the last.
        assert_eq!(words.last().unwrap(), "Succeeded", "dropped at poll {k}");
        let mut lines = vec!["POST /things"];
        lines.extend(["GET /operations/1"; 4]);
        lines.extend(["GET /results/1"; 2]);
        assert_eq!(server.lines(), lines, "dropped at poll {k}");
        if drops == 0 {
            break;
        }
    }
}

#[tokio::test]
async fn begin_dropped_at_its_kth_poll_has_sent_at_most_one_submit() {
    for k in 0.. {
        let server = three_statuses().await;
        let client = server.client();
        let begun = drop_at(k, begin(&client, &RESOURCE_LOCATION)).await;
        // What is on its way arrives.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        let submits = || {
            let lines = server.lines();
            lines.iter().filter(|line| line.starts_with("POST")).count()
        };
        assert!(submits() <= 1, "dropped at poll {k}");
        if let Some(poller) = begun {
            assert_eq!(poller.unwrap().await.unwrap()["value"], 42);
            assert_eq!(submits(), 1);
            assert!(k >= 2, "the test has dropped too rarely: {k}");
            break;
        }
    }
}

/// Every sequence of four steps out of five, each on a poller of its own.
#[tokio::test]
async fn any_sequence_of_calls_is_defined() {
    const STEPS: usize = 5;
    let ends = ["Succeeded", "Failed"];
    for end in ends {
        for sequence in 0..STEPS.pow(4) {
            let script = ScriptedTransport::new();
            script.push(Answer::status(202).header("operation-location", "/operations/1"));
            script.push(Answer::status(200).json(r#"{"status":"Running"}"#));
            script.push(Answer::status(403));
            let last = format!(r#"{{"status":"{end}","value":42}}"#);
            for _ in 0..8 {
                script.push(Answer::status(200).json(last.clone()));
            }
            let poller = begin_scripted(&script).await;
            let mut poller = Some(poller);
            let mut rest = sequence;
            let (mut given, mut stream_ended) = (Vec::new(), false);
            for _ in 0..4 {
                let Some(current) = &mut poller else { break };
                match rest % STEPS {
                    0 => match current.next().await {
                        Some(Ok(status)) => {
                            assert!(!stream_ended, "a status after the end, sequence {sequence}");
                            given.push(status["status"].clone());
                        }
                        Some(Err(error)) => assert_eq!(error.status().unwrap(), 403),
                        None => stream_ended = true,
                    },
                    1 => match current.result().await {
                        Ok(value) => {
                            assert_eq!((end, &value["value"]), ("Succeeded", &Value::from(42)))
                        }
                        Err(error) => assert!(
                            error.kind() == ErrorKind::Operation && end == "Failed"
                                || error.status().is_some_and(|status| status == 403)
                        ),
                    },
                    2 => {
                        drop_at(2, current.next()).await;
                    }
                    3 => {
                        let token = current.resume_token();
                        assert_eq!(token, current.resume_token());
                        assert_eq!(current.id(), "1");
                    }
                    _ => {
                        let _ = drop_at(1, poller.take().unwrap().into_future()).await;
                    }
                }
                rest /= STEPS;
            }
            given.dedup();
            assert!(given.len() <= 2, "{given:?}");
            let submits = script
                .requests()
                .iter()
                .filter(|request| request.method == "POST")
                .count();
            assert_eq!(submits, 1);
        }
    }
}

async fn begin_scripted(script: &ScriptedTransport) -> Poller<Value, Value> {
    let options = ClientOptions::new()
        .transport(Arc::new(script.clone()))
        .clock(Arc::new(VirtualClock::running_ahead()))
        .retry(RetryOptions::none());
    let mut host = HostSettings::new();
    host.endpoint("http://127.0.0.1:9");
    let client = Pipeline::new(&SERVICE, &host, None, None, options).unwrap();
    begin(&client, &MONITOR).await.unwrap()
}

#[test]
fn pollers_and_their_futures_can_go_anywhere() {
    fn anywhere<T: Send + 'static>(_: &T) {}
    fn unpinned<T: Unpin + futures_core::Stream<Item = Result<Value>>>(_: &T) {}
    fn check(mut poller: Poller<Value, Value>) {
        anywhere(&poller);
        unpinned(&poller);
        fn sends<T: Send>(_: T) {}
        sends(poller.next());
        sends(poller.result());
        sends(IntoFuture::into_future(&mut poller));
        anywhere(&poller.into_future());
    }
    let _ = check;
}
