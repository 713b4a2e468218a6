//! What proves identity.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use futures_core::future::BoxFuture;
use zeroize::Zeroizing;

use crate::error::Result;

#[cfg(feature = "azure-core")]
mod azure;
mod redact;
mod secret;
mod sign;
mod suspect;
mod token_cache;

#[cfg(feature = "azure-core")]
pub use azure::AzureCredential;
pub(crate) use redact::redact;
pub(crate) use secret::Secret;
pub(crate) use sign::{Signer, sensitive_name};
pub(crate) use token_cache::TokenCache;

/// A subscription key of an Azure Maps account.
///
/// Clones share the key, so that [`update`](Self::update) reaches the clients that hold one.
///
/// # Examples
///
/// ```
/// use maps_core::SubscriptionKey;
///
/// let key = SubscriptionKey::new("primary");
/// // `key.clone()` goes into clients; later, while they work:
/// key.update("secondary");
/// ```
#[derive(Clone)]
pub struct SubscriptionKey(pub(crate) SecretCell);

impl SubscriptionKey {
    /// A key as the Azure portal shows it.
    ///
    /// One that a header cannot carry (a line end, for example) is refused when the client is built.
    #[must_use]
    pub fn new(key: impl Into<String>) -> Self {
        Self(SecretCell::new("", key.into()))
    }

    /// Replaces the key from the next try on, in all clients that share it.
    pub fn update(&self, key: impl Into<String>) {
        self.0.update(key.into());
    }
}

/// A shared access signature token of an Azure Maps account.
///
/// Clones share the token, so that [`update`](Self::update) reaches the clients that hold one.
#[derive(Clone)]
pub struct SasToken(pub(crate) SecretCell);

impl SasToken {
    /// A token as `az maps account sas-token create` or the management API gives it, with or without `jwt-sas` before it.
    ///
    /// One that a header cannot carry (a line end, for example) is refused when the client is built.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(SecretCell::new(SAS, without_scheme(token.into())))
    }

    /// Replaces the token from the next try on, in all clients that share it.
    pub fn update(&self, token: impl Into<String>) {
        self.0.update(without_scheme(token.into()));
    }
}

/// A user name and a password, as HTTP's basic authentication sends them: for services of others, Azure Maps takes none.
///
/// Clones share the password, so that [`update`](Self::update) reaches the clients that hold one.
///
/// # Examples
///
/// ```
/// use maps_core::BasicCredential;
///
/// let credential = BasicCredential::new("surveyor", "first");
/// // `credential.clone()` goes into clients; later, while they work:
/// credential.update("second");
/// ```
#[derive(Clone)]
pub struct BasicCredential {
    user: Arc<str>,
    /// Both, as the header has them.
    pub(crate) encoded: SecretCell,
    /// Nothing that is shown has the password alone either.
    pub(crate) password: SecretCell,
}

impl BasicCredential {
    /// A user and their password.
    ///
    /// A user name with a colon or control characters is refused when the client is built.
    #[must_use]
    pub fn new(user: impl Into<String>, password: impl Into<String>) -> Self {
        let (user, password) = (user.into(), Zeroizing::new(password.into()));
        Self {
            encoded: SecretCell::new("Basic ", encoded(&user, &password)),
            password: SecretCell::new("", password.to_string()),
            user: user.into(),
        }
    }

    /// Replaces the password from the next try on, in all clients that share it.
    pub fn update(&self, password: impl Into<String>) {
        let password = Zeroizing::new(password.into());
        self.encoded.update(encoded(&self.user, &password));
        self.password.update(password.to_string());
    }
}

/// User and password as basic authentication has them; empty where that has no form for the user name.
fn encoded(user: &str, password: &str) -> String {
    if user.contains(|char: char| char == ':' || char.is_control()) {
        return String::new();
    }
    let plain = Zeroizing::new(format!("{user}:{password}"));
    maps_types::base64::format(plain.as_bytes())
}

/// What stands before a SAS token in the header.
const SAS: &str = "jwt-sas ";

/// A SAS token as it may be copied out of a header: its scheme is not sent twice.
fn without_scheme(token: String) -> String {
    let token = Zeroizing::new(token);
    let text = token.trim_matches(' ');
    let token = match text.split_at_checked(SAS.len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case(SAS) => rest.trim_start_matches(' '),
        _ => text,
    };
    token.to_owned()
}

/// Gives access tokens of Microsoft Entra ID.
///
/// Those of `azure_identity` are at hand with the feature `azure-core` and its `AzureCredential`.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use maps_core::{AccessToken, BoxFuture, Result, TokenCredential};
///
/// #[derive(Debug)]
/// struct FromMyVault;
///
/// impl TokenCredential for FromMyVault {
///     fn token<'a>(&'a self, _scopes: &'a [&'a str]) -> BoxFuture<'a, Result<AccessToken>> {
///         Box::pin(async {
///             let expires_at = SystemTime::now() + Duration::from_secs(3600);
///             Ok(AccessToken::new("eyJ0eXAi", expires_at))
///         })
///     }
/// }
/// ```
pub trait TokenCredential: fmt::Debug + Send + Sync {
    /// Asks for a token that is good for these scopes.
    ///
    /// Need not cache: [`EntraCredential`] does.
    ///
    /// # Errors
    ///
    /// Whatever kept it from getting a token. The call fails with kind [`Credential`](crate::ErrorKind::Credential), the
    /// error as its source; what looks like a secret in its text is blotted out.
    ///
    /// # Cancel safety
    ///
    /// The future is dropped when it takes longer than [`Timeouts::token`](crate::Timeouts::token) allows, and with the
    /// runtime that the call came from; the next call asks anew. What an implementation keeps over an `await` must bear
    /// that. A call that is dropped or runs out of time leaves it running, and its token to the next call.
    fn token<'a>(&'a self, scopes: &'a [&'a str]) -> BoxFuture<'a, Result<AccessToken>>;
}

/// A token and when it ends.
pub struct AccessToken {
    pub(crate) secret: Zeroizing<String>,
    pub(crate) expires_at: SystemTime,
}

impl AccessToken {
    /// A token that is good until `expires_at`.
    ///
    /// One that has ended already serves those who waited for it, because the clock of this machine may be ahead.
    #[must_use]
    pub fn new(secret: impl Into<String>, expires_at: SystemTime) -> Self {
        Self {
            secret: Zeroizing::new(secret.into()),
            expires_at,
        }
    }
}

/// Signs in with Microsoft Entra ID: a token on each request, and the account's client id.
///
/// Tokens are kept and refreshed 5 minutes before they end, one refresh at a time; the valid token serves
/// meanwhile. One that lives for less than 10 minutes is refreshed at half its life. A refresh that fails, panics or gives
/// nothing within 30 s is tried again after 1 s, doubled up to 60 s; without a valid token, calls in between fail at once
/// with [`ErrorKind::Credential`](crate::ErrorKind::Credential), what the credential said in their
/// [`source`](std::error::Error::source). Clones share the tokens.
///
/// # Examples
///
/// ```
/// # use maps_core::{AccessToken, BoxFuture, Result, TokenCredential};
/// # fn sign_in(my_vault: impl TokenCredential + 'static) {
/// use maps_core::EntraCredential;
///
/// let credential = EntraCredential::new(my_vault)
///     .client_id("8b0b9d3c-3a0f-4b0e-9d7a-1f5d5a0c9f11");
/// # }
/// ```
#[derive(Clone)]
pub struct EntraCredential {
    pub(crate) cache: Arc<TokenCache>,
    pub(crate) client_id: Option<String>,
}

impl EntraCredential {
    /// Signs with the tokens of `credential`.
    #[must_use]
    pub fn new(credential: impl TokenCredential + 'static) -> Self {
        Self {
            cache: Arc::new(TokenCache::new(Arc::new(credential))),
            client_id: None,
        }
    }

    /// The unique id of the Maps account, sent as `x-ms-client-id` on each request that is signed.
    #[must_use]
    pub fn client_id(mut self, id: impl Into<String>) -> Self {
        self.client_id = Some(id.into());
        self
    }

    /// How long before its end a token is refreshed, 5 minutes by default.
    ///
    /// Tokens kept so far are forgotten.
    #[must_use]
    pub fn refresh_ahead(mut self, ahead: Duration) -> Self {
        self.cache = Arc::new(self.cache.with_ahead(ahead));
        self
    }
}

/// Any of the credentials.
#[derive(Debug, Clone)]
pub struct Credential(pub(crate) CredentialKind);

#[derive(Debug, Clone)]
pub(crate) enum CredentialKind {
    Key(SubscriptionKey),
    Sas(SasToken),
    Basic(BasicCredential),
    Entra(EntraCredential),
}

impl From<SubscriptionKey> for Credential {
    fn from(key: SubscriptionKey) -> Self {
        Self(CredentialKind::Key(key))
    }
}

impl From<SasToken> for Credential {
    fn from(token: SasToken) -> Self {
        Self(CredentialKind::Sas(token))
    }
}

impl From<BasicCredential> for Credential {
    fn from(credential: BasicCredential) -> Self {
        Self(CredentialKind::Basic(credential))
    }
}

impl From<EntraCredential> for Credential {
    fn from(credential: EntraCredential) -> Self {
        Self(CredentialKind::Entra(credential))
    }
}

/// A secret that can be replaced while clients use it.
#[derive(Clone)]
pub(crate) struct SecretCell(Arc<RwLock<Versions>>);

struct Versions {
    prefix: &'static str,
    /// `None` when a header cannot carry it.
    current: Option<Secret>,
    retired: Retired,
}

/// Secrets that were replaced, the latest first.
///
/// They are still blotted out: a request signed with one may be under way, and so may be its answer.
#[derive(Default)]
pub(crate) struct Retired(VecDeque<Secret>);

impl Retired {
    /// Keys that change more often than this in the time of a request are none.
    const KEPT: usize = 4;

    pub(crate) fn push(&mut self, secret: Secret) {
        self.0.truncate(Self::KEPT - 1);
        self.0.push_front(secret);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Secret> {
        self.0.iter()
    }
}

impl SecretCell {
    fn new(prefix: &'static str, text: String) -> Self {
        Self(Arc::new(RwLock::new(Versions {
            prefix,
            current: Secret::new(prefix, Zeroizing::new(text)),
            retired: Retired::default(),
        })))
    }

    fn update(&self, text: String) {
        let mut versions = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let next = Secret::new(versions.prefix, Zeroizing::new(text));
        if let Some(old) = std::mem::replace(&mut versions.current, next) {
            versions.retired.push(old);
        }
    }

    pub(crate) fn current(&self) -> Option<Secret> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .current
            .clone()
    }

    pub(crate) fn all(&self) -> Vec<Secret> {
        let versions = self.0.read().unwrap_or_else(PoisonError::into_inner);
        versions
            .current
            .iter()
            .chain(versions.retired.iter())
            .cloned()
            .collect()
    }
}

macro_rules! redacted_debug {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(***)"))
            }
        }
    )*};
}

redacted_debug!(
    SubscriptionKey,
    SasToken,
    BasicCredential,
    AccessToken,
    EntraCredential
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!(
            "{:?} {:?} {:?} {:?} {:?}",
            SubscriptionKey::new("canary"),
            SasToken::new("canary"),
            BasicCredential::new("canary", "canary"),
            AccessToken::new("canary", SystemTime::UNIX_EPOCH),
            Credential::from(SubscriptionKey::new("canary")),
        );
        assert!(!shown.contains("canary"), "{shown}");
    }

    #[test]
    fn clones_share_an_updated_key() {
        let key = SubscriptionKey::new("first");
        let clone = key.clone();
        key.update("second");
        assert_eq!(clone.0.current().expect("legal").text(), b"second");
        assert_eq!(clone.0.all().len(), 2);
    }

    #[test]
    fn the_last_four_replaced_keys_are_remembered() {
        let key = SubscriptionKey::new("key-0");
        (1..=9).for_each(|n| key.update(format!("key-{n}")));
        let all = key.0.all();
        let all: Vec<&[u8]> = all.iter().map(Secret::text).collect();
        assert_eq!(all, [b"key-9", b"key-8", b"key-7", b"key-6", b"key-5"]);
    }
}
