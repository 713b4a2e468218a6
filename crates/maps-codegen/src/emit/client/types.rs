//! Types of values as clients write them: models behind their module.

use proc_macro2::TokenStream;
use quote::quote;

use super::scope::Scope;
use crate::emit::types::ident;
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

    /// Rust of a type behind a reference, as an argument.
    pub(super) fn reference(&self, ty: &Type) -> TokenStream {
        match ty {
            Type::String => quote!(&str),
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
