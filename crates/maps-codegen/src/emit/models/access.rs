//! Properties as fields: their types, and how a method reads one from elsewhere.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Context;
use crate::emit::types::{Types, ident};
use crate::model::{Property, Type, TypeKey, TypeKind};

/// When a property is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// Always, with a value.
    Required,
    /// Always, perhaps as `null`. Absence is taken for `null`.
    RequiredNullable,
    /// Perhaps.
    Optional,
    /// Perhaps, and `null` differs from absence.
    OptionalNullable,
}

/// A property and its field.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    pub(super) cx: &'a Context<'a>,
    pub(super) owner: &'a TypeKey,
    pub(super) index: usize,
    pub(super) property: &'a Property,
}

impl<'a> Field<'a> {
    pub(super) fn all(
        cx: &'a Context<'a>,
        owner: &'a TypeKey,
        properties: &'a [Property],
    ) -> Vec<Self> {
        let fields = properties.iter().enumerate();
        fields
            .map(|(index, property)| Self {
                cx,
                owner,
                index,
                property,
            })
            .collect()
    }

    /// Name as [`Names`](crate::names::Names) has it, raw identifiers with `r#`.
    pub(super) fn name(&self) -> &'a str {
        self.cx.member(self.owner, self.index)
    }

    /// Whether the name is another one than the definition suggests.
    pub(super) fn is_renamed(&self) -> bool {
        let key = (self.owner.clone(), self.index);
        let name = self.cx.names.members.get(&key);
        name.is_some_and(|name| name.renamed_from.is_some())
    }

    pub(super) fn ident(&self) -> Ident {
        ident(self.name())
    }

    pub(super) fn presence(&self) -> Presence {
        match (self.property.required, self.property.nullable) {
            (true, false) => Presence::Required,
            (true, true) => Presence::RequiredNullable,
            (false, false) => Presence::Optional,
            (false, true) => Presence::OptionalNullable,
        }
    }

    /// Name and path of another field of the same struct, by its name on the wire.
    pub(super) fn sibling_link(&self, wire: &str) -> Option<(String, String)> {
        let TypeKind::Struct(body) = &self.cx.get(self.owner)?.kind else {
            return None;
        };
        let index = body
            .properties
            .iter()
            .position(|other| other.wire == wire)?;
        let name = unraw(self.cx.member(self.owner, index));
        (index != self.index).then(|| (name.to_owned(), format!("Self::{name}")))
    }

    /// Whether `new` takes it.
    pub(super) fn is_argument(&self) -> bool {
        self.presence() == Presence::Required && self.property.constant.is_none()
    }

    /// The type of the field.
    pub(super) fn ty(&self) -> TokenStream {
        let mut ty = self.cx.types.owned(&self.property.ty);
        if self.property.boxed {
            ty = quote!(Box<#ty>);
        }
        match self.presence() {
            Presence::Required => ty,
            Presence::RequiredNullable | Presence::Optional => quote!(Option<#ty>),
            Presence::OptionalNullable => quote!(Nullable<#ty>),
        }
    }

    /// Type and expression with which a method reads it from `owner`, an expression of the struct or a reference to
    /// it; always an `Option`. `None` where `null` would have to be told from absence.
    pub(super) fn read(&self, owner: &TokenStream) -> Option<(TokenStream, TokenStream)> {
        let field = self.ident();
        let ty = &self.property.ty;
        let owned = self.cx.types.owned(ty);
        let (borrowed, derefs) = match ty {
            ty if Types::is_copy(ty) => (owned, false),
            Type::String => (quote!(&str), true),
            Type::Array(item) => {
                let item = self.cx.types.owned(item);
                (quote!(&[#item]), true)
            }
            _ => (quote!(&#owned), self.property.boxed),
        };
        let value = match self.presence() {
            Presence::OptionalNullable => return None,
            Presence::Required if Types::is_copy(ty) => quote!(Some(#owner.#field)),
            Presence::Required => quote!(Some(&#owner.#field)),
            _ if Types::is_copy(ty) => quote!(#owner.#field),
            _ if derefs => quote!(#owner.#field.as_deref()),
            _ => quote!(#owner.#field.as_ref()),
        };
        Some((quote!(Option<#borrowed>), value))
    }

    /// The value to store in the field, from a value of the property's type.
    pub(super) fn stored(&self, value: TokenStream) -> TokenStream {
        match (self.presence(), self.property.boxed) {
            (Presence::Required, false) | (Presence::OptionalNullable, _) => value,
            (Presence::Required, true) => quote!(Box::new(#value)),
            (_, false) => quote!(Some(#value)),
            (_, true) => quote!(Some(Box::new(#value))),
        }
    }
}

/// An identifier without `r#`, as `serde` derives its name.
pub(super) fn unraw(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}
