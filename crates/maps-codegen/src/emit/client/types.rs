//! Types of values as clients write them: models behind their module.

use proc_macro2::TokenStream;
use quote::quote;

use super::scope::Scope;
use crate::emit::types::{Types, WireFormat, ident};
use crate::model::{Type, TypeKey};

impl Scope<'_> {
    /// The type of a model.
    pub(super) fn model(&self, key: &TypeKey) -> TokenStream {
        let models = self.models();
        let name = ident(
            &self
                .names
                .types
                .get(key)
                .expect("every type was named")
                .ident,
        );
        quote!(#models::#name)
    }

    /// Rust of a type.
    pub(super) fn rust_type(&self, ty: &Type) -> TokenStream {
        match ty {
            Type::Any => quote!(serde_json::Value),
            Type::Object => quote!(serde_json::Map<String, serde_json::Value>),
            Type::Bool => quote!(bool),
            Type::I32 => quote!(i32),
            Type::I64 => quote!(i64),
            Type::F32 | Type::F64 => quote!(f64),
            Type::String => quote!(String),
            Type::DateTime | Type::DateTimeRfc1123 | Type::UnixTime => {
                self.runtime("OffsetDateTime")
            }
            Type::Date => self.runtime("Date"),
            Type::Base64 | Type::Base64Url => quote!(Vec<u8>),
            Type::Bytes => self.runtime("Bytes"),
            Type::Array(item) => {
                let item = self.rust_type(item);
                quote!(Vec<#item>)
            }
            Type::Map(value) => {
                let map = self.std("std::collections", "BTreeMap");
                let value = self.rust_type(value);
                quote!(#map<String, #value>)
            }
            Type::Nullable(inner) => {
                let inner = self.rust_type(inner);
                quote!(Option<#inner>)
            }
            Type::Named(key) => self.model(key),
        }
    }

    /// The format of a value that serde alone does not know: `Vec<formats::Date>`.
    pub(super) fn format(&self, ty: &Type) -> Option<TokenStream> {
        match ty {
            Type::Array(item) => {
                let item = self.format(item)?;
                Some(quote!(Vec<#item>))
            }
            Type::Map(value) => {
                let value = self.format(value)?;
                let map = self.std("std::collections", "BTreeMap");
                Some(quote!(#map<String, #value>))
            }
            Type::Nullable(inner) => {
                let inner = self.format(inner)?;
                Some(quote!(Option<#inner>))
            }
            ty => {
                let leaf = ident(WireFormat::of(ty)?.name);
                let formats = self.runtime("formats");
                Some(quote!(#formats::#leaf))
            }
        }
    }

    /// The module that writes and reads a date or bytes as text: `date_time`.
    pub(super) fn text_format(&self, ty: &Type) -> Option<TokenStream> {
        Some(self.runtime(WireFormat::of(ty)?.module))
    }

    /// Rust of a type as an argument: behind a reference, unless it is copied.
    pub(super) fn reference(&self, ty: &Type) -> TokenStream {
        match ty {
            ty if Types::is_copy(ty) => self.rust_type(ty),
            Type::String => quote!(&str),
            Type::Base64 | Type::Base64Url => quote!(&[u8]),
            Type::Array(item) => {
                let item = self.rust_type(item);
                quote!(&[#item])
            }
            other => {
                let other = self.rust_type(other);
                quote!(&#other)
            }
        }
    }
}
