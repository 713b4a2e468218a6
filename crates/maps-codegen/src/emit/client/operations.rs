//! Constants that describe operations to the runtime: where a request goes, what its values must look like, how a
//! long-running one is watched.

use std::collections::{BTreeSet, HashMap};

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};

use super::prose;
use super::scope::{Scope, Surface};
use crate::emit::docs::Doc;
use crate::emit::types::ident;
use crate::model::{
    Constraints, Following, Location, LongRunning, Operation, OperationKind, ResultSource, Role,
};
use crate::names::Names;

/// Names of the constants of one surface.
#[derive(Debug, Clone, Default)]
pub(super) struct StaticNames {
    operations: HashMap<String, Ident>,
    watched: HashMap<String, Ident>,
    following: HashMap<String, Ident>,
    checks: Vec<(Ident, Checked)>,
}

/// A value that is checked before it is sent: its name on the wire and what it must look like.
#[derive(Debug, Clone, PartialEq)]
struct Checked {
    name: String,
    min_length: Option<usize>,
    max_length: Option<usize>,
    pattern: Option<String>,
}

impl Checked {
    /// The check of a value, `None` when the definition does not limit its text.
    fn new(name: &str, constraints: &Constraints) -> Option<Self> {
        let checked = Self {
            name: name.to_owned(),
            min_length: constraints.min_length,
            max_length: constraints.max_length,
            pattern: constraints
                .pattern
                .clone()
                .filter(|_| constraints.pattern_checked),
        };
        (checked.min_length.is_some() || checked.max_length.is_some() || checked.pattern.is_some())
            .then_some(checked)
    }
}

impl StaticNames {
    pub(super) fn new(operations: &[&Operation], names: &Names) -> Self {
        let mut made = Self::default();
        let mut taken = BTreeSet::new();
        for operation in operations {
            let Some(name) = names.operations.get(&operation.id) else {
                continue;
            };
            let word = constant_case(&name.method.ident);
            if let OperationKind::LongRunning(_) = operation.kind {
                made.operations.insert(
                    operation.id.clone(),
                    unique(&mut taken, format!("BEGIN_{word}")),
                );
                made.watched.insert(
                    operation.id.clone(),
                    unique(&mut taken, format!("WATCH_{word}")),
                );
            } else {
                if has_following(operation).is_some() {
                    let name = unique(&mut taken, format!("AFTER_{word}"));
                    made.following.insert(operation.id.clone(), name);
                }
                made.operations
                    .insert(operation.id.clone(), unique(&mut taken, word));
            }
        }
        for operation in operations {
            for parameter in &operation.parameters {
                let is_checked =
                    parameter.location == Location::Path || parameter.role == Role::OperationId;
                if is_checked {
                    let suffix = if parameter.location == Location::Header {
                        "_HEADER"
                    } else {
                        "_FORM"
                    };
                    made.add_check(&parameter.wire, suffix, &parameter.constraints, &mut taken);
                }
            }
            if let OperationKind::LongRunning(long_running) = &operation.kind
                && let Some(status) = &long_running.status
            {
                let name = &status.id_parameter;
                made.add_check(name, "_FORM", &status.constraints, &mut taken);
            }
        }
        made
    }

    fn add_check(
        &mut self,
        name: &str,
        suffix: &str,
        constraints: &Constraints,
        taken: &mut BTreeSet<String>,
    ) {
        let Some(checked) = Checked::new(name, constraints) else {
            return;
        };
        if self.checks.iter().all(|(_, known)| *known != checked) {
            let name = unique(taken, format!("{}{suffix}", constant_case(name)));
            self.checks.push((name, checked));
        }
    }

    /// The constant of an operation.
    pub(super) fn operation(&self, operation: &Operation) -> &Ident {
        self.operations
            .get(&operation.id)
            .expect("every operation of the surface has a constant")
    }

    /// The constant that says how a long-running operation is watched.
    pub(super) fn watched(&self, operation: &Operation) -> &Ident {
        self.watched
            .get(&operation.id)
            .expect("every long-running operation of the surface has a constant")
    }

    /// The constant that says how the pages after the first are asked for.
    pub(super) fn following(&self, operation: &Operation) -> Option<&Ident> {
        self.following.get(&operation.id)
    }

    /// What of a value is checked, in words: its pattern, its length, or both.
    pub(super) fn checked_words(
        &self,
        name: &str,
        constraints: &Constraints,
    ) -> Option<&'static str> {
        let checked = Checked::new(name, constraints)?;
        let has_length = checked.min_length.is_some() || checked.max_length.is_some();
        Some(match (checked.pattern.is_some(), has_length) {
            (true, true) => "pattern or length",
            (true, false) => "pattern",
            (false, _) => "length",
        })
    }

    /// The constant with the check of a value, where its text is limited.
    pub(super) fn check(&self, name: &str, constraints: &Constraints) -> Option<&Ident> {
        let checked = Checked::new(name, constraints)?;
        self.checks
            .iter()
            .find(|(_, known)| *known == checked)
            .map(|(name, _)| name)
    }
}

/// `route_matrix`, `r#type`, `operationId` or `Operation-Id` in capitals with underscores.
pub(super) fn constant_case(name: &str) -> String {
    let mut out = String::new();
    let mut after_lower = false;
    for char in name.trim_start_matches("r#").chars() {
        if !char.is_alphanumeric() {
            after_lower = false;
            if !out.is_empty() && !out.ends_with('_') {
                out.push('_');
            }
            continue;
        }
        if char.is_uppercase() && after_lower {
            out.push('_');
        }
        after_lower = char.is_lowercase() || char.is_numeric();
        out.extend(char.to_uppercase());
    }
    if out.starts_with(|first: char| first.is_numeric()) || out.is_empty() {
        format!("VALUE_{out}")
    } else {
        out
    }
}

fn unique(taken: &mut BTreeSet<String>, name: String) -> Ident {
    let mut candidate = name;
    while !taken.insert(candidate.clone()) {
        candidate.push('_');
    }
    ident(&candidate)
}

/// All constants of a surface.
pub(super) struct Statics<'a> {
    scope: &'a Scope<'a>,
    surface: &'a Surface<'a>,
}

impl<'a> Statics<'a> {
    pub(super) fn new(scope: &'a Scope<'a>, surface: &'a Surface<'a>) -> Self {
        Self { scope, surface }
    }
}

impl ToTokens for Statics<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for operation in &self.surface.operations {
            OperationStatic {
                scope: self.scope,
                operation,
            }
            .to_tokens(tokens);
            if let OperationKind::LongRunning(long_running) = &operation.kind {
                LongRunningStatic {
                    scope: self.scope,
                    operation,
                    long_running,
                }
                .to_tokens(tokens);
            }
        }
        for operation in &self.surface.operations {
            if let Some(following) = has_following(operation) {
                FollowingStatic {
                    scope: self.scope,
                    operation,
                    following,
                }
                .to_tokens(tokens);
            }
        }
        for (name, checked) in &self.scope.statics.checks {
            CheckStatic {
                scope: self.scope,
                name,
                checked,
            }
            .to_tokens(tokens);
        }
    }
}

/// Where requests of one operation go.
struct OperationStatic<'a> {
    scope: &'a Scope<'a>,
    operation: &'a Operation,
}

impl ToTokens for OperationStatic<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { scope, operation } = self;
        let name = scope.statics.operation(operation);
        let ty = scope.runtime("Operation");
        let id = &operation.id;
        let method = method(scope, &operation.method);
        let path = &operation.path;
        let accept = if operation.produces.is_empty() {
            "application/json".to_owned()
        } else {
            operation.produces.join(", ")
        };
        let redirects = operation
            .responses
            .iter()
            .filter(|response| !response.is_error)
            .filter_map(|response| response.status)
            .filter(|status| matches!(status, 301..=303 | 307 | 308))
            .map(Literal::u16_unsuffixed);
        tokens.extend(quote! {
            pub(super) static #name: #ty = #ty {
                id: #id,
                method: #method,
                path: #path,
                accept: #accept,
                redirects: &[#(#redirects),*],
            };
        });
    }
}

/// A constant of `http::Method`.
fn method(scope: &Scope<'_>, method: &str) -> TokenStream {
    let ty = scope.core("Method");
    let name = ident(method);
    quote!(#ty::#name)
}

/// The pipeline's method that starts a request of an operation.
pub(super) fn start(scope: &Scope<'_>, operation: &Operation) -> Ident {
    let is_alone = scope.service.is_versioned() && !operation.is_versioned();
    ident(if is_alone {
        "request_without_version"
    } else {
        "request"
    })
}

/// How one long-running operation is watched.
struct LongRunningStatic<'a> {
    scope: &'a Scope<'a>,
    operation: &'a Operation,
    long_running: &'a LongRunning,
}

impl ToTokens for LongRunningStatic<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            scope,
            operation,
            long_running,
        } = self;
        let name = scope.statics.watched(operation);
        let ty = scope.runtime("LongRunning");
        let id = &operation.id;
        let status = match &long_running.status {
            None => quote!(None),
            Some(status) => {
                let ty = scope.runtime("StatusOperation");
                let path = &status.path;
                let parameter = &status.id_parameter;
                let check =
                    check_option(scope, parameter, &status.constraints, &TokenStream::new());
                quote!(Some(#ty { path: #path, id: #parameter, check: #check }))
            }
        };
        let succeeded = &long_running.succeeded;
        let failed = &long_running.failed;
        let result = result_source(scope, &long_running.result);
        let docs = Doc::new(&format!("How {} is watched.", prose::code(&operation.id)));
        tokens.extend(quote! {
            #docs
            pub(super) static #name: #ty = #ty {
                operation: #id,
                status: #status,
                succeeded: &[#(#succeeded),*],
                failed: &[#(#failed),*],
                result: #result,
            };
        });
    }
}

fn has_following(operation: &Operation) -> Option<&Following> {
    match &operation.kind {
        OperationKind::Pageable(pageable) => pageable.following.as_deref(),
        _ => None,
    }
}

/// How the pages after the first are asked for.
struct FollowingStatic<'a> {
    scope: &'a Scope<'a>,
    operation: &'a Operation,
    following: &'a Following,
}

impl ToTokens for FollowingStatic<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            scope,
            operation,
            following,
        } = self;
        let Some(name) = scope.statics.following(operation) else {
            return;
        };
        let ty = scope.runtime("FollowingPages");
        let path = match &following.path {
            None => quote!(None),
            Some((path, hole)) => quote!(Some((#path, #hole))),
        };
        let query = &following.query;
        let constants = following.constants.iter();
        let constants = constants.map(|(name, value)| quote!((#name, #value)));
        let docs = Doc::new(&format!(
            "How {} asks {} for further pages.",
            prose::code(&operation.id),
            prose::code(&following.operation)
        ));
        tokens.extend(quote! {
            #docs
            pub(super) static #name: #ty = #ty {
                path: #path,
                query: &[#(#query),*],
                constants: &[#(#constants),*],
            };
        });
    }
}

fn result_source(scope: &Scope<'_>, source: &ResultSource) -> TokenStream {
    let ty = scope.runtime("ResultSource");
    match source {
        ResultSource::None => quote!(#ty::None),
        ResultSource::Monitor => quote!(#ty::Monitor),
        ResultSource::Property(pointer) => quote!(#ty::Property(#pointer)),
        ResultSource::Link(pointer) => quote!(#ty::Link(#pointer)),
        ResultSource::ResourceLocation => quote!(#ty::ResourceLocation),
        ResultSource::OriginalUri => quote!(#ty::OriginalUri),
        ResultSource::Resource => quote!(#ty::Resource),
        ResultSource::Location => quote!(#ty::Location),
    }
}

/// `Some(&ID_FORM)` or `None`, the constant behind `path`.
pub(super) fn check_option(
    scope: &Scope<'_>,
    name: &str,
    constraints: &Constraints,
    path: &TokenStream,
) -> TokenStream {
    match scope.statics.check(name, constraints) {
        Some(constant) => quote!(Some(&#path #constant)),
        None => quote!(None),
    }
}

/// What a value must look like.
struct CheckStatic<'a> {
    scope: &'a Scope<'a>,
    name: &'a Ident,
    checked: &'a Checked,
}

impl ToTokens for CheckStatic<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            scope,
            name,
            checked,
        } = self;
        let ty = scope.runtime("Check");
        let wire = &checked.name;
        let min_length = option(
            checked
                .min_length
                .map(proc_macro2::Literal::usize_unsuffixed),
        );
        let max_length = option(
            checked
                .max_length
                .map(proc_macro2::Literal::usize_unsuffixed),
        );
        let pattern = option(checked.pattern.as_ref().map(|pattern| {
            let ty = scope.runtime("Pattern");
            quote!(#ty::new(#pattern))
        }));
        let docs = Doc::new(&format!(
            "What {} must look like.",
            prose::code(&checked.name)
        ));
        tokens.extend(quote! {
            #docs
            pub(super) static #name: #ty =
                #ty { name: #wire, min_length: #min_length, max_length: #max_length, pattern: #pattern };
        });
    }
}

/// An optional value as an expression.
pub(super) fn option<T: ToTokens>(value: Option<T>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_named_from_any_case() {
        assert_eq!(
            constant_case("get_route_operations_status"),
            "GET_ROUTE_OPERATIONS_STATUS"
        );
        assert_eq!(constant_case("operationId"), "OPERATION_ID");
        assert_eq!(constant_case("Operation-Id"), "OPERATION_ID");
        assert_eq!(constant_case("r#type"), "TYPE");
        assert_eq!(constant_case("$top"), "TOP");
        assert_eq!(constant_case("1st"), "VALUE_1ST");
    }
}
