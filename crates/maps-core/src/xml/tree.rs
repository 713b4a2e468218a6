//! XML as a tree of elements.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

/// Deepest nesting that is read, as of JSON.
const MAX_DEPTH: usize = 128;

/// An element without its comments, its names without their prefixes.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) name: String,
    /// Attributes, declarations of namespaces left out.
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Tree>,
    pub(super) text: String,
}

impl Tree {
    /// Reads a document; the error says what is wrong with it.
    pub(super) fn parse(document: &[u8]) -> Result<Self, String> {
        let document = std::str::from_utf8(document).map_err(|error| error.to_string())?;
        let mut reader = Reader::from_str(document.trim_start_matches('\u{feff}'));
        let mut open: Vec<Self> = Vec::new();
        let mut root = None;
        loop {
            let event = reader.read_event().map_err(|error| error.to_string())?;
            let closed = match event {
                Event::Start(start) => {
                    if open.len() >= MAX_DEPTH {
                        return Err(format!("elements are nested deeper than {MAX_DEPTH}"));
                    }
                    open.push(Self::start(&start)?);
                    continue;
                }
                Event::Empty(start) => Some(Self::start(&start)?),
                Event::End(_) => open.pop(),
                Event::Text(text) => {
                    let text = text.decode().map_err(|error| error.to_string())?;
                    add_text(&mut open, &text)?;
                    continue;
                }
                Event::CData(text) => {
                    let text = text.decode().map_err(|error| error.to_string())?;
                    add_text(&mut open, &text)?;
                    continue;
                }
                Event::GeneralRef(entity) => {
                    let char = entity
                        .resolve_char_ref()
                        .map_err(|error| error.to_string())?;
                    let name = entity.decode().map_err(|error| error.to_string())?;
                    match (char, resolve_predefined_entity(&name)) {
                        (Some(char), _) => add_text(&mut open, char.encode_utf8(&mut [0; 4]))?,
                        (None, Some(text)) => add_text(&mut open, text)?,
                        (None, None) => return Err("an entity that XML does not know".to_owned()),
                    }
                    continue;
                }
                Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Comment(_) => continue,
                Event::Eof => break,
            };
            match (closed, open.last_mut()) {
                (Some(element), Some(parent)) => parent.children.push(element),
                (Some(element), None) if root.is_none() => root = Some(element),
                _ => return Err("more than one element at the root".to_owned()),
            }
        }
        match root {
            Some(root) if open.is_empty() => Ok(root),
            _ => Err("the document ends before its element".to_owned()),
        }
    }

    fn start(start: &BytesStart<'_>) -> Result<Self, String> {
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let key = utf8(attribute.key.as_ref())?;
            if key == "xmlns" || key.starts_with("xmlns:") {
                continue;
            }
            let value = utf8(&attribute.value)?;
            let value = quick_xml::escape::unescape(value).map_err(|error| error.to_string())?;
            attributes.push((super::local(key).to_owned(), value.into_owned()));
        }
        Ok(Self {
            name: super::local(utf8(start.name().as_ref())?).to_owned(),
            attributes,
            ..Self::default()
        })
    }
}

fn add_text(open: &mut [Tree], text: &str) -> Result<(), String> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err("text outside of the element at the root".to_owned()),
    }
    Ok(())
}

fn utf8(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|error| error.to_string())
}
