//! Credentials of `azure_identity`, and all others that are made for `azure_core`.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use futures_core::future::BoxFuture;
use time::OffsetDateTime;

use super::suspect::blot_suspects;
use super::{AccessToken, TokenCredential};
use crate::error::{Error, ErrorKind, Result, blot};

/// A credential of `azure_identity`, or any other one made for `azure_core`.
///
/// Needs the feature `azure-core`, and with it Rust 1.88. The SDK asks with the scopes of the client's cloud and without
/// options of `azure_core`; HTTP client and retries are those of the credential.
///
/// # Examples
///
/// ```
/// # fn sign_in(azure: std::sync::Arc<dyn azure_core::credentials::TokenCredential>) {
/// use maps_core::{AzureCredential, EntraCredential};
///
/// // `azure` is for example `azure_identity::ManagedIdentityCredential::new(None)?`.
/// let credential = EntraCredential::new(AzureCredential::new(azure))
///     .client_id("8b0b9d3c-3a0f-4b0e-9d7a-1f5d5a0c9f11");
/// # }
/// ```
#[derive(Clone)]
pub struct AzureCredential(Arc<dyn azure_core::credentials::TokenCredential>);

impl AzureCredential {
    /// Asks `credential` for tokens.
    #[must_use]
    pub fn new(credential: Arc<dyn azure_core::credentials::TokenCredential>) -> Self {
        Self(credential)
    }
}

/// The credential's own error is the source of ours, or its text alone when something in it looks like a secret: a
/// backtrace does too.
///
/// # Cancel safety
///
/// Dropping the future drops the credential's; those of `azure_identity` then ask anew.
impl TokenCredential for AzureCredential {
    fn token<'a>(&'a self, scopes: &'a [&'a str]) -> BoxFuture<'a, Result<AccessToken>> {
        Box::pin(async move {
            match self.0.get_token(scopes, None).await {
                Ok(token) => Ok(AccessToken::new(
                    token.token.secret(),
                    system_time(token.expires_on),
                )),
                Err(error) => {
                    let cause = blot(Box::new(error), blot_suspects);
                    let message = "the credential of azure_core failed";
                    Err(Error::new(ErrorKind::Credential, message).with_source(cause))
                }
            }
        })
    }
}

/// What an implementation shows of itself is not known to hold no secret.
impl fmt::Debug for AzureCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AzureCredential(***)")
    }
}

/// The same moment, or the epoch where the system's clock does not reach.
fn system_time(at: OffsetDateTime) -> SystemTime {
    let since = at - OffsetDateTime::UNIX_EPOCH;
    let moment = if since.is_negative() {
        SystemTime::UNIX_EPOCH.checked_sub(since.unsigned_abs())
    } else {
        SystemTime::UNIX_EPOCH.checked_add(since.unsigned_abs())
    };
    moment.unwrap_or(SystemTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn moments_keep_their_distance_to_the_epoch() {
        let at = |seconds| OffsetDateTime::from_unix_timestamp(seconds).expect("in range");
        let epoch = SystemTime::UNIX_EPOCH;
        let hour = Duration::from_secs(3600);
        assert_eq!(system_time(at(3600)), epoch + hour);
        assert_eq!(system_time(at(-3600)), epoch - hour);
        assert_eq!(
            system_time(at(253_402_300_799)),
            epoch + Duration::from_secs(253_402_300_799)
        );
    }
}
