//! The `use` lines of a generated file: collected while its body is made, so that none is missing or unused.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::emit::types::ident;

/// Where an imported item comes from, in the order of the `use` lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    /// The standard library.
    Std,
    /// Another crate.
    Crate,
    /// The crate itself.
    Own,
}

/// The `use` lines of one file.
#[derive(Debug, Default)]
pub(super) struct Imports {
    /// Paths and the items taken from each.
    items: RefCell<BTreeMap<(Source, String), BTreeSet<String>>>,
    /// Whole modules under a name of their own: path and name.
    renamed: RefCell<BTreeMap<(Source, String), String>>,
}

impl Imports {
    /// Takes `item` from `path`, a path of the standard library, of a crate, or starting with `super`.
    pub(super) fn item(&self, path: &str, item: &str) {
        self.items
            .borrow_mut()
            .entry((source(path), path.to_owned()))
            .or_default()
            .insert(item.to_owned());
    }

    /// Takes the module at `path` under the name `name`.
    pub(super) fn module_as(&self, path: &str, name: &str) {
        self.renamed
            .borrow_mut()
            .insert((source(path), path.to_owned()), name.to_owned());
    }
}

fn source(path: &str) -> Source {
    match path.split("::").next() {
        Some("std") => Source::Std,
        Some("super" | "crate" | "self") => Source::Own,
        _ => Source::Crate,
    }
}

impl ToTokens for Imports {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let mut lines: BTreeMap<(Source, String), TokenStream> = BTreeMap::new();
        for (key, items) in self.items.borrow().iter() {
            let path = path(&key.1);
            let items: Vec<_> = items.iter().map(|item| path_end(item)).collect();
            let line = match items.as_slice() {
                [one] => quote! { use #path::#one; },
                several => quote! { use #path::{#(#several),*}; },
            };
            // As rustfmt has it: by name, lists after what is below their path.
            let end = if let [_] = items.as_slice() {
                quote!(#(#items)*).to_string()
            } else {
                "~".to_owned()
            };
            lines.insert((key.0.clone(), format!("{}::{end}", key.1)), line);
        }
        for (key, name) in self.renamed.borrow().iter() {
            let path = path(&key.1);
            let name = ident(name);
            let line = quote! { use #path as #name; };
            lines.insert((key.0.clone(), format!("{} as", key.1)), line);
        }
        tokens.extend(lines.into_values());
    }
}

fn path(text: &str) -> TokenStream {
    let segments = text.split("::").map(path_end);
    quote! { #(#segments)::* }
}

fn path_end(segment: &str) -> TokenStream {
    match segment {
        "super" => quote!(super),
        "crate" => quote!(crate),
        "self" => quote!(self),
        other => ident(other).to_token_stream(),
    }
}
