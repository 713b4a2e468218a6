//! XML into the JSON of a value.

use serde_json::{Map, Number, Value};

use super::tree::Tree;
use super::{Element, Field, Object, Place, Shape, local};

/// The value of a document, whatever its root is called; the error says what is wrong with it.
pub(crate) fn read(element: &Element, document: &[u8]) -> Result<Value, String> {
    let tree = Tree::parse(document)?;
    Ok(value(&element.shape, &tree).unwrap_or_default())
}

/// The value of an element; none of an empty one that cannot be a value.
fn value(shape: &Shape, tree: &Tree) -> Option<Value> {
    match shape {
        Shape::Text | Shape::Bool | Shape::Number => scalar(shape, &tree.text),
        Shape::Any => Some(any(tree)),
        Shape::List(item) => Some(items(item, tree)),
        Shape::Map(shape) => {
            let members = tree.children.iter();
            let members =
                members.filter_map(|child| Some((child.name.clone(), value(shape, child)?)));
            Some(Value::Object(members.collect()))
        }
        Shape::Object(shape) => Some(object(shape, tree)),
        Shape::OneOf(shape) => {
            let tag = field(&shape.tag, tree);
            match shape.kind(tag.as_ref()) {
                Some(kind) => Some(object(kind, tree)),
                None => Some(any(tree)),
            }
        }
    }
}

/// What is no value of its shape stays a text, so that decoding says where it is.
fn scalar(shape: &Shape, text: &str) -> Option<Value> {
    let trimmed = text.trim();
    match (shape, trimmed) {
        (Shape::Bool | Shape::Number, "") => None,
        (Shape::Bool, "true" | "1") => Some(Value::Bool(true)),
        (Shape::Bool, "false" | "0") => Some(Value::Bool(false)),
        (Shape::Number, number) => Some(match parse(number) {
            Some(number) => Value::Number(number),
            None => Value::from(text),
        }),
        _ => Some(Value::from(text)),
    }
}

fn parse(text: &str) -> Option<Number> {
    let whole = text.parse::<i64>().map(Number::from);
    let whole = whole.or_else(|_| text.parse::<u64>().map(Number::from));
    whole
        .ok()
        .or_else(|| Number::from_f64(text.parse::<f64>().ok()?))
}

fn items(item: &Element, tree: &Tree) -> Value {
    let children = tree.children.iter();
    let items = children.filter(|child| child.name == local(item.name));
    Value::Array(
        items
            .map(|child| value(&item.shape, child).unwrap_or_default())
            .collect(),
    )
}

fn object(object: &Object, tree: &Tree) -> Value {
    let mut members = Map::new();
    for known in object.fields {
        if let Some(value) = field(known, tree) {
            members.insert(known.property.to_owned(), value);
        }
    }
    if let Some(shape) = &object.others {
        for child in &tree.children {
            let is_known = object.fields.iter().any(|field| {
                matches!(field.place, Place::Element | Place::Items)
                    && local(field.element.name) == child.name
            });
            if let (false, Some(value)) = (is_known, value(shape, child)) {
                members.insert(child.name.clone(), value);
            }
        }
    }
    Value::Object(members)
}

fn field(field: &Field, tree: &Tree) -> Option<Value> {
    let name = local(field.element.name);
    match field.place {
        Place::Attribute => {
            let mut attributes = tree.attributes.iter();
            let (_, text) = attributes.find(|(known, _)| known == name)?;
            scalar(&field.element.shape, text)
        }
        Place::Text => scalar(&field.element.shape, &tree.text),
        Place::Element => {
            let child = tree.children.iter().find(|child| child.name == name)?;
            value(&field.element.shape, child)
        }
        // A list without items has left no trace.
        Place::Items => Some(items(&field.element, tree)),
    }
}

/// A text, or an object of what is there.
fn any(tree: &Tree) -> Value {
    if tree.children.is_empty() && tree.attributes.is_empty() {
        return Value::from(tree.text.as_str());
    }
    let mut members = Map::new();
    for (name, text) in &tree.attributes {
        members.insert(name.clone(), Value::from(text.as_str()));
    }
    for child in &tree.children {
        members.insert(child.name.clone(), any(child));
    }
    Value::Object(members)
}
