//! Calls of the runtime that write and read bodies.

use proc_macro2::TokenStream;
use quote::quote;

use super::scope::Scope;
use crate::emit::models::request::leaves_out;
use crate::emit::types::Types;
use crate::model::{Body, Coding, Type};

/// The call that reads the body of an answer: `json()`.
pub(super) fn read(scope: &Scope<'_>, coding: Coding, ty: &Type) -> TokenStream {
    match (coding, ty) {
        (_, Type::Bytes) | (Coding::Bytes, _) => quote!(bytes_body()),
        (Coding::Text, Type::String) => quote!(text()),
        (Coding::Text, ty) => match scope.text_format(ty) {
            Some(format) => quote!(text_with(#format::parse)),
            None => quote!(text_with(str::parse)),
        },
        (Coding::Json | Coding::Xml, ty) => match scope.format(ty) {
            Some(format) => quote!(json_as::<#format, _>()),
            None => quote!(json()),
        },
    }
}

/// The same where there may be none.
pub(super) fn read_optional(scope: &Scope<'_>, coding: Coding, ty: &Type) -> TokenStream {
    let read = read(scope, coding, ty);
    match read.to_string().as_str() {
        "json ()" => quote!(json_optional()),
        _ => quote!(optional(|response| response.#read)),
    }
}

/// The call that sets the body of a request: `json("application/json", body)`.
pub(super) fn write(
    scope: &Scope<'_>,
    body: &Body,
    content_type: &str,
    value: &TokenStream,
) -> TokenStream {
    let lent = Types::is_copy(&body.ty).then(|| quote!(&));
    match (body.coding, &body.ty) {
        (_, Type::Bytes) | (Coding::Bytes, _) => quote!(bytes(#content_type, #value)),
        (Coding::Text, ty) => match scope.text_format(ty) {
            Some(format) => quote!(text(#content_type, #format::format(#lent #value))),
            None => quote!(text(#content_type, #value)),
        },
        (Coding::Json | Coding::Xml, ty) => {
            if leaves_out(scope.service, ty) {
                let wrapper = scope.runtime("AsRequest");
                return quote!(json(#content_type, &#wrapper(#value)));
            }
            match scope.format(ty) {
                Some(format) => quote!(json_as::<#format>(#content_type, #lent #value)),
                None => quote!(json(#content_type, #lent #value)),
            }
        }
    }
}
