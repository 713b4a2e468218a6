//! A watch on several runtimes, on none, and whose futures are dropped.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use maps_core::service::HostSettings;
use maps_core::test_kit::{Answer, ScriptedTransport};
use maps_core::{ClientOptions, ErrorKind, Stream};

use crate::schedules::drop_at;
use crate::server::{MONITOR, SERVICE, status};
use crate::*;

#[tokio::test]
async fn next_dropped_at_its_kth_poll_loses_nothing_and_sends_nothing_twice() {
    for k in 0..30 {
        let server = server(|number, seen| match seen.earlier {
            0 => status("Running"),
            _ => succeeded(number),
        })
        .await;
        let client = server.client_polling(each_second());
        let keys = server.clock.run(async {
            let mut watch = watch_of(&client, 3).await.in_flight(2);
            let mut keys = Vec::new();
            loop {
                let next = match drop_at(k, watch.next()).await {
                    Some(next) => next,
                    None => {
                        tokio::task::yield_now().await;
                        watch.next().await
                    }
                };
                let Some(ended) = next else { break };
                ended.result.unwrap();
                keys.push(ended.key);
            }
            keys.sort_unstable();
            keys
        });
        assert_eq!(keys.await, [1, 2, 3], "dropped at poll {k}");
        // Three submits, two polls of each, three results.
        assert_eq!(server.seen().len(), 12, "dropped at poll {k}");
    }
}

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().unwrap()
}

/// A client on the clock of tokio, whose timers belong to a runtime.
fn client(script: &ScriptedTransport) -> Pipeline {
    let wait = Duration::from_millis(10);
    let options = ClientOptions::new()
        .transport(Arc::new(script.clone()))
        .polling(PollingOptions::new().first_wait(wait).max_wait(wait));
    let mut host = HostSettings::new();
    host.endpoint("http://127.0.0.1:9");
    Pipeline::new(&SERVICE, &host, None, None, options).unwrap()
}

fn attached(client: &Pipeline, ids: &[usize]) -> Numbered {
    let poller = |id: &usize| (*id, client.attach(&MONITOR, None, &id.to_string()).unwrap());
    ids.iter().map(poller).collect()
}

#[test]
fn requests_in_flight_and_waits_outlive_their_runtime() {
    let running = || Answer::status(200).json(r#"{"status":"Running"}"#);
    let completed = || Answer::status(200).json(r#"{"status":"Completed"}"#);
    let script = ScriptedTransport::new()
        .answer(Answer::silence())
        .answer(running());
    let client = client(&script);
    let mut watch = attached(&client, &[1, 2]);
    let first = runtime();
    first.block_on(async { assert!(drop_at(1, watch.next()).await.is_none()) });
    drop(first);
    let script = script.answer(completed()).answer(completed());
    let mut keys = runtime().block_on(async {
        let mut keys = Vec::new();
        while let Some(ended) = watch.next().await {
            ended.result.unwrap();
            keys.push(ended.key);
        }
        keys
    });
    keys.sort_unstable();
    assert_eq!(keys, [1, 2]);
    assert_eq!(script.requests().len(), 4);
}

#[test]
fn without_a_runtime_each_is_given_back_with_an_error() {
    let script = ScriptedTransport::new();
    let mut watch = attached(&client(&script), &[1, 2, 3]);
    let mut cx = Context::from_waker(Waker::noop());
    for left in (0..3).rev() {
        let Poll::Ready(Some(ended)) = std::pin::pin!(watch.next()).poll(&mut cx) else {
            panic!("an error was expected");
        };
        assert_eq!(ended.result.unwrap_err().kind(), ErrorKind::InvalidArgument);
        assert_eq!(watch.len(), left);
    }
    assert!(std::pin::pin!(watch.next()).poll(&mut cx).is_ready());
    assert!(script.requests().is_empty());
}

#[test]
fn watches_and_their_futures_can_go_anywhere() {
    fn anywhere<T: Send + 'static>(_: &T) {}
    fn sends<T: Send>(_: T) {}
    fn everywhere<T: Send + Sync + 'static>(_: &T) {}
    fn unpinned<T: Unpin + Stream>(_: &T) {}
    fn check(mut watch: Numbered) {
        anywhere(&watch);
        unpinned(&watch);
        everywhere(&watch.handle());
        sends(watch.next());
        sends(watch.next_event());
    }
    let _ = check;
}
