//! Parameters that are given together: a struct for each group, and how a request takes it.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::arguments::allow_many;
use super::coding::write;
use super::parameter::Argument;
use super::scope::Scope;
use crate::emit::docs::Doc;
use crate::emit::secrets::{DebugOf, Shown};
use crate::emit::types::{Types, ident, prefixed};
use crate::model::{Body, Location, Operation, Parameter, ParameterGroup, Type};

/// The structs of all groups of a service.
pub(super) struct ParameterGroups<'a> {
    scope: &'a Scope<'a>,
}

impl<'a> ParameterGroups<'a> {
    pub(super) fn new(scope: &'a Scope<'a>) -> Self {
        Self { scope }
    }
}

impl ToTokens for ParameterGroups<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let groups = &self.scope.service.parameter_groups;
        tokens.extend(groups.iter().map(|group| {
            let scope = self.scope;
            GroupItem { scope, group }.to_token_stream()
        }));
    }
}

/// The struct of one group.
struct GroupItem<'a> {
    scope: &'a Scope<'a>,
    group: &'a ParameterGroup,
}

impl<'a> GroupItem<'a> {
    fn docs(&self, is_empty: bool) -> Doc {
        let group = self.group;
        let operations = group.operations.iter().map(|id| format!("`{id}`"));
        let operations: Vec<String> = operations.collect();
        let mut docs = Doc::new("Parameters that are given together.").paragraph(&format!(
            "The group `{}` of {}; each operation sends those that it declares.",
            group.wire,
            operations.join(", ")
        ));
        if is_empty {
            docs = docs.paragraph("All of them are optional.");
        }
        let name = self.scope.names.parameter_groups.get(&group.wire);
        match name.and_then(|name| name.ty.renamed_from.as_deref()) {
            Some(old) => docs.paragraph(&format!("The definition's own name for it is `{old}`.")),
            None => docs,
        }
    }

    fn arguments(&self) -> Vec<Argument<'a>> {
        let parameters = self.group.parameters.iter();
        parameters
            .filter_map(|parameter| Argument::of_group(self.scope, self.group, parameter))
            .collect()
    }
}

impl ToTokens for GroupItem<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Some(name) = type_name(self.scope, self.group) else {
            return;
        };
        let arguments = self.arguments();
        let (required, optional): (Vec<_>, Vec<_>) = arguments
            .iter()
            .partition(|argument| argument.parameter().required);
        let docs = self.docs(required.is_empty());
        let default = required.is_empty().then(|| quote!(, Default));
        let fields = arguments.iter().map(|argument| {
            let (field, ty) = (&argument.name, argument.kept_type());
            let ty = match argument.parameter().required {
                true => ty,
                false => quote!(Option<#ty>),
            };
            // Requests read them in modules further down.
            quote!(pub(super) #field: #ty,)
        });
        let declared: Vec<_> = required
            .iter()
            .map(|argument| {
                let (field, ty) = (&argument.name, argument.ty());
                quote!(#field: #ty)
            })
            .collect();
        let values = arguments.iter().map(|argument| {
            let (field, value) = (&argument.name, argument.kept_value());
            if !argument.parameter().required {
                quote!(#field: None)
            } else if field == &value.to_string() {
                quote!(#field)
            } else {
                quote!(#field: #value)
            }
        });
        let constructor = if required.is_empty() {
            quote! {
                /// Creates a group without any parameter.
                pub fn new() -> Self { Self::default() }
            }
        } else {
            let lines: Vec<String> = required
                .iter()
                .filter_map(|argument| argument.line())
                .map(|line| super::prose::list_item(&line))
                .collect();
            let docs =
                Doc::new("Creates a group with the parameters that every operation requires.")
                    .prose(&lines.join("\n"));
            let allow = allow_many(declared.len());
            quote! {
                #docs
                #allow
                pub fn new(#(#declared),*) -> Self {
                    Self { #(#values),* }
                }
            }
        };
        let setters = optional.iter().map(|argument| {
            let (field, ty, value) = (&argument.name, argument.ty(), argument.kept_value());
            let (setter, docs) = (prefixed("with_", &field.to_string()), argument.docs());
            quote! {
                #docs
                #[must_use]
                pub fn #setter(mut self, #field: #ty) -> Self {
                    self.#field = Some(#value);
                    self
                }
            }
        });
        let shown: Vec<(Ident, Shown)> = arguments
            .iter()
            .map(|argument| {
                let parameter = argument.parameter();
                let shown = Shown::of(parameter.secret, !parameter.required);
                (argument.name.clone(), shown)
            })
            .collect();
        let DebugOf { derive, written } = self.scope.debug_of(&name, &shown);
        tokens.extend(quote! {
            #docs
            #[derive(#derive Clone, PartialEq #default)]
            pub struct #name { #(#fields)* }

            impl #name {
                #constructor
                #(#setters)*
            }

            #written
        });
    }
}

/// The struct of a group.
pub(super) fn type_name(scope: &Scope<'_>, group: &ParameterGroup) -> Option<Ident> {
    let name = scope.names.parameter_groups.get(&group.wire)?;
    Some(ident(&name.ty.ident))
}

/// A group as an argument or setter of one operation.
pub(super) struct GroupArgument<'a> {
    scope: &'a Scope<'a>,
    group: &'a ParameterGroup,
    /// Rust name of the argument or setter.
    pub(super) name: Ident,
    /// What the operation takes of it: the field, and the parameter as the operation itself declares it.
    pub(super) taken: Vec<(Argument<'a>, &'a Parameter)>,
    /// The body, where the group has it.
    pub(super) body: Option<(Argument<'a>, &'a Body)>,
    operation: &'a Operation,
}

impl<'a> GroupArgument<'a> {
    /// The groups of an operation.
    pub(super) fn all(scope: &'a Scope<'a>, operation: &'a Operation) -> Vec<Self> {
        let names = &scope.operation(operation).parameters;
        let groups = scope.service.parameter_groups.iter();
        groups
            .filter_map(|group| {
                let name = names.get(&("group", group.wire.clone()))?;
                let own = operation.parameters.iter();
                let own = own.filter(|parameter| parameter.group.as_ref() == Some(&group.wire));
                let taken = own
                    .filter_map(|parameter| {
                        Some((Argument::of_group(scope, group, parameter)?, parameter))
                    })
                    .collect();
                let body = operation.body.as_ref();
                let body = body.filter(|body| body.group.as_ref() == Some(&group.wire));
                let body = body.and_then(|body| {
                    let is_it =
                        |own: &&Parameter| own.location == Location::Body && own.wire == body.wire;
                    let parameter = group.parameters.iter().find(is_it)?;
                    Some((Argument::of_group(scope, group, parameter)?, body))
                });
                Some(Self {
                    scope,
                    group,
                    name: ident(&name.ident),
                    taken,
                    body,
                    operation,
                })
            })
            .collect()
    }

    /// Whether the operation requires a parameter of the group.
    pub(super) fn is_required(&self) -> bool {
        self.taken.iter().any(|(_, parameter)| parameter.required)
            || self.body.as_ref().is_some_and(|(_, body)| body.required)
    }

    /// The struct; the clients of groups of operations are a module further down than it is.
    pub(super) fn ty(&self) -> TokenStream {
        let name = type_name(self.scope, self.group).expect("every group was named");
        self.scope.of_version(&name)
    }

    /// The statements that put its parameters on `request`.
    pub(super) fn write(&self, request: &TokenStream) -> TokenStream {
        let group = &self.name;
        let body = self.body.iter().map(|(argument, body)| {
            let field = &argument.name;
            let wire = &body.wire;
            let value = |owned: TokenStream, lent: TokenStream| match &body.ty {
                Type::Bytes => quote!(Clone::clone(#lent)),
                ty if Types::is_copy(ty) => owned,
                _ => lent,
            };
            if argument.parameter().required {
                let value = value(quote!(#group.#field), quote!(&#group.#field));
                let write = write(self.scope, self.operation, body, &value);
                return quote!(#request.#write;);
            }
            let value = value(field.to_token_stream(), field.to_token_stream());
            let write = write(self.scope, self.operation, body, &value);
            let lent = (!Types::is_copy(&body.ty)).then(|| quote!(&));
            let otherwise = body
                .required
                .then(|| quote!(else { #request.missing(#wire); }));
            quote! {
                if let Some(#field) = #lent #group.#field { #request.#write; } #otherwise
            }
        });
        let taken = self.taken.iter().map(|(argument, own)| {
            let field = &argument.name;
            if argument.parameter().required {
                return argument.write_kept(request, &quote!(&#group.#field));
            }
            let write = argument.write_kept(request, &field.to_token_stream());
            let wire = &own.wire;
            // Another operation with the same group does without it.
            let otherwise = own
                .required
                .then(|| quote!(else { #request.missing(#wire); }));
            quote! {
                if let Some(#field) = &#group.#field { #write } #otherwise
            }
        });
        taken.chain(body).collect()
    }

    /// Docs of a setter.
    pub(super) fn docs(&self) -> Doc {
        let ty = self.ty();
        Doc::new(&format!("Sets the parameters of [`{ty}`]."))
    }

    /// What a caller should know about the argument, in one line.
    pub(super) fn line(&self) -> String {
        let needed = self
            .taken
            .iter()
            .filter(|(argument, own)| own.required && !argument.parameter().required)
            .map(|(argument, _)| argument);
        let body = self.body.iter();
        let body = body
            .filter(|(argument, own)| own.required && !argument.parameter().required)
            .map(|(argument, _)| argument);
        let needed: Vec<String> = needed
            .chain(body)
            .map(|argument| format!("`{}`", argument.name))
            .collect();
        let needed = match needed.as_slice() {
            [] => String::new(),
            names => format!(", with {}", names.join(" and ")),
        };
        format!(
            "- `{}`: parameters that are given together{needed}.",
            self.name
        )
    }

    /// An expression that makes the group, from one for each parameter, which the operation may require.
    pub(super) fn made(
        &self,
        mut value: impl FnMut(&Argument<'a>, bool) -> Option<TokenStream>,
    ) -> Option<TokenStream> {
        let all = self.group.parameters.iter();
        let mut arguments = Vec::new();
        for parameter in all.filter(|parameter| parameter.required) {
            let argument = Argument::of_group(self.scope, self.group, parameter)?;
            arguments.push(value(&argument, true)?);
        }
        let path = self.scope.client_path();
        let name = type_name(self.scope, self.group)?;
        let mut made = quote!(#path::#name::new(#(#arguments),*));
        let taken = self.taken.iter().map(|(it, own)| (it, own.required));
        let body = self.body.iter().map(|(it, own)| (it, own.required));
        let settable = taken
            .chain(body)
            .filter(|(argument, _)| !argument.parameter().required);
        for (argument, is_required) in settable {
            match value(argument, is_required) {
                Some(value) => {
                    let setter = prefixed("with_", &argument.name.to_string());
                    made.extend(quote!(.#setter(#value)));
                }
                None if is_required => return None,
                None => {}
            }
        }
        Some(made)
    }
}
