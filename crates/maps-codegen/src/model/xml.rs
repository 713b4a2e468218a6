//! How values are written in XML.

use super::TypeKey;

/// An element of XML.
#[derive(Debug, Clone, PartialEq)]
pub struct XmlElement {
    /// Its name, behind its prefix where it has one.
    pub name: String,
    /// Its namespace.
    pub namespace: Option<String>,
    /// What is in it.
    pub shape: XmlShape,
}

/// What is in an element or attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum XmlShape {
    /// Anything.
    Any,
    /// A text.
    Text,
    /// A truth value.
    Bool,
    /// A number.
    Number,
    /// Items that are elements.
    List(Box<XmlElement>),
    /// Values that are elements named by their keys.
    Map(Box<XmlShape>),
    /// A struct or union.
    Named(TypeKey),
}

/// Where the properties of a type are.
#[derive(Debug, Clone, PartialEq)]
pub enum XmlType {
    /// A struct.
    Object {
        /// Its properties, the discriminator included.
        fields: Vec<XmlField>,
        /// What undeclared ones are, where there may be any.
        others: Option<XmlShape>,
    },
    /// A union.
    OneOf {
        /// Its discriminator.
        tag: XmlField,
        /// Its kinds by the value of the discriminator.
        kinds: Vec<(String, TypeKey)>,
    },
}

/// A property in XML.
#[derive(Debug, Clone, PartialEq)]
pub struct XmlField {
    /// Name in JSON.
    pub property: String,
    /// Where it is.
    pub place: XmlPlace,
    /// Its name and what is in it; of a list without an element of its own, those of an item.
    pub element: XmlElement,
}

/// Where a property is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum XmlPlace {
    /// An element.
    Element,
    /// An attribute.
    Attribute,
    /// The text of the element itself.
    Text,
    /// Elements, one for each item of a list.
    Items,
}
