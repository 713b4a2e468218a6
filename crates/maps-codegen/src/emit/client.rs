//! Rust of the client crates: clients, request builders, pagers, pollers, and the constants that describe operations.
//!
//! A version's module has one *surface* for each client with operations: the service's own client, or the client of an
//! operation group. A surface becomes the files `client.rs`, `requests.rs`, `operations.rs` and, where its operations
//! declare such things, `headers.rs` and `answers.rs`; where they have examples, `exchanges.rs` tests them.

mod answer;
mod arguments;
mod body;
mod builder;
mod client_type;
mod coding;
mod example;
mod exchanges;
mod headers;
mod imports;
mod long_running;
mod module;
mod operations;
mod pager;
mod parameter;
mod parameter_group;
mod prose;
mod request;
mod scope;
#[cfg(test)]
mod tests;
mod types;
mod xml;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use self::builder::Builder;
use self::client_type::{ClientType, GroupingClient};
use self::imports::Imports;
use self::module::{GroupModule, VersionModule};
use self::parameter_group::ParameterGroups;
use self::scope::{Scope, Surface};
use crate::model::Service;
use crate::names::Names;
use crate::output::GeneratedFile;

/// Generates one version's module of a client crate, whose models are in `models_crate` (`maps-route-models`).
///
/// What is in the module of the default version is also at the root of the crate, where examples take it from.
pub fn client(
    service: &Service,
    names: &Names,
    models_crate: &str,
    is_default: bool,
) -> Vec<GeneratedFile> {
    let surfaces = Surface::all(service);
    let mut files = Vec::new();
    let root = &names.module;

    let scope = Scope::new(service, names, models_crate, is_default, None);
    files.push(GeneratedFile {
        path: format!("{root}.rs"),
        tokens: VersionModule::new(&scope, &surfaces).to_token_stream(),
    });
    files.push(GeneratedFile {
        path: format!("{root}/builder.rs"),
        tokens: file(&scope, |scope| Builder::new(scope).to_token_stream()),
    });

    if !service.parameter_groups.is_empty() {
        files.push(GeneratedFile {
            path: format!("{root}/groups.rs"),
            tokens: file(&scope, |scope| {
                ParameterGroups::new(scope).to_token_stream()
            }),
        });
    }
    if !surfaces.iter().any(|surface| surface.group.is_none()) {
        let tokens = file(&scope, |scope| {
            GroupingClient::new(scope, &surfaces).to_token_stream()
        });
        files.push(GeneratedFile {
            path: format!("{root}/client.rs"),
            tokens,
        });
    }
    for surface in &surfaces {
        let folder = match surface.group {
            None => root.clone(),
            Some(group) => format!("{root}/{}", group.accessor),
        };
        let scope = Scope::new(service, names, models_crate, is_default, Some(surface));
        if surface.group.is_some() {
            let tokens = GroupModule::new(&scope, surface).to_token_stream();
            files.push(GeneratedFile {
                path: format!("{folder}.rs"),
                tokens,
            });
        }
        files.extend(surface_files(&scope, surface, &surfaces, &folder));
    }
    files
}

/// The files of one surface, those without content left out.
fn surface_files(
    scope: &Scope<'_>,
    surface: &Surface<'_>,
    surfaces: &[Surface<'_>],
    folder: &str,
) -> Vec<GeneratedFile> {
    let parts: [(&str, TokenStream); 7] = [
        (
            "client",
            file(scope, |scope| {
                ClientType::new(scope, surface, surfaces).to_token_stream()
            }),
        ),
        (
            "requests",
            file(scope, |scope| {
                request::Requests::new(scope, surface).to_token_stream()
            }),
        ),
        (
            "headers",
            file(scope, |scope| {
                headers::AllHeaders::new(scope, surface).to_token_stream()
            }),
        ),
        (
            "answers",
            file(scope, |scope| {
                answer::Answers::new(scope, surface).to_token_stream()
            }),
        ),
        (
            "operations",
            file(scope, |scope| {
                operations::Statics::new(scope, surface).to_token_stream()
            }),
        ),
        (
            "exchanges",
            file(scope, |scope| {
                exchanges::Exchanges::new(scope, surface).to_token_stream()
            }),
        ),
        (
            "xml",
            file(scope, |scope| {
                xml::XmlConstants::new(scope, surface).to_token_stream()
            }),
        ),
    ];
    parts
        .into_iter()
        .filter(|(_, tokens)| !tokens.is_empty())
        .map(|(name, tokens)| GeneratedFile {
            path: format!("{folder}/{name}.rs"),
            tokens,
        })
        .collect()
}

/// A file: what `body` makes, below the `use` lines it turned out to need.
fn file(scope: &Scope<'_>, body: impl FnOnce(&Scope<'_>) -> TokenStream) -> TokenStream {
    let scope = scope.with(Imports::default());
    let body = body(&scope);
    if body.is_empty() {
        return body;
    }
    let imports = &scope.imports;
    quote! { #imports #body }
}
