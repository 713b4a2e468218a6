//! Parameters: how a caller gives one, and how a request takes it.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};
use serde_json::Value;

use super::operations::check_option;
use super::prose;
use super::scope::Scope;
use crate::emit::docs::{Doc, Facts};
use crate::emit::types::ident;
use crate::model::{
    Docs, EnumBase, Location, Operation, Parameter, ParameterGroup, Role, Type, TypeKind,
};

mod list;

/// A path, query or header parameter of an operation, or of the client.
pub(super) struct Argument<'a> {
    scope: &'a Scope<'a>,
    parameter: &'a Parameter,
    /// Rust name of the argument or setter.
    pub(super) name: Ident,
    /// Whether it is another one than the definition suggests.
    is_renamed: bool,
}

impl<'a> Argument<'a> {
    /// A parameter of an operation.
    pub(super) fn new(
        scope: &'a Scope<'a>,
        operation: &Operation,
        parameter: &'a Parameter,
    ) -> Self {
        let key = (location_key(parameter.location), parameter.wire.clone());
        let names = &scope.operation(operation).parameters;
        let name = names
            .get(&key)
            .or_else(|| scope.client_parameter(parameter));
        let name = name.expect("every parameter was named");
        Self {
            scope,
            parameter,
            name: ident(&name.ident),
            is_renamed: name.renamed_from.is_some(),
        }
    }

    /// A client-level parameter, as an option of the client.
    pub(super) fn of_client(scope: &'a Scope<'a>, parameter: &'a Parameter) -> Self {
        let name = scope
            .client_parameter(parameter)
            .expect("every client-level parameter was named");
        Self {
            scope,
            parameter,
            name: ident(&name.ident),
            is_renamed: name.renamed_from.is_some(),
        }
    }

    /// A parameter of a group, as a field of the group's struct.
    pub(super) fn of_group(
        scope: &'a Scope<'a>,
        group: &'a ParameterGroup,
        parameter: &Parameter,
    ) -> Option<Self> {
        let is_it =
            |own: &Parameter| own.wire == parameter.wire && own.location == parameter.location;
        let at = group.parameters.iter().position(is_it)?;
        let name = scope
            .names
            .parameter_groups
            .get(&group.wire)?
            .fields
            .get(at)?;
        Some(Self {
            scope,
            parameter: &group.parameters[at],
            name: ident(&name.ident),
            is_renamed: name.renamed_from.is_some(),
        })
    }

    /// What the definition says about it.
    pub(super) fn parameter(&self) -> &'a Parameter {
        self.parameter
    }

    /// Type of the argument: `impl AsRef<str>`.
    pub(super) fn ty(&self) -> TokenStream {
        if self.parameter.header_prefix.is_some() {
            let display = self.scope.std("std::fmt", "Display");
            return quote!(impl IntoIterator<Item = (impl AsRef<str>, impl #display)>);
        }
        if self.parameter.location == Location::Body {
            let ty = self.kept_type();
            return match self.parameter.ty {
                Type::String | Type::Bytes => quote!(impl Into<#ty>),
                _ => ty,
            };
        }
        self.argument_type(&self.parameter.ty)
    }

    fn argument_type(&self, ty: &Type) -> TokenStream {
        match ty {
            Type::Bytes if self.is_file() => {
                let file = self.scope.core("FormFile");
                quote!(impl Into<#file>)
            }
            Type::Array(_) if self.is_file() => {
                let file = self.scope.core("FormFile");
                quote!(impl IntoIterator<Item = impl Into<#file>>)
            }
            Type::Bool | Type::I32 | Type::I64 | Type::F32 | Type::F64 => self.scope.rust_type(ty),
            Type::DateTime | Type::DateTimeRfc1123 | Type::UnixTime | Type::Date => {
                self.scope.rust_type(ty)
            }
            Type::Base64 | Type::Base64Url => quote!(impl Into<Vec<u8>>),
            Type::Named(_) if self.is_enum(ty) => {
                let ty = self.scope.rust_type(ty);
                quote!(impl Into<#ty>)
            }
            Type::Array(item) => match item.as_ref() {
                Type::Bool | Type::I32 | Type::I64 | Type::F32 | Type::F64 => {
                    let item = self.scope.rust_type(item);
                    quote!(impl IntoIterator<Item = #item>)
                }
                item if self.is_enum(item) => {
                    let item = self.scope.rust_type(item);
                    quote!(impl IntoIterator<Item = #item>)
                }
                _ => quote!(impl IntoIterator<Item = impl Into<String>>),
            },
            Type::Nullable(inner) => self.argument_type(inner),
            _ => quote!(impl AsRef<str>),
        }
    }

    /// Type of the value that a client keeps.
    pub(super) fn kept_type(&self) -> TokenStream {
        if self.parameter.header_prefix.is_some() {
            return quote!(Vec<(String, String)>);
        }
        match &self.parameter.ty {
            Type::Bytes if self.parameter.location == Location::Body => self.scope.core("Upload"),
            ty if self.parameter.location == Location::Body => self.scope.rust_type(ty),
            Type::Array(_) if self.is_file() => {
                let file = self.scope.core("FormFile");
                quote!(Vec<#file>)
            }
            _ if self.is_file() => self.scope.core("FormFile"),
            Type::Array(_) => quote!(Vec<String>),
            ty if self.is_text(ty) => quote!(String),
            Type::Base64 | Type::Base64Url => quote!(Vec<u8>),
            ty => self.scope.rust_type(ty),
        }
    }

    /// The declared default as a value that a client keeps.
    pub(super) fn kept_default(&self) -> Option<TokenStream> {
        let parameter = self.parameter;
        let default = parameter.default.as_ref()?;
        match (&parameter.ty, default) {
            (ty, Value::String(text)) if self.is_text(ty) => Some(quote!(#text.to_owned())),
            (ty, Value::String(text)) if self.is_enum(ty) => {
                let ty = self.scope.rust_type(ty);
                Some(quote!(#ty::from(#text)))
            }
            (Type::Bool, Value::Bool(value)) => Some(quote!(#value)),
            (Type::I32 | Type::I64, Value::Number(number)) => {
                let number = Literal::i64_unsuffixed(number.as_i64()?);
                Some(quote!(#number))
            }
            (Type::F32 | Type::F64, Value::Number(number)) => {
                let number = Literal::f64_unsuffixed(number.as_f64()?);
                Some(quote!(#number))
            }
            _ => None,
        }
    }

    /// The value that a client keeps, from the argument.
    pub(super) fn kept_value(&self) -> TokenStream {
        let name = &self.name;
        if self.parameter.header_prefix.is_some() {
            return quote! {
                #name.into_iter().map(|(name, value)| (name.as_ref().to_owned(), value.to_string())).collect()
            };
        }
        let is_body = self.parameter.location == Location::Body;
        match &self.parameter.ty {
            Type::String | Type::Bytes if is_body => quote!(#name.into()),
            _ if is_body => quote!(#name),
            Type::Array(_) if self.is_file() => {
                quote!(#name.into_iter().map(Into::into).collect())
            }
            _ if self.is_file() => quote!(#name.into()),
            Type::Array(item) if self.is_text(item) => {
                quote!(#name.into_iter().map(Into::into).collect())
            }
            Type::Array(_) => quote!(#name.into_iter().map(|item| item.to_string()).collect()),
            ty if self.is_text(ty) => quote!(#name.as_ref().to_owned()),
            Type::Base64 | Type::Base64Url => quote!(#name.into()),
            ty if self.is_enum(ty) => quote!(#name.into()),
            _ => quote!(#name),
        }
    }

    /// The statement that puts the value on `request`, an expression of type `Request` or `&mut Request`; `value` is
    /// an argument of [`ty`](Self::ty).
    pub(super) fn write(&self, request: &TokenStream, value: &TokenStream) -> TokenStream {
        if let Some(prefix) = &self.parameter.header_prefix {
            return quote!(#request.header_map(#prefix, #value););
        }
        let Parameter { wire, .. } = self.parameter;
        if self.is_file() {
            let method = match self.parameter.ty {
                Type::Array(_) => quote!(form_files),
                _ => quote!(form_file),
            };
            return quote!(#request.#method(#wire, #value););
        }
        if let Type::Array(item) = &self.parameter.ty {
            let items = self
                .text_items(value, item)
                .unwrap_or_else(|| value.clone());
            return self.write_list(request, &items);
        }
        let mut prelude = TokenStream::new();
        let value = match &self.parameter.ty {
            ty if self.is_enum(ty) => {
                let name = &self.name;
                let ty = self.scope.rust_type(ty);
                prelude = quote!(let #name: #ty = #value.into(););
                name.to_token_stream()
            }
            ty @ (Type::Base64 | Type::Base64Url) => {
                let name = &self.name;
                prelude = quote!(let #name: Vec<u8> = #value.into(););
                self.format(ty, &quote!(&#name))
            }
            ty => self.text(ty, value),
        };
        self.write_text(request, &prelude, &value)
    }

    /// The statement that puts a value on `request` that the client keeps; `value` is a reference to one.
    pub(super) fn write_kept(&self, request: &TokenStream, value: &TokenStream) -> TokenStream {
        let Parameter { wire, ty, .. } = self.parameter;
        if let Some(prefix) = &self.parameter.header_prefix {
            return quote!(#request.header_map(#prefix, #value.iter().map(|(name, value)| (name, value))););
        }
        let value = match ty {
            Type::Array(_) if self.is_file() => {
                return quote!(#request.form_files(#wire, Clone::clone(#value)););
            }
            _ if self.is_file() => return quote!(#request.form_file(#wire, Clone::clone(#value));),
            Type::Array(_) => return self.write_list(request, value),
            ty @ (Type::DateTime
            | Type::Date
            | Type::DateTimeRfc1123
            | Type::UnixTime
            | Type::Base64
            | Type::Base64Url) => self.format(ty, value),
            _ => value.clone(),
        };
        self.write_text(request, &TokenStream::new(), &value)
    }

    /// The same for a value that is text, or writes itself as text.
    fn write_text(
        &self,
        request: &TokenStream,
        prelude: &TokenStream,
        value: &TokenStream,
    ) -> TokenStream {
        let Parameter { wire, location, .. } = self.parameter;
        let call = match location {
            Location::Path => {
                let method = if self.parameter.skip_url_encoding {
                    quote!(path_unencoded)
                } else {
                    quote!(path)
                };
                let check = self.check();
                let value = if self.is_number() {
                    quote!(#value.to_string())
                } else {
                    value.clone()
                };
                quote!(#request.#method(#wire, #value, #check);)
            }
            Location::Query => {
                let method = query(self.parameter);
                quote!(#request.#method(#wire, #value);)
            }
            Location::Form => quote!(#request.form_field(#wire, #value);),
            Location::Header => quote!(#request.header(#wire, #value);),
            // `GroupArgument` writes it.
            Location::Body => TokenStream::new(),
        };
        quote!(#prelude #call)
    }

    /// The check of the value, as an expression of type `Option<&Check>`.
    pub(super) fn check(&self) -> TokenStream {
        let Parameter {
            wire, constraints, ..
        } = self.parameter;
        if self.scope.statics.check(wire, constraints).is_some() {
            self.scope.imports.item("super", "operations");
        }
        check_option(self.scope, wire, constraints, &quote!(operations::))
    }

    /// The text of a single value, or the value where it writes itself.
    fn text(&self, ty: &Type, value: &TokenStream) -> TokenStream {
        match ty {
            Type::Bool | Type::I32 | Type::I64 | Type::F32 | Type::F64 => value.clone(),
            Type::Nullable(inner) => self.text(inner, value),
            Type::DateTime | Type::Date | Type::DateTimeRfc1123 | Type::UnixTime => {
                self.format(ty, &quote!(&#value))
            }
            _ => quote!(#value.as_ref()),
        }
    }

    /// The text of a date or of bytes, of which `value` is a reference.
    fn format(&self, ty: &Type, value: &TokenStream) -> TokenStream {
        match self.scope.text_format(ty) {
            Some(format) => quote!(#format::format(#value)),
            None => value.clone(),
        }
    }

    /// Whether values are files of a form.
    fn is_file(&self) -> bool {
        self.parameter.is_file()
    }

    /// Whether values are texts without a type of their own.
    fn is_text(&self, ty: &Type) -> bool {
        match ty {
            Type::Bool | Type::I32 | Type::I64 | Type::F32 | Type::F64 => false,
            Type::DateTime | Type::DateTimeRfc1123 | Type::UnixTime | Type::Date => false,
            Type::Base64 | Type::Base64Url | Type::Array(_) => false,
            Type::Nullable(inner) => self.is_text(inner),
            ty => !self.is_enum(ty),
        }
    }

    /// Whether values are numbers, or name one: the path takes texts.
    fn is_number(&self) -> bool {
        match &self.parameter.ty {
            Type::Bool | Type::I32 | Type::I64 | Type::F32 | Type::F64 => true,
            Type::Named(key) => match self.scope.service.types.get(key).map(|def| &def.kind) {
                Some(TypeKind::Enum(body)) => body.base != EnumBase::String,
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether the values are those of an enumeration.
    fn is_enum(&self, ty: &Type) -> bool {
        let Type::Named(key) = ty else { return false };
        matches!(
            self.scope.service.types.get(key).map(|def| &def.kind),
            Some(TypeKind::Enum(_))
        )
    }

    /// Docs of a setter.
    pub(super) fn docs(&self) -> Doc {
        let docs = Doc::of(
            &self.parameter.docs,
            &format!("Sets {}.", prose::code(&self.parameter.wire)),
        )
        .paragraph(&self.facts());
        self.with_own_name(docs)
    }

    fn with_own_name(&self, docs: Doc) -> Doc {
        match self.is_renamed {
            true => docs.own_name(&self.parameter.wire),
            false => docs,
        }
    }

    /// The same with no more than the first paragraph of the definition.
    pub(super) fn docs_of_summary(&self) -> Doc {
        let Docs {
            summary,
            description,
        } = &self.parameter.docs;
        let first = |text: &String| text.split("\n\n").next().unwrap_or_default().to_owned();
        let docs = Docs {
            summary: summary.clone(),
            description: description.as_ref().map(first),
        };
        let docs = Doc::of(
            &docs,
            &format!("Sets {}.", prose::code(&self.parameter.wire)),
        )
        .paragraph(&self.facts());
        self.with_own_name(docs)
    }

    fn facts(&self) -> String {
        let Parameter {
            default,
            ty,
            constraints,
            secret,
            ..
        } = self.parameter;
        Facts {
            required: false,
            read_only: false,
            secret: *secret,
            default: default.as_ref(),
            ty,
            constraints,
            prose: &self.parameter.docs,
        }
        .text()
            + self.list_facts()
    }

    /// What a caller should know about the argument, in one line: `` `id`: the UUID of the operation. ``
    pub(super) fn line(&self) -> Option<String> {
        let mut facts = self.facts();
        let own = prose::code(&self.parameter.wire);
        if self.is_renamed {
            facts = format!("{facts} The definition's own name for it is {own}.");
            facts = facts.trim().to_owned();
        }
        let text = prose::line(&self.parameter.docs, &facts)?;
        Some(format!("- `{}`: {text}", self.name))
    }
}

/// Whether a request without a value of the caller carries the default: the service asks for one.
pub(super) fn is_sent_by_default(parameter: &Parameter) -> bool {
    let is_single = matches!(
        parameter.default,
        Some(Value::String(_) | Value::Number(_) | Value::Bool(_))
    );
    parameter.required
        && is_single
        && parameter.role == Role::Plain
        && parameter.constant.is_none()
        && matches!(parameter.location, Location::Query | Location::Header)
        && !matches!(parameter.ty, Type::Array(_))
}

/// The value of a parameter with only one, or its default, on `request`.
pub(super) fn write_constant(request: &TokenStream, parameter: &Parameter) -> TokenStream {
    let Some(constant) = parameter.constant.as_ref().or(parameter.default.as_ref()) else {
        return TokenStream::new();
    };
    let text = match constant {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let wire = &parameter.wire;
    match parameter.location {
        Location::Path if parameter.skip_url_encoding => {
            quote!(#request.path_unencoded(#wire, #text, None);)
        }
        Location::Path => quote!(#request.path_constant(#wire, #text);),
        Location::Query => {
            let method = query(parameter);
            quote!(#request.#method(#wire, #text);)
        }
        Location::Form => quote!(#request.form_field(#wire, #text);),
        Location::Header => quote!(#request.header(#wire, #text);),
        Location::Body => TokenStream::new(),
    }
}

/// The method that writes a parameter of the query.
fn query(parameter: &Parameter) -> TokenStream {
    match parameter.skip_url_encoding {
        true => quote!(query_unencoded),
        false => quote!(query),
    }
}

/// Key of a location in the names.
pub(super) fn location_key(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Form => "form",
        Location::Body => "body",
    }
}
