//! Puts a credential on a request.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{HeaderName, HeaderValue, header};
use percent_encoding::percent_encode;

use super::token_cache::Slot;
use super::{BasicCredential, Credential, CredentialKind, Secret, SecretCell};
use crate::clock::ClockRef;
use crate::error::{Error, ErrorKind, Result};
use crate::request::RESERVED;
use crate::service::KeyPlacement;
use crate::transport::HttpRequest;

const CLIENT_ID: HeaderName = HeaderName::from_static("x-ms-client-id");

/// A credential made ready for one service.
pub(crate) enum Signer {
    None,
    KeyHeader(SecretCell, HeaderName),
    KeyQuery(SecretCell, &'static str),
    Sas(SecretCell),
    Basic(BasicCredential),
    Entra {
        slot: Arc<Slot>,
        client_id: Option<HeaderValue>,
    },
}

impl Signer {
    pub(crate) fn new(
        credential: Option<Credential>,
        key: Option<KeyPlacement>,
        scopes: &[String],
    ) -> Result<Self> {
        let Some(Credential(kind)) = credential else {
            return Ok(Self::None);
        };
        let legal = |cell: &SecretCell, what: &str| match cell.current() {
            Some(_) => Ok(()),
            None => Err(Error::argument(format!(
                "the {what} is empty or has characters that a header cannot carry (a line end?)"
            ))),
        };
        match kind {
            CredentialKind::Key(cell) => {
                legal(&cell.0, "subscription key")?;
                match key {
                    Some(KeyPlacement::Header(name)) => {
                        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| {
                            Error::argument("the key's header name is not legal").with_source(error)
                        })?;
                        Ok(Self::KeyHeader(cell.0, name))
                    }
                    Some(KeyPlacement::Query(name)) => Ok(Self::KeyQuery(cell.0, name)),
                    None => Err(Error::argument("the service takes no subscription key")),
                }
            }
            CredentialKind::Sas(cell) => {
                legal(&cell.0, "SAS token")?;
                Ok(Self::Sas(cell.0))
            }
            CredentialKind::Basic(basic) => match basic.encoded.current() {
                Some(_) => Ok(Self::Basic(basic)),
                None => Err(Error::argument(
                    "the user name has a colon or control characters, which basic authentication cannot carry",
                )),
            },
            CredentialKind::Entra(entra) => {
                let client_id = match entra.client_id {
                    None => None,
                    Some(id) => Some(HeaderValue::try_from(id).map_err(|error| {
                        Error::argument("the client id has characters that a header cannot carry")
                            .with_source(error)
                    })?),
                };
                Ok(Self::Entra {
                    slot: entra.cache.slot(scopes),
                    client_id,
                })
            }
        }
    }

    pub(crate) fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// Signs a request whose destination is trusted.
    pub(crate) async fn sign(
        &self,
        request: &mut HttpRequest,
        clock: &ClockRef,
        token_limit: Duration,
    ) -> Result<()> {
        match self {
            Self::None => {}
            Self::KeyHeader(cell, name) => {
                request
                    .headers
                    .insert(name.clone(), current(cell)?.header());
            }
            Self::KeyQuery(cell, name) => {
                let secret = current(cell)?;
                let value = percent_encode(secret.text(), RESERVED);
                let query = match request.url.query() {
                    Some(query) if !query.is_empty() => format!("{query}&{name}={value}"),
                    _ => format!("{name}={value}"),
                };
                request.url.set_query(Some(&query));
            }
            Self::Sas(cell) | Self::Basic(BasicCredential { encoded: cell, .. }) => {
                request
                    .headers
                    .insert(header::AUTHORIZATION, current(cell)?.header());
            }
            Self::Entra { slot, client_id } => {
                let token = slot.token(clock, token_limit).await?;
                request
                    .headers
                    .insert(header::AUTHORIZATION, token.header());
                if let Some(id) = client_id {
                    request
                        .headers
                        .entry(CLIENT_ID)
                        .or_insert_with(|| id.clone());
                }
            }
        }
        Ok(())
    }

    /// Makes the next signature sign in anew, unless that was done since `asked`.
    pub(crate) fn forget_token(&self, asked: Instant) {
        if let Self::Entra { slot, .. } = self {
            slot.forget(asked);
        }
    }

    /// What must not be shown.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        match self {
            Self::None => Vec::new(),
            Self::KeyHeader(cell, _) | Self::KeyQuery(cell, _) | Self::Sas(cell) => cell.all(),
            Self::Basic(basic) => {
                let mut secrets = basic.encoded.all();
                secrets.extend(basic.password.all());
                secrets
            }
            Self::Entra { slot, .. } => slot.secrets(),
        }
    }
}

fn current(cell: &SecretCell) -> Result<Secret> {
    cell.current().ok_or_else(|| {
        let message =
            "the updated key or token is empty or has characters that a header cannot carry";
        Error::new(ErrorKind::Credential, message)
    })
}

/// Headers that say who asks: they go to no origin that is not trusted.
pub(crate) fn sensitive_name(name: &HeaderName) -> bool {
    [
        "authorization",
        "subscription-key",
        "x-ms-client-id",
        "cookie",
        "proxy-authorization",
    ]
    .contains(&name.as_str())
}
