//! Spans: their names, their end, and what they do not show.

#[path = "support/server.rs"]
mod server;

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use maps_core::{ClientOptions, Credential, SasToken, SubscriptionKey};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use server::{GET, JumpClock, QUERY_SERVICE, SERVICE, Server, Then, raw, reply};

/// Writes down everything that is traced.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    text: String,
    last: u64,
    /// Handles of spans that were made, clones among them.
    opened: u64,
    /// Handles of spans that were dropped.
    closed: u64,
}

impl Visit for State {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.text, " {}={value:?}", field.name()).expect("writes");
    }
}

impl Subscriber for Notes {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut state = self.0.lock().expect("lock");
        let name = span.metadata().name();
        write!(state.text, "\n[{name}]").expect("writes");
        span.record(&mut *state);
        state.opened += 1;
        state.last += 1;
        Id::from_u64(state.last)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut *self.0.lock().expect("lock"));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut *self.0.lock().expect("lock"));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}

    fn clone_span(&self, id: &Id) -> Id {
        self.0.lock().expect("lock").opened += 1;
        id.clone()
    }

    fn try_close(&self, _: Id) -> bool {
        self.0.lock().expect("lock").closed += 1;
        true
    }
}

const CANARY: &str = "cAnArY-1234567890";

#[tokio::test]
async fn spans_have_the_names_of_opentelemetry_and_no_secret() {
    let location = format!("/moved/{CANARY}?subscription-key={CANARY}");
    for service in [&SERVICE, &QUERY_SERVICE] {
        for credential in [
            Credential::from(SubscriptionKey::new(CANARY)),
            SasToken::new(CANARY).into(),
        ] {
            let notes = Notes::default();
            let guard = tracing::subscriber::set_default(notes.clone());
            let server = Server::script(vec![
                reply(503, &[("x-ms-request-id", CANARY)], CANARY),
                raw("", Then::Close),
                reply(302, &[("location", &location)], ""),
                reply(404, &[("x-ms-request-id", "r-1")], CANARY),
            ])
            .await;
            let options = ClientOptions::new().clock(JumpClock::new());
            let pipeline = server.pipeline(service, Some(credential), options);
            let mut request = pipeline.request(&GET);
            request.query("text", "private");
            pipeline.send(request).await.expect_err("404");
            drop(guard);
            let state = notes.0.lock().expect("lock");
            for name in [
                "[call]",
                "[try]",
                "otel.name=\"Things_Get\"",
                "http.request.method=\"GET\"",
                "http.request.resend_count=2",
                "server.address=\"127.0.0.1\"",
                "url.full=",
                "?api-version=REDACTED&text=REDACTED",
                "http.response.status_code=404",
                "error.type=\"503\"",
                "error.type=\"transport\"",
                "az.service_request_id=\"r-1\"",
                "az.client_request_id=\"",
            ] {
                assert!(state.text.contains(name), "{name} in {}", state.text);
            }
            for secret in ["cAnArY", "private"] {
                assert!(!state.text.contains(secret), "{}", state.text);
            }
            assert_eq!(state.opened, state.closed);
        }
    }
}

#[tokio::test]
async fn spans_end_when_the_call_is_dropped() {
    let notes = Notes::default();
    let guard = tracing::subscriber::set_default(notes.clone());
    let server = Server::always(raw("", Then::Hang)).await;
    let pipeline = server.pipeline(&SERVICE, None, ClientOptions::new());
    let call = pipeline.send(pipeline.request(&GET));
    tokio::select! {
        _ = call => panic!("the server is silent"),
        () = async { while server.count() == 0 { tokio::task::yield_now().await } } => {}
    }
    drop(guard);
    let state = notes.0.lock().expect("lock");
    let own = state.text.matches("\n[call]").count() + state.text.matches("\n[try]").count();
    assert_eq!(own, 2);
    assert_eq!(state.opened, state.closed);
}
