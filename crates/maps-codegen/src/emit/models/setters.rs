//! Methods that set and read properties.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::Context;
use super::access::{Field, Presence, unraw};
use super::structs::derives_default;
use crate::emit::docs::Doc;
use crate::emit::types::ident;
use crate::model::{Type, TypeKind};

/// One `with_x` method.
pub(super) struct Setter<'a> {
    pub(super) field: &'a Field<'a>,
    /// What is assigned to.
    pub(super) place: TokenStream,
    pub(super) docs: Doc,
}

impl ToTokens for Setter<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { field, place, docs } = self;
        let name = field.ident();
        let setter = ident(&setter(field.name()));
        let (ty, value) = if field.presence() == Presence::OptionalNullable {
            let ty = field.ty();
            (quote!(impl Into<#ty>), quote!(#name.into()))
        } else {
            let argument = field.cx.types.argument(&field.property.ty, &name);
            (argument.ty, field.stored(argument.value))
        };
        tokens.extend(quote! {
            #docs
            #[must_use]
            pub fn #setter(mut self, #name: #ty) -> Self {
                #place = #value;
                self
            }
        });
    }
}

/// Methods of traits that models implement: one of the type's own would hide them.
const OF_TRAITS: &[&str] = &[
    "as_ref",
    "borrow",
    "clone",
    "clone_from",
    "clone_into",
    "cmp",
    "default",
    "deserialize",
    "eq",
    "fmt",
    "from",
    "into",
    "ne",
    "new",
    "serialize",
    "serialize_request",
    "source",
    "to_owned",
    "to_string",
    "try_from",
    "try_into",
    "type_id",
    "undeclared",
];

/// Accessors and setters of the properties of flattened objects, on the type that holds them.
pub(super) fn forwarded(cx: &Context<'_>, fields: &[Field<'_>]) -> Vec<TokenStream> {
    let mut names: Vec<&str> = fields.iter().map(Field::name).collect();
    let mut taken: BTreeSet<String> = names.iter().map(|name| setter(name)).collect();
    let mut methods = Vec::new();
    for outer in fields.iter().filter(|field| field.property.flatten) {
        let Type::Named(key) = &outer.property.ty else {
            continue;
        };
        let Some(TypeKind::Struct(body)) = cx.get(key).map(|def| &def.kind) else {
            continue;
        };
        let outer_name = outer.ident();
        let inner_type = cx.types.name(key);
        for inner in Field::all(cx, key, &body.properties) {
            // What the outer type calls so itself stays within.
            if names.contains(&inner.name()) {
                continue;
            }
            names.push(inner.name());
            let inner_name = inner.ident();
            let link = format!(
                "{} of {}",
                link(&inner_type.to_string(), inner.name()),
                link("Self", outer.name())
            );
            let owner = match outer.presence() {
                Presence::Required => quote!(self.#outer_name),
                Presence::OptionalNullable => continue,
                _ => quote!(self.#outer_name.as_ref()?),
            };
            if let Some((ty, value)) = inner.read(&owner) {
                let docs = Doc::new(&format!("Reads {link}."));
                let name = accessor(inner.name());
                if taken.insert(name.to_string()) {
                    methods.push(quote! {
                        #docs
                        pub fn #name(&self) -> #ty { #value }
                    });
                }
            }
            let place = match outer.presence() {
                Presence::Required => Some(quote!(self.#outer_name)),
                _ if derives_default(body) => {
                    Some(quote!(self.#outer_name.get_or_insert_default()))
                }
                _ => None,
            };
            if let Some(place) = place
                && inner.presence() != Presence::Required
                && taken.insert(setter(inner.name()))
            {
                let place = quote!(#place.#inner_name);
                let docs = Doc::new(&format!("Sets {link}."));
                methods.push(
                    Setter {
                        field: &inner,
                        place,
                        docs,
                    }
                    .into_token_stream(),
                );
            }
        }
    }
    methods
}

/// The method that reads a property of a flattened object.
fn accessor(field: &str) -> Ident {
    match OF_TRAITS.contains(&field) {
        true => ident(&format!("{field}_field")),
        false => ident(field),
    }
}

/// The method that sets a property.
fn setter(field: &str) -> String {
    format!("with_{}", unraw(field))
}

/// A link to a field in docs, where identifiers are never raw.
pub(super) fn link(owner: &str, field: &str) -> String {
    let field = unraw(field);
    format!("[`{field}`]({owner}::{field})")
}
