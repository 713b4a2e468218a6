//! How the values of bodies are written in XML, as their schemas say.

use std::collections::HashSet;

use super::Builder;
use super::media::kind;
use crate::load::{At, Json};
use crate::model::{
    Coding, EnumBase, Response, Type, TypeKey, TypeKind, XmlElement, XmlField, XmlPlace, XmlShape,
    XmlType,
};
use crate::resolve::Resolved;

impl<'a> Builder<'a> {
    /// The element that a body is; `fallback` names one without a name of its own.
    pub(super) fn xml_root(&mut self, schema: At<'a>, fallback: &str) -> Option<XmlElement> {
        let resolved = self.follow_schema(schema)?;
        Some(self.xml_element(&resolved, fallback))
    }

    /// The elements that the answers of an operation are.
    pub(super) fn xml_answers(
        &mut self,
        operation: At<'a>,
        responses: &mut [Response],
        coding: Coding,
        produces: &[String],
    ) {
        let Some(declared) = operation.get("responses") else {
            return;
        };
        for response in responses {
            let is_xml = match &response.ty {
                // A client asks for what it reads; an error that has no properties says nothing.
                Some(Type::Named(_)) if response.is_error => {
                    produces.iter().any(|media| kind(media) == Coding::Xml)
                }
                // Bytes beside other answers that are XML.
                Some(Type::Bytes) => false,
                _ => !response.is_error && coding == Coding::Xml,
            };
            if !is_xml {
                continue;
            }
            let key = response
                .status
                .map_or("default".to_owned(), |status| status.to_string());
            let resolved = declared.get(&key).and_then(|at| self.resolver.follow(at));
            let schema = resolved.and_then(|resolved| resolved.get("schema"));
            response.xml = schema.and_then(|schema| self.xml_root(schema, "root"));
        }
    }

    /// The element of a value: its own name, or that of its definition, or `fallback`.
    fn xml_element(&mut self, resolved: &Resolved<'a>, fallback: &str) -> XmlElement {
        let (name, namespace) = xml_name(resolved);
        let name = name.or_else(|| resolved.definition().map(str::to_owned));
        XmlElement {
            name: prefixed(resolved, name.as_deref().unwrap_or(fallback)),
            namespace,
            shape: self.xml_shape(resolved),
        }
    }

    fn xml_shape(&mut self, resolved: &Resolved<'a>) -> XmlShape {
        let target = resolved.target;
        if let Some(Type::Named(key)) = self.named.get(&(target.id(), false)).cloned() {
            return match self.types.get(&key).map(|def| &def.kind) {
                Some(TypeKind::Enum(body)) if body.base != EnumBase::String => XmlShape::Number,
                Some(TypeKind::Enum(_)) => XmlShape::Text,
                _ => {
                    self.xml_type(&key, target);
                    XmlShape::Named(key)
                }
            };
        }
        if self.aliases.contains(&target.id()) {
            // Its type was refused already.
            return XmlShape::Any;
        }
        self.aliases.push(target.id());
        let shape = self.xml_unnamed(resolved);
        self.aliases.pop();
        shape
    }

    /// What a schema without a type of its own is.
    fn xml_unnamed(&mut self, resolved: &Resolved<'a>) -> XmlShape {
        let target = resolved.target;
        match target.str("type") {
            Some("array") => {
                let item = target
                    .get("items")
                    .and_then(|items| self.follow_schema(items));
                let fallback = xml_name(resolved).0;
                let item =
                    item.map(|item| self.xml_element(&item, fallback.as_deref().unwrap_or("item")));
                item.map_or(XmlShape::Any, |item| XmlShape::List(Box::new(item)))
            }
            Some("boolean") => XmlShape::Bool,
            Some("integer" | "number") => XmlShape::Number,
            Some("string") => XmlShape::Text,
            _ => match target
                .get("additionalProperties")
                .map(|at| (at, &at.node.json))
            {
                Some((at, Json::Object(members))) if !members.is_empty() => {
                    let value = self.follow_schema(at);
                    let value = value.map_or(XmlShape::Any, |value| self.xml_shape(&value));
                    XmlShape::Map(Box::new(value))
                }
                _ => XmlShape::Any,
            },
        }
    }

    /// Notes where the properties of a type are.
    fn xml_type(&mut self, key: &TypeKey, at: At<'a>) {
        if self.xml.contains_key(key) {
            return;
        }
        let empty = XmlType::Object {
            fields: Vec::new(),
            others: None,
        };
        // Reserved before its properties are read, which may lead back here.
        self.xml.insert(key.clone(), empty);
        let made = match self.types.get(key).map(|def| &def.kind) {
            Some(TypeKind::Union(union)) => {
                let (tag, variants) = (union.tag.clone(), union.variants.clone());
                for variant in &variants {
                    if let Some(origin) = self.origins.get(&variant.ty).copied() {
                        self.xml_type(&variant.ty, origin);
                    }
                }
                let mut fields = Vec::new();
                self.xml_fields(at, &mut fields, &mut HashSet::new());
                let tag = fields.into_iter().find(|field| field.property == tag);
                match tag {
                    Some(tag) => XmlType::OneOf {
                        tag,
                        kinds: variants
                            .into_iter()
                            .map(|variant| (variant.value, variant.ty))
                            .collect(),
                    },
                    None => return,
                }
            }
            _ => {
                let mut fields = Vec::new();
                let others = self.xml_fields(at, &mut fields, &mut HashSet::new());
                XmlType::Object { fields, others }
            }
        };
        self.xml.insert(key.clone(), made);
    }

    /// Reads the properties of a schema, those of its bases first; gives what undeclared ones are.
    fn xml_fields(
        &mut self,
        at: At<'a>,
        fields: &mut Vec<XmlField>,
        seen: &mut HashSet<usize>,
    ) -> Option<XmlShape> {
        if !seen.insert(at.id()) {
            return None;
        }
        let mut others = None;
        for base in at.get("allOf").into_iter().flat_map(At::items) {
            if let Some(base) = self.resolver.follow(base) {
                others = self.xml_fields(base.target, fields, seen).or(others);
            }
        }
        for (name, schema) in at.get("properties").into_iter().flat_map(At::members) {
            let Some(resolved) = self.follow_schema(schema) else {
                continue;
            };
            let field = self.xml_field(name, &resolved);
            match fields.iter_mut().find(|known| known.property == name) {
                Some(known) => *known = field,
                None => fields.push(field),
            }
        }
        match at.get("additionalProperties").map(|at| (at, &at.node.json)) {
            None | Some((_, Json::Bool(false))) => others,
            Some((at, Json::Object(members))) if !members.is_empty() => {
                let value = self.follow_schema(at);
                Some(value.map_or(XmlShape::Any, |value| self.xml_shape(&value)))
            }
            Some(_) => Some(XmlShape::Any),
        }
    }

    fn xml_field(&mut self, property: &str, resolved: &Resolved<'a>) -> XmlField {
        let says = |key: &str| {
            let mut xml = resolved.layers().filter_map(|layer| layer.get("xml"));
            xml.find_map(|xml| xml.bool(key)).unwrap_or_default()
        };
        let (name, namespace) = xml_name(resolved);
        let own = prefixed(resolved, name.as_deref().unwrap_or(property));
        let shape = self.xml_shape(resolved);
        let (place, element) = match shape {
            XmlShape::List(item) if !says("wrapped") => {
                let items = resolved.target.get("items");
                let item_has_name = items
                    .and_then(|items| self.follow_schema(items))
                    .is_some_and(|item| xml_name(&item).0.is_some() || item.definition().is_some());
                let item = if item_has_name {
                    *item
                } else {
                    XmlElement { name: own, ..*item }
                };
                (XmlPlace::Items, item)
            }
            shape => {
                let place = if says("attribute") {
                    XmlPlace::Attribute
                } else if says("x-ms-text") || resolved.is("x-ms-text") {
                    XmlPlace::Text
                } else {
                    XmlPlace::Element
                };
                let element = XmlElement {
                    name: own,
                    namespace,
                    shape,
                };
                (place, element)
            }
        };
        XmlField {
            property: property.to_owned(),
            place,
            element,
        }
    }
}

/// Name and namespace that the outermost `xml` with one gives.
fn xml_name(resolved: &Resolved<'_>) -> (Option<String>, Option<String>) {
    let find = |key: &str| {
        let mut xml = resolved.layers().filter_map(|layer| layer.get("xml"));
        xml.find_map(|xml| xml.string(key))
    };
    (find("name"), find("namespace"))
}

/// A name behind the prefix that `xml` gives.
fn prefixed(resolved: &Resolved<'_>, name: &str) -> String {
    let mut xml = resolved.layers().filter_map(|layer| layer.get("xml"));
    match xml.find_map(|xml| xml.string("prefix")) {
        Some(prefix) => format!("{prefix}:{name}"),
        None => name.to_owned(),
    }
}
