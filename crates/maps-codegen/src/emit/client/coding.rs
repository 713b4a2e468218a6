//! Calls of the runtime that write and read bodies.

use proc_macro2::TokenStream;
use quote::quote;

use super::scope::Scope;
use super::xml::root;
use crate::emit::models::request::leaves_out;
use crate::emit::types::Types;
use crate::model::{Body, Coding, Operation, Type};

/// The call that reads the body of an answer: `json()`.
///
/// `status` is that of the answer, where it has a type of its own.
pub(super) fn read(
    scope: &Scope<'_>,
    operation: &Operation,
    status: Option<u16>,
    ty: &Type,
) -> TokenStream {
    if *ty == Type::Bytes {
        // Whatever the other answers of the operation are.
        return quote!(bytes_body());
    }
    let mut good = operation
        .responses
        .iter()
        .filter(|response| !response.is_error);
    let element = good
        .find(|response| response.xml.is_some() && (status.is_none() || response.status == status))
        .and_then(|response| response.xml.as_ref());
    if let Some(element) = element {
        let root = root(scope, operation, element);
        return quote!(xml(&#root));
    }
    match (operation.coding, ty) {
        (Coding::Bytes, _) => quote!(bytes_body()),
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
pub(super) fn read_optional(scope: &Scope<'_>, operation: &Operation, ty: &Type) -> TokenStream {
    let read = read(scope, operation, None, ty);
    let text = read.to_string();
    match scope.format(ty) {
        _ if text == "json ()" => quote!(json_optional()),
        Some(format) if text.starts_with("json_as") => quote!(json_as_optional::<#format, _>()),
        _ => quote!(optional(|response| response.#read)),
    }
}

/// The call that sets the body of a request: `json("application/json", body)`.
pub(super) fn write(
    scope: &Scope<'_>,
    operation: &Operation,
    body: &Body,
    value: &TokenStream,
) -> TokenStream {
    let first = body.content_types.first();
    let content_type = first.map_or("application/json", String::as_str);
    if let Some(element) = &body.xml {
        let root = root(scope, operation, element);
        let value = match leaves_out(scope.service, &body.ty) {
            true => {
                let wrapper = scope.runtime("AsRequest");
                quote!(&#wrapper(#value))
            }
            false => value.clone(),
        };
        return quote!(xml(#content_type, &#root, #value));
    }
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
