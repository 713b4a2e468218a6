//! Objects whose type depends on one of their properties.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::access::Field;
use super::{Context, request, size};
use crate::emit::docs::Doc;
use crate::emit::types::ident;
use crate::model::{Docs, TypeDef, TypeKey, TypeKind, Union};

/// Largest concrete type, in bytes, that its variant holds directly. Clippy asks for boxes where variants differ by
/// 200 bytes.
pub(super) const LARGEST_UNBOXED: usize = 120;

/// An enum over concrete types.
pub(super) struct UnionItem<'a> {
    cx: &'a Context<'a>,
    key: &'a TypeKey,
    def: &'a TypeDef,
    body: &'a Union,
    variants: Vec<VariantItem<'a>>,
}

/// One concrete type.
struct VariantItem<'a> {
    ident: Ident,
    value: &'a str,
    ty: Ident,
    key: &'a TypeKey,
    boxed: bool,
    /// Whether the concrete type reads the property that tells the kinds apart, because another one tells what it is.
    reads_tag: bool,
}

impl<'a> UnionItem<'a> {
    pub(super) fn new(
        cx: &'a Context<'a>,
        key: &'a TypeKey,
        def: &'a TypeDef,
        body: &'a Union,
    ) -> Self {
        let variants = body
            .variants
            .iter()
            .enumerate()
            .map(|(index, variant)| VariantItem {
                ident: ident(cx.member(key, index)),
                value: &variant.value,
                ty: cx.types.name(&variant.ty),
                key: &variant.ty,
                boxed: size::of(cx.service, &variant.ty) > LARGEST_UNBOXED,
                reads_tag: match cx.get(&variant.ty).map(|def| &def.kind) {
                    Some(TypeKind::Struct(held)) => {
                        !matches!(&held.tag, Some(own) if own.property == body.tag)
                    }
                    _ => true,
                },
            });
        Self {
            cx,
            key,
            def,
            body,
            variants: variants.collect(),
        }
    }

    /// Accessors of the properties that every concrete type has alike.
    fn shared(&self) -> Vec<TokenStream> {
        let fields: Option<Vec<Vec<Field<'_>>>> = self
            .variants
            .iter()
            .map(
                |variant| match self.cx.get(variant.key).map(|def| &def.kind) {
                    Some(TypeKind::Struct(body)) => {
                        Some(Field::all(self.cx, variant.key, &body.properties))
                    }
                    _ => None,
                },
            )
            .collect();
        let Some(fields) = fields.filter(|fields| fields.len() > 1) else {
            return Vec::new();
        };
        let alike = |a: &Field<'_>, b: &Field<'_>| {
            let (p, q) = (a.property, b.property);
            p.wire == q.wire
                && p.ty == q.ty
                && a.presence() == b.presence()
                && p.boxed == q.boxed
                && a.name() == b.name()
        };
        let Some((first, others)) = fields.split_first() else {
            return Vec::new();
        };
        let shared = first.iter().filter(|field| {
            others
                .iter()
                .all(|other| other.iter().any(|f| alike(f, field)))
        });
        shared
            .filter(|field| field.name() != "kind")
            .filter_map(|field| {
                let name = field.ident();
                let (ty, value) = field.read(&quote!(value))?;
                let variants = self.variants.iter().map(|variant| &variant.ident);
                // What one kind says about it may be wrong for another.
                let same_prose = others.iter().flatten().filter(|other| alike(other, field));
                let prose = same_prose
                    .map(|other| &other.property.docs)
                    .all(|docs| *docs == field.property.docs);
                let docs = if prose {
                    field.property.docs.clone()
                } else {
                    Docs::default()
                };
                let docs = Doc::of(
                    &docs,
                    &format!("Reads `{}`, whatever the kind.", field.property.wire),
                )
                .paragraph(
                    "`None` where it is absent, and for a kind that the definition does not name.",
                );
                Some(quote! {
                    #docs
                    pub fn #name(&self) -> #ty {
                        match self {
                            #(Self::#variants(value) => #value,)*
                            Self::UnknownKind(_) => None,
                        }
                    }
                })
            })
            .collect()
    }

    /// Conversions from the concrete types; from one that stands for two kinds there is none.
    fn conversions(&self, name: &Ident) -> Vec<TokenStream> {
        let single = |variant: &&VariantItem<'_>| {
            self.variants
                .iter()
                .filter(|v| v.key == variant.key)
                .count()
                == 1
        };
        let conversion = |variant: &VariantItem<'_>| {
            let (ty, variant_name) = (&variant.ty, &variant.ident);
            let value = if variant.boxed {
                quote!(Box::new(value))
            } else {
                quote!(value)
            };
            quote! {
                impl From<#ty> for #name {
                    fn from(value: #ty) -> Self { Self::#variant_name(#value) }
                }
            }
        };
        self.variants
            .iter()
            .filter(single)
            .map(conversion)
            .collect()
    }

    /// Conversions from unions of fewer kinds: a geometry is an object of GeoJSON.
    fn widenings(&self, name: &Ident) -> Vec<TokenStream> {
        let smaller = self
            .cx
            .service
            .types
            .iter()
            .filter_map(|(key, def)| match &def.kind {
                TypeKind::Union(body) if key != self.key && self.includes(body) => {
                    Some((key, body))
                }
                _ => None,
            });
        smaller
            .map(|(key, body)| {
                let ty = self.cx.types.name(key);
                let arms = body
                    .variants
                    .iter()
                    .enumerate()
                    .filter_map(|(index, variant)| {
                        let theirs = ident(self.cx.member(key, index));
                        let ours = &self
                            .variants
                            .iter()
                            .find(|ours| ours.value == variant.value)?
                            .ident;
                        Some(quote!(#ty::#theirs(value) => Self::#ours(value)))
                    });
                quote! {
                    impl From<#ty> for #name {
                        fn from(value: #ty) -> Self {
                            match value {
                                #(#arms,)*
                                #ty::UnknownKind(object) => Self::UnknownKind(object),
                            }
                        }
                    }
                }
            })
            .collect()
    }

    /// Whether every kind of another union is one of this one, which has more.
    fn includes(&self, other: &Union) -> bool {
        other.tag == self.body.tag
            && other.variants.len() < self.variants.len()
            && other.variants.iter().all(|variant| {
                self.variants
                    .iter()
                    .any(|ours| ours.value == variant.value && *ours.key == variant.ty)
            })
    }

    /// `ToRequest`, where something is to be left out.
    fn to_request(&self, name: &Ident) -> Option<TokenStream> {
        if !request::is_needed(self.cx, self.key) {
            return None;
        }
        let variants = self.variants.iter().map(|variant| {
            let ident = &variant.ident;
            if request::is_needed(self.cx, variant.key) {
                quote!(Self::#ident(value) => value.serialize_request(serializer))
            } else {
                quote!(Self::#ident(value) => value.serialize(serializer))
            }
        });
        Some(quote! {
            impl ToRequest for #name {
                fn serialize_request<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    match self {
                        #(#variants,)*
                        Self::UnknownKind(object) => object.serialize(serializer),
                    }
                }
            }
        })
    }
}

impl ToTokens for UnionItem<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let name = self.cx.types.name(self.key);
        let tag = &self.body.tag;
        let docs = self.cx.type_docs(
            self.key,
            self.def,
            &format!("`{}` of the service.", self.def.wire),
        );
        let declared = self.variants.iter().map(|variant| {
            let (ident, ty) = (&variant.ident, &variant.ty);
            let docs = Doc::new(&format!("The kind `{}`.", variant.value));
            let ty = if variant.boxed {
                quote!(Box<#ty>)
            } else {
                quote!(#ty)
            };
            quote! { #docs #ident(#ty), }
        });
        let idents: Vec<_> = self.variants.iter().map(|variant| &variant.ident).collect();
        let values: Vec<_> = self.variants.iter().map(|variant| variant.value).collect();
        let expecting = format!("an object of {name}");
        let kind_docs = Doc::new(&format!("The value of the property `{tag}`."));
        let shared = self.shared();
        let conversions = self.conversions(&name);
        let widenings = self.widenings(&name);
        let held = self.variants.iter().map(|variant| match variant.reads_tag {
            true => quote!(maps_types::tagged::with_tag(Self::TAG, tag, fields)),
            false => quote!(fields),
        });
        let decode = if values.is_empty() {
            quote!(Ok(None))
        } else {
            quote! {
                let value = match tag {
                    #(#values => Self::#idents(Deserialize::deserialize(#held)?),)*
                    _ => return Ok(None),
                };
                Ok(Some(value))
            }
        };
        // Without a known kind the arguments stay unused.
        let (tag_name, fields) = if values.is_empty() {
            (ident("_tag"), ident("_fields"))
        } else {
            (ident("tag"), ident("fields"))
        };
        let to_request = self.to_request(&name);
        let own = self
            .body
            .own
            .as_ref()
            .map(|own| quote!(const OWN: Option<&'static str> = Some(#own);));
        let alias = self.cx.type_alias(self.key, self.def);
        tokens.extend(quote! {
            #docs
            #alias
            #[derive(Debug, Clone, PartialEq)]
            #[non_exhaustive]
            pub enum #name {
                #(#declared)*
                /// A kind that the definition does not name, with all its properties.
                UnknownKind(UnknownObject),
            }

            impl #name {
                #kind_docs
                pub fn kind(&self) -> &str {
                    match self {
                        #(Self::#idents(_) => #values,)*
                        Self::UnknownKind(object) => object.kind(),
                    }
                }

                #(#shared)*
            }

            #(#conversions)*

            #(#widenings)*

            impl Tagged for #name {
                const TAG: &'static str = #tag;
                const EXPECTING: &'static str = #expecting;
                #own

                fn decode<'de, D: Deserializer<'de>>(#tag_name: &str, #fields: D) -> Result<Option<Self>, D::Error> {
                    #decode
                }

                fn unknown(object: UnknownObject) -> Self { Self::UnknownKind(object) }
            }

            impl Serialize for #name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    match self {
                        #(Self::#idents(value) => value.serialize(serializer),)*
                        Self::UnknownKind(object) => object.serialize(serializer),
                    }
                }
            }

            impl<'de> Deserialize<'de> for #name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    maps_types::tagged::deserialize(deserializer)
                }
            }

            #to_request
        });
    }
}
