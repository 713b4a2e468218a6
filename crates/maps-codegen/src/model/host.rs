//! Where requests go, and how they sign in.

use super::{Docs, Type};

/// Host template and its parameters.
#[derive(Debug, Clone)]
pub struct Host {
    /// Scheme and host, for example `https://{geography}.atlas.microsoft.com`; `{endpoint}` when the scheme is part of
    /// the parameter (`useSchemePrefix: false`).
    pub template: String,
    /// Parameters of the template and of the path.
    pub parameters: Vec<HostParameter>,
    /// Path before every operation's, without a final slash; usually empty. It may have parameters: `/face/{version}`.
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
    /// Whether it is part of the path, which an endpoint does not stand for.
    pub in_path: bool,
}

/// Declared ways to sign in.
#[derive(Debug, Clone, Default)]
pub struct Security {
    /// Where the subscription key goes.
    pub key: Option<KeyPlacement>,
    /// Whether a SAS token is accepted (`Authorization: jwt-sas`).
    pub sas: bool,
    /// Whether a user name and a password are accepted (`Authorization: Basic`).
    pub basic: bool,
    /// Scopes to ask a token for.
    pub scopes: Vec<String>,
}

impl Security {
    /// Whether the definition says any way to sign in.
    #[must_use]
    pub fn is_declared(&self) -> bool {
        self.key.is_some() || self.sas || self.basic || !self.scopes.is_empty()
    }
}

/// Where a key goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPlacement {
    /// Header of this name.
    Header(String),
    /// Query parameter of this name.
    Query(String),
}
