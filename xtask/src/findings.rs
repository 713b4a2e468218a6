//! Findings of the generator as a terminal shows them.

use maps_codegen::diagnostics::{Diagnostic, Severity, Sources, Style};

/// Findings with the lines that they are about, an empty line behind each.
///
/// To be printed by `anstream`, which drops the colours where the output is no terminal or `NO_COLOR` is set.
pub(crate) fn shown<'a>(
    found: impl IntoIterator<Item = &'a Diagnostic>,
    sources: &Sources,
) -> String {
    let rendered = found
        .into_iter()
        .map(|found| found.render(sources, Style::Coloured));
    rendered.map(|text| text + "\n\n").collect()
}

/// The same of what keeps output from being made.
pub(crate) fn errors(found: &[Diagnostic], sources: &Sources) -> String {
    let errors = found
        .iter()
        .filter(|found| found.severity == Severity::Error);
    shown(errors, sources)
}
