//! Writes down all spans and events of this thread.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry};

/// A span, or an event.
#[derive(Debug, Clone)]
pub(crate) struct Note {
    /// Of an event, its message.
    pub(crate) name: String,
    pub(crate) target: String,
    pub(crate) level: Level,
    pub(crate) fields: BTreeMap<String, String>,
    /// Names of all fields, also of those without a value.
    pub(crate) declared: BTreeSet<&'static str>,
    /// Index of the span that it is in.
    pub(crate) parent: Option<usize>,
    /// Indices of the spans that it follows from.
    pub(crate) follows: Vec<usize>,
    pub(crate) open: bool,
}

impl Note {
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

#[derive(Clone, Default)]
pub(crate) struct Recorder(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    spans: Vec<Note>,
    events: Vec<Note>,
    by_id: HashMap<u64, usize>,
}

impl Recorder {
    /// Starts recording, until the guard is dropped.
    pub(crate) fn start() -> (Self, DefaultGuard) {
        let recorder = Self::default();
        let subscriber = Registry::default().with(recorder.clone());
        let guard = tracing::subscriber::set_default(subscriber);
        (recorder, guard)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("lock")
    }

    /// The spans of the SDK, in the order in which they began.
    pub(crate) fn spans(&self) -> Vec<Note> {
        self.state().spans.clone()
    }

    pub(crate) fn named(&self, name: &str) -> Vec<Note> {
        let mut spans = self.spans();
        spans.retain(|span| span.name == name);
        spans
    }

    pub(crate) fn events(&self, target: &str) -> Vec<Note> {
        let mut events = self.state().events.clone();
        events.retain(|event| event.target.starts_with(target));
        events
    }

    /// The names of the spans around this one, innermost first.
    pub(crate) fn way_up(&self, note: &Note) -> Vec<String> {
        let spans = self.spans();
        let mut way = Vec::new();
        let mut at = note.parent;
        while let Some(parent) = at {
            way.push(spans[parent].name.clone());
            at = spans[parent].parent;
        }
        way
    }

    pub(crate) fn open(&self) -> Vec<String> {
        let spans = self.spans();
        let open = spans.iter().filter(|span| span.open);
        open.map(|span| span.name.clone()).collect()
    }

    /// Everything in one text, to look for what must not be there.
    pub(crate) fn text(&self) -> String {
        let state = self.state();
        format!("{:?}\n{:?}", state.spans, state.events)
    }
}

struct Fields<'a>(&'a mut BTreeMap<String, String>);

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }

    // OpenTelemetry has no such number: its layer makes text of it.
    fn record_u64(&mut self, field: &Field, value: u64) {
        panic!("{field} is {value} as u64");
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

fn declared(metadata: &'static tracing::Metadata<'static>) -> BTreeSet<&'static str> {
    let fields = metadata.fields().iter().map(|field| field.name());
    fields.filter(|name| *name != "message").collect()
}

fn is_ours(metadata: &tracing::Metadata<'_>) -> bool {
    metadata.target().starts_with("maps_core") || metadata.target() == "test"
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recorder {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, ctx: Context<'_, S>) {
        let metadata = attributes.metadata();
        if !is_ours(metadata) {
            return;
        }
        let mut fields = BTreeMap::new();
        attributes.record(&mut Fields(&mut fields));
        let parent = ctx
            .span(id)
            .and_then(|span| span.parent())
            .map(|span| span.id().into_u64());
        let mut state = self.state();
        let note = Note {
            name: metadata.name().to_owned(),
            target: metadata.target().to_owned(),
            level: *metadata.level(),
            fields,
            declared: declared(metadata),
            parent: parent.and_then(|parent| state.by_id.get(&parent).copied()),
            follows: Vec::new(),
            open: true,
        };
        let at = state.spans.len();
        state.spans.push(note);
        state.by_id.insert(id.into_u64(), at);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let mut state = self.state();
        if let Some(at) = state.by_id.get(&id.into_u64()).copied() {
            values.record(&mut Fields(&mut state.spans[at].fields));
        }
    }

    fn on_follows_from(&self, id: &Id, follows: &Id, _: Context<'_, S>) {
        let mut state = self.state();
        let find = |id: &Id| state.by_id.get(&id.into_u64()).copied();
        if let (Some(at), Some(earlier)) = (find(id), find(follows)) {
            state.spans[at].follows.push(earlier);
        }
    }

    fn on_event(&self, event: &Event<'_>, ctx: Context<'_, S>) {
        let metadata = event.metadata();
        if !is_ours(metadata) {
            return;
        }
        let mut fields = BTreeMap::new();
        event.record(&mut Fields(&mut fields));
        let parent = ctx.event_span(event).map(|span| span.id().into_u64());
        let mut state = self.state();
        let note = Note {
            name: fields.remove("message").unwrap_or_default(),
            target: metadata.target().to_owned(),
            level: *metadata.level(),
            fields,
            declared: declared(metadata),
            parent: parent.and_then(|parent| state.by_id.get(&parent).copied()),
            follows: Vec::new(),
            open: false,
        };
        state.events.push(note);
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        let mut state = self.state();
        if let Some(at) = state.by_id.remove(&id.into_u64()) {
            state.spans[at].open = false;
        }
    }
}
