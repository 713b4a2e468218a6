//! Examples of operations.

use indexmap::IndexMap;
use serde_json::Value;

use super::Place;

/// One example of an operation.
#[derive(Debug, Clone)]
pub struct Example {
    /// Its title.
    pub name: String,
    /// Arguments by wire name.
    pub parameters: IndexMap<String, Value>,
    /// Answers by status.
    pub responses: Vec<ExampleResponse>,
    /// Where it stands.
    pub place: Place,
    /// Whether it gives what a request requires, in the types of the definition.
    pub fits: bool,
}

/// One answer of an example.
#[derive(Debug, Clone)]
pub struct ExampleResponse {
    /// The status.
    pub status: u16,
    /// Headers in order.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Option<Value>,
    /// Whether the body is of the declared type.
    pub fits: bool,
}
