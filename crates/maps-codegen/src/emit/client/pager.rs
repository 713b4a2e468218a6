//! Pageable operations: the stream that a client's method returns.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::request::RequestParts;
use crate::emit::docs::Doc;
use crate::emit::types::ident;
use crate::model::{Pageable, Property, Struct, Type, TypeKind};

/// The stream of the items of a pageable operation.
pub(super) struct PagerRequest<'a> {
    pub(super) parts: RequestParts<'a>,
    pub(super) pageable: &'a Pageable,
}

impl PagerRequest<'_> {
    /// A property of the page and its field.
    fn field(&self, wire: &str) -> Option<(TokenStream, &Property)> {
        let scope = self.parts.scope;
        let key = &self.pageable.page;
        let TypeKind::Struct(Struct { properties, .. }) = &scope.service.types.get(key)?.kind
        else {
            return None;
        };
        let (index, property) = properties
            .iter()
            .enumerate()
            .find(|(_, property)| property.wire == wire)?;
        let name = scope.names.members.get(&(key.clone(), index))?;
        Some((ident(&name.ident).to_token_stream(), property))
    }

    /// A function from a page to its items.
    fn items(&self) -> TokenStream {
        match self.field(&self.pageable.items) {
            None => quote!(|_| Vec::new()),
            Some((field, property)) if property.nullable && !property.required => {
                quote!(|page| page.#field.into_value().unwrap_or_default())
            }
            Some((field, property)) if property.required && !property.nullable => {
                quote!(|page| page.#field)
            }
            Some((field, _)) => quote!(|page| page.#field.unwrap_or_default()),
        }
    }

    /// A function from a page to the link of the next one.
    fn next_link(&self) -> TokenStream {
        match self
            .pageable
            .next_link
            .as_ref()
            .and_then(|wire| self.field(wire))
        {
            None => quote!(|_| None),
            // What has no type is a link when it is a text.
            Some((field, property)) if property.ty == Type::Any => {
                let link = match (property.required, property.nullable) {
                    (false, true) => quote!(.value().and_then(|link| link.as_str())),
                    (true, false) => quote!(.as_str()),
                    _ => quote!(.as_ref().and_then(|link| link.as_str())),
                };
                quote!(|page| page.#field #link)
            }
            Some((field, property)) if property.nullable && !property.required => {
                quote!(|page| page.#field.value().map(String::as_str))
            }
            Some((field, property)) if property.required && !property.nullable => {
                quote!(|page| Some(page.#field.as_str()))
            }
            Some((field, _)) => quote!(|page| page.#field.as_deref()),
        }
    }
}

impl ToTokens for PagerRequest<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let parts = &self.parts;
        let scope = parts.scope;
        let name = &parts.name;
        let pager = scope.core("Pager");
        let pages = scope.core("Pages");
        let result = scope.core("Result");
        let stream = scope.runtime("Stream");
        let pin = scope.std("std::pin", "Pin");
        let context = scope.std("std::task", "Context");
        let poll = scope.std("std::task", "Poll");
        let item = scope.rust_type(&self.pageable.item);
        let page = scope.model(&self.pageable.page);
        let (next_link, items) = (self.next_link(), self.items());
        let docs = Doc::new(&format!("Items of {}, a stream.", parts.method_link())).paragraph(
            "A page is asked for when the items of the one before are used up. Setters count until the first one is asked \
             for.",
        );
        let (client, request) = (parts.client_variable(), parts.request_variable());
        let made = match scope.statics.following(parts.operation) {
            None => quote!(new(#client.pipeline.clone(), #request, #next_link, #items)),
            Some(following) => {
                let following = scope.constant(following);
                quote!(with_following(#client.pipeline.clone(), #request, #next_link, #items, &#following))
            }
        };
        let made = quote!(Self { pager: #pager::#made });
        let constructor = parts.constructor(&made);
        let setters = parts.setters(&quote!(self.pager.request_mut()));
        let next_docs = Doc::new("The next item, `None` after the last.")
            .section(
                "Errors",
                &format!(
                    "Those of {}; an error ends the stream.",
                    parts.method_link()
                ),
            )
            .section(
                "Cancel safety",
                "Dropping the future loses no item: the next call goes on where it was.",
            );
        tokens.extend(quote! {
            #docs
            #[derive(Debug)]
            #[must_use = "a stream does nothing until it is polled"]
            pub struct #name {
                pager: #pager<#item, #page>,
            }
            impl #name {
                #constructor
                #setters
                #next_docs
                pub async fn next(&mut self) -> Option<#result<#item>> {
                    self.pager.next().await
                }
                /// The pages in place of their items, each with status and headers.
                pub fn pages(self) -> #pages<#page> {
                    self.pager.pages()
                }
                /// The pager, which gives and takes continuation tokens.
                pub fn into_pager(self) -> #pager<#item, #page> {
                    self.pager
                }
                /// The items as an iterator that blocks the thread.
                #[cfg(feature = "blocking")]
                pub fn iter_blocking(self) -> maps_core::Blocking<#pager<#item, #page>> {
                    self.pager.iter_blocking()
                }
            }
            impl #stream for #name {
                type Item = #result<#item>;

                fn poll_next(mut self: #pin<&mut Self>, context: &mut #context<'_>) -> #poll<Option<Self::Item>> {
                    #pin::new(&mut self.pager).poll_next(context)
                }
            }
        });
    }
}
