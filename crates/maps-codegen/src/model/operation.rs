//! Operations, and what they are besides one request and its answer.

use super::{
    Body, Coding, Docs, Example, Form, LongRunning, Parameter, Place, Response, Role, Success,
    Type, TypeKey,
};

/// One method on one path.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The `operationId`.
    pub id: String,
    /// `x-ms-client-name`, where given.
    pub client_name: Option<String>,
    /// Method name from `services.toml`, where given; wins over everything.
    pub rust_name: Option<String>,
    /// Prose.
    pub docs: Docs,
    /// Method in capitals.
    pub method: String,
    /// Path template, starting with a slash.
    pub path: String,
    /// Fixed query of the path (`/x?comp=list`), in order.
    pub fixed_query: Vec<(String, String)>,
    /// Document it stands in, as shown in docs.
    pub document: String,
    /// Where in the document, for diagnostics.
    pub place: Place,
    /// Day of retirement, where `services.toml` gives one.
    pub retired: Option<String>,
    /// `deprecated: true`.
    pub deprecated: bool,
    /// Path, query and header parameters, client-level ones included (see [`Parameter::role`]).
    pub parameters: Vec<Parameter>,
    /// The body.
    pub body: Option<Body>,
    /// How the form is written that the body is, where there are parameters in one.
    pub form: Option<Form>,
    /// Declared responses in document order.
    pub responses: Vec<Response>,
    /// Media types it produces, those that are read first; no others where the body has one type.
    pub produces: Vec<String>,
    /// How the body of a success is written.
    pub coding: Coding,
    /// Shape of a success. For a long-running operation, of its first answer.
    pub success: Success,
    /// Schema of errors, from the responses that are errors; the `default` one first.
    pub error: Option<Type>,
    /// What the operation is besides one request.
    pub kind: OperationKind,
    /// Its examples.
    pub examples: Vec<Example>,
}

impl Operation {
    /// Whether its requests carry the query parameter `api-version`.
    #[must_use]
    pub fn is_versioned(&self) -> bool {
        let mut parameters = self.parameters.iter();
        parameters.any(|parameter| parameter.role == Role::ApiVersion)
    }
}

/// What an operation is besides one request and its answer.
#[derive(Debug, Clone)]
pub enum OperationKind {
    /// Just that.
    Plain,
    /// Its answer is one page of many.
    Pageable(Pageable),
    /// Its answer starts an operation that is polled.
    LongRunning(Box<LongRunning>),
}

/// How pages follow each other.
#[derive(Debug, Clone)]
pub struct Pageable {
    /// Wire name of the property with the link, `None` when there is ever only one page.
    pub next_link: Option<String>,
    /// Wire name of the property with the items.
    pub items: String,
    /// Type of one item.
    pub item: Type,
    /// Type of a page.
    pub page: TypeKey,
    /// How the operation for the pages after the first is asked, where the definition names one.
    pub following: Option<Box<Following>>,
}

/// An operation that reads the pages after the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Following {
    /// Its `operationId`.
    pub operation: String,
    /// Its path template and the parameter of that which takes the link, where one does.
    pub path: Option<(String, String)>,
    /// Wire names of its query parameters.
    pub query: Vec<String>,
    /// Those of them that have one value.
    pub constants: Vec<(String, String)>,
}
