//! The `use` declarations of a generated file: what its items name, and nothing else.

use std::collections::HashSet;

use proc_macro2::{Delimiter, Ident, Spacing, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::Context;

/// Names that a file may use, by the path they are imported from.
const KNOWN: &[(&str, &[&str])] = &[
    ("std::collections", &["BTreeMap"]),
    ("std::convert", &["Infallible"]),
    ("std", &["fmt"]),
    ("std::num", &["ParseFloatError", "ParseIntError"]),
    ("std::str", &["FromStr"]),
    ("maps_types::request", &["ToRequest"]),
    ("maps_types::tagged", &["Tagged"]),
    (
        "maps_types",
        &["Nullable", "UnknownNumber", "UnknownObject", "UnknownValue"],
    ),
    (
        "serde",
        &["Deserialize", "Deserializer", "Serialize", "Serializer"],
    ),
    ("time", &["Date", "OffsetDateTime"]),
];

/// Import declarations.
pub(super) struct Imports {
    known: Vec<(TokenStream, Vec<Ident>)>,
    siblings: Vec<Ident>,
}

impl Imports {
    /// The imports of `items`, which define `own`.
    pub(super) fn of(cx: &Context<'_>, items: &TokenStream, own: &[Ident]) -> Self {
        let mut used = HashSet::new();
        collect(items.clone(), &mut used);
        let mut known: Vec<(&str, Vec<Ident>)> = KNOWN
            .iter()
            .filter_map(|(path, names)| {
                let names = names.iter().map(|name| ident(name));
                let names: Vec<Ident> = names.filter(|name| used.contains(name)).collect();
                (!names.is_empty()).then_some((*path, names))
            })
            .collect();
        // As rustfmt has it: by name, lists after what is below their path.
        known.sort_by_key(|(path, names)| {
            let end = match names.as_slice() {
                [name] => name.to_string(),
                _ => "~".to_owned(),
            };
            (!path.starts_with("std"), format!("{path}::{end}"))
        });
        let known = known.into_iter().map(|(path, names)| {
            let path = path.split("::").map(ident);
            (quote!(#(#path)::*), names)
        });
        let known = known.collect();
        let mut siblings: Vec<Ident> = cx
            .service
            .types
            .keys()
            .map(|key| cx.types.name(key))
            .filter(|name| used.contains(name) && !own.contains(name))
            .collect();
        siblings.sort();
        siblings.dedup();
        Self { known, siblings }
    }
}

impl ToTokens for Imports {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for (path, names) in &self.known {
            tokens.extend(match names.as_slice() {
                [name] => quote! { use #path::#name; },
                names => quote! { use #path::{#(#names),*}; },
            });
        }
        match self.siblings.as_slice() {
            [] => {}
            [name] => tokens.extend(quote! { use super::#name; }),
            names => tokens.extend(quote! { use super::{#(#names),*}; }),
        }
    }
}

fn ident(text: &str) -> Ident {
    crate::emit::types::ident(text)
}

/// Every identifier of the tokens that stands for something in scope: no variants, no members of paths.
pub(super) fn collect(tokens: TokenStream, used: &mut HashSet<Ident>) {
    let mut tokens = tokens.into_iter().peekable();
    // Whether the last tokens were `::`; whether they were `enum Name`.
    let (mut in_path, mut in_enum) = (false, false);
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(ident) => {
                in_enum |= ident == "enum";
                let is_module = ident == "fmt";
                let is_path = matches!(
                    tokens.peek(),
                    Some(TokenTree::Punct(punct)) if punct.as_char() == ':' && punct.spacing() == Spacing::Joint
                );
                if !in_path && (!is_module || is_path) {
                    used.insert(ident);
                }
                in_path = false;
            }
            TokenTree::Group(group) => {
                if in_enum && group.delimiter() == Delimiter::Brace {
                    // The names at this level are variants; what they hold is within groups.
                    for token in group.stream() {
                        if let TokenTree::Group(held) = token {
                            collect(held.stream(), used);
                        }
                    }
                    in_enum = false;
                } else {
                    collect(group.stream(), used);
                }
                in_path = false;
            }
            TokenTree::Punct(punct) => {
                in_path = punct.as_char() == ':' && (in_path || punct.spacing() == Spacing::Joint)
            }
            TokenTree::Literal(_) => in_path = false,
        }
    }
}
