//! Tables of a service's operations, as its definition declares them.
//!
//! A models crate carries one [`Service`] for each API version behind its feature `operations`. Servers, emulators and
//! documentation tools read it; the clients do not.

/// One API version of a service.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    /// Name of the service, for example `route`.
    pub name: &'static str,
    /// The value that the query parameter `api-version` must have.
    pub api_version: &'static str,
    /// Where requests carry the subscription key.
    pub key: Option<KeyPlacement>,
    /// Every operation of the version, in the order of its documents.
    pub operations: &'static [Operation],
}

/// A named type of a version.
#[derive(Debug, Clone, Copy)]
pub struct Type {
    /// Its Rust name, for example `RouteMatrix`.
    pub name: &'static str,
    /// Its shape.
    pub schema: &'static Schema,
}

/// Where a request carries its subscription key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyPlacement {
    /// In the header of this name.
    Header(&'static str),
    /// In the query parameter of this name.
    Query(&'static str),
}

/// One method on one path.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// The `operationId`, for example `Route_GetRouteOperationsStatus`.
    pub id: &'static str,
    /// HTTP method in capitals.
    pub method: &'static str,
    /// Path template, for example `/route/operations/{id}`.
    pub path: &'static str,
    /// Path, query and header parameters, `api-version` among them.
    pub parameters: &'static [Parameter],
    /// The body, when the operation takes one.
    pub body: Option<Body>,
    /// Declared responses; the `default` one has no status.
    pub responses: &'static [Response],
    /// Whether the operation starts asynchronous work.
    pub long_running: bool,
    /// Examples of the definition.
    pub examples: &'static [Example],
}

/// A path, query or header parameter.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Name on the wire.
    pub name: &'static str,
    /// Where the request carries it.
    pub location: Location,
    /// Whether a request must carry it.
    pub required: bool,
    /// How a list is written; of no matter for what is none.
    pub collection: Collection,
    /// Type and constraints of its value.
    pub schema: &'static Schema,
}

/// How a request writes a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Collection {
    /// With commas.
    #[default]
    Csv,
    /// With spaces.
    Ssv,
    /// With tabs.
    Tsv,
    /// With `|`.
    Pipes,
    /// The parameter repeated for each item.
    Multi,
}

/// Where a request carries a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// A segment, or part of one, of the path.
    Path,
    /// The query string.
    Query,
    /// A header.
    Header,
}

/// A request body.
#[derive(Debug, Clone, Copy)]
pub struct Body {
    /// Name of the body parameter in the definition.
    pub name: &'static str,
    /// Whether a request must carry it.
    pub required: bool,
    /// Media types that the operation accepts.
    pub content_types: &'static [&'static str],
    /// Shape of the body.
    pub schema: &'static Schema,
}

/// A declared response.
#[derive(Debug, Clone, Copy)]
pub struct Response {
    /// The status, or `None` for `default`.
    pub status: Option<u16>,
    /// Names of the declared headers.
    pub headers: &'static [&'static str],
    /// Shape of the body, when one is declared.
    pub schema: Option<&'static Schema>,
}

/// One response of one example of the definition.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// Title of the example.
    pub name: &'static str,
    /// What the request carries: values by the names of parameters and body in the definition, as JSON text.
    pub parameters: &'static [(&'static str, &'static str)],
    /// Status of the response.
    pub status: u16,
    /// Headers of the response.
    pub headers: &'static [(&'static str, &'static str)],
    /// Body of the response as JSON text.
    pub body: Option<&'static str>,
}

/// Type and constraints of a value.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    /// The JSON type, with what only that type has.
    pub kind: Kind,
    /// Whether `null` is allowed.
    pub nullable: bool,
    /// Whether only responses carry the value.
    pub read_only: bool,
}

impl Schema {
    /// Any value.
    pub const ANY: Self = Self {
        kind: Kind::Any,
        nullable: false,
        read_only: false,
    };
    /// `true` or `false`.
    pub const BOOLEAN: Self = Self {
        kind: Kind::Boolean,
        ..Self::ANY
    };
    /// A whole number without limits.
    pub const INTEGER: Self = Self {
        kind: Kind::Integer(Range::ANY),
        ..Self::ANY
    };
    /// A whole number of 32 bits.
    pub const INT32: Self = Self {
        kind: Kind::Integer(Range::INT32),
        ..Self::ANY
    };
    /// A number without limits.
    pub const NUMBER: Self = Self {
        kind: Kind::Number(Range::ANY),
        ..Self::ANY
    };
    /// A text without limits.
    pub const STRING: Self = Self {
        kind: Kind::String(Text::ANY),
        ..Self::ANY
    };
    /// An object with any members.
    pub const OBJECT: Self = Self {
        kind: Kind::Object {
            properties: &[],
            additional: Some(&Self::ANY),
        },
        ..Self::ANY
    };
}

/// The JSON type of a value, with the constraints of that type.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Anything.
    Any,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer(Range),
    /// A number.
    Number(Range),
    /// A text.
    String(Text),
    /// A list.
    Array {
        /// Shape of each item.
        items: &'static Schema,
        /// Fewest items.
        min_items: Option<usize>,
        /// Most items.
        max_items: Option<usize>,
    },
    /// An object with known properties, others allowed.
    Object {
        /// The known properties.
        properties: &'static [Property],
        /// Shape of all other properties, when one is declared.
        additional: Option<&'static Schema>,
    },
    /// An object whose shape depends on the value of one property.
    Tagged {
        /// Name of that property.
        tag: &'static str,
        /// The value and the shape that belongs to it.
        variants: &'static [(&'static str, &'static Schema)],
    },
}

/// A property of an object.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// Name on the wire.
    pub name: &'static str,
    /// Whether an object must have it.
    pub required: bool,
    /// Shape of its value.
    pub schema: &'static Schema,
}

/// Limits of a number; absent ones do not limit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Range {
    /// Smallest value.
    pub minimum: Option<f64>,
    /// Largest value.
    pub maximum: Option<f64>,
    /// Whether the smallest value itself is excluded.
    pub exclusive_minimum: bool,
    /// Whether the largest value itself is excluded.
    pub exclusive_maximum: bool,
    /// Known values, exact up to 2^53; an open enumeration accepts others too.
    pub values: &'static [f64],
    /// Whether only the known values are accepted.
    pub closed: bool,
    /// Format of the definition, for example `int32` or `unixtime`.
    pub format: Option<&'static str>,
}

impl Range {
    /// No limits.
    pub const ANY: Self = Self {
        minimum: None,
        maximum: None,
        exclusive_minimum: false,
        exclusive_maximum: false,
        values: &[],
        closed: false,
        format: None,
    };

    /// No limits but those of 32 bits.
    pub const INT32: Self = Self {
        format: Some("int32"),
        ..Self::ANY
    };
}

/// Limits of a text; absent ones do not limit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Text {
    /// Fewest characters.
    pub min_length: Option<usize>,
    /// Most characters.
    pub max_length: Option<usize>,
    /// Regular expression that must match somewhere in the text.
    pub pattern: Option<&'static str>,
    /// Known values; an open enumeration accepts others too.
    pub values: &'static [&'static str],
    /// Whether only the known values are accepted.
    pub closed: bool,
    /// Format of the definition, for example `date-time`.
    pub format: Option<&'static str>,
}

impl Text {
    /// No limits.
    pub const ANY: Self = Self {
        min_length: None,
        max_length: None,
        pattern: None,
        values: &[],
        closed: false,
        format: None,
    };
}
