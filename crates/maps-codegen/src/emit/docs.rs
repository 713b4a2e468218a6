//! Rustdoc of generated items: the prose of a definition made into valid lines, and what the generator adds.

mod facts;
mod markdown;
mod voice;
mod wrap;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

pub use self::facts::Facts;
use crate::model::Docs;

/// Documentation of one item, block by block. As tokens it is one `#[doc]` for each line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doc {
    blocks: Vec<String>,
}

impl Doc {
    /// Starts with a summary of the generator's own: Markdown that is valid rustdoc already.
    pub fn new(summary: &str) -> Self {
        Self::default().paragraph(summary)
    }

    /// Starts with the prose of a definition, or with `fallback` where it has none. The first sentence is a paragraph of
    /// its own: rustdoc lists it beside the item's name.
    pub fn of(docs: &Docs, fallback: &str) -> Self {
        Self::of_member(docs, fallback).with_short_summary()
    }

    /// The same for an operation, whose summary says what it does: in the third person, as Rust docs have it.
    pub fn of_operation(docs: &Docs, fallback: &str) -> Self {
        let spoken = |text: &Option<String>| text.as_deref().map(voice::third_person);
        let begins = match (&docs.summary, &docs.description) {
            (Some(summary), Some(text)) => text.starts_with(summary.trim_end_matches('.')),
            _ => docs.summary.is_none(),
        };
        let docs = Docs {
            summary: spoken(&docs.summary),
            description: if begins {
                spoken(&docs.description)
            } else {
                docs.description.clone()
            },
        };
        Self::of(&docs, fallback)
    }

    /// The same for a field or variant, whose first sentence stays in its paragraph.
    pub fn of_member(docs: &Docs, fallback: &str) -> Self {
        let summary = docs.summary.as_deref().map_or("", str::trim);
        let description = docs.description.as_deref().map_or("", str::trim);
        // A title that only begins the description says nothing of its own.
        let title = if description.starts_with(summary.trim_end_matches('.')) {
            ""
        } else {
            summary
        };
        let title = if description.is_empty() {
            summary
        } else {
            title
        };
        let doc = Self::default().prose(title).prose(description);
        if doc.blocks.is_empty() {
            doc.paragraph(fallback)
        } else {
            doc
        }
    }

    /// Makes links of the names of properties as they are on the wire, `` `departAt` ``: `link` gives what is shown and
    /// where it leads. Only paragraphs so far are looked at.
    #[must_use]
    pub fn with_links(mut self, link: impl Fn(&str) -> Option<(String, String)>) -> Self {
        for block in &mut self.blocks {
            if block.starts_with(['|', '#', '>', '-', '*', '+']) || block.contains("```") {
                continue;
            }
            let parts: Vec<&str> = block.split('`').collect();
            let mut text = String::new();
            let mut is_changed = false;
            for (index, part) in parts.iter().enumerate() {
                let is_code = index % 2 == 1 && index + 1 < parts.len();
                if !is_code {
                    text.push_str(part);
                    continue;
                }
                let is_linked = text.ends_with('[');
                match link(part).filter(|_| !is_linked) {
                    Some((shown, path)) => {
                        text.push_str(&format!("[`{shown}`]({path})"));
                        is_changed = true;
                    }
                    None => text.push_str(&format!("`{part}`")),
                }
            }
            // An odd backtick is an escaped one: nothing here is certain then.
            if is_changed && parts.len() % 2 == 1 {
                *block = wrap::reflow(&text);
            }
        }
        self
    }

    /// Adds text of the generator's own.
    #[must_use]
    pub fn paragraph(mut self, text: &str) -> Self {
        let text = text.trim();
        if !text.is_empty() {
            self.blocks.push(wrap::reflow(text));
        }
        self
    }

    /// Says what the definition calls an item that has another name in Rust, unless that is said already.
    #[must_use]
    pub fn own_name(self, wire: &str) -> Self {
        let name = code(wire);
        match self.lines().iter().any(|line| line.contains(&name)) {
            true => self,
            false => self.paragraph(&format!("The definition's own name for it is {name}.")),
        }
    }

    /// Adds prose of a definition, Markdown or HTML, as valid rustdoc.
    #[must_use]
    pub fn prose(mut self, text: &str) -> Self {
        let text = markdown::to_rustdoc(text);
        let blocks = wrap::blocks(&text);
        let last = blocks.len();
        for (index, block) in blocks.into_iter().enumerate() {
            self.blocks.push(if index + 1 == last {
                end_sentence(block)
            } else {
                block
            });
        }
        self
    }

    /// Adds a headed section of the generator's own, `# Errors` for example.
    #[must_use]
    pub fn section(mut self, title: &str, text: &str) -> Self {
        self.blocks.push(format!("# {title}"));
        for paragraph in text.split("\n\n") {
            self = self.paragraph(paragraph);
        }
        self
    }

    /// Adds Rust code that rustdoc compiles; `attributes` is for example `no_run`, or empty.
    #[must_use]
    pub fn example(mut self, attributes: &str, code: &str) -> Self {
        self.blocks
            .push(format!("```{attributes}\n{}\n```", code.trim_matches('\n')));
        self
    }

    /// The text of every line, without the space that follows `///`.
    pub fn lines(&self) -> Vec<&str> {
        let mut lines = Vec::new();
        for block in &self.blocks {
            if !lines.is_empty() {
                lines.push("");
            }
            lines.extend(block.lines());
        }
        lines
    }

    /// The same as documentation of the module that the tokens stand in: `#![doc]`.
    pub fn inner(&self) -> TokenStream {
        self.lines()
            .into_iter()
            .map(spaced)
            .map(|line| quote! { #![doc = #line] })
            .collect()
    }

    fn with_short_summary(mut self) -> Self {
        let Some(first) = self.blocks.first() else {
            return self;
        };
        if let Some((summary, rest)) = wrap::first_sentence(first) {
            let (summary, rest) = (wrap::reflow(summary), wrap::reflow(rest));
            self.blocks.splice(0..1, [summary, rest]);
        }
        self
    }
}

impl ToTokens for Doc {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(
            self.lines()
                .into_iter()
                .map(spaced)
                .map(|line| quote! { #[doc = #line] }),
        );
    }
}

/// A line with the space after `///`, which an empty line goes without.
fn spaced(line: &str) -> String {
    if line.is_empty() {
        String::new()
    } else {
        format!(" {line}")
    }
}

/// `#[doc(alias = ..)]`: rustdoc's search finds the item by this name of the definition as well. Nothing where the name
/// is none that rustdoc takes.
pub fn alias(name: &str) -> TokenStream {
    let is_plain =
        |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | '.' | '$');
    if name.is_empty() || !name.chars().all(is_plain) {
        return TokenStream::new();
    }
    quote! { #[doc(alias = #name)] }
}

/// Ends a paragraph with a dot where it ends with a word.
fn end_sentence(block: String) -> String {
    let is_text =
        !block.starts_with(['|', '`', '#', '>', '-', '*', '+']) && !block.contains("\n```");
    match block.chars().last() {
        Some(last) if is_text && (last.is_alphanumeric() || matches!(last, ')' | '"')) => {
            block + "."
        }
        // Inline code that ends a sentence.
        Some('`') if is_text && !block.ends_with("```") => block + ".",
        _ => block,
    }
}

/// A name as code in Markdown, whatever characters it has.
pub fn code(text: &str) -> String {
    match text {
        "" => "the empty text".to_owned(),
        text if text.contains('`') => format!("`` {text} ``"),
        text => format!("`{text}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn docs(summary: Option<&str>, description: Option<&str>) -> Docs {
        Docs {
            summary: summary.map(str::to_owned),
            description: description.map(str::to_owned),
        }
    }

    #[test]
    fn first_sentence_becomes_the_summary() {
        let doc = Doc::of(
            &docs(
                None,
                Some("The id of the entry, e.g. a GUID. It is the last segment."),
            ),
            "-",
        );
        assert_eq!(
            doc.lines(),
            [
                "The id of the entry, e.g. a GUID.",
                "",
                "It is the last segment."
            ]
        );
    }

    #[test]
    fn missing_prose_gives_the_fallback() {
        assert_eq!(
            Doc::of(&docs(None, Some("  ")), "The `id`.").lines(),
            ["The `id`."]
        );
    }

    #[test]
    fn title_and_description_are_both_kept_unless_equal() {
        let doc = Doc::of(&docs(Some("List the data"), Some("Gives pages")), "-");
        assert_eq!(doc.lines(), ["List the data.", "", "Gives pages."]);
        let doc = Doc::of(&docs(Some("List the data"), Some("List the data.")), "-");
        assert_eq!(doc.lines(), ["List the data."]);
    }

    #[test]
    fn names_on_the_wire_become_links() {
        let docs = docs(None, Some("Not with `departAt`, nor with `x`."));
        let doc = Doc::of_member(&docs, "-").with_links(|wire| {
            (wire == "departAt").then(|| ("depart_at".to_owned(), "Self::depart_at".to_owned()))
        });
        assert_eq!(
            doc.lines(),
            ["Not with [`depart_at`](Self::depart_at), nor with `x`."]
        );
    }

    #[test]
    fn tokens_are_one_attribute_a_line() {
        let doc = Doc::new("Reads.").section("Errors", "None.");
        let expected = quote! {
            #[doc = " Reads."]
            #[doc = ""]
            #[doc = " # Errors"]
            #[doc = ""]
            #[doc = " None."]
        };
        assert_eq!(doc.to_token_stream().to_string(), expected.to_string());
    }
}
