//! The intermediate representation: what a definition means, before any Rust.
//!
//! `model` makes it, `name` gives every item its Rust name, `emit` turns both into tokens. All maps keep insertion
//! order, which is that of `load`.

use indexmap::IndexMap;
use serde_json::Value;

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

/// Host template and its parameters.
#[derive(Debug, Clone)]
pub struct Host {
    /// Scheme and host, for example `https://{geography}.atlas.microsoft.com`; `{endpoint}` when the scheme is part of
    /// the parameter (`useSchemePrefix: false`).
    pub template: String,
    /// Parameters of the template.
    pub parameters: Vec<HostParameter>,
    /// Path before every operation's, without a final slash; usually empty.
    pub base_path: String,
}

/// A parameter of a host template.
#[derive(Debug, Clone)]
pub struct HostParameter {
    /// Name in the template.
    pub name: String,
    /// Prose.
    pub docs: Docs,
    /// Its type, a `Type::Named` enum or a string.
    pub ty: Type,
    /// Value when the caller gives none.
    pub default: Option<String>,
    /// Whether the parameter is the whole endpoint (`{endpoint}`), which `endpoint(url)` sets.
    pub is_endpoint: bool,
}

/// Declared ways to sign in.
#[derive(Debug, Clone, Default)]
pub struct Security {
    /// Where the subscription key goes.
    pub key: Option<KeyPlacement>,
    /// Whether a SAS token is accepted (`Authorization: jwt-sas`).
    pub sas: bool,
    /// Scopes to ask a token for.
    pub scopes: Vec<String>,
}

/// Where a key goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPlacement {
    /// Header of this name.
    Header(String),
    /// Query parameter of this name.
    Query(String),
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
    /// Whether requests of some operation carry the query parameter `api-version`.
    #[must_use]
    pub fn is_versioned(&self) -> bool {
        let mut operations = self.groups.iter().flat_map(|group| &group.operations);
        operations.any(Operation::is_versioned)
    }
}

impl Operation {
    /// Whether its requests carry the query parameter `api-version`.
    #[must_use]
    pub fn is_versioned(&self) -> bool {
        let mut parameters = self.parameters.iter();
        parameters.any(|parameter| parameter.role == Role::ApiVersion)
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

/// What watching a long-running operation takes.
#[derive(Debug, Clone)]
pub struct LongRunning {
    /// The operation that reads the status, where `services.toml` names one.
    pub status: Option<StatusOperation>,
    /// Type of the status monitor.
    pub monitor: Type,
    /// Words of success.
    pub succeeded: Vec<String>,
    /// Words of failure.
    pub failed: Vec<String>,
    /// How the result is collected.
    pub result: ResultSource,
    /// Type of the result; `None` when the operation has none.
    pub result_type: Option<Type>,
    /// Request header in which the caller may name the operation (`Operation-Id`).
    pub operation_id_header: Option<String>,
}

/// The operation that reads the status of a long-running one.
#[derive(Debug, Clone)]
pub struct StatusOperation {
    /// Its `operationId`.
    pub operation: String,
    /// Its path template.
    pub path: String,
    /// Its parameter that carries the id of the long-running operation.
    pub id_parameter: String,
    /// Constraints of the id.
    pub constraints: Constraints,
}

/// Where the result of a long-running operation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResultSource {
    /// There is none.
    None,
    /// The last status monitor is the result.
    Monitor,
    /// The value at this JSON pointer of the last status monitor.
    Property(String),
    /// Behind the URL at this JSON pointer of the last status monitor.
    Link(String),
    /// Behind the `Resource-Location` header of the last status answer.
    ResourceLocation,
    /// Behind the URL that started the operation.
    OriginalUri,
    /// The resource that was made or changed: at the end of a polled `Location`, otherwise behind the URL that started
    /// the operation.
    Resource,
    /// Behind the `Location` header.
    Location,
}

impl ResultSource {
    /// Whether the URL that started the operation may be needed for the result.
    pub(crate) fn needs_original(&self) -> bool {
        matches!(self, Self::OriginalUri | Self::Resource)
    }
}

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
    /// `x-ms-skip-url-encoding`.
    pub skip_url_encoding: bool,
    /// `x-ms-header-collection-prefix`.
    pub header_prefix: Option<String>,
    /// The [`ParameterGroup`] that callers give it in, by its name in the definition.
    pub group: Option<String>,
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

/// A request body.
#[derive(Debug, Clone)]
pub struct Body {
    /// Name of the body parameter.
    pub wire: String,
    /// `x-ms-client-name`.
    pub client_name: Option<String>,
    /// Prose.
    pub docs: Docs,
    /// Whether a request must carry it.
    pub required: bool,
    /// Its type.
    pub ty: Type,
    /// How it is written.
    pub coding: Coding,
    /// The element that it is, in XML.
    pub xml: Option<XmlElement>,
    /// Media types the operation consumes, those that are written so first.
    pub content_types: Vec<String>,
    /// Those of them that are not written so: what they carry is the caller's.
    pub other_content_types: Vec<String>,
    /// The [`ParameterGroup`] that callers give it in, by its name in the definition.
    pub group: Option<String>,
}

/// How a form is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `application/x-www-form-urlencoded`.
    UrlEncoded,
    /// `multipart/form-data`.
    Multipart,
}

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Coding {
    /// As JSON.
    #[default]
    Json,
    /// As XML.
    Xml,
    /// As the text that parameters have.
    Text,
    /// As it is.
    Bytes,
}

/// A declared response.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status, `None` for `default`.
    pub status: Option<u16>,
    /// Prose.
    pub docs: Docs,
    /// Body, where declared.
    pub ty: Option<Type>,
    /// Whether the body may be null, for which services send none at all as well.
    pub nullable: bool,
    /// The element that the body is, where it is read as XML.
    pub xml: Option<XmlElement>,
    /// Declared headers.
    pub headers: Vec<Header>,
    /// Whether it is an error: 400 and more, `default`, or `x-ms-error-response`.
    pub is_error: bool,
}

/// A declared response header.
#[derive(Debug, Clone)]
pub struct Header {
    /// Name on the wire.
    pub wire: String,
    /// `x-ms-client-name`.
    pub client_name: Option<String>,
    /// Prose.
    pub docs: Docs,
    /// Its type.
    pub ty: Type,
}

/// What a successful answer gives.
#[derive(Debug, Clone)]
pub enum Success {
    /// Nothing.
    Empty,
    /// One type, whatever the status.
    One(Type),
    /// One type, or nothing with some statuses.
    Optional(Type),
    /// A type for each status; `None` for a status without a body.
    ByStatus(Vec<(u16, Option<Type>)>),
    /// HEAD that declares 404: whether the thing exists.
    Exists,
    /// Bytes.
    Bytes,
}

/// A named type.
#[derive(Debug, Clone)]
pub struct TypeDef {
    /// Name in the definition (or derived, for an inline object).
    pub wire: String,
    /// `x-ms-client-name`, or the name of `x-ms-enum`.
    pub client_name: Option<String>,
    /// Prose.
    pub docs: Docs,
    /// Document it stands in, as shown in docs.
    pub document: String,
    /// Where in the document.
    pub place: Place,
    /// What it is.
    pub kind: TypeKind,
    /// Reached from a request body or parameter.
    pub in_request: bool,
    /// Reached from a response.
    pub in_response: bool,
    /// Reached as the body of an error response, or as a part of one that has the role of the error itself.
    pub is_error: bool,
}

/// What a named type is.
#[derive(Debug, Clone)]
pub enum TypeKind {
    /// An object with known properties.
    Struct(Struct),
    /// An enumeration of values.
    Enum(Enum),
    /// An object whose type depends on a property.
    Union(Union),
}

/// An object with known properties.
#[derive(Debug, Clone, Default)]
pub struct Struct {
    /// All properties, inherited ones first, without the discriminator of a concrete type.
    pub properties: Vec<Property>,
    /// The discriminator and the value of a concrete type of a polymorphic one.
    pub tag: Option<Tag>,
    /// Type of undeclared properties, when they are declared to exist.
    pub additional: Option<Type>,
    /// Unions it is a variant of.
    pub unions: Vec<TypeKey>,
}

/// Discriminator property and the value of one concrete type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Wire name of the property.
    pub property: String,
    /// Its value.
    pub value: String,
}

/// A property of an object.
#[derive(Debug, Clone)]
pub struct Property {
    /// Name on the wire.
    pub wire: String,
    /// `x-ms-client-name`.
    pub client_name: Option<String>,
    /// Prose.
    pub docs: Docs,
    /// Type of the value.
    pub ty: Type,
    /// Listed in `required`.
    pub required: bool,
    /// `readOnly`, on it or on the definition it refers to.
    pub read_only: bool,
    /// `x-nullable`.
    pub nullable: bool,
    /// The only possible value of a required property.
    pub constant: Option<Value>,
    /// Declared default.
    pub default: Option<Value>,
    /// Limits of the value.
    pub constraints: Constraints,
    /// `x-ms-client-flatten`.
    pub flatten: bool,
    /// Whether the field must be boxed (its type contains itself, or it is rare).
    pub boxed: bool,
}

/// A polymorphic object: an enum over its concrete types.
#[derive(Debug, Clone)]
pub struct Union {
    /// Wire name of the discriminator.
    pub tag: String,
    /// Concrete types, in document order.
    pub variants: Vec<Variant>,
    /// Value of the base where it is a kind itself: what an object is that does not say its kind.
    pub own: Option<String>,
}

/// One concrete type of a polymorphic one.
#[derive(Debug, Clone)]
pub struct Variant {
    /// Value of the discriminator.
    pub value: String,
    /// The concrete type.
    pub ty: TypeKey,
}

/// An open enumeration.
#[derive(Debug, Clone)]
pub struct Enum {
    /// Type of its values.
    pub base: EnumBase,
    /// Its known values.
    pub values: Vec<EnumValue>,
    /// `modelAsString: false` or absent: the definition knows no other values.
    pub closed: bool,
}

/// Type of the values of an enumeration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnumBase {
    /// Texts.
    String,
    /// `int32`.
    I32,
    /// `int64`.
    I64,
    /// Floating point.
    F64,
}

/// A known value of an enumeration.
#[derive(Debug, Clone)]
pub struct EnumValue {
    /// The value.
    pub value: Value,
    /// Name from `x-ms-enum`.
    pub name: Option<String>,
    /// Prose.
    pub docs: Docs,
}

/// Type of a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Type {
    /// Any JSON value.
    Any,
    /// An object with any members.
    Object,
    /// `bool`.
    Bool,
    /// `i32`.
    I32,
    /// `i64`.
    I64,
    /// `f32` on the wire, `f64` in Rust.
    F32,
    /// `f64`.
    F64,
    /// A text, whatever its format says.
    String,
    /// `date-time`.
    DateTime,
    /// `date`.
    Date,
    /// `date-time-rfc1123`.
    DateTimeRfc1123,
    /// `unixtime`.
    UnixTime,
    /// `byte`: base64.
    Base64,
    /// `base64url`.
    Base64Url,
    /// Raw bytes: `file`, `binary`.
    Bytes,
    /// A list.
    Array(Box<Type>),
    /// A map from text.
    Map(Box<Type>),
    /// A value that may be `null` where `null` has a meaning (items of lists).
    Nullable(Box<Type>),
    /// A named type.
    Named(TypeKey),
}

impl Type {
    /// Whether a value has a format that serde alone does not know: a date, bytes as text, a list or map of them.
    pub fn is_formatted(&self) -> bool {
        match self {
            Self::Date | Self::DateTime | Self::DateTimeRfc1123 | Self::UnixTime => true,
            Self::Base64 | Self::Base64Url => true,
            Self::Array(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.is_formatted(),
            _ => false,
        }
    }
}

/// An element of XML.
#[derive(Debug, Clone, PartialEq)]
pub struct XmlElement {
    /// Its name, behind its prefix where it has one.
    pub name: String,
    /// Its namespace.
    pub namespace: Option<String>,
    /// What is in it.
    pub shape: XmlShape,
}

/// What is in an element or attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum XmlShape {
    /// Anything.
    Any,
    /// A text.
    Text,
    /// A truth value.
    Bool,
    /// A number.
    Number,
    /// Items that are elements.
    List(Box<XmlElement>),
    /// Values that are elements named by their keys.
    Map(Box<XmlShape>),
    /// A struct or union.
    Named(TypeKey),
}

/// Where the properties of a type are.
#[derive(Debug, Clone, PartialEq)]
pub enum XmlType {
    /// A struct.
    Object {
        /// Its properties, the discriminator included.
        fields: Vec<XmlField>,
        /// What undeclared ones are, where there may be any.
        others: Option<XmlShape>,
    },
    /// A union.
    OneOf {
        /// Its discriminator.
        tag: XmlField,
        /// Its kinds by the value of the discriminator.
        kinds: Vec<(String, TypeKey)>,
    },
}

/// A property in XML.
#[derive(Debug, Clone, PartialEq)]
pub struct XmlField {
    /// Name in JSON.
    pub property: String,
    /// Where it is.
    pub place: XmlPlace,
    /// Its name and what is in it; of a list without an element of its own, those of an item.
    pub element: XmlElement,
}

/// Where a property is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum XmlPlace {
    /// An element.
    Element,
    /// An attribute.
    Attribute,
    /// The text of the element itself.
    Text,
    /// Elements, one for each item of a list.
    Items,
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
