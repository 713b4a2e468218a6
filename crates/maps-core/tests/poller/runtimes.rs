//! Pollers and pagers that outlive the runtime they were made on, and calls without any.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use maps_core::service::HostSettings;
use maps_core::test_kit::{Answer, ScriptedTransport, VirtualClock};
use maps_core::{ClientOptions, ErrorKind, Pager, Pipeline, Poller, PollingOptions, Result};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use crate::cancelling::drop_at;
use crate::server::*;

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// On the clock of tokio, whose timers belong to a runtime.
fn client(script: &ScriptedTransport) -> Pipeline {
    let wait = Duration::from_millis(20);
    let options = ClientOptions::new()
        .transport(Arc::new(script.clone()))
        .polling(PollingOptions::new().first_wait(wait).max_wait(wait));
    let mut host = HostSettings::new();
    host.endpoint("http://127.0.0.1:9");
    Pipeline::new(&SERVICE, &host, None, None, options).unwrap()
}

fn submit() -> Answer {
    Answer::status(202).header("operation-location", "/operations/1")
}

fn completed() -> Answer {
    Answer::status(200).json(r#"{"status":"Completed"}"#)
}

#[test]
fn a_wait_outlives_its_runtime() {
    let script = ScriptedTransport::new()
        .answer(submit())
        .answer(completed());
    let first = runtime();
    let mut poller = first.block_on(async {
        let mut poller = begin(&client(&script), &MONITOR).await.unwrap();
        assert!(drop_at(1, poller.result()).await.is_none());
        poller
    });
    drop(first);
    let result = runtime().block_on(poller.result()).unwrap();
    assert_eq!(result["status"], "Completed");
    assert_eq!(script.requests().len(), 2);
}

#[test]
fn a_poll_in_flight_is_asked_again_on_another_runtime() {
    let script = ScriptedTransport::new().answer(submit());
    let script = script.answer(Answer::silence()).answer(completed());
    let first = runtime();
    let mut poller = first.block_on(async {
        let mut poller = begin(&client(&script), &MONITOR).await.unwrap();
        let cut = tokio::time::timeout(Duration::from_millis(200), poller.result()).await;
        assert!(cut.is_err());
        poller
    });
    drop(first);
    assert_eq!(script.requests().len(), 2);
    let result = runtime().block_on(poller.result()).unwrap();
    assert_eq!(result["status"], "Completed");
    assert_eq!(script.requests().len(), 3);
}

#[test]
fn a_page_in_flight_is_asked_again_on_another_runtime() {
    let page = || Answer::status(200).json("[7]");
    let script = ScriptedTransport::new()
        .answer(Answer::silence())
        .answer(page());
    let client = client(&script);
    let request = client.request(&LIST);
    let mut pager: Pager<u32, Vec<u32>> = Pager::new(client, request, |_| None, |page| page);
    let first = runtime();
    first.block_on(async {
        let cut = tokio::time::timeout(Duration::from_millis(50), pager.next()).await;
        assert!(cut.is_err());
    });
    drop(first);
    assert_eq!(runtime().block_on(pager.next()).unwrap().unwrap(), 7);
}

#[test]
fn without_a_runtime_calls_are_errors_and_no_panics() {
    let script = ScriptedTransport::new()
        .answer(submit())
        .answer(completed());
    let client = client(&script);
    let mut context = Context::from_waker(Waker::noop());
    let mut call = Box::pin(client.send(client.request(&POST)));
    let Poll::Ready(Err(error)) = call.as_mut().poll(&mut context) else {
        panic!("an error at once");
    };
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(!error.may_have_been_sent() && script.requests().is_empty());

    let mut poller: Poller<Value, Value> = runtime().block_on(begin(&client, &MONITOR)).unwrap();
    {
        let mut result = Box::pin(poller.result());
        let Poll::Ready(Err(error)) = result.as_mut().poll(&mut context) else {
            panic!("an error at once");
        };
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.resume_token().is_some());
    }
    assert!(runtime().block_on(poller.result()).is_ok());
}

#[test]
fn with_a_clock_and_a_transport_of_ones_own_no_runtime_is_needed() {
    let script = ScriptedTransport::new()
        .answer(submit())
        .answer(completed());
    let options = ClientOptions::new()
        .transport(Arc::new(script))
        .clock(Arc::new(VirtualClock::running_ahead()));
    let mut host = HostSettings::new();
    host.endpoint("http://127.0.0.1:9");
    let client = Pipeline::new(&SERVICE, &host, None, None, options).unwrap();
    let mut whole = Box::pin(async { begin(&client, &MONITOR).await?.await });
    let outcome: Result<Value> = loop {
        match whole.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => break outcome,
            Poll::Pending => {}
        }
    };
    assert!(outcome.is_ok());
}

#[test]
fn what_waits_belongs_to_one_task_and_can_move_and_what_does_not_is_shared() {
    fn moved<T: Send + 'static>() {}
    fn shared<T: Send + Sync + 'static>() {}
    moved::<Poller<Value, Value>>();
    moved::<maps_core::Pager<Value, Value>>();
    moved::<maps_core::Pages<Value>>();
    moved::<maps_core::Download>();
    moved::<maps_core::Watch<u32, Value, Value>>();
    shared::<maps_core::Pipeline>();
    shared::<maps_core::Request>();
    shared::<maps_core::RawRequest>();
    shared::<maps_core::ResumeToken>();
    shared::<maps_core::ContinuationToken>();
    shared::<maps_core::Credential>();
    shared::<maps_core::ClientOptions>();
}
