//! A line for each operation that says where it stands.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A progress bar with a name, the last status and the time since the start.
pub(crate) fn bar(name: &str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_prefix(name.to_owned());
    let style = ProgressStyle::with_template("{spinner:.cyan} {prefix:<16} {msg:<28} {elapsed:>4}");
    let style = style.map(|style| style.tick_chars("⠁⠉⠙⠚⠒⠂⠒⠲⠴✓"));
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(Duration::from_millis(80));
    bar
}

/// A status as a person reads it.
pub(crate) fn word(status: Option<impl std::fmt::Display>) -> String {
    status.map_or_else(|| "no status".to_owned(), |status| status.to_string())
}
