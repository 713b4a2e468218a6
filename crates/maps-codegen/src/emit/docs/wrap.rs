//! Layout of doc text: blocks of Markdown, lines of a width that is pleasant to read, first sentences.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Widest line of a paragraph, in characters: 100 with the docs of a field, which begin at the ninth.
const WIDTH: usize = 92;

/// Abbreviations whose dot ends no sentence.
const ABBREVIATIONS: &[&str] = &[
    "e.g.", "i.e.", "etc.", "vs.", "cf.", "approx.", "no.", "incl.", "resp.",
];

/// Splits Markdown into its outermost blocks, paragraphs of which get lines of even width.
pub(super) fn blocks(text: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut depth = 0usize;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                if depth == 0 {
                    let source = text[range].trim_end();
                    let block = match tag {
                        Tag::Paragraph => reflow(source.trim_start()),
                        _ => source.to_owned(),
                    };
                    if !block.is_empty() {
                        blocks.push(block);
                    }
                }
                depth += 1;
            }
            Event::End(TagEnd::MetadataBlock(_)) => {}
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Rule if depth == 0 => blocks.push("---".to_owned()),
            _ => {}
        }
    }
    blocks
}

/// Gives a paragraph lines of even width. Hard line breaks stay.
pub(super) fn reflow(paragraph: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut source = paragraph.lines().peekable();
    while let Some(part) = source.next() {
        for word in part.split_whitespace() {
            let fits = line.chars().count() + 1 + word.chars().count() <= WIDTH;
            if line.is_empty() {
                line.push_str(word);
            } else if fits || starts_a_block(word) {
                line.push(' ');
                line.push_str(word);
            } else {
                lines.push(std::mem::replace(&mut line, word.to_owned()));
            }
        }
        let breaks = part.ends_with("  ") || part.ends_with('\\');
        if breaks && source.peek().is_some() {
            let part = line.trim_end_matches('\\').trim_end();
            lines.push(format!("{part}\\"));
            line.clear();
        }
    }
    lines.push(line);
    lines.join("\n")
}

/// Whether a line that begins with this word would be more than text.
fn starts_a_block(word: &str) -> bool {
    let digits = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = digits.len() < word.len() && matches!(digits, "." | ")");
    numbered
        || word.starts_with(['#', '>', '|', '='])
        || matches!(word, "-" | "+" | "*")
        || word.starts_with("---")
}

/// Splits a paragraph after its first sentence; `None` when there is only one.
pub(super) fn first_sentence(paragraph: &str) -> Option<(&str, &str)> {
    if paragraph.starts_with(['|', '#', '>', '-', '*', '+']) || paragraph.contains("```") {
        return None;
    }
    let mut in_code = false;
    let bytes = paragraph.as_bytes();
    for (index, &byte) in bytes.iter().enumerate() {
        match byte {
            b'`' => in_code = !in_code,
            b'.' | b'!' | b'?' if !in_code => {
                let rest = &paragraph[index + 1..];
                let next = rest.trim_start();
                let ends = rest.len() > next.len()
                    && next.starts_with(|c: char| {
                        c.is_uppercase() || c.is_ascii_digit() || matches!(c, '`' | '[' | '*' | '"')
                    });
                let sentence = &paragraph[..=index];
                let word = sentence.split_whitespace().next_back().unwrap_or(sentence);
                let word = word.trim_start_matches(['(', '"']).to_lowercase();
                if ends && !ABBREVIATIONS.contains(&word.as_str()) {
                    return Some((sentence, next));
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_paragraph_wraps_between_words() {
        let text = "word ".repeat(60);
        assert!(
            reflow(&text)
                .lines()
                .all(|line| line.len() <= WIDTH && line.ends_with("word"))
        );
    }

    #[test]
    fn a_marker_never_starts_a_wrapped_line() {
        let text = format!("{} - {}", "x".repeat(91), "y".repeat(20));
        assert_eq!(
            reflow(&text).lines().next(),
            Some(format!("{} -", "x".repeat(91)).as_str())
        );
    }

    #[test]
    fn dot_inside_code_ends_no_sentence() {
        assert_eq!(first_sentence("Form `a. B` of it."), None);
        assert_eq!(first_sentence("One. `Two`."), Some(("One.", "`Two`.")));
    }

    #[test]
    fn table_is_kept_as_it_is() {
        let table = "| a | b |\n|---|---|\n| 1 | 2 |";
        assert_eq!(
            blocks(&format!("Text.\n\n{table}\n")),
            ["Text.".to_owned(), table.to_owned()]
        );
    }
}
