//! Constants that say how values are written in XML.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};

use super::operations::constant_case;
use super::scope::{Scope, Surface};
use crate::emit::docs::Doc;
use crate::emit::types::ident;
use crate::model::{Operation, TypeKey, XmlElement, XmlField, XmlPlace, XmlShape, XmlType};

/// The constants of a surface.
pub(super) struct XmlConstants<'a> {
    scope: &'a Scope<'a>,
    surface: &'a Surface<'a>,
}

impl<'a> XmlConstants<'a> {
    pub(super) fn new(scope: &'a Scope<'a>, surface: &'a Surface<'a>) -> Self {
        Self { scope, surface }
    }

    /// What the operations send and read.
    fn roots(&self) -> Vec<(Ident, &'a XmlElement)> {
        let mut roots: Vec<(Ident, &XmlElement)> = Vec::new();
        for operation in &self.surface.operations {
            for element in elements(operation) {
                let name = root_name(self.scope, operation, element);
                if roots.iter().all(|(known, _)| *known != name) {
                    roots.push((name, element));
                }
            }
        }
        roots
    }

    /// Types that the roots lead to, in the order in which they are reached.
    fn types(&self, roots: &[(Ident, &'a XmlElement)]) -> Vec<&'a TypeKey> {
        let mut seen = BTreeSet::new();
        let mut order = Vec::new();
        let mut open: Vec<&XmlShape> = roots.iter().rev().map(|(_, root)| &root.shape).collect();
        while let Some(shape) = open.pop() {
            match shape {
                XmlShape::Named(key) if seen.insert(key) => {
                    order.push(key);
                    match self.scope.service.xml.get(key) {
                        Some(XmlType::Object { fields, others }) => {
                            open.extend(others);
                            open.extend(fields.iter().rev().map(|field| &field.element.shape));
                        }
                        Some(XmlType::OneOf { kinds, .. }) => {
                            for (_, kind) in kinds.iter().rev() {
                                if seen.insert(kind) {
                                    order.push(kind);
                                    if let Some(XmlType::Object { fields, others }) =
                                        self.scope.service.xml.get(kind)
                                    {
                                        open.extend(others);
                                        open.extend(
                                            fields.iter().map(|field| &field.element.shape),
                                        );
                                    }
                                }
                            }
                        }
                        None => {}
                    }
                }
                XmlShape::List(item) => open.push(&item.shape),
                XmlShape::Map(value) => open.push(value),
                _ => {}
            }
        }
        order
    }

    fn constant(&self, key: &TypeKey) -> TokenStream {
        let scope = self.scope;
        let name = type_name(scope, key);
        let of = &scope.names.types[key].ident;
        match scope.service.xml.get(key) {
            Some(XmlType::OneOf { tag, kinds }) => {
                let ty = xml(scope, "OneOf");
                let tag = self.field(tag);
                let kinds = kinds.iter().map(|(value, key)| {
                    let object = type_name(scope, key);
                    quote!((#value, &#object))
                });
                let docs = Doc::new(&format!("Which kind of `{of}` an element is."));
                quote! { #docs static #name: #ty = #ty { tag: #tag, kinds: &[#(#kinds),*] }; }
            }
            Some(XmlType::Object { fields, others }) => {
                let ty = xml(scope, "Object");
                let fields = fields.iter().map(|field| self.field(field));
                let others =
                    super::operations::option(others.as_ref().map(|shape| self.shape(shape)));
                let docs = Doc::new(&format!("Where the properties of a `{of}` are."));
                quote! { #docs static #name: #ty = #ty { fields: &[#(#fields),*], others: #others }; }
            }
            None => TokenStream::new(),
        }
    }

    fn field(&self, field: &XmlField) -> TokenStream {
        let ty = xml(self.scope, "Field");
        let property = &field.property;
        let XmlElement {
            name,
            namespace,
            shape,
        } = &field.element;
        let made = match field.place {
            XmlPlace::Items => {
                let item = self.element(&field.element);
                return quote!(#ty::items(#property, #item));
            }
            XmlPlace::Element => quote!(element),
            XmlPlace::Attribute => quote!(attribute),
            XmlPlace::Text => quote!(text),
        };
        let shape = self.shape(shape);
        let is_named = name != property && field.place != XmlPlace::Text;
        let named = is_named.then(|| quote!(.named(#name)));
        let namespace = namespace
            .as_ref()
            .filter(|_| field.place == XmlPlace::Element)
            .map(|namespace| quote!(.in_namespace(#namespace)));
        quote!(#ty::#made(#property, #shape) #named #namespace)
    }

    fn element(&self, element: &XmlElement) -> TokenStream {
        let ty = xml(self.scope, "Element");
        let name = &element.name;
        let shape = self.shape(&element.shape);
        let namespace = element
            .namespace
            .as_ref()
            .map(|namespace| quote!(.in_namespace(#namespace)));
        quote!(#ty::new(#name, #shape) #namespace)
    }

    fn shape(&self, shape: &XmlShape) -> TokenStream {
        let scope = self.scope;
        let ty = xml(scope, "Shape");
        match shape {
            XmlShape::Any => quote!(#ty::Any),
            XmlShape::Text => quote!(#ty::Text),
            XmlShape::Bool => quote!(#ty::Bool),
            XmlShape::Number => quote!(#ty::Number),
            XmlShape::List(item) => {
                let item = self.element(item);
                quote!(#ty::List(&#item))
            }
            XmlShape::Map(value) => {
                let value = self.shape(value);
                quote!(#ty::Map(&#value))
            }
            XmlShape::Named(key) => {
                let name = type_name(scope, key);
                match scope.service.xml.get(key) {
                    Some(XmlType::OneOf { .. }) => quote!(#ty::OneOf(&#name)),
                    _ => quote!(#ty::Object(&#name)),
                }
            }
        }
    }
}

impl ToTokens for XmlConstants<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let roots = self.roots();
        let ty = |scope: &Scope<'_>| xml(scope, "Element");
        for (name, element) in &roots {
            let ty = ty(self.scope);
            let made = self.element(element);
            tokens.extend(quote!(pub(super) static #name: #ty = #made;));
        }
        for key in self.types(&roots) {
            tokens.extend(self.constant(key));
        }
    }
}

/// Whether an operation sends or reads XML.
pub(super) fn uses_xml(operation: &Operation) -> bool {
    elements(operation).next().is_some()
}

/// The elements that an operation sends and reads.
fn elements(operation: &Operation) -> impl Iterator<Item = &XmlElement> {
    let body = operation.body.iter().filter_map(|body| body.xml.as_ref());
    let answers = operation.responses.iter();
    body.chain(answers.filter_map(|response| response.xml.as_ref()))
}

/// What the errors of an operation are in XML, by status.
pub(super) fn xml_errors(scope: &Scope<'_>, operation: &Operation) -> Option<TokenStream> {
    let errors = operation.responses.iter();
    let errors = errors.filter(|response| response.is_error);
    let errors: Vec<TokenStream> = errors
        .filter_map(|response| {
            let root = root(scope, operation, response.xml.as_ref()?);
            let status = response.status.map(Literal::u16_unsuffixed);
            let status = super::operations::option(status.map(|status| quote!(#status)));
            Some(quote!((#status, &#root)))
        })
        .collect();
    (!errors.is_empty()).then(|| quote!(const { &[#(#errors),*] }))
}

/// The constant of an element that an operation sends or reads, imported.
pub(super) fn root(scope: &Scope<'_>, operation: &Operation, element: &XmlElement) -> TokenStream {
    scope.imports.item("super", "xml");
    let name = root_name(scope, operation, element);
    quote!(xml::#name)
}

/// Its name: that of the type in it, or else of the operation and the element.
fn root_name(scope: &Scope<'_>, operation: &Operation, element: &XmlElement) -> Ident {
    let mut rivals: Vec<&XmlElement> = Vec::new();
    let name = match &element.shape {
        XmlShape::Named(key) => {
            let groups = scope.service.groups.iter();
            let all = groups
                .flat_map(|group| &group.operations)
                .flat_map(elements);
            rivals.extend(all.filter(|other| other.shape == element.shape));
            constant_case(&scope.names.types[key].ident)
        }
        _ => {
            let is_rival = |other: &&XmlElement| {
                other.name == element.name && !matches!(other.shape, XmlShape::Named(_))
            };
            rivals.extend(elements(operation).filter(is_rival));
            let method = &scope.operation(operation).method.ident;
            let name = format!("{}_{}", constant_case(method), constant_case(&element.name));
            no_type(scope, name)
        }
    };
    // One type may have several names, and several shapes one name.
    let mut distinct: Vec<&XmlElement> = Vec::new();
    for rival in rivals {
        if !distinct.contains(&rival) {
            distinct.push(rival);
        }
    }
    match distinct.iter().position(|other| *other == element) {
        None | Some(0) => ident(&name),
        Some(at) => ident(&no_type(scope, format!("{name}_{}", at + 1))),
    }
}

/// The constant of a type.
fn type_name(scope: &Scope<'_>, key: &TypeKey) -> Ident {
    let word = constant_case(&scope.names.types[key].ident);
    let suffix = match scope.service.xml.get(key) {
        Some(XmlType::OneOf { .. }) => "KINDS",
        _ => "FIELDS",
    };
    ident(&no_type(scope, format!("{word}_{suffix}")))
}

/// The name, changed where the constant of a type has it.
fn no_type(scope: &Scope<'_>, mut name: String) -> String {
    let types = || scope.names.types.values();
    while types().any(|known| constant_case(&known.ident) == name) {
        name.push('_');
    }
    name
}

fn xml(scope: &Scope<'_>, item: &str) -> TokenStream {
    scope.std("maps_core::service::xml", item)
}
