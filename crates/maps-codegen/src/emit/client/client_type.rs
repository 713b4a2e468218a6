//! Clients: the service's own, and those of operation groups.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::arguments::{Arguments, allow_many};
use super::example::Example;
use super::long_running::AttachAndResume;
use super::parameter::Argument;
use super::prose::OperationDocs;
use super::scope::{Scope, Surface};
use crate::emit::docs::{Doc, alias};
use crate::emit::secrets::{DebugOf, Shown};
use crate::emit::types::{Types, ident, prefixed};
use crate::model::{Operation, OperationKind, Parameter};

/// A client with operations of its own.
pub(super) struct ClientType<'a> {
    scope: &'a Scope<'a>,
    surface: &'a Surface<'a>,
    surfaces: &'a [Surface<'a>],
}

impl<'a> ClientType<'a> {
    pub(super) fn new(
        scope: &'a Scope<'a>,
        surface: &'a Surface<'a>,
        surfaces: &'a [Surface<'a>],
    ) -> Self {
        Self {
            scope,
            surface,
            surfaces,
        }
    }

    fn parameters(&self) -> Vec<&'a Parameter> {
        match self.surface.group {
            // The service's client hands all of them to the clients of groups.
            None => self.scope.service.client_parameters.iter().collect(),
            Some(_) => self.surface.client_parameters(self.scope.service),
        }
    }
}

impl ToTokens for ClientType<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            scope,
            surface,
            surfaces,
        } = self;
        let name = surface.client(scope.service);
        let docs = match surface.group {
            None => service_docs(scope),
            Some(group) => group_docs(scope, &group.accessor),
        };
        let definition = Definition {
            scope,
            name: &name,
            docs,
            parameters: &self.parameters(),
        };
        let methods = surface.operations.iter().map(|operation| Methods {
            scope,
            surface,
            operation,
        });
        let accessors = surfaces
            .iter()
            .filter(|other| surface.group.is_none() && other.group.is_some());
        let accessors = accessors.map(|surface| Accessor { scope, surface });
        let constructors = Constructors {
            scope,
            name: &name,
            parameters: &self.parameters(),
            is_root: surface.group.is_none(),
        };
        let raw = RawMethod {
            scope,
            group: Some(surface),
        };
        tokens.extend(quote! {
            #definition
            impl #name {
                #constructors
                #(#accessors)*
                #(#methods)*
                #raw
            }
        });
    }
}

/// The client of a service whose operations are all in groups.
pub(super) struct GroupingClient<'a> {
    scope: &'a Scope<'a>,
    surfaces: &'a [Surface<'a>],
}

impl<'a> GroupingClient<'a> {
    pub(super) fn new(scope: &'a Scope<'a>, surfaces: &'a [Surface<'a>]) -> Self {
        Self { scope, surfaces }
    }
}

impl ToTokens for GroupingClient<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { scope, surfaces } = self;
        let name = ident(&scope.service.client);
        let parameters: Vec<_> = scope.service.client_parameters.iter().collect();
        let definition = Definition {
            scope,
            name: &name,
            docs: service_docs(scope),
            parameters: &parameters,
        };
        let constructors = Constructors {
            scope,
            name: &name,
            parameters: &parameters,
            is_root: true,
        };
        let accessors = surfaces.iter().map(|surface| Accessor { scope, surface });
        let raw = RawMethod { scope, group: None };
        tokens.extend(quote! {
            #definition
            impl #name {
                #constructors
                #(#accessors)*
                #raw
            }
        });
    }
}

fn service_docs(scope: &Scope<'_>) -> Doc {
    let service = scope.service;
    let mut docs = Doc::new(&format!(
        "Client of {}, API version {}.",
        service.title, service.version
    ));
    if let Some(text) = service
        .docs
        .description
        .as_deref()
        .or(service.docs.summary.as_deref())
    {
        docs = docs.prose(text);
    }
    docs = docs.paragraph(
        "Cheap to clone: clones share connections, credentials and the budget of retries.",
    );
    docs.section("Examples", "")
        .example("no_run", &Example::of_client(scope).lines())
}

fn group_docs(scope: &Scope<'_>, accessor: &str) -> Doc {
    let client = &scope.service.client;
    Doc::new(&format!(
        "The operations behind [`{client}::{accessor}`](super::super::{client}::{accessor})."
    ))
    .paragraph("Cheap to clone: clones share connections, credentials and the budget of retries.")
}

/// The struct of a client.
struct Definition<'a> {
    scope: &'a Scope<'a>,
    name: &'a Ident,
    docs: Doc,
    parameters: &'a [&'a Parameter],
}

impl ToTokens for Definition<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            scope,
            name,
            docs,
            parameters,
        } = self;
        let pipeline = scope.core("Pipeline");
        let fields = parameters.iter().map(|parameter| {
            let argument = Argument::of_client(scope, parameter);
            let (name, ty) = (&argument.name, argument.kept_type());
            quote!(pub(super) #name: Option<#ty>,)
        });
        let mut shown = vec![(ident("pipeline"), Shown::Whole)];
        shown.extend(parameters.iter().map(|parameter| {
            let name = Argument::of_client(scope, parameter).name;
            (name, Shown::of(parameter.secret, true))
        }));
        let DebugOf { derive, written } = scope.debug_of(name, &shown);
        tokens.extend(quote! {
            #docs
            #[derive(#derive Clone)]
            pub struct #name {
                pub(super) pipeline: #pipeline,
                #(#fields)*
            }

            #written
        });
    }
}

/// How a client is made.
struct Constructors<'a> {
    scope: &'a Scope<'a>,
    name: &'a Ident,
    parameters: &'a [&'a Parameter],
    is_root: bool,
}

impl ToTokens for Constructors<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            scope,
            name,
            parameters,
            is_root,
        } = self;
        let pipeline = scope.core("Pipeline");
        let arguments: Vec<Argument<'_>> = parameters
            .iter()
            .map(|parameter| Argument::of_client(scope, parameter))
            .collect();
        let declared: Vec<_> = arguments
            .iter()
            .map(|argument| {
                let (name, ty) = (&argument.name, argument.kept_type());
                quote!(#name: Option<#ty>)
            })
            .collect();
        // The pipeline is one more.
        let allow = allow_many(declared.len() + 1);
        let names = arguments.iter().map(|argument| &argument.name);
        // The client of a group is made two modules up, by the client of the service.
        let visibility = if *is_root {
            quote!(pub(super))
        } else {
            quote!(pub(in super::super))
        };
        if *is_root {
            let builder = scope.sibling("super", &format!("{name}Builder"));
            tokens.extend(quote! {
                /// Starts building a client.
                pub fn builder() -> #builder {
                    #builder::default()
                }
            });
        }
        tokens.extend(quote! {
            #allow
            #visibility fn new(pipeline: #pipeline, #(#declared),*) -> Self {
                Self { pipeline, #(#names),* }
            }
        });
    }
}

/// The method of the service's client that gives the client of a group.
struct Accessor<'a> {
    scope: &'a Scope<'a>,
    surface: &'a Surface<'a>,
}

impl ToTokens for Accessor<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { scope, surface } = self;
        let Some(group) = surface.group else { return };
        let name = ident(&group.accessor);
        let ty = scope.sibling(&format!("super::{}", group.accessor), &group.ty);
        let parameters = surface.client_parameters(scope.service);
        let kept = parameters.iter().map(|parameter| {
            let name = Argument::of_client(scope, parameter).name;
            let clone = (!Types::is_copy(&parameter.ty)).then(|| quote!(.clone()));
            quote!(, self.#name #clone)
        });
        let words = group.accessor.trim_start_matches("r#").replace('_', " ");
        let docs = Doc::new(&format!("The operations on {words}."));
        tokens.extend(quote! {
            #docs
            #[must_use]
            pub fn #name(&self) -> #ty {
                #ty::new(self.pipeline.clone() #(#kept)*)
            }
        });
    }
}

/// The methods of one operation.
struct Methods<'a> {
    scope: &'a Scope<'a>,
    surface: &'a Surface<'a>,
    operation: &'a Operation,
}

impl ToTokens for Methods<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            scope,
            surface,
            operation,
        } = self;
        let names = scope.operation(operation);
        let arguments = Arguments::new(scope, operation);
        let docs = OperationDocs {
            scope,
            surface,
            operation,
            arguments: &arguments,
        }
        .method();
        let request = scope.sibling("super", &names.request.ident);
        let declared = arguments.declared();
        let generics = arguments.generics();
        let given = arguments.names();
        let method = match operation.kind {
            OperationKind::LongRunning(_) => prefixed("begin_", &names.method.ident),
            _ => ident(&names.method.ident),
        };
        let allow = allow_many(declared.len() + 1);
        let alias = operation_alias(operation, &method);
        tokens.extend(quote! {
            #docs
            #alias
            #allow
            pub fn #method #generics(&self, #(#declared),*) -> #request {
                #request::new(self, #(#given),*)
            }
        });
        if let OperationKind::LongRunning(long_running) = &operation.kind {
            AttachAndResume {
                scope,
                surface,
                operation,
                long_running,
                arguments: &arguments,
            }
            .to_tokens(tokens);
        }
    }
}

/// The `operationId` of an operation, for rustdoc's search, unless it is the method's own name.
pub(super) fn operation_alias(operation: &Operation, method: &Ident) -> Option<TokenStream> {
    (method != &operation.id).then(|| alias(&operation.id))
}

/// The method for requests that the definition does not know.
struct RawMethod<'a> {
    scope: &'a Scope<'a>,
    group: Option<&'a Surface<'a>>,
}

impl ToTokens for RawMethod<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let method = self.scope.core("Method");
        let raw = self.scope.core("RawRequest");
        let version = match self.scope.service.is_versioned() {
            true => "; `api-version` is added unless it is there",
            false => "",
        };
        let docs = Doc::new("Makes a request that this client has no method for.")
            .paragraph(&format!(
                "It goes to the same endpoint, with the same credential, retries and limits. `path` starts with a slash, \
                 is percent-encoded already and may have a query{version}."
            ))
            .section("Examples", "")
            .example("no_run", &Example::of_raw(self.scope, self.group).lines());
        tokens.extend(quote! {
            #docs
            pub fn request(&self, method: #method, path: &str) -> #raw {
                self.pipeline.raw(method, path)
            }
        });
    }
}
