//! Bodies and answers.

use super::{Docs, Type, XmlElement};

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
    /// The [`ParameterGroup`](super::ParameterGroup) that callers give it in, by its name in the definition.
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
