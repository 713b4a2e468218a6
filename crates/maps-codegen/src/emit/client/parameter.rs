//! Parameters: how a caller gives one, and how a request takes it.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};
use serde_json::Value;

use super::coding::write;
use super::operations::check_option;
use super::parameter_group::GroupArgument;
use super::prose;
use super::scope::Scope;
use crate::emit::docs::{Doc, Facts};
use crate::emit::types::{Types, ident};
use crate::model::{
    Body, Collection, Docs, EnumBase, Location, Operation, Parameter, ParameterGroup, Role, Type,
    TypeKind,
};

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
            .or_else(|| scope.names.client_parameters.get(&parameter.wire));
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
            .names
            .client_parameters
            .get(&parameter.wire)
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

    /// The same for the items of a list.
    fn write_list(&self, request: &TokenStream, items: &TokenStream) -> TokenStream {
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

    /// An iterator over the items of a list of texts.
    fn text_items(&self, value: &TokenStream, item: &Type) -> Option<TokenStream> {
        self.is_text(item)
            .then(|| quote!(#value.into_iter().map(Into::<String>::into)))
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
        self.parameter.location == Location::Form
            && match &self.parameter.ty {
                Type::Array(item) => **item == Type::Bytes,
                ty => *ty == Type::Bytes,
            }
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
            ..
        } = self.parameter;
        Facts {
            required: false,
            read_only: false,
            default: default.as_ref(),
            ty,
            constraints,
            prose: &self.parameter.docs,
        }
        .text()
            + self.list_facts()
    }

    /// What becomes of an item that holds the separator of its list.
    fn list_facts(&self) -> &'static str {
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
        if self.is_bytes() && !self.has_other_media() {
            let upload = self.scope.core("Upload");
            return quote!(impl Into<#upload>);
        }
        let value = if self.is_bytes() {
            self.scope.runtime("Bytes")
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

/// What tells clippy that a function has so many arguments because its definition requires them; one more, the client,
/// comes on top of those declared.
pub(super) fn allow_many(declared: &[TokenStream]) -> Option<TokenStream> {
    const CLIPPY_TAKES: usize = 7;
    (declared.len() + 1 > CLIPPY_TAKES).then(
        || quote!(#[expect(clippy::too_many_arguments, reason = "the definition requires them all")]),
    )
}

/// Parameters of an operation by what becomes of them.
pub(super) struct Arguments<'a> {
    /// Arguments of the client method, in declared order.
    pub(super) required: Vec<Argument<'a>>,
    /// The body, when it is an argument.
    pub(super) body: Option<BodyArgument<'a>>,
    /// Setters of the request builder.
    pub(super) optional: Vec<Argument<'a>>,
    /// The body, when it is a setter.
    pub(super) optional_body: Option<BodyArgument<'a>>,
    /// Options of the client that a setter of the request builder overrides.
    pub(super) client: Vec<Argument<'a>>,
    /// The header that names the long-running operation.
    pub(super) operation_id: Option<Argument<'a>>,
    /// Parameters with one possible value.
    pub(super) constants: Vec<&'a Parameter>,
    /// Parameters that are given together.
    pub(super) groups: Vec<GroupArgument<'a>>,
}

impl<'a> Arguments<'a> {
    pub(super) fn new(scope: &'a Scope<'a>, operation: &'a Operation) -> Self {
        let mut arguments = Self {
            required: Vec::new(),
            body: None,
            optional: Vec::new(),
            optional_body: None,
            client: Vec::new(),
            operation_id: None,
            constants: Vec::new(),
            groups: GroupArgument::all(scope, operation),
        };
        for parameter in &operation.parameters {
            match parameter.role {
                Role::ApiVersion => {}
                _ if parameter.group.is_some() => {}
                _ if parameter.required && parameter.constant.is_some() => {
                    arguments.constants.push(parameter)
                }
                Role::Client => arguments
                    .client
                    .push(Argument::new(scope, operation, parameter)),
                Role::OperationId => {
                    arguments.operation_id = Some(Argument::new(scope, operation, parameter))
                }
                Role::Plain if parameter.required && !is_sent_by_default(parameter) => arguments
                    .required
                    .push(Argument::new(scope, operation, parameter)),
                Role::Plain => arguments
                    .optional
                    .push(Argument::new(scope, operation, parameter)),
            }
        }
        if let Some(body) = operation.body.as_ref().filter(|body| body.group.is_none()) {
            let argument = BodyArgument::new(scope, operation, body);
            if body.required {
                arguments.body = Some(argument);
            } else {
                arguments.optional_body = Some(argument);
            }
        }
        arguments
    }

    /// The arguments of a client method: `id: impl AsRef<str>, body: &RouteMatrixRequest`.
    pub(super) fn declared(&self) -> Vec<TokenStream> {
        let required = self.required.iter().map(|argument| {
            let (name, ty) = (&argument.name, argument.ty());
            quote!(#name: #ty)
        });
        let body = self.body.iter().map(|argument| {
            let (name, ty) = (&argument.name, argument.ty());
            quote!(#name: #ty)
        });
        let groups = self.required_groups().map(|group| {
            let (name, ty) = (&group.name, group.ty());
            quote!(#name: &#ty)
        });
        required.chain(groups).chain(body).collect()
    }

    /// Generic parameters of a function that takes them.
    pub(super) fn generics(&self) -> Option<TokenStream> {
        self.body.as_ref().and_then(BodyArgument::generics)
    }

    /// The groups without which there is no request.
    pub(super) fn required_groups(&self) -> impl Iterator<Item = &GroupArgument<'a>> {
        self.groups.iter().filter(|group| group.is_required())
    }

    /// Those in the path, with and without a group.
    pub(super) fn path(&self) -> impl Iterator<Item = &Argument<'a>> {
        let grouped = self
            .groups
            .iter()
            .flat_map(|group| group.taken.iter().map(|(argument, _)| argument));
        let arguments = self.required.iter().chain(grouped);
        arguments.filter(|argument| argument.parameter().location == Location::Path)
    }

    /// Their names, to pass them on.
    pub(super) fn names(&self) -> Vec<TokenStream> {
        let required = self
            .required
            .iter()
            .map(|argument| argument.name.to_token_stream());
        let body = self
            .body
            .iter()
            .map(|argument| argument.name.to_token_stream());
        let groups = self
            .required_groups()
            .map(|group| group.name.to_token_stream());
        required.chain(groups).chain(body).collect()
    }
}
