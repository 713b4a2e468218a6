//! What the parameters of an operation become: arguments, setters, options of the client, constants.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::body::BodyArgument;
use super::parameter::{Argument, is_sent_by_default};
use super::parameter_group::GroupArgument;
use super::scope::Scope;
use crate::model::{Location, Operation, Parameter, Role};

/// What tells clippy that a function has so many arguments because its definition requires them.
pub(super) fn allow_many(arguments: usize) -> Option<TokenStream> {
    const CLIPPY_TAKES: usize = 7;
    (arguments > CLIPPY_TAKES).then(
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
