//! Schemas of the operation table.

use indexmap::IndexMap;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};
use serde_json::Value;

use super::{Constants, option};
use crate::emit::models::Context;
use crate::model::{Constraints, EnumBase, Property, Struct, Type, TypeKey, TypeKind};

/// Writes schemas, and collects the named types that they need.
///
/// What is long or may contain itself (properties, kinds, values of enumerations) is a `static` of its own; a schema
/// refers to it, so that a type may refer to itself.
pub(super) struct Schemas<'a> {
    cx: &'a Context<'a>,
    constants: Constants,
    names: IndexMap<&'a TypeKey, Ident>,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(cx: &'a Context<'a>) -> Self {
        Self {
            cx,
            constants: Constants::default(),
            names: IndexMap::new(),
        }
    }

    /// Schema of a value without limits of its own.
    pub(super) fn of(&mut self, ty: &'a Type) -> TokenStream {
        self.schema(ty, &Constraints::default(), None, Flags::default())
    }

    /// Schema of a body: bytes are none of JSON, and may be anything.
    pub(super) fn of_body(&mut self, ty: &'a Type) -> TokenStream {
        match ty {
            Type::Bytes => Flags::default().plain("ANY"),
            ty => self.of(ty),
        }
    }

    /// Schema of a named type.
    pub(super) fn of_type(&mut self, key: &'a TypeKey) -> TokenStream {
        self.named(key, Flags::default())
    }

    /// Schema of a value with limits.
    pub(super) fn constrained(
        &mut self,
        ty: &'a Type,
        limits: &Constraints,
        constant: Option<&Value>,
    ) -> TokenStream {
        self.schema(ty, limits, constant, Flags::default())
    }

    /// The statics of every named type used so far, and of those that they use.
    pub(super) fn into_statics(mut self) -> TokenStream {
        let mut statics = TokenStream::new();
        let mut next = 0;
        // Writing one may name others.
        while let Some((key, name)) = self
            .names
            .get_index(next)
            .map(|(key, name)| (*key, name.clone()))
        {
            next += 1;
            let cx = self.cx;
            match cx.get(key).map(|def| &def.kind) {
                Some(TypeKind::Struct(body)) => {
                    statics.extend(self.properties(&name, body));
                    if let Some(ty) = &body.additional {
                        let (name, schema) = (undeclared(&name), self.of(ty));
                        statics.extend(quote! { static #name: Schema = #schema; });
                    }
                }
                Some(TypeKind::Enum(body)) if body.base != EnumBase::String => {
                    let values = body.values.iter().filter_map(|value| value.value.as_f64());
                    let values: Vec<_> = values.map(Literal::f64_unsuffixed).collect();
                    let count = Literal::usize_unsuffixed(values.len());
                    statics.extend(quote! { static #name: [f64; #count] = [#(#values),*]; });
                }
                Some(TypeKind::Enum(body)) => {
                    let values: Vec<_> = body
                        .values
                        .iter()
                        .filter_map(|value| value.value.as_str())
                        .collect();
                    let count = Literal::usize_unsuffixed(values.len());
                    statics.extend(quote! { static #name: [&str; #count] = [#(#values),*]; });
                }
                Some(TypeKind::Union(body)) => {
                    let variants: Vec<_> = body
                        .variants
                        .iter()
                        .map(|variant| {
                            let value = &variant.value;
                            let schema = self.named(&variant.ty, Flags::default());
                            quote!((#value, &#schema))
                        })
                        .collect();
                    let count = Literal::usize_unsuffixed(variants.len());
                    statics.extend(
                        quote! { static #name: [(&str, &Schema); #count] = [#(#variants),*]; },
                    );
                }
                None => {}
            }
        }
        statics
    }

    fn properties(&mut self, name: &Ident, body: &'a Struct) -> TokenStream {
        let tag = body.tag.as_ref().map(|tag| {
            let (wire, value) = (&tag.property, &tag.value);
            let schema = text(
                quote! { values: &[#value], closed: true, ..Text::ANY },
                Flags::default(),
            );
            quote!(Property { name: #wire, required: true, schema: &#schema })
        });
        let properties = body
            .properties
            .iter()
            .map(|property| self.property(property));
        let properties: Vec<_> = tag.into_iter().chain(properties).collect();
        let count = Literal::usize_unsuffixed(properties.len());
        quote! { static #name: [Property; #count] = [#(#properties),*]; }
    }

    fn property(&mut self, property: &'a Property) -> TokenStream {
        let Property { wire, required, .. } = property;
        let flags = Flags {
            nullable: property.nullable,
            read_only: property.read_only,
        };
        let schema = self.schema(
            &property.ty,
            &property.constraints,
            property.constant.as_ref(),
            flags,
        );
        quote!(Property { name: #wire, required: #required, schema: &#schema })
    }

    fn schema(
        &mut self,
        ty: &'a Type,
        limits: &Constraints,
        constant: Option<&Value>,
        flags: Flags,
    ) -> TokenStream {
        match ty {
            Type::Any => flags.plain("ANY"),
            Type::Object => flags.plain("OBJECT"),
            Type::Bool => flags.plain("BOOLEAN"),
            Type::I32 => range("Integer", "INT32", limits, flags),
            Type::I64 => range("Integer", "INTEGER", limits, flags),
            // A point in time as a number.
            Type::UnixTime => flags.of(quote!(Kind::Integer(Range {
                format: Some("unixtime"),
                ..Range::ANY
            }))),
            Type::F32 | Type::F64 => range("Number", "NUMBER", limits, flags),
            Type::Bytes => text_with(limits, Some("binary"), constant, flags),
            Type::String => text_with(limits, limits.format.as_deref(), constant, flags),
            Type::DateTime => text_with(limits, Some("date-time"), constant, flags),
            Type::Date => text_with(limits, Some("date"), constant, flags),
            Type::DateTimeRfc1123 => text_with(limits, Some("date-time-rfc1123"), constant, flags),
            Type::Base64 => text_with(limits, Some("byte"), constant, flags),
            Type::Base64Url => text_with(limits, Some("base64url"), constant, flags),
            Type::Array(item) => {
                let items = self.of(item);
                let (min, max) = (
                    option(limits.min_items.as_ref()),
                    option(limits.max_items.as_ref()),
                );
                flags.of(quote!(Kind::Array { items: &#items, min_items: #min, max_items: #max }))
            }
            Type::Map(item) => {
                let item = self.of(item);
                flags.of(quote!(Kind::Object { properties: &[], additional: Some(&#item) }))
            }
            Type::Nullable(inner) => self.schema(
                inner,
                limits,
                constant,
                Flags {
                    nullable: true,
                    ..flags
                },
            ),
            Type::Named(key) => self.named(key, flags),
        }
    }

    fn named(&mut self, key: &'a TypeKey, flags: Flags) -> TokenStream {
        let name = self.name(key);
        let cx = self.cx;
        match cx.get(key).map(|def| &def.kind) {
            Some(TypeKind::Struct(body)) => {
                let additional = match &body.additional {
                    None => quote!(None),
                    Some(_) => {
                        let undeclared = undeclared(&name);
                        quote!(Some(&#undeclared))
                    }
                };
                flags.of(quote!(Kind::Object { properties: &#name, additional: #additional }))
            }
            Some(TypeKind::Enum(body)) => match body.base {
                EnumBase::String => {
                    let closed = body.closed.then(|| quote!(closed: true,));
                    text(quote! { values: &#name, #closed ..Text::ANY }, flags)
                }
                base => {
                    let closed = body.closed.then(|| quote!(closed: true,));
                    let (kind, rest) = match base {
                        EnumBase::I32 => (quote!(Integer), quote!(INT32)),
                        EnumBase::F64 => (quote!(Number), quote!(ANY)),
                        _ => (quote!(Integer), quote!(ANY)),
                    };
                    flags.of(quote!(Kind::#kind(Range { values: &#name, #closed ..Range::#rest })))
                }
            },
            Some(TypeKind::Union(body)) => {
                let tag = &body.tag;
                flags.of(quote!(Kind::Tagged { tag: #tag, variants: &#name }))
            }
            None => flags.plain("ANY"),
        }
    }

    /// The static of a type.
    fn name(&mut self, key: &'a TypeKey) -> Ident {
        if let Some(name) = self.names.get(key) {
            return name.clone();
        }
        let name = self.constants.name(&self.cx.types.name(key).to_string());
        self.names.insert(key, name.clone());
        name
    }
}

/// What a schema says about a value besides its type.
#[derive(Debug, Clone, Copy, Default)]
struct Flags {
    nullable: bool,
    read_only: bool,
}

impl Flags {
    /// A schema that `maps_types` has a constant for.
    fn plain(self, constant: &str) -> TokenStream {
        let constant = crate::emit::types::ident(constant);
        if self.nullable || self.read_only {
            let flags = self.fields();
            quote!(Schema { #flags ..Schema::#constant })
        } else {
            quote!(Schema::#constant)
        }
    }

    fn of(self, kind: TokenStream) -> TokenStream {
        let flags = self.fields();
        quote!(Schema { kind: #kind, #flags ..Schema::ANY })
    }

    fn fields(self) -> TokenStream {
        let nullable = self.nullable.then(|| quote!(nullable: true,));
        let read_only = self.read_only.then(|| quote!(read_only: true,));
        quote!(#nullable #read_only)
    }
}

/// The static of the undeclared properties of a type; the names of types end in no underscore.
fn undeclared(name: &Ident) -> Ident {
    crate::emit::types::ident(&format!("{name}_"))
}

/// Schema of a number.
fn range(kind: &str, plain: &str, limits: &Constraints, flags: Flags) -> TokenStream {
    let mut fields = TokenStream::new();
    for (name, value) in [("minimum", limits.minimum), ("maximum", limits.maximum)] {
        if let Some(value) = value {
            let (name, value) = (
                crate::emit::types::ident(name),
                Literal::f64_unsuffixed(value),
            );
            fields.extend(quote!(#name: Some(#value),));
        }
    }
    for (name, value) in [
        ("exclusive_minimum", limits.exclusive_minimum),
        ("exclusive_maximum", limits.exclusive_maximum),
    ] {
        if value {
            let name = crate::emit::types::ident(name);
            fields.extend(quote!(#name: true,));
        }
    }
    if fields.is_empty() {
        return flags.plain(plain);
    }
    let kind = crate::emit::types::ident(kind);
    let rest = crate::emit::types::ident(if plain == "INT32" { plain } else { "ANY" });
    flags.of(quote!(Kind::#kind(Range { #fields ..Range::#rest })))
}

/// Schema of a text.
fn text_with(
    limits: &Constraints,
    format: Option<&str>,
    constant: Option<&Value>,
    flags: Flags,
) -> TokenStream {
    let mut fields = TokenStream::new();
    for (name, value) in [
        ("min_length", limits.min_length),
        ("max_length", limits.max_length),
    ] {
        if let Some(value) = value {
            let (name, value) = (
                crate::emit::types::ident(name),
                Literal::usize_unsuffixed(value),
            );
            fields.extend(quote!(#name: Some(#value),));
        }
    }
    if let Some(pattern) = &limits.pattern {
        fields.extend(quote!(pattern: Some(#pattern),));
    }
    if let Some(Value::String(value)) = constant {
        fields.extend(quote!(values: &[#value], closed: true,));
    }
    if let Some(format) = format {
        fields.extend(quote!(format: Some(#format),));
    }
    if fields.is_empty() {
        flags.plain("STRING")
    } else {
        text(quote!(#fields ..Text::ANY), flags)
    }
}

fn text(fields: TokenStream, flags: Flags) -> TokenStream {
    flags
        .of(quote!(Kind::String(Text { #fields })))
        .into_token_stream()
}
