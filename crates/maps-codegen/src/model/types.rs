//! Types of values, those that have a name and the others.

use serde_json::Value;

use super::{Constraints, Docs, Place, TypeKey};

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
    /// Whether undeclared properties are secret.
    pub additional_is_secret: bool,
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
    /// `x-ms-secret`, or `"format": "password"`: nothing shows the value that is not asked for it.
    pub secret: bool,
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
