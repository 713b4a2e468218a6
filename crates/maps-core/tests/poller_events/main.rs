//! What a poller tells `tracing`.
//!
//! A binary of its own: whether an event is wanted is remembered for the whole process, and other tests want none.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::server::*;

#[path = "../support/server.rs"]
mod http;
#[path = "../poller/server.rs"]
mod server;

/// Keeps the events of the poller as text.
#[derive(Clone, Default)]
struct Events(Arc<Mutex<Vec<(Level, String)>>>);

impl Subscriber for Events {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "maps_core::poller"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        struct Text(String);
        impl Visit for Text {
            fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
                write!(self.0, "{}={value:?} ", field.name()).unwrap();
            }
        }
        let mut text = Text(String::new());
        event.record(&mut text);
        self.0
            .lock()
            .unwrap()
            .push((*event.metadata().level(), text.0));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn each_poll_is_an_event_and_an_unknown_status_one_warning() {
    let server = scripted(|earlier| match earlier {
        0 => status("Juggling").header("retry-after", "10"),
        1 => status("Whirling"),
        2 => reply(503).header("x-ms-request-id", "r-2"),
        3 => reply(200).header("x-ms-request-id", "r-3").json(
            r#"{"status":"Running","lastActionAt":"2025-03-04T05:06:07Z canary-of-the-key"}"#,
        ),
        _ => status("Completed"),
    })
    .await;
    let events = Events::default();
    let guard = tracing::subscriber::set_default(events.clone());
    server.begin(&MONITOR).await.unwrap().await.unwrap();
    drop(guard);
    let events = events.0.lock().unwrap().clone();
    let warnings: Vec<&String> = events
        .iter()
        .filter(|(level, _)| *level == Level::WARN)
        .map(|(_, text)| text)
        .collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("Juggling"));
    let polls: Vec<&String> = events
        .iter()
        .filter(|(level, _)| *level == Level::DEBUG)
        .map(|(_, text)| text)
        .collect();
    assert_eq!(polls.len(), 5, "{polls:?}");
    let says = |poll: usize, words: &[&str]| {
        for word in words {
            assert!(polls[poll].contains(word), "`{word}` in {}", polls[poll]);
        }
    };
    says(
        0,
        &[
            "operation.name=\"Thing_Submit\"",
            "operation.id=\"1\"",
            "operation.status=\"Juggling\"",
            "hint=10s",
            "next_wait=1",
        ],
    );
    says(
        2,
        &[
            "a poll failed",
            "status_code=503",
            "r-2",
            "failed=1",
            "next_wait=",
        ],
    );
    says(
        3,
        &["operation.last_action=\"2025-03-04T05:06:07Z ***\"", "r-3"],
    );
    says(4, &["operation.status=\"Completed\""]);
    assert!(!format!("{events:?}").contains(KEY));
}
