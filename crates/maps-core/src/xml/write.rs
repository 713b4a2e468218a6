//! The JSON of a value into XML.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use serde_json::{Map, Value};

use super::{Element, Field, Object, Place, Shape};

/// The document of a value; the error says what XML cannot hold.
pub(crate) fn write(element: &Element, value: &Value) -> Result<String, String> {
    let mut document = Document(Writer::new(Vec::new()));
    document.event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    document.element(element, value)?;
    String::from_utf8(document.0.into_inner()).map_err(|error| error.to_string())
}

struct Document(Writer<Vec<u8>>);

impl Document {
    fn event(&mut self, event: Event<'_>) -> Result<(), String> {
        self.0.write_event(event).map_err(|error| error.to_string())
    }

    fn element(&mut self, element: &Element, value: &Value) -> Result<(), String> {
        let mut start = BytesStart::new(element.name);
        if let Some(namespace) = element.namespace {
            match element.name.split_once(':') {
                Some((prefix, _)) => {
                    start.push_attribute((format!("xmlns:{prefix}").as_str(), namespace));
                }
                None => start.push_attribute(("xmlns", namespace)),
            }
        }
        self.within(start, element.name, &element.shape, value)
    }

    /// The element that `start` opens, and what is in it.
    fn within(
        &mut self,
        mut start: BytesStart<'_>,
        name: &str,
        shape: &Shape,
        value: &Value,
    ) -> Result<(), String> {
        let object = match (shape, value) {
            (Shape::Object(object), Value::Object(members)) => Some((*object, members)),
            (Shape::OneOf(shape), Value::Object(members)) => {
                let kind = shape.kind(members.get(shape.tag.property));
                kind.map(|object| (object, members))
            }
            _ => None,
        };
        if let Some((object, members)) = object {
            for field in object.fields {
                let value = members.get(field.property).and_then(text);
                if let (Place::Attribute, Some(value)) = (field.place, value) {
                    start.push_attribute((field.element.name, checked(&value)?));
                }
            }
        }
        self.event(Event::Start(start))?;
        match (object, shape, value) {
            (Some((object, members)), _, _) => self.members(object, members)?,
            (None, Shape::List(item), Value::Array(values)) => {
                for value in values {
                    self.element(item, value)?;
                }
            }
            (None, shape, Value::Object(members)) => {
                let shape = match shape {
                    Shape::Map(shape) => shape,
                    _ => &Shape::Any,
                };
                for (name, value) in members {
                    self.named(name, shape, value)?;
                }
            }
            (None, _, value) => self.text(value)?,
        }
        self.event(Event::End(BytesEnd::new(name)))
    }

    fn members(&mut self, object: &Object, members: &Map<String, Value>) -> Result<(), String> {
        for field in object.fields {
            if let Some(value) = members.get(field.property).filter(|value| !value.is_null()) {
                self.field(field, value)?;
            }
        }
        let is_known = |name: &str| object.fields.iter().any(|field| field.property == name);
        if let Some(shape) = &object.others {
            for (name, value) in members.iter().filter(|(name, _)| !is_known(name)) {
                self.named(name, shape, value)?;
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &Field, value: &Value) -> Result<(), String> {
        match (field.place, value) {
            (Place::Attribute, _) => Ok(()),
            (Place::Text, value) => self.text(value),
            (Place::Items, Value::Array(values)) => {
                let mut values = values.iter();
                values.try_for_each(|value| self.element(&field.element, value))
            }
            (Place::Element | Place::Items, value) => self.element(&field.element, value),
        }
    }

    /// An element whose name comes with the value.
    fn named(&mut self, name: &str, shape: &Shape, value: &Value) -> Result<(), String> {
        let is_start = |char: char| char.is_alphabetic() || char == '_';
        let is_name = |char: char| char.is_alphanumeric() || "_-.".contains(char);
        if !name.starts_with(is_start) || !name.chars().all(is_name) {
            return Err("a name that no element can have".to_owned());
        }
        self.within(BytesStart::new(name), name, shape, value)
    }

    fn text(&mut self, value: &Value) -> Result<(), String> {
        match text(value) {
            Some(text) => self.event(Event::Text(BytesText::new(checked(&text)?))),
            None => Ok(()),
        }
    }
}

/// The text of a value that is one.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The text, unless it has a character that XML does not allow, escaped or not.
fn checked(text: &str) -> Result<&str, String> {
    let is_legal =
        |char: char| !char.is_control() || "\t\n\r\u{85}".contains(char) || char >= '\u{7f}';
    let is_legal = |char: char| is_legal(char) && char != '\u{fffe}' && char != '\u{ffff}';
    match text.chars().all(is_legal) {
        true => Ok(text),
        false => Err("a character that XML cannot hold".to_owned()),
    }
}
