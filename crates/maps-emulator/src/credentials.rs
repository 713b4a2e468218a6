//! Who may call, and how a request says who calls.

use std::sync::{PoisonError, RwLock};

use http::HeaderMap;
use http::header::AUTHORIZATION;
use maps_types::operations::KeyPlacement;

use crate::problem::Problem;

const CLIENT_ID: &str = "x-ms-client-id";

/// Name of the subscription key, in the header and in the query alike.
const KEY_NAME: &str = "subscription-key";

/// What the emulator accepts as proof of identity.
///
/// An empty list accepts nothing of its kind.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Credentials {
    /// Subscription keys.
    pub keys: Vec<String>,
    /// Shared access signature tokens, sent as `Authorization: jwt-sas TOKEN`.
    pub sas_tokens: Vec<String>,
    /// Microsoft Entra tokens, sent as `Authorization: Bearer TOKEN` together with `x-ms-client-id`.
    pub entra_tokens: Vec<String>,
}

impl Credentials {
    /// Accepts nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// Accepts a subscription key too.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.keys.push(key.into());
        self
    }

    /// Accepts a shared access signature token too.
    #[must_use]
    pub fn sas_token(mut self, token: impl Into<String>) -> Self {
        self.sas_tokens.push(token.into());
        self
    }

    /// Accepts a Microsoft Entra token too.
    #[must_use]
    pub fn entra_token(mut self, token: impl Into<String>) -> Self {
        self.entra_tokens.push(token.into());
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.sas_tokens.is_empty() && self.entra_tokens.is_empty()
    }

    /// Whether one of them is the empty text, which anybody can send.
    pub(crate) fn has_empty(&self) -> bool {
        let mut all = [&self.keys, &self.sas_tokens, &self.entra_tokens].into_iter();
        all.any(|values| values.iter().any(String::is_empty))
    }
}

/// Shows how many of each there are, and none of them.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("keys", &self.keys.len())
            .field("sas_tokens", &self.sas_tokens.len())
            .field("entra_tokens", &self.entra_tokens.len())
            .finish()
    }
}

/// The accepted credentials, which change while the emulator runs.
#[derive(Debug)]
pub(crate) struct Gate(RwLock<Credentials>);

impl Gate {
    pub(crate) fn new(accepted: Credentials) -> Self {
        Self(RwLock::new(accepted))
    }

    pub(crate) fn replace(&self, accepted: Credentials) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = accepted;
    }

    /// Lets a request pass that carries exactly one valid credential, in its place.
    pub(crate) fn check(
        &self,
        placement: Option<KeyPlacement>,
        headers: &HeaderMap,
        query: &[(String, String)],
    ) -> Result<(), Problem> {
        let accepted = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let key = find_key(placement, headers, query)?;
        let authorization = find_authorization(headers)?;
        match (key, authorization) {
            (None, None) => Err(Problem::unauthorized(missing(placement))),
            (Some(_), Some(_)) => Err(Problem::unauthorized(
                "The request carries a subscription key and an Authorization header; it must carry one of them.",
            )),
            (Some(key), None) if accepted.keys.iter().any(|known| known == key) => Ok(()),
            (Some(_), None) => Err(Problem::unauthorized(
                "The subscription key is not a key of any account.",
            )),
            (None, Some(authorization)) => check_token(&accepted, authorization, headers),
        }
    }
}

fn missing(placement: Option<KeyPlacement>) -> String {
    let key = match placement {
        Some(KeyPlacement::Header(name)) => format!("a subscription key in the header {name}, "),
        Some(KeyPlacement::Query(name)) => {
            format!("a subscription key in the query parameter {name}, ")
        }
        None => String::new(),
    };
    format!(
        "The request carries no credential: it needs {key}a SAS token or a Microsoft Entra token."
    )
}

/// The key in the place its service declares; one in another place is refused.
fn find_key<'r>(
    placement: Option<KeyPlacement>,
    headers: &'r HeaderMap,
    query: &'r [(String, String)],
) -> Result<Option<&'r str>, Problem> {
    let in_header = |name: &str| -> Vec<&'r str> {
        let values = headers.get_all(name).iter();
        values
            .map(|value| value.to_str().unwrap_or_default())
            .collect()
    };
    let in_query = |name: &str| -> Vec<&'r str> {
        let values = query.iter().filter(|(known, _)| known == name);
        values.map(|(_, value)| value.as_str()).collect()
    };
    let (right, wrong) = match placement {
        Some(KeyPlacement::Header(name)) => (in_header(name), in_query(name)),
        Some(KeyPlacement::Query(name)) => (in_query(name), in_header(name)),
        None => (
            Vec::new(),
            [in_header(KEY_NAME), in_query(KEY_NAME)].concat(),
        ),
    };
    if !wrong.is_empty() {
        let place = match placement {
            Some(KeyPlacement::Header(_)) => "a header, not the query",
            Some(KeyPlacement::Query(_)) => "the query, not a header",
            None => "no request",
        };
        let message = format!("This service takes a subscription key in {place}.");
        return Err(Problem::unauthorized(message));
    }
    match right.as_slice() {
        [] => Ok(None),
        [key] => Ok(Some(key)),
        _ => Err(Problem::unauthorized(
            "The subscription key is given more than once.",
        )),
    }
}

fn find_authorization(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let first = values.next();
    if values.next().is_some() {
        return Err(Problem::unauthorized(
            "The request has several Authorization headers.",
        ));
    }
    // A value that is no text is no known scheme either.
    Ok(first.map(|value| value.to_str().unwrap_or_default()))
}

fn check_token(
    accepted: &Credentials,
    authorization: &str,
    headers: &HeaderMap,
) -> Result<(), Problem> {
    let (scheme, token) = authorization.split_once(' ').unwrap_or((authorization, ""));
    let token = token.trim();
    if scheme.eq_ignore_ascii_case("jwt-sas") {
        if accepted.sas_tokens.iter().any(|known| known == token) {
            return Ok(());
        }
        return Err(Problem::unauthorized("The SAS token is not valid."));
    }
    if scheme.eq_ignore_ascii_case("bearer") {
        if !accepted.entra_tokens.iter().any(|known| known == token) {
            return Err(Problem::unauthorized(
                "The Microsoft Entra token is not valid.",
            ));
        }
        if headers.get(CLIENT_ID).is_none_or(|id| id.is_empty()) {
            return Err(Problem::unauthorized(
                "A request with a Microsoft Entra token needs the header x-ms-client-id.",
            ));
        }
        return Ok(());
    }
    Err(Problem::unauthorized(
        "The Authorization header is neither Bearer nor jwt-sas.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: Option<KeyPlacement> = Some(KeyPlacement::Header(KEY_NAME));
    const QUERY: Option<KeyPlacement> = Some(KeyPlacement::Query(KEY_NAME));

    fn passes(placement: Option<KeyPlacement>, headers: &[(&str, &str)], query: &str) -> bool {
        let accepted = Credentials::none().key("k").sas_token("s").entra_token("e");
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name = http::HeaderName::from_bytes(name.as_bytes()).unwrap();
            map.append(name, value.parse().unwrap());
        }
        let query = crate::validate::query_pairs(query).unwrap();
        Gate::new(accepted).check(placement, &map, &query).is_ok()
    }

    #[test]
    fn a_key_passes_only_in_its_place() {
        let header = [(KEY_NAME, "k")];
        assert!(passes(HEADER, &header, ""));
        assert!(passes(QUERY, &[], "subscription-key=k"));
        assert!(!passes(QUERY, &header, ""));
        assert!(!passes(HEADER, &[], "subscription-key=k"));
        assert!(!passes(HEADER, &header, "subscription-key=k"));
        assert!(!passes(None, &header, ""));
    }

    #[test]
    fn wrong_empty_and_repeated_keys_are_refused() {
        assert!(!passes(HEADER, &[(KEY_NAME, "x")], ""));
        assert!(!passes(HEADER, &[(KEY_NAME, "")], ""));
        assert!(!passes(HEADER, &[(KEY_NAME, "k"), (KEY_NAME, "k")], ""));
        assert!(!passes(HEADER, &[], ""));
    }

    #[test]
    fn tokens_pass_with_what_they_need() {
        for placement in [HEADER, QUERY] {
            assert!(passes(placement, &[("authorization", "jwt-sas s")], ""));
            assert!(!passes(placement, &[("authorization", "jwt-sas x")], ""));
            let bearer = ("authorization", "Bearer e");
            assert!(!passes(placement, &[bearer], ""));
            assert!(!passes(placement, &[bearer, (CLIENT_ID, "")], ""));
            assert!(passes(placement, &[bearer, (CLIENT_ID, "id")], ""));
            assert!(!passes(placement, &[("authorization", "Basic e")], ""));
        }
    }

    #[test]
    fn several_credentials_are_refused() {
        let sas = ("authorization", "jwt-sas s");
        assert!(!passes(HEADER, &[sas, (KEY_NAME, "k")], ""));
        assert!(!passes(QUERY, &[sas], "subscription-key=k"));
        assert!(!passes(HEADER, &[sas, sas], ""));
    }

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!(
            "{:?}",
            Credentials::none().key("canary").sas_token("canary")
        );
        assert!(!shown.contains("canary"), "{shown}");
    }
}
