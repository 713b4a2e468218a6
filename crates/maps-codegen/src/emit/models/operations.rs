//! The static table of a service's operations.

mod schema;

use std::collections::{BTreeSet, HashSet};

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};

use self::schema::Schemas;
use super::Context;
use crate::emit::docs::Doc;
use crate::emit::types::ident;
use crate::model::{
    Collection, Example, KeyPlacement, Location, Operation, OperationKind, Parameter,
};

/// `operations.rs` of a version.
pub(super) struct Tables<'a> {
    cx: &'a Context<'a>,
}

impl<'a> Tables<'a> {
    pub(super) fn new(cx: &'a Context<'a>) -> Self {
        Self { cx }
    }

    fn operation(&self, operation: &'a Operation, schemas: &mut Schemas<'a>) -> TokenStream {
        let Operation {
            id, method, path, ..
        } = operation;
        // A form parameter is a part of the body.
        let parameters = operation
            .parameters
            .iter()
            .filter(|parameter| parameter.location != Location::Form);
        let parameters: Vec<_> = parameters
            .map(|parameter| self.parameter(parameter, schemas))
            .collect();
        let body = match &operation.body {
            None => quote!(None),
            Some(body) => {
                let (name, required, content_types) =
                    (&body.wire, body.required, &body.content_types);
                let schema = schemas.of_body(&body.ty);
                quote! {
                    Some(Body {
                        name: #name,
                        required: #required,
                        content_types: &[#(#content_types),*],
                        schema: &#schema,
                    })
                }
            }
        };
        let responses: Vec<_> = operation
            .responses
            .iter()
            .map(|response| {
                let status = option(response.status.map(Literal::u16_unsuffixed).as_ref());
                let headers = response.headers.iter().map(|header| &header.wire);
                let schema = match &response.ty {
                    None => quote!(None),
                    Some(ty) => {
                        let schema = schemas.of_body(ty);
                        quote!(Some(&#schema))
                    }
                };
                quote!(Response { status: #status, headers: &[#(#headers),*], schema: #schema })
            })
            .collect();
        let long_running = matches!(operation.kind, OperationKind::LongRunning(_));
        let examples = operation.examples.iter().flat_map(examples);
        quote! {
            Operation {
                id: #id,
                method: #method,
                path: #path,
                parameters: &[#(#parameters),*],
                body: #body,
                responses: &[#(#responses),*],
                long_running: #long_running,
                examples: &[#(#examples),*],
            }
        }
    }

    fn parameter(&self, parameter: &'a Parameter, schemas: &mut Schemas<'a>) -> TokenStream {
        let Parameter { wire, required, .. } = parameter;
        let location = ident(match parameter.location {
            Location::Path => "Path",
            Location::Query => "Query",
            // The others are no parameters of the table.
            Location::Header | Location::Form | Location::Body => "Header",
        });
        let collection = ident(match parameter.collection {
            Collection::Csv => "Csv",
            Collection::Ssv => "Ssv",
            Collection::Tsv => "Tsv",
            Collection::Pipes => "Pipes",
            Collection::Multi => "Multi",
        });
        let schema = schemas.constrained(
            &parameter.ty,
            &parameter.constraints,
            parameter.constant.as_ref(),
        );
        quote! {
            Parameter {
                name: #wire,
                location: Location::#location,
                required: #required,
                collection: Collection::#collection,
                schema: &#schema,
            }
        }
    }
}

impl ToTokens for Tables<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let service = self.cx.service;
        let mut schemas = Schemas::new(self.cx);
        let operations = service.groups.iter().flat_map(|group| &group.operations);
        let operations: Vec<_> = operations
            .map(|operation| self.operation(operation, &mut schemas))
            .collect();
        let types = service.types.keys().map(|key| {
            let name = self.cx.types.name(key).to_string();
            let schema = schemas.of_type(key);
            quote!(Type { name: #name, schema: &#schema })
        });
        let types: Vec<_> = types.collect();
        let statics = schemas.into_statics();
        let key = match &service.security.key {
            None => quote!(None),
            Some(KeyPlacement::Header(name)) => quote!(Some(KeyPlacement::Header(#name))),
            Some(KeyPlacement::Query(name)) => quote!(Some(KeyPlacement::Query(#name))),
        };
        let (name, version) = (&service.name, &service.version);
        let about = Doc::new(&format!(
            "Operations of {} {version}, as its definition declares them.",
            service.title
        ));
        let (about_module, about) = (about.inner(), Doc::new("Every operation of this version."));
        let body = quote! {
            #about
            pub static SERVICE: Service = Service {
                name: #name,
                api_version: #version,
                key: #key,
                operations: &[#(#operations),*],
            };

            /// Every named type of this version.
            pub static TYPES: &[Type] = &[#(#types),*];

            #statics
        };
        let imports = imports(&body);
        tokens.extend(quote! { #about_module #imports #body });
    }
}

/// The types of the tables that are used.
fn imports(body: &TokenStream) -> TokenStream {
    const TYPES: &[&str] = &[
        "Body",
        "Collection",
        "Example",
        "KeyPlacement",
        "Kind",
        "Location",
        "Operation",
        "Parameter",
        "Property",
        "Range",
        "Response",
        "Schema",
        "Service",
        "Text",
        "Type",
    ];
    let mut used = HashSet::new();
    super::imports::collect(body.clone(), &mut used);
    let names = TYPES
        .iter()
        .map(|name| ident(name))
        .filter(|name| used.contains(name));
    quote! { use maps_types::operations::{#(#names),*}; }
}

/// The answers of an example.
fn examples(example: &Example) -> impl Iterator<Item = TokenStream> {
    let name = &example.name;
    // By name: the order of a document's keys says nothing.
    let mut parameters: Vec<_> = example.parameters.iter().collect();
    parameters.sort_by_key(|(name, _)| *name);
    let parameters = parameters.into_iter().map(|(name, value)| {
        let value = value.to_string();
        quote!((#name, #value))
    });
    let parameters: Vec<_> = parameters.collect();
    example.responses.iter().map(move |response| {
        let status = Literal::u16_unsuffixed(response.status);
        let headers = response
            .headers
            .iter()
            .map(|(name, value)| quote!((#name, #value)));
        let body = option(response.body.as_ref().map(ToString::to_string).as_ref());
        quote!(Example { name: #name, parameters: &[#(#parameters),*], status: #status, headers: &[#(#headers),*], body: #body })
    })
}

/// Names of constants, each once.
struct Constants {
    taken: BTreeSet<String>,
}

impl Default for Constants {
    fn default() -> Self {
        // What each table has, whatever its definitions are called.
        let taken = ["SERVICE", "TYPES"].map(str::to_owned).into();
        Self { taken }
    }
}

impl Constants {
    /// `ROUTE_MATRIX` of `RouteMatrix`.
    fn name(&mut self, text: &str) -> Ident {
        let mut name = String::new();
        let mut previous = '_';
        for c in text.chars() {
            if c.is_ascii_alphanumeric() {
                if c.is_ascii_uppercase()
                    && (previous.is_ascii_lowercase() || previous.is_ascii_digit())
                {
                    name.push('_');
                }
                name.push(c.to_ascii_uppercase());
            } else if previous != '_' {
                name.push('_');
            }
            previous = if c.is_ascii_alphanumeric() { c } else { '_' };
        }
        let name = name.trim_matches('_');
        let start = if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            ""
        } else {
            "N_"
        };
        let mut name = format!("{start}{name}");
        // Names that differ in case alone.
        while !self.taken.insert(name.clone()) {
            name.push_str("_TOO");
        }
        ident(&name)
    }
}

/// `Some(..)` or `None`.
fn option<T: ToTokens>(value: Option<&T>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}
