//! Diagnostics with the line of the source that they are about.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{
    AnnotationKind, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str,
};

use super::{Diagnostic, Severity};
use crate::model::Place;

/// Texts of the files of a run, by the path that is shown. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Sources(BTreeMap<String, Arc<str>>);

/// Whether a rendered diagnostic has the colours of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Text alone.
    Plain,
    /// Text with ANSI escape sequences.
    Coloured,
}

impl Sources {
    /// Adds the text of a file.
    pub fn add(&mut self, shown: impl Into<String>, text: impl Into<Arc<str>>) {
        self.0.insert(shown.into(), text.into());
    }

    /// The line of a place, and the bytes of it that are marked.
    fn line(&self, place: &Place) -> Option<(&str, Range<usize>)> {
        let text = self.0.get(&place.file)?;
        let line = text.split('\n').nth(place.line.checked_sub(1)?)?;
        let line = line.strip_suffix('\r').unwrap_or(line);
        let offset = |chars: usize| {
            let at = line.char_indices().nth(chars);
            at.map_or(line.len(), |(at, _)| at)
        };
        let start = place.column.checked_sub(1)?;
        // A place without width, such as the end of a file, is marked by one sign.
        Some((line, offset(start)..offset(start + place.width.max(1))))
    }
}

impl Diagnostic {
    /// The finding with its place, the line that stands there, the JSON pointer and the help.
    pub fn render(&self, sources: &Sources, style: Style) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let mut group = Group::with_title(level.primary_title(&self.message).id(self.code));
        if let Some(place) = &self.place {
            group = match sources.line(place) {
                Some((line, marked)) => group.element(
                    Snippet::source(line)
                        .line_start(place.line)
                        .path(&place.file)
                        .annotation(AnnotationKind::Primary.span(marked)),
                ),
                None => group.element(
                    Origin::path(&place.file)
                        .line(place.line)
                        .char_column(place.column),
                ),
            };
            let pointer = normalize_untrusted_str(&place.pointer);
            group = group.element(Level::NOTE.with_name("pointer").message(pointer));
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(normalize_untrusted_str(help)));
        }
        let renderer = match style {
            Style::Plain => Renderer::plain(),
            Style::Coloured => Renderer::styled(),
        };
        renderer.render(&[group])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(text: &str) -> Sources {
        let mut sources = Sources::default();
        sources.add("a.json", text);
        sources
    }

    fn at(line: usize, column: usize, width: usize) -> Diagnostic {
        let place = Place {
            file: "a.json".to_owned(),
            line,
            column,
            width,
            pointer: "#/a/ä".to_owned(),
        };
        Diagnostic::warning("unhandled-keyword", "`ä` means nothing")
            .at(place)
            .help("remove it")
    }

    #[test]
    fn the_line_is_quoted_and_marked() {
        let text = "{\n  \"ä\": {\"b\": 1}\n}\n";
        let expected = "\
warning[unhandled-keyword]: `ä` means nothing
 --> a.json:2:3
  |
2 |   \"ä\": {\"b\": 1}
  |   ^^^
  |
  = pointer: #/a/ä
  = help: remove it";
        assert_eq!(at(2, 3, 3).render(&sources(text), Style::Plain), expected);
        let coloured = at(2, 3, 3).render(&sources(text), Style::Coloured);
        assert!(coloured.contains("\u{1b}["), "{coloured}");
    }

    #[test]
    fn without_its_source_a_diagnostic_has_its_place_all_the_same() {
        let rendered = at(2, 3, 3).render(&Sources::default(), Style::Plain);
        assert!(rendered.contains("--> a.json:2:3"), "{rendered}");
        assert!(rendered.contains("pointer: #/a/ä"), "{rendered}");
    }

    #[test]
    fn places_outside_the_text_and_odd_texts_do_no_harm() {
        let long = format!("{{\"a\": \"{}\"}}", "x\t\u{202e}".repeat(50_000));
        for text in ["", "\n", "\r\n\r", "\u{1b}[31m", "\0\u{feff}", &long] {
            for line in [0, 1, 2, 9] {
                for column in [0, 1, 7, 300_000] {
                    for width in [0, 1, 400_000] {
                        let rendered = at(line, column, width).render(&sources(text), Style::Plain);
                        assert!(!rendered.contains('\u{1b}'), "{rendered}");
                        // Lines of a whole document are cut to what a terminal shows.
                        assert!(rendered.len() < 4_000, "{}", rendered.len());
                    }
                }
            }
        }
    }
}
