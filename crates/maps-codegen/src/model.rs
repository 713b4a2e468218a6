//! The intermediate representation: what a definition means, before any Rust.
//!
//! `model` makes it, `name` gives every item its Rust name, `emit` turns both into tokens. All maps keep insertion
//! order, which is that of `load`.

use indexmap::IndexMap;

mod body;
mod example;
mod host;
mod long_running;
mod operation;
mod parameter;
mod types;
mod xml;

pub use body::{Body, Coding, Form, Header, Response, Success};
pub use example::{Example, ExampleResponse};
pub use host::{Host, HostParameter, KeyPlacement, Security};
pub use long_running::{LongRunning, ResultSource, StatusOperation};
pub use operation::{Following, Operation, OperationKind, Pageable};
pub use parameter::{Collection, Constraints, Location, Parameter, ParameterGroup, Role};
pub use types::{
    Enum, EnumBase, EnumValue, Property, Struct, Tag, Type, TypeDef, TypeKind, Union, Variant,
};
pub use xml::{XmlElement, XmlField, XmlPlace, XmlShape, XmlType};

/// Key of a type definition, unique within one service version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeKey(pub String);

/// One API version of one service: what becomes one module of a models crate and one of a client crate.
#[derive(Debug, Clone)]
pub struct Service {
    /// Name of the service, for example `data-registry`; crates are `maps-<name>` and `maps-<name>-models`.
    pub name: String,
    /// `info.title` of the first document.
    pub title: String,
    /// Version, for example `2025-01-01`.
    pub version: String,
    /// Paths of the documents as shown in docs, for example `spec/route/2025-01-01/route.json`.
    pub documents: Vec<String>,
    /// `info.description` of the first document.
    pub docs: Docs,
    /// Day on which the service was retired, `2025-09-30`.
    pub retired: Option<String>,
    /// Where requests go.
    pub host: Host,
    /// How requests sign in.
    pub security: Security,
    /// Client-level parameters that a client builder sets and a request may override (`Accept-Language`,
    /// `x-ms-client-id`). Neither `api-version` nor host parameters are among them.
    pub client_parameters: Vec<Parameter>,
    /// Operation groups. A service with one group has its methods on the client itself; one with several, or with
    /// `grouped` set in `services.toml`, has one client for each.
    pub groups: Vec<Group>,
    /// Type of the client, for example `RouteClient`.
    pub client: String,
    /// Parameters that definitions ask to be given together.
    pub parameter_groups: Vec<ParameterGroup>,
    /// Every emitted type.
    pub types: IndexMap<TypeKey, TypeDef>,
    /// Where the properties of types are in XML, of those that bodies in XML hold.
    pub xml: IndexMap<TypeKey, XmlType>,
    /// Definitions no operation reaches; named in the report of a run, not emitted.
    pub unreachable: Vec<String>,
}

/// Prose of a definition, Markdown as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Docs {
    /// `summary` or `title`.
    pub summary: Option<String>,
    /// `description`.
    pub description: Option<String>,
}

/// Operations with one prefix before the underscore of their `operationId`.
#[derive(Debug, Clone)]
pub struct Group {
    /// The prefix, for example `Dataset`; empty when an `operationId` has none.
    pub wire: String,
    /// Accessor on the service's client (`datasets`) and type of the group's client (`DatasetsClient`); `None` when
    /// the methods stand on the service's client itself.
    pub client: Option<GroupClient>,
    /// Its operations in document order.
    pub operations: Vec<Operation>,
}

impl Service {
    /// Whether it is one of Azure Maps, as its title says: whose words for credentials hold there alone.
    #[must_use]
    pub fn is_azure_maps(&self) -> bool {
        self.title.contains("Azure Maps")
    }

    /// Whether requests of some operation carry the query parameter `api-version`.
    #[must_use]
    pub fn is_versioned(&self) -> bool {
        let mut operations = self.groups.iter().flat_map(|group| &group.operations);
        operations.any(Operation::is_versioned)
    }
}

/// Names of a group's client, from `services.toml` or derived.
#[derive(Debug, Clone)]
pub struct GroupClient {
    /// Method and module, for example `datasets`.
    pub accessor: String,
    /// Type, for example `DatasetsClient`.
    pub ty: String,
}

/// A place in a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Path of the document as shown to people.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// How many characters of the line belong to it.
    pub width: usize,
    /// JSON pointer with a leading `#`.
    pub pointer: String,
}
