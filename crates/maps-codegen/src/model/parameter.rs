//! Parameters, alone and in groups.

use serde_json::Value;

use super::{Docs, Place, Type};

/// A path, query or header parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Name on the wire.
    pub wire: String,
    /// `x-ms-client-name`.
    pub client_name: Option<String>,
    /// Prose.
    pub docs: Docs,
    /// Where the request carries it.
    pub location: Location,
    /// Whether a request must carry it.
    pub required: bool,
    /// Type of the value.
    pub ty: Type,
    /// How a list is written.
    pub collection: Collection,
    /// Limits of the value.
    pub constraints: Constraints,
    /// Declared default.
    pub default: Option<Value>,
    /// The only possible value, when there is only one.
    pub constant: Option<Value>,
    /// What the parameter is for.
    pub role: Role,
    /// `x-ms-secret`, or `"format": "password"`.
    pub secret: bool,
    /// `x-ms-skip-url-encoding`.
    pub skip_url_encoding: bool,
    /// `x-ms-header-collection-prefix`.
    pub header_prefix: Option<String>,
    /// The [`ParameterGroup`] that callers give it in, by its name in the definition.
    pub group: Option<String>,
}

impl Parameter {
    /// Whether its values are files of a form.
    #[must_use]
    pub fn is_file(&self) -> bool {
        self.location == Location::Form
            && match &self.ty {
                Type::Array(item) => **item == Type::Bytes,
                ty => *ty == Type::Bytes,
            }
    }
}

/// Parameters of one or several operations that callers give together (`x-ms-parameter-grouping`).
#[derive(Debug, Clone)]
pub struct ParameterGroup {
    /// Its name in the definition, or the one that the rules of the extension give it.
    pub wire: String,
    /// The parameters of all operations that take it, each once; one is required where every operation requires it.
    pub parameters: Vec<Parameter>,
    /// The `operationId`s of the operations that take it.
    pub operations: Vec<String>,
    /// Where the first of its parameters stands.
    pub place: Place,
}

/// What a parameter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// An argument or setter of the operation.
    Plain,
    /// `api-version`: fixed by the module.
    ApiVersion,
    /// Set on the client, overridable on a request.
    Client,
    /// Names the long-running operation that the request starts (`Operation-Id`).
    OperationId,
}

/// Where a request carries a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a form body.
    Form,
    /// As the whole body; of a [`ParameterGroup`] alone.
    Body,
}

/// `collectionFormat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Collection {
    /// Comma.
    #[default]
    Csv,
    /// Space.
    Ssv,
    /// Tab.
    Tsv,
    /// `|`.
    Pipes,
    /// The parameter repeated.
    Multi,
}

/// Limits of a value; `None` does not limit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Constraints {
    /// Smallest number.
    pub minimum: Option<f64>,
    /// Largest number.
    pub maximum: Option<f64>,
    /// Whether the smallest number itself is excluded.
    pub exclusive_minimum: bool,
    /// Whether the largest number itself is excluded.
    pub exclusive_maximum: bool,
    /// The number is a multiple of this.
    pub multiple_of: Option<f64>,
    /// Fewest characters.
    pub min_length: Option<usize>,
    /// Most characters.
    pub max_length: Option<usize>,
    /// Regular expression.
    pub pattern: Option<String>,
    /// Whether the regular expression is one that the runtime can check.
    pub pattern_checked: bool,
    /// Fewest items.
    pub min_items: Option<usize>,
    /// Most items.
    pub max_items: Option<usize>,
    /// Items differ from each other.
    pub unique_items: bool,
    /// `format`, as written.
    pub format: Option<String>,
}
