//! Clouds, and what of their links is followed.

/// The cloud that an account is in: the hosts of the service and the scope of its tokens.
///
/// The sign-in authority belongs to the credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cloud {
    /// The host that stands for `atlas.microsoft.com`.
    pub(crate) domain: &'static str,
    /// Hosts that are trusted beside the client's endpoint.
    pub(crate) hosts: &'static [&'static str],
    /// What tokens are asked for, in place of the definition's scopes.
    pub(crate) scope: Option<String>,
}

impl Cloud {
    /// Azure for everybody: `atlas.microsoft.com`.
    #[must_use]
    pub fn public() -> Self {
        Self {
            domain: "atlas.microsoft.com",
            hosts: &[
                "atlas.microsoft.com",
                "us.atlas.microsoft.com",
                "eu.atlas.microsoft.com",
            ],
            scope: None,
        }
    }

    /// Azure for the government of the United States: `atlas.azure.us`.
    #[must_use]
    pub fn us_government() -> Self {
        Self {
            domain: "atlas.azure.us",
            hosts: &["atlas.azure.us"],
            scope: Some("https://atlas.azure.us/.default".to_owned()),
        }
    }

    /// The same cloud with another scope for its tokens.
    #[must_use]
    pub fn with_scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }
}

impl Default for Cloud {
    fn default() -> Self {
        Self::public()
    }
}

/// What to do with a link of the service to an origin that is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ForeignOrigins {
    /// An error that names the origin.
    #[default]
    Refuse,
    /// Follow it without credentials, client id and key parameters.
    WithoutCredentials,
}

/// How links to the cloud's own hosts are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Links {
    /// As the service gave them.
    #[default]
    AsGiven,
    /// At the client's endpoint, as a gateway before the service needs it.
    ToEndpoint,
}
