//! Enums of answers whose type depends on the status.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::coding::read;
use super::headers::has_headers;
use super::scope::{Scope, Surface};
use crate::emit::docs::Doc;
use crate::emit::types::ident;
use crate::model::{Docs, Operation, OperationKind, Success, Type};

/// The answer enums of a surface.
pub(super) struct Answers<'a> {
    scope: &'a Scope<'a>,
    surface: &'a Surface<'a>,
}

impl<'a> Answers<'a> {
    pub(super) fn new(scope: &'a Scope<'a>, surface: &'a Surface<'a>) -> Self {
        Self { scope, surface }
    }
}

impl ToTokens for Answers<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for operation in &self.surface.operations {
            if let (OperationKind::Plain, Success::ByStatus(statuses)) =
                (&operation.kind, &operation.success)
            {
                Answer {
                    scope: self.scope,
                    surface: self.surface,
                    operation,
                    statuses,
                }
                .to_tokens(tokens);
            }
        }
    }
}

/// Whether an operation gives such an enum.
pub(super) fn has_answer(operation: &Operation) -> bool {
    matches!(
        (&operation.kind, &operation.success),
        (OperationKind::Plain, Success::ByStatus(_))
    )
}

/// The answers of one operation.
struct Answer<'a> {
    scope: &'a Scope<'a>,
    surface: &'a Surface<'a>,
    operation: &'a Operation,
    statuses: &'a [(u16, Option<Type>)],
}

impl Answer<'_> {
    fn variant(&self, status: u16, ty: Option<&Type>) -> TokenStream {
        let name = variant_name(status);
        let declared = self
            .operation
            .responses
            .iter()
            .find(|response| response.status == Some(status));
        let own = Doc::new(&format!("Status {status}."));
        let docs = match declared.map(|response| &response.docs) {
            Some(docs) if *docs != Docs::default() => {
                Doc::of(docs, "").paragraph(&format!("Status {status}."))
            }
            _ => own,
        };
        match ty {
            Some(ty) => {
                let ty = self.scope.rust_type(ty);
                quote!(#docs #name(#ty))
            }
            None => quote!(#docs #name),
        }
    }

    fn arm(&self, status: u16, ty: Option<&Type>) -> TokenStream {
        let name = variant_name(status);
        let code = status;
        let status = proc_macro2::Literal::u16_unsuffixed(code);
        match ty {
            Some(ty) => {
                let read = read(self.scope, self.operation, Some(code), ty);
                quote!(#status => Ok(response.#read?.map(Self::#name)))
            }
            None => quote!(#status => Ok(response.empty()?.map(|()| Self::#name))),
        }
    }
}

impl ToTokens for Answer<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            scope,
            surface,
            operation,
            statuses,
        } = self;
        let names = scope.operation(operation);
        let name = ident(&names.answer.ident);
        let client = surface.client(scope.service);
        let method = names.method.ident.trim_start_matches("r#");
        let docs = Doc::new(&format!(
            "Answer of [`{client}::{method}`](super::{client}::{method}), by its status."
        ));
        let variants = statuses
            .iter()
            .map(|(status, ty)| self.variant(*status, ty.as_ref()));
        let arms = statuses
            .iter()
            .map(|(status, ty)| self.arm(*status, ty.as_ref()));
        let result = scope.core("Result");
        let response = scope.core("Response");
        let raw = scope.core("RawResponse");
        let response = if has_headers(operation) {
            let headers = scope.sibling("super", &names.headers.ident);
            quote!(#response<Self, #headers>)
        } else {
            quote!(#response<Self>)
        };
        tokens.extend(quote! {
            #docs
            #[derive(Debug, Clone, PartialEq)]
            #[non_exhaustive]
            pub enum #name {
                #(#variants,)*
            }
            impl #name {
                /// Reads the answer; a status that the definition does not name is an error.
                pub(super) fn read(response: #raw) -> #result<#response> {
                    match response.status().as_u16() {
                        #(#arms,)*
                        _ => Err(response.into_error()),
                    }
                }
            }
        });
    }
}

/// Name of a status in HTTP: `Ok`, `Created`, `NoContent`.
pub(super) fn variant_name(status: u16) -> Ident {
    let name = match status {
        200 => "Ok",
        201 => "Created",
        202 => "Accepted",
        203 => "NonAuthoritativeInformation",
        204 => "NoContent",
        205 => "ResetContent",
        206 => "PartialContent",
        207 => "MultiStatus",
        300 => "MultipleChoices",
        301 => "MovedPermanently",
        302 => "Found",
        303 => "SeeOther",
        304 => "NotModified",
        307 => "TemporaryRedirect",
        308 => "PermanentRedirect",
        other => return ident(&format!("Status{other}")),
    };
    ident(name)
}
