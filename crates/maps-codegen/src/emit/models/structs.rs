//! Objects with known properties.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use serde_json::Value;

use super::Context;
use super::access::{Field, Presence};
use super::attributes::Attributes;
use super::errors::ErrorImpls;
use super::request::RequestImpl;
use super::setters::{Setter, forwarded, link};
use crate::emit::docs::Doc;
use crate::emit::secrets::{DebugOf, Shown};
use crate::emit::types::{Around, ident, nested_format, prefixed, wire_format};
use crate::model::{Struct, Type, TypeDef, TypeKey, TypeKind};

/// Most arguments of a function that clippy takes without asking why.
const MAX_ARGUMENTS: usize = 7;

/// A struct with its constructor, setters and what its roles need.
pub(super) struct StructItem<'a> {
    cx: &'a Context<'a>,
    key: &'a TypeKey,
    def: &'a TypeDef,
    body: &'a Struct,
    fields: Vec<Field<'a>>,
}

impl<'a> StructItem<'a> {
    pub(super) fn new(
        cx: &'a Context<'a>,
        key: &'a TypeKey,
        def: &'a TypeDef,
        body: &'a Struct,
    ) -> Self {
        let fields = Field::all(cx, key, &body.properties);
        Self {
            cx,
            key,
            def,
            body,
            fields,
        }
    }

    /// The field of undeclared properties, where they are kept.
    fn additional(&self) -> Option<(Ident, &'a Type)> {
        let ty = self.body.additional.as_ref()?;
        let name = self
            .cx
            .names
            .additional
            .get(self.key)
            .map_or("additional_properties", |name| name.ident.as_str());
        Some((ident(name), ty))
    }

    /// How undeclared properties are read beside a discriminator, which is none of them.
    fn undeclared(&self) -> Option<TokenStream> {
        let (_, ty) = self.additional()?;
        let tag = &self.body.tag.as_ref()?.property;
        let value = self.cx.types.owned(ty);
        let read = match nested_format(ty) {
            Some(format) => {
                let format: TokenStream = format.parse().unwrap_or_default();
                quote! {
                    let fields = maps_types::tagged::undeclared::<maps_types::formats::ReadAs<#format>, D>(#tag, fields)?;
                    Ok(fields.into_iter().map(|(name, read)| (name, read.0)).collect())
                }
            }
            None => quote!(maps_types::tagged::undeclared(#tag, fields)),
        };
        Some(quote! {
            fn undeclared<'de, D: Deserializer<'de>>(fields: D) -> Result<BTreeMap<String, #value>, D::Error> {
                #read
            }
        })
    }

    /// `new`, and `Default` where it takes no arguments but fills something in.
    fn constructor(&self) -> TokenStream {
        let name = self.cx.types.name(self.key);
        if derives_default(self.body) {
            let docs = Doc::new(&format!(
                "Creates {} `{name}` without any of its properties.",
                article(&name.to_string())
            ));
            return quote! {
                #docs
                pub fn new() -> Self { Self::default() }
            };
        }
        let arguments: Vec<_> = self
            .fields
            .iter()
            .filter(|field| field.is_argument())
            .map(|field| {
                (
                    field.ident(),
                    self.cx.types.argument(&field.property.ty, &field.ident()),
                )
            })
            .collect();
        let parameters = arguments.iter().map(|(name, argument)| {
            let ty = &argument.ty;
            quote!(#name: #ty)
        });
        let values = self.fields.iter().map(|field| {
            let name = field.ident();
            let value = match (&field.property.constant, field.presence()) {
                (Some(constant), Presence::Required) => {
                    field.stored(self.constant(&field.property.ty, constant))
                }
                (None, Presence::Required) => {
                    let argument = self.cx.types.argument(&field.property.ty, &name);
                    field.stored(argument.value)
                }
                (_, Presence::OptionalNullable) => quote!(Nullable::Absent),
                _ => quote!(None),
            };
            if name == value.to_string() {
                quote!(#name)
            } else {
                quote!(#name: #value)
            }
        });
        let additional = self
            .additional()
            .map(|(name, _)| quote!(#name: BTreeMap::new(),));
        let docs = Doc::new(&format!(
            "Creates {} `{name}` with what its definition requires.",
            article(&name.to_string())
        ));
        let many = (arguments.len() > MAX_ARGUMENTS).then(|| {
            quote!(#[expect(clippy::too_many_arguments, reason = "the definition requires them all")])
        });
        quote! {
            #docs
            #many
            pub fn new(#(#parameters),*) -> Self {
                Self { #(#values,)* #additional }
            }
        }
    }

    /// The value of a property with one possible value.
    fn constant(&self, ty: &Type, value: &Value) -> TokenStream {
        match (ty, value) {
            (Type::Named(key), value) => {
                let name = self.cx.types.name(key);
                let Some(TypeKind::Enum(body)) = self.cx.get(key).map(|def| &def.kind) else {
                    return quote!(#name::default());
                };
                match body.values.iter().position(|known| known.value == *value) {
                    Some(index) => {
                        let variant = ident(self.cx.member(key, index));
                        quote!(#name::#variant)
                    }
                    None => {
                        let value = literal(value);
                        quote!(#name::from(#value))
                    }
                }
            }
            (Type::String, Value::String(text)) => quote!(#text.to_owned()),
            (_, value) => literal(value),
        }
    }

    /// `with_x` for what is not an argument of `new`.
    fn setters(&self) -> Vec<TokenStream> {
        let mut setters: Vec<TokenStream> = self
            .fields
            .iter()
            .filter(|field| field.presence() != Presence::Required)
            .map(|field| {
                let name = field.ident();
                let place = quote!(self.#name);
                Setter {
                    field,
                    place,
                    docs: Doc::new(&format!("Sets {}.", link("Self", field.name()))),
                }
                .into_token_stream()
            })
            .collect();
        if let Some((name, ty)) = self.additional() {
            let setter = prefixed("with_", &name.to_string());
            let argument = self
                .cx
                .types
                .argument(&Type::Map(Box::new(ty.clone())), &name);
            let (ty, value) = (argument.ty, argument.value);
            let docs = Doc::new(&format!("Sets {}.", link("Self", &name.to_string())));
            setters.push(quote! {
                #docs
                #[must_use]
                pub fn #setter(mut self, #name: #ty) -> Self {
                    self.#name = #value;
                    self
                }
            });
        }
        setters
    }
}

impl StructItem<'_> {
    /// `Debug`, which hides what is secret.
    fn debug(&self) -> DebugOf {
        let mut shown: Vec<(Ident, Shown)> = self
            .fields
            .iter()
            .map(|field| {
                let may_be_absent = field.presence() != Presence::Required;
                (
                    field.ident(),
                    Shown::of(field.property.secret, may_be_absent),
                )
            })
            .collect();
        if let Some((name, _)) = self.additional() {
            shown.push((name, Shown::of(self.body.additional_is_secret, false)));
        }
        let redacted = quote!(maps_types::private::Redacted);
        DebugOf::new(&self.cx.types.name(self.key), &shown, &redacted)
    }
}

impl ToTokens for StructItem<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let name = self.cx.types.name(self.key);
        let docs = self.cx.type_docs(
            self.key,
            self.def,
            &format!("`{}` of the service.", self.def.wire),
        );
        let default = derives_default(self.body).then(|| quote!(Default,));
        let attributes = Attributes::new(self.body, &self.fields);
        let fields = self.fields.iter().map(|field| attributes.field(field));
        let undeclared = self.undeclared();
        let additional = self.additional().map(|(field, ty)| {
            let format = wire_format(&Type::Map(Box::new(ty.clone())), Around::Nothing);
            let with = match (&undeclared, format) {
                (None, None) => TokenStream::new(),
                (None, Some(path)) => quote!(, with = #path),
                (Some(_), format) => {
                    let path = format!("{name}::undeclared");
                    let write = format.map(|format| format + "::serialize");
                    let write = write.map(|path| quote!(, serialize_with = #path));
                    quote!(, deserialize_with = #path #write)
                }
            };
            let ty = self.cx.types.owned(ty);
            let mut docs = Doc::new("Properties that the definition does not name.");
            if self
                .cx
                .names
                .additional
                .get(self.key)
                .is_some_and(|name| name.renamed_from.is_some())
            {
                docs = docs.paragraph("`additional_properties` is one that it does name.");
            }
            quote! {
                #docs
                #[serde(flatten #with)]
                pub #field: BTreeMap<String, #ty>,
            }
        });
        let (constructor, setters, forwarded) = (
            self.constructor(),
            self.setters(),
            forwarded(self.cx, &self.fields),
        );
        let fills_in = !derives_default(self.body) && !self.fields.iter().any(Field::is_argument);
        let default_impl = fills_in.then(|| {
            quote! {
                impl Default for #name {
                    fn default() -> Self { Self::new() }
                }
            }
        });
        let error = ErrorImpls::of(self.cx, self.key, self.def, self.body);
        let request = RequestImpl::of(self.cx, self.key, self.body, &self.fields, &attributes);
        let alias = self.cx.type_alias(self.key, self.def);
        let DebugOf { derive, written } = self.debug();
        tokens.extend(quote! {
            #docs
            #alias
            #[derive(#derive Clone, PartialEq, #default Serialize, Deserialize)]
            #attributes
            #[non_exhaustive]
            pub struct #name { #(#fields)* #additional }

            impl #name {
                #constructor
                #(#setters)*
                #(#forwarded)*
                #undeclared
            }

            #default_impl
            #written
            #error
            #request
        });
    }
}

/// Whether a struct is made of nothing but absent properties.
pub(super) fn derives_default(body: &Struct) -> bool {
    body.properties
        .iter()
        .all(|property| !property.required || property.nullable)
}

fn literal(value: &Value) -> TokenStream {
    match value {
        Value::Bool(value) => quote!(#value),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => proc_macro2::Literal::i64_unsuffixed(whole).into_token_stream(),
            None => proc_macro2::Literal::f64_unsuffixed(number.as_f64().unwrap_or_default())
                .into_token_stream(),
        },
        Value::String(text) => quote!(#text),
        // Only of a property that takes any value.
        other => {
            let text = other.to_string();
            quote!(serde_json::from_str(#text).unwrap_or_default())
        }
    }
}

/// `a` or `an`, as the name sounds.
fn article(name: &str) -> &'static str {
    if name.starts_with(['A', 'E', 'I', 'O']) {
        "an"
    } else {
        "a"
    }
}
