//! `serde` attributes of structs.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use serde_json::Value;

use super::access::{Field, Presence, unraw};
use crate::emit::docs::{Doc, Facts, alias, code};
use crate::emit::types::{Around, wire_format};
use crate::model::{Struct, Type};

/// `serde` attributes of a struct and of its fields.
pub(super) struct Attributes {
    tag: Option<(String, String)>,
    camel_case: bool,
}

impl Attributes {
    pub(super) fn new(body: &Struct, fields: &[Field<'_>]) -> Self {
        let by_camel = fields.iter().filter(|field| {
            field.property.wire != unraw(field.name())
                && camel_case(unraw(field.name())) == field.property.wire
        });
        Self {
            tag: body
                .tag
                .as_ref()
                .map(|tag| (tag.property.clone(), tag.value.clone())),
            // serde cuts the first byte off, which another letter than one of ASCII does not survive.
            camel_case: by_camel.count() > 0
                && fields
                    .iter()
                    .all(|field| unraw(field.name()).starts_with(|c: char| c.is_ascii())),
        }
    }

    /// A field with its docs.
    pub(super) fn field(&self, field: &Field<'_>) -> TokenStream {
        let property = field.property;
        let facts = Facts {
            required: field.is_argument(),
            read_only: property.read_only,
            secret: property.secret,
            default: property.default.as_ref(),
            ty: &property.ty,
            constraints: &property.constraints,
            prose: &property.docs,
        };
        let facts = match field.presence() {
            Presence::RequiredNullable => format!("Required, may be `null`. {}", facts.text()),
            _ => facts.text(),
        };
        let mut docs = Doc::of_member(
            &property.docs,
            &format!("Property {}.", code(&property.wire)),
        )
        .with_links(|wire| field.sibling_link(wire))
        .paragraph(&facts);
        if let Some(Value::String(constant)) = &property.constant {
            let text = format!("Always `{constant}`.");
            if docs.lines().iter().all(|line| !line.contains(&text)) {
                docs = docs.paragraph(&text);
            }
        }
        if field.is_renamed() {
            docs = docs.own_name(&property.wire);
        }
        let serde = self.serde(field, None);
        let (name, ty) = (field.ident(), field.ty());
        // Who knows the property by its name on the wire finds the field.
        let is_other = self.derived(field) != property.wire && unraw(field.name()) != property.wire;
        let alias = is_other.then(|| alias(&property.wire));
        quote! { #docs #alias #serde pub #name: #ty, }
    }

    /// The name that `serde` derives from a field's.
    fn derived(&self, field: &Field<'_>) -> String {
        let name = unraw(field.name());
        if self.camel_case {
            camel_case(name)
        } else {
            name.to_owned()
        }
    }

    /// The `#[serde(..)]` of a field; `serialize_with` replaces how its value is written.
    pub(super) fn serde(&self, field: &Field<'_>, serialize_with: Option<&str>) -> TokenStream {
        let property = field.property;
        let mut parts = Vec::new();
        if self.derived(field) != property.wire {
            let wire = &property.wire;
            parts.push(quote!(rename = #wire));
        }
        let presence = field.presence();
        let around = match presence {
            Presence::Required => Around::Nothing,
            Presence::RequiredNullable | Presence::Optional => Around::Option,
            Presence::OptionalNullable => Around::Nullable,
        };
        let format = wire_format(&property.ty, around);
        let absent_by_itself = format.is_none() && presence != Presence::OptionalNullable;
        if presence != Presence::Required && !absent_by_itself && serialize_with.is_none() {
            parts.push(quote!(default));
        }
        if property.ty == Type::Any && presence == Presence::Optional && serialize_with.is_none() {
            parts.push(quote!(
                default,
                deserialize_with = "maps_types::private::present"
            ));
        }
        match (serialize_with, format) {
            (Some(path), _) => parts.push(quote!(serialize_with = #path)),
            (None, Some(path)) => parts.push(quote!(with = #path)),
            (None, None) => {}
        }
        match presence {
            Presence::Optional => parts.push(quote!(skip_serializing_if = "Option::is_none")),
            Presence::OptionalNullable => {
                parts.push(quote!(skip_serializing_if = "Nullable::is_absent"))
            }
            Presence::Required | Presence::RequiredNullable => {}
        }
        if parts.is_empty() {
            TokenStream::new()
        } else {
            quote!(#[serde(#(#parts),*)])
        }
    }

    /// The `#[serde(..)]` of the struct, with `first` in front.
    pub(super) fn container(&self, first: Option<TokenStream>) -> TokenStream {
        let mut parts: Vec<TokenStream> = first.into_iter().collect();
        if let Some((tag, value)) = &self.tag {
            parts.push(quote!(tag = #tag, rename = #value));
        }
        if self.camel_case {
            parts.push(quote!(rename_all = "camelCase"));
        }
        if parts.is_empty() {
            TokenStream::new()
        } else {
            quote!(#[serde(#(#parts),*)])
        }
    }
}

impl ToTokens for Attributes {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.container(None));
    }
}

/// `camelCase` of a field name, exactly as `serde` makes it.
fn camel_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut capital = false;
    for c in name.chars() {
        if c == '_' {
            capital = true;
        } else if capital {
            out.push(c.to_ascii_uppercase());
            capital = false;
        } else {
            out.push(c);
        }
    }
    // serde makes PascalCase first and then lowers the first letter.
    let first = out.chars().next().map_or(0, char::len_utf8);
    out[..first].to_ascii_lowercase() + &out[first..]
}
