//! Prose of definitions into Markdown that rustdoc takes without a warning.
//!
//! People write definitions in Markdown, in HTML and in both. rustdoc would read `[x]` as a link to an item, `<x>` as a
//! tag, an indented block as a Rust example, and would warn about a bare URL.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};
use regex_lite::Regex;

/// Makes valid rustdoc of the prose of a definition.
pub(super) fn to_rustdoc(text: &str) -> String {
    let text = plain_characters(text);
    let text = html_to_markdown(&text);
    let text = escape_html(&text);
    escape_text(&text).trim().to_owned()
}

/// Takes out what rustc refuses in comments: control characters and those that change the direction of text.
fn plain_characters(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\t', "    ")
        .chars()
        .filter(|c| *c == '\n' || !c.is_control())
        .filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'))
        .collect()
}

/// Replaces the HTML that definitions use by Markdown, outside code.
fn html_to_markdown(text: &str) -> String {
    if !text.contains('<') {
        return text.to_owned();
    }
    let code = code_ranges(text);
    let mut out = String::with_capacity(text.len());
    let mut link: Option<String> = None;
    let mut done = 0;
    for tag in expression(r"(?i)</?([a-z][a-z0-9]*)((?:\s[^<>]*)?)/?>").captures_iter(text) {
        let (Some(whole), Some(name)) = (tag.get(0), tag.get(1)) else {
            continue;
        };
        if code.iter().any(|range| range.contains(&whole.start())) {
            continue;
        }
        let closes = whole.as_str().starts_with("</");
        let attributes = tag.get(2).map_or("", |m| m.as_str());
        let replacement = match name.as_str().to_ascii_lowercase().as_str() {
            "b" | "strong" => "**".to_owned(),
            "i" | "em" => "*".to_owned(),
            "code" | "tt" => "`".to_owned(),
            "p" | "div" | "ul" | "ol" => "\n\n".to_owned(),
            "br" if whole.end() == text.len() => String::new(),
            "br" => "\n\n".to_owned(),
            "li" if closes => String::new(),
            "li" => "\n- ".to_owned(),
            "span" | "font" | "u" => String::new(),
            "a" if closes => link
                .take()
                .map_or_else(String::new, |url| format!("]({url})")),
            "a" => {
                let url = expression(r#"(?i)href\s*=\s*["']?(https?://[^"'\s>]+)"#)
                    .captures(attributes)
                    .and_then(|found| found.get(1))
                    .map(|found| found.as_str().to_owned());
                let open = if url.is_some() { "[" } else { "" };
                link = url;
                open.to_owned()
            }
            _ => continue,
        };
        out.push_str(&text[done..whole.start()]);
        out.push_str(&replacement);
        done = whole.end();
    }
    out.push_str(&text[done..]);
    if let Some(url) = link {
        out.push_str(&format!("]({url})"));
    }
    // List items made above end up after blank lines only at the list's start.
    expression(r"\n[ ]*\n[ ]*\n+")
        .replace_all(&out, "\n\n")
        .into_owned()
}

/// Escapes what Markdown still reads as HTML.
fn escape_html(text: &str) -> String {
    let mut edits = Vec::new();
    for (event, range) in parse(text) {
        if let Event::Html(_) | Event::InlineHtml(_) = event {
            for (offset, _) in text[range.clone()].match_indices('<') {
                let at = range.start + offset;
                edits.push((at..at + 1, "\\<".to_owned()));
            }
        }
    }
    apply(text, edits)
}

/// Escapes brackets and bare URLs, unlinks what leads nowhere, marks code that is not Rust.
fn escape_text(text: &str) -> String {
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    // What becomes of a link: its text alone, a destination in place of a name for one, or nothing.
    let mut links: Vec<(Range<usize>, Becomes)> = Vec::new();
    let mut in_code = false;
    for (event, range) in parse(text) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                in_code = true;
                let line = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
                let indent = &text[line..range.start];
                let start = if indent.trim().is_empty() {
                    line
                } else {
                    range.start
                };
                edits.push((start..range.end, code_block(&text[start..range.end], &kind)));
            }
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Start(Tag::Heading { .. }) => {
                let title = text[range.clone()].lines().next().unwrap_or_default();
                let title = title.trim_matches(['#', ' ']);
                // Headings are for the sections of rustdoc.
                let gap = if text[range.end..].starts_with('\n') {
                    "\n"
                } else {
                    "\n\n"
                };
                edits.push((range, format!("**{}**{gap}", escape_brackets(title))));
            }
            Event::Start(
                Tag::Link {
                    link_type,
                    dest_url,
                    ..
                }
                | Tag::Image {
                    link_type,
                    dest_url,
                    ..
                },
            ) => {
                let leads_somewhere = ["http://", "https://", "mailto:"]
                    .iter()
                    .any(|s| dest_url.starts_with(s))
                    || link_type == LinkType::Email;
                // A definition of a name need not reach the paragraph that refers to it.
                let is_named = matches!(
                    link_type,
                    LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut
                );
                let becomes = match leads_somewhere {
                    true if is_named => Becomes::Inline(dest_url.to_string()),
                    true => Becomes::Itself,
                    false => Becomes::Text,
                };
                links.push((range, becomes));
            }
            Event::Start(_) | Event::Code(_) => {}
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if let Some((link, becomes)) = links.pop() {
                    let source = &text[link.clone()];
                    let inner = escape_brackets(link_text(source));
                    let mark = if source.starts_with('!') { "!" } else { "" };
                    match becomes {
                        Becomes::Itself => {}
                        Becomes::Text => edits.push((link, inner)),
                        Becomes::Inline(url) => {
                            edits.push((link, format!("{mark}[{inner}](<{url}>)")));
                        }
                    }
                }
            }
            Event::Text(_) if !in_code => edits.extend(text_edits(text, range, links.is_empty())),
            _ => {}
        }
    }
    apply(text, edits)
}

/// What becomes of a link.
enum Becomes {
    Itself,
    Text,
    /// One with this destination.
    Inline(String),
}

/// Edits of a run of plain text.
fn text_edits(text: &str, range: Range<usize>, link_urls: bool) -> Vec<(Range<usize>, String)> {
    let source = &text[range.clone()];
    let mut edits = Vec::new();
    let mut urls = Vec::new();
    if link_urls {
        for found in expression(r#"https?://[^\s<>\[\]`"|]+"#).find_iter(source) {
            let url = found
                .as_str()
                .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'', '*']);
            let at = range.start + found.start()..range.start + found.start() + url.len();
            // A template such as `https://{geography}.atlas.microsoft.com` leads nowhere.
            let quote = if url.contains(['{', '}']) {
                ("`", "`")
            } else {
                ("<", ">")
            };
            edits.push((at.clone(), format!("{}{url}{}", quote.0, quote.1)));
            urls.push(at);
        }
    }
    for (offset, found) in source.match_indices(['[', ']', '<', '`']) {
        let at = range.start + offset;
        let escaped = text[..at].ends_with('\\') && !text[..at].ends_with("\\\\");
        if !escaped && !urls.iter().any(|url| url.contains(&at)) {
            edits.push((at..at + 1, format!("\\{found}")));
        }
    }
    edits
}

/// A code block that rustdoc does not compile.
fn code_block(source: &str, kind: &CodeBlockKind<'_>) -> String {
    const RUST: &[&str] = &[
        "",
        "rust",
        "rs",
        "ignore",
        "no_run",
        "should_panic",
        "compile_fail",
    ];
    match kind {
        CodeBlockKind::Fenced(info) => {
            let language = info.split([',', ' ']).next().unwrap_or_default();
            if !RUST.contains(&language.to_ascii_lowercase().as_str()) {
                return source.to_owned();
            }
            // Fences may stand in a list.
            let (fence, rest) = source.split_once('\n').unwrap_or((source, ""));
            let fence = fence.trim_end().trim_end_matches(info.as_ref()).trim_end();
            format!("{fence}text\n{rest}")
        }
        CodeBlockKind::Indented => {
            let lines: Vec<&str> = source
                .lines()
                .map(|line| line.strip_prefix("    ").unwrap_or(line))
                .collect();
            let text = lines.join("\n");
            let indent = " ".repeat(text.len() - text.trim_start_matches(' ').len());
            format!(
                "{indent}```text\n{}\n{indent}```\n",
                text.trim_matches('\n')
            )
        }
    }
}

/// The text of a link, without its brackets and destination.
fn link_text(source: &str) -> &str {
    let inner = source
        .trim_start_matches('!')
        .strip_prefix('[')
        .unwrap_or(source);
    inner
        .rfind("](")
        .or_else(|| inner.rfind("]["))
        .or_else(|| inner.rfind(']'))
        .map_or(inner, |end| &inner[..end])
}

fn escape_brackets(text: &str) -> String {
    text.replace('[', "\\[").replace(']', "\\]")
}

/// Where code is, in blocks and in lines.
fn code_ranges(text: &str) -> Vec<Range<usize>> {
    parse(text)
        .filter(|(event, _)| matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(_))))
        .map(|(_, range)| range)
        .collect()
}

fn parse(text: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter()
}

/// Makes the edits; of two that overlap, the outer one.
fn apply(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by(|(a, _), (b, _)| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (range, replacement) in edits {
        if range.start < done {
            continue;
        }
        out.push_str(&text[done..range.start]);
        out.push_str(&replacement);
        done = range.end;
    }
    out.push_str(&text[done..]);
    out
}

fn expression(pattern: &str) -> Regex {
    Regex::new(pattern).expect("patterns of this file are valid")
}

#[cfg(test)]
mod tests {
    use super::to_rustdoc;

    #[test]
    fn brackets_and_tags_of_nothing_are_escaped() {
        assert_eq!(
            to_rustdoc("Array of [lon, lat] in <region>"),
            r"Array of \[lon, lat\] in \<region>"
        );
    }

    #[test]
    fn code_is_left_alone() {
        assert_eq!(
            to_rustdoc("Sent as `Bearer <token>[1]`."),
            "Sent as `Bearer <token>[1]`."
        );
    }

    #[test]
    fn bare_url_becomes_a_link() {
        assert_eq!(
            to_rustdoc("See https://aka.ms/x?a=b."),
            "See <https://aka.ms/x?a=b>."
        );
        assert_eq!(
            to_rustdoc("See [this](https://aka.ms/x)."),
            "See [this](https://aka.ms/x)."
        );
        assert_eq!(
            to_rustdoc("At https://{geo}.example.com"),
            "At `https://{geo}.example.com`"
        );
    }

    #[test]
    fn link_by_name_has_its_destination() {
        assert_eq!(
            to_rustdoc("[a [x]][ref] and [ref].\n\n[ref]: https://example.com/a_b").trim_end(),
            "[a \\[x\\]](<https://example.com/a_b>) and [ref](<https://example.com/a_b>).\n\n[ref]: https://example.com/a_b"
        );
    }

    #[test]
    fn link_to_nowhere_is_text() {
        assert_eq!(
            to_rustdoc("See [the docs](/azure/maps) for more"),
            "See the docs for more"
        );
    }

    #[test]
    fn html_becomes_markdown() {
        assert_eq!(
            to_rustdoc(
                "<b>Note</b>: see <a href=\"https://aka.ms/x\">x</a>.<br/>Then:<ul><li>one</li><li>two</li></ul>"
            ),
            "**Note**: see [x](https://aka.ms/x).\n\nThen:\n\n- one\n- two"
        );
    }

    #[test]
    fn code_blocks_are_never_rust() {
        assert_eq!(
            to_rustdoc("Like:\n\n    let x = [1];\n"),
            "Like:\n\n```text\nlet x = [1];\n```"
        );
        assert_eq!(
            to_rustdoc("```\n{\"a\": [1]}\n```"),
            "```text\n{\"a\": [1]}\n```"
        );
        assert_eq!(to_rustdoc("```json\n[1]\n```"), "```json\n[1]\n```");
    }

    #[test]
    fn stray_backtick_is_escaped() {
        assert_eq!(to_rustdoc("A ` alone"), r"A \` alone");
    }

    #[test]
    fn headings_are_bold_paragraphs() {
        assert_eq!(
            to_rustdoc("# Title [x]\n\nText"),
            "**Title \\[x\\]**\n\nText"
        );
    }

    #[test]
    fn direction_marks_are_taken_out() {
        assert_eq!(to_rustdoc("a\u{202e}b\0"), "ab");
    }
}
