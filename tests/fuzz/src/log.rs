//! Keeps what the SDK traces, all levels, for the oracle.

use std::cell::RefCell;
use std::fmt::{Debug, Write};
use std::sync::Once;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

thread_local! {
    static TEXT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Longer logs are of inputs that say the same again and again.
const LONGEST: usize = 64 * 1024;

/// Starts to keep.
pub fn start() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Nobody else sets one in this process.
        let _ = tracing::subscriber::set_global_default(Keep);
    });
    let _ = take();
}

/// What was traced since the last time.
#[must_use]
pub fn take() -> String {
    TEXT.with_borrow_mut(std::mem::take)
}

struct Keep;

struct Fields;

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        TEXT.with_borrow_mut(|text| {
            if text.len() < LONGEST {
                let _ = writeln!(text, "{}={value:?}", field.name());
            }
        });
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }
}

impl Subscriber for Keep {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Fields);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Fields);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Fields);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
