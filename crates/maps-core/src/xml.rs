//! How values are written in XML, and how they are read from it.
//!
//! A value goes through its JSON: serde makes that of it, and a [`Element`], made from the definition, says which
//! members are elements, attributes or text. Models know nothing of XML, so one that is sent as both is one type.

use serde_json::Value;

mod read;
mod tree;
mod write;

pub(crate) use read::read;
pub(crate) use write::write;

/// An element: its name and what is in it.
#[derive(Debug, Clone, Copy)]
pub struct Element {
    name: &'static str,
    namespace: Option<&'static str>,
    shape: Shape,
}

impl Element {
    /// An element; its name may have a prefix, `a:name`.
    #[must_use]
    pub const fn new(name: &'static str, shape: Shape) -> Self {
        Self {
            name,
            namespace: None,
            shape,
        }
    }

    /// The same in a namespace, which it declares for its prefix or as the default one.
    #[must_use]
    pub const fn in_namespace(mut self, namespace: &'static str) -> Self {
        self.namespace = Some(namespace);
        self
    }
}

/// What is in an element or attribute.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A text.
    Text,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// Whatever is there: a text, or an object of elements.
    Any,
    /// A list, each item an element.
    List(&'static Element),
    /// A map, each value an element with its key as name.
    Map(&'static Shape),
    /// An object.
    Object(&'static Object),
    /// One of several objects.
    OneOf(&'static OneOf),
}

/// An object: where its properties are.
#[derive(Debug)]
pub struct Object {
    /// Its properties.
    pub fields: &'static [Field],
    /// What other elements are, where there may be any.
    pub others: Option<Shape>,
}

/// An object whose shape depends on one of its properties.
#[derive(Debug)]
pub struct OneOf {
    /// The property that tells.
    pub tag: Field,
    /// Shapes by its value.
    pub kinds: &'static [(&'static str, &'static Object)],
}

/// A property of an object.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    property: &'static str,
    place: Place,
    element: Element,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Attribute,
    Text,
    Element,
    /// Items of a list side by side, without an element around them.
    Items,
}

impl Field {
    /// A property that is an element of its name.
    #[must_use]
    pub const fn element(property: &'static str, shape: Shape) -> Self {
        Self {
            property,
            place: Place::Element,
            element: Element::new(property, shape),
        }
    }

    /// A property that is an attribute of its name.
    #[must_use]
    pub const fn attribute(property: &'static str, shape: Shape) -> Self {
        Self {
            place: Place::Attribute,
            ..Self::element(property, shape)
        }
    }

    /// A property that is the text of the object's element.
    #[must_use]
    pub const fn text(property: &'static str, shape: Shape) -> Self {
        Self {
            place: Place::Text,
            ..Self::element(property, shape)
        }
    }

    /// A property that is a list of elements of this kind, right in the object's element.
    #[must_use]
    pub const fn items(property: &'static str, item: Element) -> Self {
        Self {
            property,
            place: Place::Items,
            element: item,
        }
    }

    /// The same under another name, which may have a prefix.
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Self {
        self.element.name = name;
        self
    }

    /// The same in a namespace.
    #[must_use]
    pub const fn in_namespace(mut self, namespace: &'static str) -> Self {
        self.element = self.element.in_namespace(namespace);
        self
    }
}

impl OneOf {
    /// The object that a tag names.
    fn kind(&self, tag: Option<&Value>) -> Option<&'static Object> {
        let tag = tag?.as_str()?;
        let (_, object) = self.kinds.iter().find(|(value, _)| *value == tag)?;
        Some(object)
    }
}

/// The part of a name behind its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    static SIGN: Element = Element::new("sign", Shape::Object(&SIGN_FIELDS));
    static SIGN_FIELDS: Object = Object {
        fields: &[
            Field::attribute("id", Shape::Number),
            Field::attribute("lang", Shape::Text).named("xml:lang"),
            Field::text("content", Shape::Text),
        ],
        others: None,
    };
    static ROAD: Element =
        Element::new("r:road", Shape::Object(&ROAD_FIELDS)).in_namespace("urn:roads");
    static ROAD_FIELDS: Object = Object {
        fields: &[
            Field::element("isOpen", Shape::Bool).named("open"),
            Field::element("bridges", Shape::List(&Element::new("bridge", Shape::Text))),
            Field::items("signs", SIGN),
            Field::element("notes", Shape::Map(&Shape::Text)),
            Field::element("next", Shape::Object(&ROAD_FIELDS)),
        ],
        others: Some(Shape::Number),
    };
    static ANY_VEHICLE: OneOf = OneOf {
        tag: Field::attribute("kind", Shape::Text),
        kinds: &[("car", &CAR)],
    };
    static CAR: Object = Object {
        fields: &[
            Field::attribute("kind", Shape::Text),
            Field::element("doors", Shape::Number),
        ],
        others: None,
    };

    fn survives(element: &Element, value: &Value, xml: &str) {
        let written = write(element, value).expect("written");
        let head = r#"<?xml version="1.0" encoding="utf-8"?>"#;
        assert_eq!(written, format!("{head}{xml}"));
        assert_eq!(read(element, written.as_bytes()).expect("read"), *value);
    }

    #[test]
    fn every_place_of_a_property_survives() {
        survives(
            &ROAD,
            &json!({
                "isOpen": true,
                "bridges": ["A & B", ""],
                "signs": [{"id": 7, "lang": "de", "content": " <halt> "}, {"content": "\"go\""}],
                "notes": {"by": "me"},
                "next": {"signs": []},
                "length": 2.5
            }),
            concat!(
                r#"<r:road xmlns:r="urn:roads"><open>true</open>"#,
                "<bridges><bridge>A &amp; B</bridge><bridge></bridge></bridges>",
                r#"<sign id="7" xml:lang="de"> &lt;halt&gt; </sign><sign>&quot;go&quot;</sign>"#,
                "<notes><by>me</by></notes><next></next><length>2.5</length></r:road>"
            ),
        );
    }

    #[test]
    fn kind_of_an_object_tells_its_shape() {
        let element = Element::new("vehicle", Shape::OneOf(&ANY_VEHICLE));
        survives(
            &element,
            &json!({"kind": "car", "doors": 4}),
            r#"<vehicle kind="car"><doors>4</doors></vehicle>"#,
        );
        let unknown = read(
            &element,
            br#"<vehicle kind="bus"><doors>4</doors></vehicle>"#,
        );
        assert_eq!(unknown.expect("read"), json!({"kind": "bus", "doors": "4"}));
    }

    #[test]
    fn xml_as_others_write_it_is_read() {
        let xml = "\u{feff}<?xml version='1.0'?><!-- a --><!DOCTYPE road>\n<x:road xmlns:x='urn:roads'>\n  \
                   <x:open> 1 </x:open><unknown/><bridges/>\n  <sign id='&#55;'><![CDATA[<a>]]>&amp;<b/>b</sign>\n</x:road>\n";
        let element = Element::new("road", Shape::Object(&ROAD_WITHOUT_OTHERS));
        assert_eq!(
            read(&element, xml.as_bytes()).expect("read"),
            json!({"isOpen": true, "bridges": [], "signs": [{"id": 7, "content": "<a>&b"}]})
        );
    }

    static ROAD_WITHOUT_OTHERS: Object = Object {
        others: None,
        ..ROAD_FIELDS
    };

    #[test]
    fn number_that_is_empty_is_absent_and_one_that_is_none_is_kept_for_serde_to_refuse() {
        let read = |xml: &str| read(&Element::new("v", Shape::Object(&CAR)), xml.as_bytes());
        assert_eq!(read("<v><doors/></v>").expect("read"), json!({}));
        assert_eq!(
            read("<v><doors>two</doors></v>").expect("read"),
            json!({"doors": "two"})
        );
    }

    #[test]
    fn what_is_no_xml_is_refused() {
        let deep = "<a>".repeat(200);
        for xml in [
            "",
            "text",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a>&nbsp;</a>",
            "<a x='&lol;'/>",
            "{}",
            &deep,
        ] {
            assert!(read(&ROAD, xml.as_bytes()).is_err(), "{xml:?}");
        }
        assert!(read(&ROAD, b"<a>\xFF</a>").is_err());
    }

    #[test]
    fn what_xml_cannot_hold_is_refused() {
        for value in [
            json!({"notes": {"a><b": "x"}}),
            json!({"notes": {"": "x"}}),
            json!({"bridges": ["\u{1}"]}),
            json!({"signs": [{"lang": "\u{0}"}]}),
        ] {
            assert!(write(&ROAD, &value).is_err(), "{value}");
        }
    }
}
