//! The body as an argument.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::coding::write;
use super::prose;
use super::scope::Scope;
use crate::emit::docs::Doc;
use crate::emit::types::{Types, ident};
use crate::model::{Body, Operation, Type};

/// The body of a request.
pub(super) struct BodyArgument<'a> {
    scope: &'a Scope<'a>,
    operation: &'a Operation,
    body: &'a Body,
    /// Rust name of the argument or setter.
    pub(super) name: Ident,
}

impl<'a> BodyArgument<'a> {
    pub(super) fn new(scope: &'a Scope<'a>, operation: &'a Operation, body: &'a Body) -> Self {
        let key = ("body", body.wire.clone());
        let name = scope
            .operation(operation)
            .parameters
            .get(&key)
            .expect("every body was named");
        Self {
            scope,
            operation,
            body,
            name: ident(&name.ident),
        }
    }

    /// Type of the argument.
    pub(super) fn ty(&self) -> TokenStream {
        let value = if self.is_bytes() {
            self.scope.core("Upload")
        } else {
            self.scope.reference(&self.body.ty)
        };
        if self.has_other_media() {
            let content = self.scope.core("Content");
            let value = if self.is_named_loan() {
                let lent = value.into_iter().skip(1);
                quote!(&'a #(#lent)*)
            } else {
                value
            };
            quote!(impl Into<#content<#value>>)
        } else if self.is_bytes() {
            quote!(impl Into<#value>)
        } else {
            value
        }
    }

    /// Generic parameters of a function with the argument: a lifetime within `impl` needs a name.
    pub(super) fn generics(&self) -> Option<TokenStream> {
        self.is_named_loan().then(|| quote!(<'a>))
    }

    fn is_named_loan(&self) -> bool {
        self.has_other_media() && !self.is_bytes() && !Types::is_copy(&self.body.ty)
    }

    /// Whether the body may be in a media type of which nothing but the name is known.
    fn has_other_media(&self) -> bool {
        !self.body.other_content_types.is_empty()
    }

    /// The statement that puts the body on `request`.
    pub(super) fn write(&self, request: &TokenStream, value: &TokenStream) -> TokenStream {
        let write = write(self.scope, self.operation, self.body, value);
        if self.has_other_media() {
            return quote!(#request.content(#value, |request, #value| request.#write););
        }
        quote!(#request.#write;)
    }

    /// Whether the body goes out as it is, and not as JSON.
    pub(super) fn is_bytes(&self) -> bool {
        matches!(self.body.ty, Type::Bytes)
    }

    /// Docs of a setter.
    pub(super) fn docs(&self) -> Doc {
        Doc::of(&self.body.docs, "Sets the body of the request.").paragraph(&self.other_media())
    }

    /// What a caller should know about the argument, in one line.
    pub(super) fn line(&self) -> Option<String> {
        let text = prose::line(&self.body.docs, &self.other_media())?;
        Some(format!("- `{}`: {text}", self.name))
    }

    /// What is said of media types that the value is not written in.
    fn other_media(&self) -> String {
        let listed: Vec<String> = self
            .body
            .other_content_types
            .iter()
            .map(|media| prose::code(media))
            .collect();
        let Some((last, others)) = listed.split_last() else {
            return String::new();
        };
        let listed = match others {
            [] => last.clone(),
            others => format!("{} or {last}", others.join(", ")),
        };
        format!("As {listed} it is given by [`Content::bytes`](maps_core::Content::bytes).")
    }
}
