//! Typed headers of answers.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::prose;
use super::scope::{Scope, Surface};
use crate::emit::docs::Doc;
use crate::emit::types::ident;
use crate::model::{Header, Operation, OperationKind, Type};

/// The header types of a surface.
pub(super) struct AllHeaders<'a> {
    scope: &'a Scope<'a>,
    surface: &'a Surface<'a>,
}

impl<'a> AllHeaders<'a> {
    pub(super) fn new(scope: &'a Scope<'a>, surface: &'a Surface<'a>) -> Self {
        Self { scope, surface }
    }
}

impl ToTokens for AllHeaders<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { scope, surface } = self;
        for operation in surface
            .operations
            .iter()
            .filter(|operation| has_headers(operation))
        {
            Headers {
                scope,
                surface,
                operation,
            }
            .to_tokens(tokens);
        }
    }
}

/// Whether an operation's answers have a type for their headers: its successes declare some, and it gives answers and
/// not a poller or pages.
pub(super) fn has_headers(operation: &Operation) -> bool {
    matches!(operation.kind, OperationKind::Plain) && !declared(operation).is_empty()
}

/// The headers that successes declare, each once.
fn declared(operation: &Operation) -> Vec<&Header> {
    let mut headers: Vec<&Header> = Vec::new();
    for header in operation
        .responses
        .iter()
        .filter(|response| !response.is_error)
        .flat_map(|response| &response.headers)
    {
        if headers
            .iter()
            .all(|known| !known.wire.eq_ignore_ascii_case(&header.wire))
        {
            headers.push(header);
        }
    }
    headers
}

/// The headers of one operation's answers.
struct Headers<'a> {
    scope: &'a Scope<'a>,
    surface: &'a Surface<'a>,
    operation: &'a Operation,
}

impl Headers<'_> {
    fn getter(&self, header: &Header) -> TokenStream {
        let scope = self.scope;
        let names = &scope.operation(self.operation).header_fields;
        let name = ident(
            &names
                .get(&header.wire)
                .expect("every header was named")
                .ident,
        );
        let result = scope.core("Result");
        let wire = header.wire.to_ascii_lowercase();
        let docs = Doc::of(&header.docs, &format!("The header {}.", prose::code(&header.wire)))
            .paragraph(&format!("Header {}.", prose::code(&header.wire)))
            .section(
                "Errors",
                "[`ErrorKind::Decode`](maps_core::ErrorKind::Decode) when the header is there and not of this type.",
            );
        let ty = match &header.ty {
            ty @ (Type::Bool | Type::I32 | Type::I64 | Type::F32 | Type::F64 | Type::Named(_)) => {
                scope.rust_type(ty)
            }
            ty if scope.text_format(ty).is_some() => scope.rust_type(ty),
            // Lists are given as they came.
            _ => quote!(String),
        };
        let read = match scope.text_format(&header.ty) {
            Some(format) => {
                let typed_header = scope.runtime("typed_header_with");
                quote!(#typed_header(&self.0, #wire, #format::parse))
            }
            None => {
                let typed_header = scope.runtime("typed_header");
                quote!(#typed_header(&self.0, #wire))
            }
        };
        quote! {
            #docs
            pub fn #name(&self) -> #result<Option<#ty>> {
                #read
            }
        }
    }
}

impl ToTokens for Headers<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            scope,
            surface,
            operation,
        } = self;
        let names = scope.operation(operation);
        let name = ident(&names.headers.ident);
        let client = surface.client(scope.service);
        let method = names.method.ident.trim_start_matches("r#");
        let map = scope.core("HeaderMap");
        let docs = Doc::new(&format!(
            "Headers of the answers of [`{client}::{method}`](super::{client}::{method})."
        ));
        let getters = declared(operation)
            .into_iter()
            .map(|header| self.getter(header));
        tokens.extend(quote! {
            #docs
            #[derive(Debug, Clone)]
            pub struct #name(#map);
            impl #name {
                #(#getters)*
            }
            impl From<#map> for #name {
                fn from(headers: #map) -> Self {
                    Self(headers)
                }
            }
        });
    }
}
