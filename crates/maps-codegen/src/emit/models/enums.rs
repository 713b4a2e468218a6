//! Open enumerations.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};
use serde_json::Value;

use super::Context;
use crate::emit::docs::Doc;
use crate::emit::types::ident;
use crate::model::{Enum, EnumBase, TypeDef, TypeKey};

/// An enum with its conversions.
pub(super) struct EnumItem<'a> {
    cx: &'a Context<'a>,
    key: &'a TypeKey,
    def: &'a TypeDef,
    body: &'a Enum,
}

impl<'a> EnumItem<'a> {
    pub(super) fn new(
        cx: &'a Context<'a>,
        key: &'a TypeKey,
        def: &'a TypeDef,
        body: &'a Enum,
    ) -> Self {
        Self { cx, key, def, body }
    }

    /// Known values: their variants and their literals.
    fn values(&self) -> Vec<(Ident, TokenStream)> {
        let values = self.body.values.iter().enumerate();
        values
            .map(|(index, value)| {
                (
                    ident(self.cx.member(self.key, index)),
                    self.literal(&value.value),
                )
            })
            .collect()
    }

    fn literal(&self, value: &Value) -> TokenStream {
        match self.body.base {
            EnumBase::String => {
                let text = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                quote!(#text)
            }
            EnumBase::I32 | EnumBase::I64 => {
                Literal::i64_unsuffixed(value.as_i64().unwrap_or_default()).into_token_stream()
            }
            EnumBase::F64 => {
                Literal::f64_unsuffixed(value.as_f64().unwrap_or_default()).into_token_stream()
            }
        }
    }

    fn variants(&self) -> TokenStream {
        let variants = self
            .body
            .values
            .iter()
            .zip(self.values())
            .map(|(value, (variant, _))| {
                let wire = value
                    .value
                    .as_str()
                    .map_or_else(|| value.value.to_string(), str::to_owned);
                let mut docs = Doc::of_member(&value.docs, &format!("The value `{wire}`."));
                if value.docs != crate::model::Docs::default() && variant != wire {
                    docs = docs.paragraph(&format!("On the wire `{wire}`."));
                }
                quote! { #docs #variant, }
            });
        let unknown = match self.body.base {
            EnumBase::String => quote!(UnknownValue),
            EnumBase::I32 => quote!(UnknownNumber<i32>),
            EnumBase::I64 => quote!(UnknownNumber<i64>),
            EnumBase::F64 => quote!(UnknownNumber<f64>),
        };
        quote! {
            #(#variants)*
            /// A value that the definition does not name. Only conversions make it.
            UnknownValue(#unknown),
        }
    }

    /// The variant of `value`.
    fn variant_of_value(&self, unknown: &TokenStream) -> TokenStream {
        let (variants, literals): (Vec<_>, Vec<_>) = self.values().into_iter().unzip();
        if variants.is_empty() {
            return quote!(Self::UnknownValue(#unknown));
        }
        quote! {
            match value {
                #(#literals => Self::#variants,)*
                _ => Self::UnknownValue(#unknown),
            }
        }
    }

    /// Conversions of an enumeration of texts.
    fn text_impls(&self, name: &Ident) -> TokenStream {
        let (variants, literals): (Vec<_>, Vec<_>) = self.values().into_iter().unzip();
        let expecting = format!("one of the texts of {name}");
        let from = self.variant_of_value(&quote!(maps_types::private::unknown_value(value)));
        quote! {
            impl #name {
                /// The value as it is on the wire.
                pub fn as_str(&self) -> &str {
                    match self {
                        #(Self::#variants => #literals,)*
                        Self::UnknownValue(value) => value.as_str(),
                    }
                }
            }

            impl From<&str> for #name {
                fn from(value: &str) -> Self {
                    #from
                }
            }

            impl From<String> for #name {
                fn from(value: String) -> Self { Self::from(value.as_str()) }
            }

            impl FromStr for #name {
                type Err = Infallible;

                fn from_str(value: &str) -> Result<Self, Self::Err> { Ok(Self::from(value)) }
            }

            impl AsRef<str> for #name {
                fn as_ref(&self) -> &str { self.as_str() }
            }

            impl fmt::Display for #name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.pad(self.as_str()) }
            }

            impl Serialize for #name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.serialize_str(self.as_str())
                }
            }

            impl<'de> Deserialize<'de> for #name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    maps_types::private::text(deserializer, #expecting)
                }
            }
        }
    }

    /// Conversions of an enumeration of numbers.
    fn number_impls(&self, name: &Ident, number: &TokenStream) -> TokenStream {
        let (variants, literals): (Vec<_>, Vec<_>) = self.values().into_iter().unzip();
        let from = self.variant_of_value(&quote!(maps_types::private::unknown_number(value)));
        let accessor = ident(&format!("as_{number}"));
        let error = if self.body.base == EnumBase::F64 {
            quote!(ParseFloatError)
        } else {
            quote!(ParseIntError)
        };
        quote! {
            impl #name {
                /// The value as it is on the wire.
                pub fn #accessor(self) -> #number {
                    match self {
                        #(Self::#variants => #literals,)*
                        Self::UnknownValue(value) => value.get(),
                    }
                }
            }

            impl From<#number> for #name {
                fn from(value: #number) -> Self {
                    #from
                }
            }

            impl FromStr for #name {
                type Err = #error;

                fn from_str(value: &str) -> Result<Self, Self::Err> { value.parse::<#number>().map(Self::from) }
            }

            impl fmt::Display for #name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Display::fmt(&self.#accessor(), f) }
            }

            impl Serialize for #name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    self.#accessor().serialize(serializer)
                }
            }

            impl<'de> Deserialize<'de> for #name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    #number::deserialize(deserializer).map(Self::from)
                }
            }
        }
    }
}

impl ToTokens for EnumItem<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let name = self.cx.types.name(self.key);
        let docs = self.cx.type_docs(
            self.key,
            self.def,
            &format!("`{}` of the service.", self.def.wire),
        );
        let variants = self.variants();
        let (traits, impls) = match self.body.base {
            EnumBase::String => (quote!(Clone, PartialEq, Eq, Hash), self.text_impls(&name)),
            EnumBase::I32 => (
                quote!(Clone, Copy, PartialEq, Eq, Hash),
                self.number_impls(&name, &quote!(i32)),
            ),
            EnumBase::I64 => (
                quote!(Clone, Copy, PartialEq, Eq, Hash),
                self.number_impls(&name, &quote!(i64)),
            ),
            EnumBase::F64 => (
                quote!(Clone, Copy, PartialEq),
                self.number_impls(&name, &quote!(f64)),
            ),
        };
        let alias = self.cx.type_alias(self.key, self.def);
        tokens.extend(quote! {
            #docs
            #alias
            #[derive(Debug, #traits)]
            #[non_exhaustive]
            pub enum #name { #variants }

            #impls
        });
    }
}
