//! Errors of a service as errors of Rust.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::Context;
use super::access::{Field, Presence};
use crate::model::{EnumBase, Struct, Type, TypeDef, TypeKey, TypeKind};

/// `Display` and `std::error::Error` of an error model.
pub(super) struct ErrorImpls<'a> {
    cx: &'a Context<'a>,
    key: &'a TypeKey,
    fields: Vec<Field<'a>>,
}

/// A property that is a text.
enum Text {
    /// A `&str`.
    Always(TokenStream),
    /// An `Option<&str>`.
    Maybe(TokenStream),
}

/// Either of them as an `Option<&str>`.
impl ToTokens for Text {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match self {
            Self::Always(text) => quote!(Some(#text)),
            Self::Maybe(text) => text.clone(),
        });
    }
}

impl<'a> ErrorImpls<'a> {
    /// The implementations, where the type is an error.
    pub(super) fn of(
        cx: &'a Context<'a>,
        key: &'a TypeKey,
        def: &TypeDef,
        body: &'a Struct,
    ) -> Option<Self> {
        def.is_error.then(|| Self {
            cx,
            key,
            fields: Field::all(cx, key, &body.properties),
        })
    }

    fn field(&self, wire: &str) -> Option<&Field<'a>> {
        self.fields.iter().find(|field| field.property.wire == wire)
    }

    fn text(&self, wire: &str) -> Option<Text> {
        let field = self.field(wire)?;
        let name = field.ident();
        let is_text_enum = |key| matches!(self.cx.get(key).map(|def| &def.kind), Some(TypeKind::Enum(body)) if body.base == EnumBase::String);
        match (&field.property.ty, field.presence()) {
            (_, Presence::OptionalNullable) => None,
            (Type::String, Presence::Required) => Some(Text::Always(quote!(self.#name.as_str()))),
            (Type::String, _) => Some(Text::Maybe(quote!(self.#name.as_deref()))),
            (Type::Named(key), Presence::Required) if is_text_enum(key) => {
                Some(Text::Always(quote!(self.#name.as_str())))
            }
            (Type::Named(key), _) if is_text_enum(key) => Some(Text::Maybe(
                quote!(self.#name.as_ref().map(|#name| #name.as_str())),
            )),
            _ => None,
        }
    }

    /// What `Display` writes.
    fn display(&self) -> TokenStream {
        let fallback = format!("{} without code and message", self.cx.types.name(self.key));
        match (self.text("code"), self.text("message")) {
            (Some(code), Some(message)) => quote! {
                match (#code, #message) {
                    (Some(code), Some(message)) => write!(f, "{code}: {message}"),
                    (Some(text), None) | (None, Some(text)) => f.write_str(text),
                    (None, None) => f.write_str(#fallback),
                }
            },
            (Some(Text::Always(text)), None) | (None, Some(Text::Always(text))) => {
                quote!(f.write_str(#text))
            }
            (Some(Text::Maybe(text)), None) | (None, Some(Text::Maybe(text))) => {
                quote!(f.write_str(#text.unwrap_or(#fallback)))
            }
            (None, None) => self
                .inner_display()
                .unwrap_or_else(|| quote!(f.write_str(#fallback))),
        }
    }

    /// `Display` of the error within, `{ "error": { .. } }`.
    fn inner_display(&self) -> Option<TokenStream> {
        let field = self.fields.iter().find(|field| match &field.property.ty {
            Type::Named(key) => self
                .cx
                .get(key)
                .is_some_and(|def| def.is_error && matches!(def.kind, TypeKind::Struct(_))),
            _ => false,
        })?;
        let name = field.ident();
        let fallback = format!(
            "{} without {}",
            self.cx.types.name(self.key),
            field.property.wire
        );
        match field.presence() {
            Presence::OptionalNullable => None,
            Presence::Required => Some(quote!(fmt::Display::fmt(&self.#name, f))),
            _ => Some(quote! {
                match &self.#name {
                    Some(#name) => fmt::Display::fmt(#name, f),
                    None => f.write_str(#fallback),
                }
            }),
        }
    }
}

impl ToTokens for ErrorImpls<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let name = self.cx.types.name(self.key);
        let display = self.display();
        tokens.extend(quote! {
            impl fmt::Display for #name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { #display }
            }

            impl std::error::Error for #name {}
        });
    }
}
