//! What the emitters of one surface share: the service, its names, and how a file refers to what is elsewhere.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::imports::Imports;
use super::operations::StaticNames;
use super::parameter::location_key;
use crate::emit::secrets::{DebugOf, Shown};
use crate::emit::types::ident;
use crate::model::{GroupClient, Operation, Parameter, Role, Service};
use crate::names::{Name, Names, OperationName};

/// A client with operations of its own.
#[derive(Debug)]
pub(super) struct Surface<'a> {
    /// The group's client; `None` for the client of the service.
    pub(super) group: Option<&'a GroupClient>,
    /// Its operations in document order.
    pub(super) operations: Vec<&'a Operation>,
}

impl<'a> Surface<'a> {
    /// The surfaces of a service: that of its own client first, when that has operations, or when nothing else has.
    pub(super) fn all(service: &'a Service) -> Vec<Self> {
        let own: Vec<&Operation> = service
            .groups
            .iter()
            .filter(|group| group.client.is_none())
            .flat_map(|group| &group.operations)
            .collect();
        let mut surfaces = Vec::new();
        if !own.is_empty() || service.groups.is_empty() {
            surfaces.push(Self {
                group: None,
                operations: own,
            });
        }
        for group in &service.groups {
            if let Some(client) = &group.client {
                surfaces.push(Self {
                    group: Some(client),
                    operations: group.operations.iter().collect(),
                });
            }
        }
        surfaces
    }

    /// Type of its client.
    pub(super) fn client(&self, service: &Service) -> Ident {
        ident(
            self.group
                .map_or(service.client.as_str(), |group| group.ty.as_str()),
        )
    }

    /// The client-level parameters that its operations declare, in the order of the service.
    pub(super) fn client_parameters(&self, service: &'a Service) -> Vec<&'a Parameter> {
        let key = |parameter: &'a Parameter| {
            let location = location_key(parameter.location);
            (location, parameter.wire.as_str())
        };
        let declared: BTreeSet<_> = self
            .operations
            .iter()
            .flat_map(|operation| &operation.parameters)
            .filter(|parameter| parameter.role == Role::Client)
            .map(key)
            .collect();
        service
            .client_parameters
            .iter()
            .filter(|parameter| declared.contains(&key(parameter)))
            .collect()
    }
}

/// What the emitters of one file share.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    /// The service.
    pub(super) service: &'a Service,
    /// Its Rust names.
    pub(super) names: &'a Names,
    /// The `use` lines of the file being made.
    pub(super) imports: Imports,
    /// Names of the constants that describe operations.
    pub(super) statics: StaticNames,
    /// The client crate, as an identifier.
    pub(super) client_crate: String,
    /// The models crate, as an identifier.
    pub(super) models_crate: String,
    /// Whether the version is the one that the crates re-export at their root.
    is_default: bool,
    /// Whether the file is one of a group of operations, and so a module further down.
    is_group: bool,
    /// Types that the surface itself defines; an import of such a name is written as a path instead.
    defined: BTreeSet<String>,
}

impl<'a> Scope<'a> {
    /// Options of the client without which requests cannot go out.
    pub(super) fn needed_options(&self) -> impl Iterator<Item = (Ident, &'a Parameter)> {
        let parameters = self.service.client_parameters.iter();
        let needed =
            parameters.filter(|parameter| parameter.required && parameter.default.is_none());
        needed.filter_map(|parameter| {
            let name = self.client_parameter(parameter)?;
            Some((ident(&name.ident), parameter))
        })
    }

    /// Name of an option of the client.
    pub(super) fn client_parameter(&self, parameter: &Parameter) -> Option<&'a Name> {
        let key = (location_key(parameter.location), parameter.wire.clone());
        self.names.client_parameters.get(&key)
    }

    /// The scope of a surface, or of what is common to all.
    pub(super) fn new(
        service: &'a Service,
        names: &'a Names,
        models_crate: &str,
        is_default: bool,
        surface: Option<&Surface<'a>>,
    ) -> Self {
        let models_crate = models_crate.replace('-', "_");
        let client_crate = models_crate
            .strip_suffix("_models")
            .unwrap_or(&models_crate)
            .to_owned();
        let operations = surface.map_or(&[][..], |surface| &surface.operations);
        let mut defined: BTreeSet<String> = operations
            .iter()
            .filter_map(|operation| names.operations.get(&operation.id))
            .flat_map(|name| [&name.request.ident, &name.headers.ident, &name.answer.ident])
            .cloned()
            .collect();
        defined.insert(service.client.clone());
        defined.insert(format!("{}Builder", service.client));
        defined.extend(
            surface
                .and_then(|surface| surface.group)
                .map(|group| group.ty.clone()),
        );
        let groups = names.parameter_groups.values();
        defined.extend(groups.map(|group| group.ty.ident.clone()));
        let statics = StaticNames::new(operations, names);
        Self {
            service,
            names,
            imports: Imports::default(),
            statics,
            client_crate,
            models_crate,
            is_default,
            is_group: surface.is_some_and(|surface| surface.group.is_some()),
            defined,
        }
    }

    /// The same scope for another file.
    pub(super) fn with(&self, imports: Imports) -> Self {
        Self {
            service: self.service,
            names: self.names,
            imports,
            statics: self.statics.clone(),
            client_crate: self.client_crate.clone(),
            models_crate: self.models_crate.clone(),
            is_default: self.is_default,
            is_group: self.is_group,
            defined: self.defined.clone(),
        }
    }

    /// Names of an operation.
    pub(super) fn operation(&self, operation: &Operation) -> &'a OperationName {
        self.names
            .operations
            .get(&operation.id)
            .expect("every operation was named")
    }

    /// An item of the runtime that users see: `Response`.
    pub(super) fn core(&self, item: &str) -> TokenStream {
        self.item("maps_core", item)
    }

    /// An item of the runtime that generated code is made of: `Operation`.
    pub(super) fn runtime(&self, item: &str) -> TokenStream {
        self.item("maps_core::service", item)
    }

    /// `Debug` of a struct with parameters.
    pub(super) fn debug_of(&self, name: &Ident, fields: &[(Ident, Shown)]) -> DebugOf {
        let is_needed = fields.iter().any(|(_, shown)| *shown != Shown::Whole);
        let redacted = match is_needed {
            true => self.runtime("Redacted"),
            false => TokenStream::new(),
        };
        DebugOf::new(name, fields, &redacted)
    }

    /// An item of the runtime's test kit.
    pub(super) fn test_kit(&self, item: &str) -> TokenStream {
        self.item("maps_core::test_kit", item)
    }

    /// A link to an item of the runtime that the file uses, and so has imported.
    pub(super) fn core_link(&self, item: &str) -> String {
        if self.defined.contains(item) {
            format!("[`{item}`](maps_core::{item})")
        } else {
            format!("[`{item}`]")
        }
    }

    /// An item of the standard library: `("std::pin", "Pin")`.
    pub(super) fn std(&self, path: &str, item: &str) -> TokenStream {
        self.item(path, item)
    }

    /// An item of a file next to this one, re-exported or visible in the module above: `("super", "RouteClient")`.
    pub(super) fn sibling(&self, path: &str, item: &str) -> TokenStream {
        self.imports.item(path, item);
        ident(item).to_token_stream()
    }

    /// A type of the version's module, whatever the surface.
    pub(super) fn of_version(&self, item: &Ident) -> TokenStream {
        let path = if self.is_group {
            "super::super"
        } else {
            "super"
        };
        self.sibling(path, &item.to_string())
    }

    /// The module of the models.
    pub(super) fn models(&self) -> TokenStream {
        self.imports.module_as(
            &format!("{}::{}", self.models_crate, self.names.module),
            "models",
        );
        quote!(models)
    }

    /// The constant of this name that describes an operation.
    pub(super) fn constant(&self, name: &Ident) -> TokenStream {
        self.imports.item("super", "operations");
        quote!(operations::#name)
    }

    /// Where callers find the client: `maps_route`, or `maps_route::v2025_01_01` of a version that is not the default.
    pub(super) fn module_path(&self) -> String {
        if self.is_default {
            self.client_crate.clone()
        } else {
            format!("{}::{}", self.client_crate, self.names.module)
        }
    }

    /// The same as tokens.
    pub(super) fn client_path(&self) -> TokenStream {
        path(&self.module_path())
    }

    /// Where callers find the models: `maps_route::models`.
    pub(super) fn models_module(&self) -> String {
        let models = format!("{}::models", self.client_crate);
        if self.is_default {
            models
        } else {
            format!("{models}::{}", self.names.module)
        }
    }

    /// The same as tokens.
    pub(super) fn models_path(&self) -> TokenStream {
        path(&self.models_module())
    }

    fn item(&self, path: &str, item: &str) -> TokenStream {
        let name = ident(item);
        if self.defined.contains(item) {
            let path = self::path(path);
            return quote!(#path::#name);
        }
        self.imports.item(path, item);
        name.to_token_stream()
    }
}

fn path(text: &str) -> TokenStream {
    let segments = text.split("::").map(ident);
    quote!(#(#segments)::*)
}
