//! Everything that is traced, logged or said in a panic, by whatever crate.

use std::fmt::{Debug, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Metadata, Subscriber};

use crate::canary;

/// What was recorded so far, by all tests: a leak is a leak whoever finds it.
static RECORD: Mutex<Record> = Mutex::new(Record {
    own: Vec::new(),
    others: 0,
    leaks: Vec::new(),
});

struct Record {
    /// Lines of the SDK, and panics.
    own: Vec<String>,
    /// How many lines there were of the HTTP stack and whatever else speaks.
    others: usize,
    /// Lines with a secret.
    leaks: Vec<String>,
}

/// Takes down everything from now on.
pub(crate) fn start() {
    static STARTED: OnceLock<()> = OnceLock::new();
    STARTED.get_or_init(|| {
        tracing::subscriber::set_global_default(Recorder::default()).unwrap();
        log::set_boxed_logger(Box::new(Recorder::default())).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let payload = info.payload();
            let text = payload.downcast_ref::<String>().map(String::as_str);
            let said = text
                .or_else(|| payload.downcast_ref::<&str>().copied())
                .unwrap_or_default();
            // A failed test of this binary quotes what it found.
            if said.contains("leaks") || said.contains("assertion") {
                usual(info);
            } else {
                push(format!("panic: {said}"));
            }
        }));
    });
}

/// How many lines of the SDK have all of these words in them.
pub(crate) fn lines_with(words: &[&str]) -> usize {
    let has_all = |line: &&String| words.iter().all(|word| line.contains(word));
    record().own.iter().filter(has_all).count()
}

/// How many lines came from the HTTP stack.
pub(crate) fn lines_of_others() -> usize {
    record().others
}

pub(crate) fn assert_clean() {
    let leaks = &record().leaks;
    assert!(
        leaks.is_empty(),
        "{} leaks in the log:\n{}",
        leaks.len(),
        leaks.join("\n")
    );
}

fn record() -> MutexGuard<'static, Record> {
    RECORD.lock().unwrap_or_else(PoisonError::into_inner)
}

fn push(line: String) {
    let leak = canary::find(line.as_bytes()).map(|around| format!("{:.60}: {around}", line));
    let mut record = record();
    record.leaks.extend(leak);
    if line.contains("maps_core") || line.starts_with("panic") {
        record.own.push(line);
    } else {
        record.others += 1;
    }
}

#[derive(Default)]
struct Recorder {
    last: AtomicU64,
}

/// Fields as text, by `Debug` and as what they are.
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        write!(self.0, " {field}={value}").unwrap();
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        write!(self.0, " {field}={value} {value:?}").unwrap();
    }

    fn record_bytes(&mut self, field: &Field, value: &[u8]) {
        write!(self.0, " {field}={}", String::from_utf8_lossy(value)).unwrap();
    }
}

fn head(kind: &str, metadata: &Metadata<'_>) -> Fields {
    Fields(format!(
        "{kind} {} {} {}",
        metadata.level(),
        metadata.target(),
        metadata.name()
    ))
}

impl Subscriber for Recorder {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = head("span", span.metadata());
        span.record(&mut fields);
        push(fields.0);
        Id::from_u64(self.last.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &Id, values: &tracing::span::Record<'_>) {
        let mut fields = Fields("span field of maps_core or another".to_owned());
        values.record(&mut fields);
        push(fields.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = head("event", event.metadata());
        event.record(&mut fields);
        push(fields.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

impl log::Log for Recorder {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        push(format!(
            "log {} {} {}",
            record.level(),
            record.target(),
            record.args()
        ));
    }

    fn flush(&self) {}
}
