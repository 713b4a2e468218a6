//! Parameters that are lists.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Argument;
use crate::emit::types::ident;
use crate::model::{Collection, Location, Parameter, Type};

impl Argument<'_> {
    /// The statement that puts the items of a list on `request`.
    pub(super) fn write_list(&self, request: &TokenStream, items: &TokenStream) -> TokenStream {
        let Parameter {
            wire,
            location,
            collection,
            ..
        } = self.parameter;
        if *location == Location::Path && self.parameter.skip_url_encoding {
            let separator = separator(*collection);
            let name = &self.name;
            let prelude = quote! {
                let #name: Vec<String> = #items.into_iter().map(|item| item.to_string()).collect();
            };
            return self.write_text(request, &prelude, &quote!(#name.join(#separator)));
        }
        let ty = self.scope.runtime("Collection");
        let format = collection_format(*collection);
        match location {
            Location::Path => {
                let check = self.check();
                quote!(#request.path_list(#wire, #items, #ty::#format, #check);)
            }
            Location::Query => quote!(#request.query_list(#wire, #items, #ty::#format);),
            Location::Form => quote!(#request.form_list(#wire, #items, #ty::#format);),
            Location::Header => quote!(#request.header_list(#wire, #items, #ty::#format);),
            // `GroupArgument` writes it.
            Location::Body => TokenStream::new(),
        }
    }

    /// An iterator over the items of a list of texts.
    pub(super) fn text_items(&self, value: &TokenStream, item: &Type) -> Option<TokenStream> {
        // How the items of a list within a list are written, nothing declares: the caller writes each as a text.
        (self.is_text(item) || matches!(item, Type::Array(_)))
            .then(|| quote!(#value.into_iter().map(Into::<String>::into)))
    }

    /// What becomes of an item that holds the separator of its list.
    pub(super) fn list_facts(&self) -> &'static str {
        let Parameter {
            ty,
            location,
            collection,
            header_prefix,
            ..
        } = self.parameter;
        let is_list = matches!(ty, Type::Array(item) if self.is_text(item));
        if !is_list || header_prefix.is_some() || self.is_file() {
            return "";
        }
        let is_repeatable = matches!(location, Location::Query | Location::Form);
        let has_escapes = match location {
            Location::Path => !self.parameter.skip_url_encoding,
            Location::Query | Location::Form => true,
            Location::Header | Location::Body => false,
        };
        match collection {
            Collection::Multi if is_repeatable => "",
            Collection::Csv | Collection::Multi if has_escapes => {
                " Sent with commas in between; a comma within an item is escaped."
            }
            Collection::Csv | Collection::Multi => {
                " Sent with commas in between; an item that holds one is refused."
            }
            Collection::Ssv if is_repeatable => {
                " Sent with spaces in between; a space within an item is sent as `+`."
            }
            Collection::Ssv => " Sent with spaces in between; an item that holds one is refused.",
            Collection::Tsv => " Sent with tabs in between; an item that holds one is refused.",
            Collection::Pipes => " Sent with `|` in between; an item that holds one is refused.",
        }
    }
}

fn collection_format(collection: Collection) -> Ident {
    ident(match collection {
        Collection::Csv => "Csv",
        Collection::Ssv => "Ssv",
        Collection::Tsv => "Tsv",
        Collection::Pipes => "Pipes",
        Collection::Multi => "Multi",
    })
}

/// What stands between the items of a list in a path, where a name cannot be repeated.
fn separator(collection: Collection) -> &'static str {
    match collection {
        Collection::Csv | Collection::Multi => ",",
        Collection::Ssv => " ",
        Collection::Tsv => "\t",
        Collection::Pipes => "|",
    }
}
