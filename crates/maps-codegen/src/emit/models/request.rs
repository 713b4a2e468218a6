//! What a request leaves out: read-only properties.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::Context;
use super::access::Field;
use super::attributes::Attributes;
use crate::emit::types::{Around, wire_format};
use crate::model::{Service, Struct, Type, TypeKey, TypeKind};

/// Whether a value of this type, sent as a body, is to leave read-only properties out; then the client sends
/// `AsRequest(&body)`, and the type implements `ToRequest`.
pub fn leaves_out(service: &Service, ty: &Type) -> bool {
    reaches_read_only(service, ty, &mut BTreeSet::new())
}

fn reaches_read_only<'a>(
    service: &'a Service,
    ty: &'a Type,
    seen: &mut BTreeSet<&'a TypeKey>,
) -> bool {
    match ty {
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => {
            reaches_read_only(service, inner, seen)
        }
        Type::Named(key) => named_reaches_read_only(service, key, seen),
        _ => false,
    }
}

fn named_reaches_read_only<'a>(
    service: &'a Service,
    key: &'a TypeKey,
    seen: &mut BTreeSet<&'a TypeKey>,
) -> bool {
    if !seen.insert(key) {
        return false;
    }
    match service.types.get(key).map(|def| &def.kind) {
        Some(TypeKind::Struct(body)) => {
            let mut properties = body.properties.iter();
            properties.any(|property| {
                property.read_only || reaches_read_only(service, &property.ty, seen)
            }) || body
                .additional
                .as_ref()
                .is_some_and(|ty| reaches_read_only(service, ty, seen))
        }
        Some(TypeKind::Union(body)) => body
            .variants
            .iter()
            .any(|variant| named_reaches_read_only(service, &variant.ty, seen)),
        Some(TypeKind::Enum(_)) | None => false,
    }
}

/// `ToRequest` of a struct.
pub(super) struct RequestImpl<'a> {
    cx: &'a Context<'a>,
    key: &'a TypeKey,
    fields: &'a [Field<'a>],
    attributes: &'a Attributes,
    additional: Option<TokenStream>,
}

impl<'a> RequestImpl<'a> {
    /// The implementation, where the type goes into requests and something is to be left out.
    pub(super) fn of(
        cx: &'a Context<'a>,
        key: &'a TypeKey,
        body: &'a Struct,
        fields: &'a [Field<'a>],
        attributes: &'a Attributes,
    ) -> Option<Self> {
        let is_needed = is_needed(cx, key);
        let additional = body.additional.as_ref().map(|ty| {
            let format = wire_format(&Type::Map(Box::new(ty.clone())), Around::Nothing);
            let with = match (leaves_out(cx.service, ty), format) {
                (true, _) => Some("ToRequest::serialize_request".to_owned()),
                (false, format) => format.map(|format| format + "::serialize"),
            };
            let nested = with.map(|path| quote!(, serialize_with = #path));
            let ty = cx.types.owned(ty);
            let name = cx
                .names
                .additional
                .get(key)
                .map_or("additional_properties", |name| name.ident.as_str());
            let name = crate::emit::types::ident(name);
            quote!(#[serde(flatten #nested)] #name: BTreeMap<String, #ty>,)
        });
        is_needed.then_some(Self {
            cx,
            key,
            fields,
            attributes,
            additional,
        })
    }
}

impl ToTokens for RequestImpl<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let name = self.cx.types.name(self.key);
        let remote = name.to_string();
        let container = self.attributes.container(Some(quote!(remote = #remote)));
        let additional = &self.additional;
        let fields = self
            .fields
            .iter()
            .filter(|field| !field.property.read_only)
            .map(|field| {
                let nested = leaves_out(self.cx.service, &field.property.ty)
                    .then_some("ToRequest::serialize_request");
                let serde = self.attributes.serde(field, nested);
                let (name, ty) = (field.ident(), field.ty());
                quote!(#serde #name: #ty,)
            });
        tokens.extend(quote! {
            impl ToRequest for #name {
                fn serialize_request<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    #[derive(Serialize)]
                    #container
                    struct Writable { #(#fields)* #additional }

                    Writable::serialize(self, serializer)
                }
            }
        });
    }
}

/// Whether a named type implements `ToRequest`.
pub(super) fn is_needed(cx: &Context<'_>, key: &TypeKey) -> bool {
    cx.get(key).is_some_and(|def| def.in_request)
        && leaves_out(cx.service, &Type::Named(key.clone()))
}
