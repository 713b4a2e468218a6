//! The tree of a document, and a cursor into it.

use indexmap::IndexMap;

use super::Document;
use crate::model::Place;

/// A JSON value and where its text is.
#[derive(Debug, Clone)]
pub struct Node {
    /// The value.
    pub json: Json,
    /// Where its text is.
    pub span: Span,
}

/// Offsets into the text of a document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// First byte of the key that the value stands under; that of the value itself in a list and at the root.
    pub key: usize,
    /// First byte of the value.
    pub start: usize,
    /// Behind the last byte of the value.
    pub end: usize,
}

/// A JSON value.
#[derive(Debug, Clone)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(serde_json::Number),
    /// A text.
    String(String),
    /// A list.
    Array(Vec<Node>),
    /// An object, in the order of [`Node::put_in_order`].
    Object(IndexMap<String, Node>),
}

impl Node {
    pub(super) fn null() -> Self {
        Self {
            json: Json::Null,
            span: Span::default(),
        }
    }

    /// A value that stands for the text of another one, as a fixup puts it in.
    pub fn in_place_of(value: &serde_json::Value, span: Span) -> Self {
        use serde_json::Value;
        let json = match value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Number(value) => Json::Number(value.clone()),
            Value::String(value) => Json::String(value.clone()),
            Value::Array(items) => Json::Array(
                items
                    .iter()
                    .map(|item| Self::in_place_of(item, span))
                    .collect(),
            ),
            Value::Object(members) => Json::Object(
                members
                    .iter()
                    .map(|(key, value)| (key.clone(), Self::in_place_of(value, span)))
                    .collect(),
            ),
        };
        Self { json, span }
    }

    /// The value without places.
    pub fn to_value(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(value) => Value::Number(value.clone()),
            Json::String(value) => Value::String(value.clone()),
            Json::Array(items) => Value::Array(items.iter().map(Self::to_value).collect()),
            Json::Object(members) => Value::Object(
                members
                    .iter()
                    .map(|(key, value)| (key.clone(), value.to_value()))
                    .collect(),
            ),
        }
    }
}

/// A value in its document: what every later stage looks things up with.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    /// The document.
    pub document: &'a Document,
    /// The value.
    pub node: &'a Node,
}

impl<'a> At<'a> {
    /// Member of an object.
    pub fn get(self, key: &str) -> Option<Self> {
        match &self.node.json {
            Json::Object(members) => members.get(key).map(|node| self.with(node)),
            _ => None,
        }
    }

    /// Member of an object, with its name as it stands there.
    pub fn member(self, key: &str) -> Option<(&'a str, Self)> {
        match &self.node.json {
            Json::Object(members) => members
                .get_key_value(key)
                .map(|(name, node)| (name.as_str(), self.with(node))),
            _ => None,
        }
    }

    /// Members of an object; nothing for another value.
    pub fn members(self) -> impl Iterator<Item = (&'a str, Self)> {
        let members = match &self.node.json {
            Json::Object(members) => Some(members),
            _ => None,
        };
        members
            .into_iter()
            .flatten()
            .map(move |(key, node)| (key.as_str(), self.with(node)))
    }

    /// Items of a list; nothing for another value.
    pub fn items(self) -> impl Iterator<Item = Self> {
        let items = match &self.node.json {
            Json::Array(items) => items.as_slice(),
            _ => &[],
        };
        items.iter().map(move |node| self.with(node))
    }

    /// The text of a text.
    pub fn as_str(self) -> Option<&'a str> {
        match &self.node.json {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// Text of a member.
    pub fn str(self, key: &str) -> Option<&'a str> {
        self.get(key).and_then(Self::as_str)
    }

    /// Text of a member.
    pub fn string(self, key: &str) -> Option<String> {
        self.str(key).map(str::to_owned)
    }

    /// Truth of a member.
    pub fn bool(self, key: &str) -> Option<bool> {
        match self.get(key)?.node.json {
            Json::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Number of a member.
    pub fn f64(self, key: &str) -> Option<f64> {
        match &self.get(key)?.node.json {
            Json::Number(value) => value.as_f64(),
            _ => None,
        }
    }

    /// Whole number of a member; published documents write some as `3.0`.
    pub fn usize(self, key: &str) -> Option<usize> {
        let value = self.f64(key)?;
        (value >= 0.0 && value.fract() == 0.0 && value <= 9e15).then_some(value as usize)
    }

    /// Whether the value is an object.
    pub fn is_object(self) -> bool {
        matches!(self.node.json, Json::Object(_))
    }

    /// Value without its places.
    pub fn to_value(self) -> serde_json::Value {
        self.node.to_value()
    }

    /// Where it stands.
    pub fn place(self) -> Place {
        self.document.place(self.node)
    }

    /// Same value in the same document.
    pub fn is(self, other: Self) -> bool {
        std::ptr::eq(self.node, other.node)
    }

    /// Something to know the value by in a map.
    pub fn id(self) -> usize {
        std::ptr::from_ref(self.node) as usize
    }

    fn with(self, node: &'a Node) -> Self {
        Self {
            document: self.document,
            node,
        }
    }
}

/// Appends the JSON pointer from `from` to `target`; ranges prune the search, identity decides.
pub(super) fn pointer_to(from: &Node, target: &Node, pointer: &mut String) -> bool {
    if std::ptr::eq(from, target) {
        return true;
    }
    let inside =
        |child: &Node| child.span.start <= target.span.start && target.span.end <= child.span.end;
    walk(from, pointer, inside, |child, pointer| {
        pointer_to(child, target, pointer)
    })
}

/// Appends the JSON pointer of the innermost object or list around an offset.
pub(super) fn pointer_to_offset(from: &Node, offset: usize, pointer: &mut String) {
    let inside =
        |child: &Node| child.span.start < offset && offset < child.span.end && is_container(child);
    walk(from, pointer, inside, |child, pointer| {
        pointer_to_offset(child, offset, pointer);
        true
    });
}

/// Bytes of the quoted text that `text` begins with.
pub(super) fn quoted_length(text: &str) -> usize {
    let mut is_escaped = false;
    let end = text.bytes().enumerate().skip(1).find(|(_, byte)| {
        let ends = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

fn is_container(node: &Node) -> bool {
    matches!(node.json, Json::Array(_) | Json::Object(_))
}

fn walk(
    from: &Node,
    pointer: &mut String,
    inside: impl Fn(&Node) -> bool,
    mut into: impl FnMut(&Node, &mut String) -> bool,
) -> bool {
    let length = pointer.len();
    let mut step = |name: &str, child: &Node| {
        if !inside(child) {
            return false;
        }
        pointer.push('/');
        pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
        let found = into(child, pointer);
        if !found {
            pointer.truncate(length);
        }
        found
    };
    match &from.json {
        Json::Object(members) => members.iter().any(|(name, child)| step(name, child)),
        Json::Array(items) => items
            .iter()
            .enumerate()
            .any(|(at, child)| step(&at.to_string(), child)),
        _ => false,
    }
}

/// Files a document refers to, and whether as an example.
pub(super) fn file_references(document: &Document) -> Vec<(String, bool)> {
    fn visit(at: At<'_>, is_example: bool, has_names: bool, out: &mut Vec<(String, bool)>) {
        if let Some(reference) = at.str("$ref") {
            let file = reference.split('#').next().unwrap_or("");
            if !file.is_empty() {
                out.push((file.to_owned(), is_example));
            }
        }
        for (key, child, holds_names) in parts_with_references(at, has_names) {
            visit(child, is_example || is_examples(key), holds_names, out);
        }
        for child in at.items() {
            visit(child, is_example, false, out);
        }
    }
    let mut out = Vec::new();
    visit(document.root(), false, false, &mut out);
    // A file that is a definition somewhere is one everywhere.
    out.sort_by_key(|(_, is_example)| *is_example);
    out
}

/// Whether what stands under a key documents operations and no more.
pub(crate) fn is_examples(key: &str) -> bool {
    key == "x-ms-examples"
}

/// Members in which `$ref` means a reference, and whether their own members are named by the document.
///
/// A `default` is data, unless the document names it so: a response, a property.
pub(crate) fn parts_with_references<'a>(
    at: At<'a>,
    has_names: bool,
) -> impl Iterator<Item = (&'a str, At<'a>, bool)> {
    at.members().filter_map(move |(key, child)| {
        let is_data = matches!(key, "default" | "enum" | "example" | "examples");
        let holds_names = matches!(
            key,
            "definitions" | "headers" | "parameters" | "properties" | "responses"
        );
        (has_names || !is_data).then_some((key, child, holds_names && !has_names))
    })
}
