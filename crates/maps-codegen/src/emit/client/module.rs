//! Module files: what a version and a group export.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::answer::has_answer;
use super::exchanges::is_tested;
use super::headers::has_headers;
use super::parameter_group;
use super::scope::{Scope, Surface};
use super::xml::uses_xml;
use crate::emit::types::ident;

/// The module of an API version.
pub(super) struct VersionModule<'a> {
    scope: &'a Scope<'a>,
    surfaces: &'a [Surface<'a>],
}

impl<'a> VersionModule<'a> {
    pub(super) fn new(scope: &'a Scope<'a>, surfaces: &'a [Surface<'a>]) -> Self {
        Self { scope, surfaces }
    }
}

impl ToTokens for VersionModule<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let service = self.scope.service;
        let docs = format!(" {}, API version {}.", service.title, service.version);
        let builder = format!("{}Builder", service.client);
        let mut modules = vec!["builder"];
        let mut exports = vec![("builder", vec![builder])];
        let mut has_tests = false;
        match self.surfaces.iter().find(|surface| surface.group.is_none()) {
            Some(surface) => {
                let own = Exports::new(self.scope, surface);
                modules.extend(own.modules);
                exports.extend(own.exports);
                has_tests = own.has_tests;
            }
            None => {
                modules.push("client");
                exports.push(("client", vec![service.client.clone()]));
            }
        }
        let parameters = &service.parameter_groups;
        if !parameters.is_empty() {
            modules.push("groups");
            let names = parameters
                .iter()
                .filter_map(|group| parameter_group::type_name(self.scope, group));
            exports.push(("groups", names.map(|name| name.to_string()).collect()));
        }
        let groups = self.surfaces.iter().filter_map(|surface| surface.group);
        let groups = groups.map(|group| {
            let name = ident(&group.accessor);
            let words = group.accessor.trim_start_matches("r#").replace('_', " ");
            let docs = format!(" The client of the operations on {words}, and its requests.");
            quote!(#[doc = #docs] pub mod #name;)
        });
        let files = Exports {
            modules,
            exports,
            has_tests,
        };
        tokens.extend(quote! {
            #![doc = #docs]
            #(#groups)*
            #files
        });
    }
}

/// The module of an operation group.
pub(super) struct GroupModule<'a> {
    scope: &'a Scope<'a>,
    surface: &'a Surface<'a>,
}

impl<'a> GroupModule<'a> {
    pub(super) fn new(scope: &'a Scope<'a>, surface: &'a Surface<'a>) -> Self {
        Self { scope, surface }
    }
}

impl ToTokens for GroupModule<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        Exports::new(self.scope, self.surface).to_tokens(tokens);
    }
}

/// Private modules, and what is exported from them.
struct Exports {
    modules: Vec<&'static str>,
    exports: Vec<(&'static str, Vec<String>)>,
    /// Whether examples of the definition are tests.
    has_tests: bool,
}

impl Exports {
    /// Those of a surface.
    fn new(scope: &Scope<'_>, surface: &Surface<'_>) -> Self {
        let operations = &surface.operations;
        let answers = operations.iter().filter(|operation| has_answer(operation));
        let answers: Vec<String> = answers
            .map(|operation| scope.operation(operation).answer.ident.clone())
            .collect();
        let headers = operations.iter().filter(|operation| has_headers(operation));
        let headers: Vec<String> = headers
            .map(|operation| scope.operation(operation).headers.ident.clone())
            .collect();
        let requests = operations
            .iter()
            .map(|operation| scope.operation(operation).request.ident.clone())
            .collect();
        let client = vec![surface.client(scope.service).to_string()];
        let exports = [
            ("answers", answers),
            ("client", client),
            ("headers", headers),
            ("requests", requests),
        ];
        let exports: Vec<_> = exports
            .into_iter()
            .filter(|(_, names)| !names.is_empty())
            .collect();
        let mut modules: Vec<&str> = exports.iter().map(|(module, _)| *module).collect();
        if !operations.is_empty() {
            modules.push("operations");
        }
        if operations.iter().any(|operation| uses_xml(operation)) {
            modules.push("xml");
        }
        let has_tests = operations
            .iter()
            .any(|operation| is_tested(scope.service, operation));
        Self {
            modules,
            exports,
            has_tests,
        }
    }
}

impl ToTokens for Exports {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let mut modules = self.modules.clone();
        modules.sort_unstable();
        let modules = modules.into_iter().map(ident);
        let mut exports = self.exports.clone();
        exports.sort();
        let exports = exports.into_iter().map(|(module, mut names)| {
            names.sort();
            let module = ident(module);
            let names: Vec<_> = names.iter().map(|name| ident(name)).collect();
            match names.as_slice() {
                [one] => quote!(pub use self::#module::#one;),
                several => quote!(pub use self::#module::{#(#several),*};),
            }
        });
        let tests = self.has_tests.then(|| {
            quote!(
                #[cfg(test)]
                mod exchanges;
            )
        });
        tokens.extend(quote! {
            #(mod #modules;)*
            #tests
            #(#exports)*
        });
    }
}
