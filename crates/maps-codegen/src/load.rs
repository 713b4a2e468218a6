//! Reads documents: JSON with the place of every value, duplicate keys found, referenced files read along.

use std::collections::HashMap;
use std::fs;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::diagnostics::{Diagnostic, Severity, Sources};
use crate::model::Place;

mod order;
mod parse;
mod tree;

pub use tree::{At, Json, Node, Span};
pub(crate) use tree::{is_examples, parts_with_references};

/// One file.
#[derive(Debug)]
pub struct Document {
    /// Where it is.
    pub path: PathBuf,
    /// Its path as shown to people: relative to the folder of the run, with slashes.
    pub shown: String,
    /// Position in [`Documents`].
    pub index: usize,
    /// Its value.
    pub root: Node,
    /// Whether it is a definition; examples are not.
    pub is_definition: bool,
    /// Whether it was asked for; what other documents refer to matters as far as they do.
    pub is_root: bool,
    line_starts: Vec<usize>,
    text: Arc<str>,
}

impl Document {
    /// The whole document.
    pub fn root(&self) -> At<'_> {
        At {
            document: self,
            node: &self.root,
        }
    }

    /// Name of the file without its extension: `dataset`.
    pub fn word(&self) -> &str {
        self.path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or("document")
    }

    /// Where a value of this document stands: at its key, where it has one.
    pub fn place(&self, node: &Node) -> Place {
        let mut pointer = String::from("#");
        tree::pointer_to(&self.root, node, &mut pointer);
        let Span { key, start, end } = node.span;
        // What goes on over lines is known by its key.
        let is_long = self
            .text
            .get(key..end)
            .is_some_and(|text| text.contains('\n'));
        let end = match is_long && key < start {
            true => key + tree::quoted_length(&self.text[key..]),
            false => end,
        };
        self.place_of(key..end, pointer)
    }

    /// Where a part of the text stands. Of several lines the first is marked.
    fn place_of(&self, range: Range<usize>, pointer: String) -> Place {
        let (line, column) = self.line_and_column(range.start);
        let text = self.text.get(range).unwrap_or_default();
        let marked = text.lines().next().unwrap_or_default().trim_end();
        Place {
            file: self.shown.clone(),
            line,
            column,
            width: marked.chars().count(),
            pointer,
        }
    }

    fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let line = self
            .line_starts
            .partition_point(|start| *start <= offset)
            .max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        let column = self
            .text
            .get(start..offset)
            .map_or(0, |text| text.chars().count());
        (line, column + 1)
    }
}

/// All files of a run. A file is read once.
#[derive(Debug, Default)]
pub struct Documents {
    list: Vec<Document>,
    by_path: HashMap<PathBuf, usize>,
    unreadable: HashMap<PathBuf, Unreadable>,
    sources: Sources,
    base: PathBuf,
}

/// Why a reference leads to no document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// It is an address, not a path.
    Remote,
    /// There is no such file, or it cannot be opened.
    Missing(String),
    /// It is not JSON, which has been reported where that is so.
    Malformed,
}

impl Documents {
    /// An empty set; paths are shown relative to `base`.
    pub fn new(base: impl Into<PathBuf>) -> Self {
        Self {
            base: normalize(&base.into()),
            ..Self::default()
        }
    }

    /// Reads a definition. Files it refers to are read by [`Documents::read_referenced`].
    pub fn read(&mut self, path: &Path) -> (Option<usize>, Vec<Diagnostic>) {
        let path = normalize(path);
        if let Some(index) = self.by_path.get(&path) {
            return (Some(*index), Vec::new());
        }
        let shown = self.shown(&path);
        match fs::read_to_string(&path) {
            Ok(text) => self.add(&path, text, true),
            Err(error) => {
                let reason = reason(&error);
                let message = format!("reading {shown}: {reason}");
                self.unreadable.insert(path, Unreadable::Missing(reason));
                let help = "paths of documents are relative to spec/";
                let fault = Diagnostic::error("unreadable-file", message).help(help);
                (None, vec![fault])
            }
        }
    }

    /// Adds a document from text, as if it had been read from `path`.
    pub fn add(
        &mut self,
        path: &Path,
        text: String,
        is_definition: bool,
    ) -> (Option<usize>, Vec<Diagnostic>) {
        self.add_as(path, text, is_definition, is_definition)
    }

    fn add_as(
        &mut self,
        path: &Path,
        text: String,
        is_definition: bool,
        is_root: bool,
    ) -> (Option<usize>, Vec<Diagnostic>) {
        let path = normalize(path);
        let shown = self.shown(&path);
        let text = text
            .strip_prefix('\u{feff}')
            .map(str::to_owned)
            .unwrap_or(text);
        let text: Arc<str> = text.into();
        self.sources.add(shown.clone(), Arc::clone(&text));
        let line_starts = line_starts(&text);
        let mut document = Document {
            path: path.clone(),
            shown,
            index: self.list.len(),
            root: Node::null(),
            is_definition,
            is_root,
            line_starts,
            text,
        };
        let mut found = Vec::new();
        match parse::parse(&document.text) {
            Ok((root, duplicates)) => {
                document.root = root;
                document.root.put_in_order();
                for parse::Duplicate {
                    offset,
                    key,
                    is_equal,
                } in duplicates
                {
                    let mut pointer = String::from("#");
                    tree::pointer_to_offset(&document.root, offset, &mut pointer);
                    let end = offset + tree::quoted_length(&document.text[offset..]);
                    let place = document.place_of(offset..end, pointer);
                    let (value, help) = match is_equal {
                        true => ("one value", "remove one of them"),
                        false => (
                            "two values",
                            "the last one counts, as most readers of JSON have it; remove the other",
                        ),
                    };
                    let message =
                        format!("the key `{key}` stands twice in one object, with {value}");
                    let fault = Diagnostic::warning("duplicate-key", message).help(help);
                    found.push(fault.at(place));
                }
            }
            Err((range, message)) => {
                let place = document.place_of(range, "#".to_owned());
                let help = "JSON is read, with comments and commas behind last items";
                let fault = Diagnostic::error("malformed-json", message);
                found.push(fault.at(place).help(help));
                self.unreadable.insert(path, Unreadable::Malformed);
                if !is_root {
                    // What is reached in it is an error of the reference that leads there.
                    let faults = found.iter_mut();
                    faults.for_each(|fault| fault.severity = Severity::Warning);
                }
                return (None, found);
            }
        }
        let index = document.index;
        self.by_path.insert(path, index);
        self.list.push(document);
        (Some(index), found)
    }

    /// Reads every file that the documents refer to, and those that these refer to. What cannot be read is reported by
    /// `resolve`, which knows whether anything needs it.
    pub fn read_referenced(&mut self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut next = 0;
        while next < self.list.len() {
            if self.list[next].is_definition {
                for (reference, is_example) in tree::file_references(&self.list[next]) {
                    let target = self.target(&self.list[next], &reference);
                    if self.by_path.contains_key(&target) || self.unreadable.contains_key(&target) {
                        continue;
                    }
                    if reference.contains("://") {
                        self.unreadable.insert(target, Unreadable::Remote);
                        continue;
                    }
                    match fs::read_to_string(&target) {
                        Ok(text) => {
                            found.extend(self.add_as(&target, text, !is_example, false).1);
                        }
                        Err(error) => {
                            let missing = Unreadable::Missing(reason(&error));
                            self.unreadable.insert(target, missing);
                        }
                    }
                }
            }
            next += 1;
        }
        found
    }

    /// The texts that diagnostics quote from, those that are no JSON too.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The document at a position.
    pub fn get(&self, index: usize) -> Option<&Document> {
        self.list.get(index)
    }

    /// The document at a position, for fixups.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut Document> {
        self.list.get_mut(index)
    }

    /// The document that a reference in `from` names.
    pub fn find(&self, from: &Document, file: &str) -> Option<&Document> {
        if file.is_empty() {
            return self.list.get(from.index);
        }
        self.by_path
            .get(&self.target(from, file))
            .and_then(|index| self.list.get(*index))
    }

    /// The document read from `path`.
    pub fn by_path(&self, path: &Path) -> Option<usize> {
        self.by_path.get(&normalize(path)).copied()
    }

    /// Why the file that a reference in `from` names is none of the documents, and how it is shown.
    pub(crate) fn unreadable(&self, from: &Document, file: &str) -> Option<(&Unreadable, String)> {
        let target = self.target(from, file);
        let reason = self.unreadable.get(&target)?;
        Some((reason, self.shown(&target)))
    }

    /// Whether reading `path` failed, which has been reported.
    pub fn failed(&self, path: &Path) -> bool {
        self.unreadable.contains_key(&normalize(path))
    }

    /// All documents in the order in which they were read.
    pub fn iter(&self) -> impl Iterator<Item = &Document> {
        self.list.iter()
    }

    fn target(&self, from: &Document, file: &str) -> PathBuf {
        let folder = from.path.parent().unwrap_or(Path::new(""));
        normalize(&folder.join(percent_decode(file)))
    }

    fn shown(&self, path: &Path) -> String {
        let path = path.strip_prefix(&self.base).unwrap_or(path);
        path.to_string_lossy().replace('\\', "/")
    }
}

/// Why a file cannot be read, in words that are the same on all systems where that matters.
fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "not found".to_owned(),
        _ => error.to_string(),
    }
}

/// Resolves `.` and `..` by text: what links mean does not matter to references.
pub(crate) fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if out.file_name().is_some() => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

/// Decodes `%41`; anything malformed stays as it is.
pub(crate) fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let code = text
            .get(i + 1..i + 3)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (bytes[i], code) {
            (b'%', Some(code)) => {
                out.push(code);
                i += 3;
            }
            (byte, _) => {
                out.push(byte);
                i += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> (Documents, Vec<Diagnostic>) {
        let mut documents = Documents::new("/base");
        let (_, found) = documents.add(Path::new("/base/a.json"), text.to_owned(), true);
        (documents, found)
    }

    #[test]
    fn byte_order_mark_and_comments_are_accepted() {
        let (documents, found) = load("\u{feff}{\n  // why\n  \"a\": 1 /* so */\n}");
        assert_eq!(found, []);
        let at = documents.get(0).unwrap().root().get("a").unwrap();
        let place = at.place();
        assert_eq!(
            (place.file.as_str(), place.line, place.column),
            ("a.json", 3, 3)
        );
        assert_eq!(place.pointer, "#/a");
    }

    #[test]
    fn a_duplicate_key_is_reported_where_it_stands_the_second_time() {
        let (_, found) = load("{\"x\": {\"a\": 1,\n \"a\": 2}}");
        let place = found[0].place.clone().unwrap();
        assert_eq!(found[0].code, "duplicate-key");
        assert_eq!(
            (place.line, place.column, place.pointer.as_str()),
            (2, 2, "#/x")
        );
    }

    #[test]
    fn malformed_json_is_a_diagnostic() {
        let (documents, found) = load("{\"a\": }");
        assert!(documents.get(0).is_none());
        assert_eq!(found[0].code, "malformed-json");
    }

    #[test]
    fn percent_signs_decode_and_odd_ones_stay() {
        assert_eq!(percent_decode("a%20b%7Bc%7D%zz%"), "a b{c}%zz%");
    }
}
