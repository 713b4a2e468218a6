//! Rust names of everything in a service: what `name` makes and `emit` reads.

use std::collections::HashMap;

use crate::model::TypeKey;
use crate::name::lock::Locked;

/// A Rust identifier as text (raw identifiers as `r#type`), with what it was changed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The identifier.
    pub ident: String,
    /// The name the definition suggests, when a collision or a rule outside casing made it another one.
    pub renamed_from: Option<String>,
}

/// Names of one operation.
#[derive(Debug, Clone)]
pub struct OperationName {
    /// Client method, `get_route_operations_status`; for a long-running operation without `begin_`: `route_matrix`.
    pub method: Name,
    /// Request builder, `GetRouteOperationsStatus`; for a long-running operation with `Begin`: `BeginRouteMatrix`.
    pub request: Name,
    /// Typed response headers, `GetOperationHeaders`.
    pub headers: Name,
    /// Enum of answers by status, where there is one.
    pub answer: Name,
    /// Arguments and setters by location and wire name of the parameter (`("query", "api-version")`); the body under `("body", wire)`,
    /// groups of parameters under `("group", wire)`.
    pub parameters: HashMap<(&'static str, String), Name>,
    /// Accessors of typed headers by wire name.
    pub header_fields: HashMap<String, Name>,
}

/// Names of a group of parameters.
#[derive(Debug, Clone)]
pub struct ParameterGroupName {
    /// The struct, `FirstParameterGroup`.
    pub ty: Name,
    /// Its fields, by position of their parameters.
    pub fields: Vec<Name>,
}

/// Rust names of a service.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Module of the version, `v2025_01_01`.
    pub module: String,
    /// Types.
    pub types: HashMap<TypeKey, Name>,
    /// Members of types by position: properties of a struct (fields), values of an enum, variants of a union.
    pub members: HashMap<(TypeKey, usize), Name>,
    /// The field for undeclared properties of a struct that keeps them.
    pub additional: HashMap<TypeKey, Name>,
    /// Operations by `operationId`.
    pub operations: HashMap<String, OperationName>,
    /// Client-level parameters by location and wire name, as those of operations.
    pub client_parameters: HashMap<(&'static str, String), Name>,
    /// Groups of parameters by their name in the definition.
    pub parameter_groups: HashMap<String, ParameterGroupName>,
    /// What the lock remembers of all of them.
    pub locked: Locked,
    /// Host parameters by name.
    pub host_parameters: HashMap<String, Name>,
}
