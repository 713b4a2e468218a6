//! `Debug` of types with secret fields, which shows whether a secret is there and no more.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

/// How a field is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// As it is.
    Whole,
    /// A secret that is always there.
    Secret,
    /// A secret in an `Option` or a `Nullable`.
    PerhapsSecret,
}

impl Shown {
    /// How a field is shown that is secret, or may be absent, or neither.
    pub fn of(is_secret: bool, may_be_absent: bool) -> Self {
        match (is_secret, may_be_absent) {
            (false, _) => Self::Whole,
            (true, false) => Self::Secret,
            (true, true) => Self::PerhapsSecret,
        }
    }
}

/// How a struct comes by its `Debug`.
#[derive(Debug)]
pub struct DebugOf {
    /// `Debug,` within the `derive`; nothing where it is written out.
    pub derive: Option<TokenStream>,
    /// The implementation, where there is something to hide.
    pub written: Option<TokenStream>,
}

impl DebugOf {
    /// `Debug` of the struct `name`; `redacted` is the path of what stands for a secret.
    pub fn new(name: &Ident, fields: &[(Ident, Shown)], redacted: &TokenStream) -> Self {
        if fields.iter().all(|(_, shown)| *shown == Shown::Whole) {
            return Self {
                derive: Some(quote!(Debug,)),
                written: None,
            };
        }
        let shown = name.to_string();
        let fields = fields.iter().map(|(field, shown)| {
            let name = field.to_string();
            let name = name.trim_start_matches("r#");
            let value = match shown {
                Shown::Whole => quote!(self.#field),
                Shown::Secret => redacted.to_token_stream(),
                Shown::PerhapsSecret => quote!(self.#field.as_ref().map(|_| #redacted)),
            };
            quote!(.field(#name, &#value))
        });
        Self {
            derive: None,
            written: Some(quote! {
                impl std::fmt::Debug for #name {
                    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.debug_struct(#shown) #(#fields)* .finish()
                    }
                }
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::types::ident;

    #[test]
    fn debug_is_derived_where_nothing_is_secret() {
        let fields = [(ident("id"), Shown::of(false, true))];
        let debug = DebugOf::new(&ident("Login"), &fields, &quote!(Redacted));
        assert!(debug.derive.is_some() && debug.written.is_none());
    }

    #[test]
    fn secrets_are_hidden_and_their_absence_is_not() {
        let fields = [
            (ident("id"), Shown::of(false, false)),
            (ident("r#type"), Shown::of(true, false)),
            (ident("key"), Shown::of(true, true)),
        ];
        let debug = DebugOf::new(&ident("Login"), &fields, &quote!(Redacted));
        assert!(debug.derive.is_none());
        let written = debug.written.expect("it is written out").to_string();
        let expected = quote! {
            f.debug_struct("Login")
                .field("id", &self.id)
                .field("type", &Redacted)
                .field("key", &self.key.as_ref().map(|_| Redacted))
                .finish()
        };
        assert!(written.contains(&expected.to_string()), "{written}");
    }
}
