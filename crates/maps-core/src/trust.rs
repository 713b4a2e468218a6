//! The trust boundary: which URLs may be followed, and which get a credential.

use std::borrow::Cow;
use std::net::Ipv4Addr;

use http::{HeaderName, header};
use url::{Host, Url};

use crate::error::{Error, ErrorKind, Result};
use crate::options::{ClientOptions, Cloud, ForeignOrigins, Links};
use crate::pipeline::Pipeline;
use crate::service::{KeyPlacement, Service};
use crate::transport::HttpRequest;

/// Bytes of a link. Servers take no longer URL, and a resume token of a few links stays small.
pub(crate) const LONGEST: usize = 8 * 1024;

/// A link of the service that may be followed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct TrustedUrl {
    url: Url,
    foreign: bool,
}

impl TrustedUrl {
    /// The absolute URL, without fragment and key parameters.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    pub(crate) fn into_url(self) -> Url {
        self.url
    }

    /// The same link with an api-version, when it goes to the service and has none; an empty one is none.
    pub(crate) fn with_api_version(mut self, encoded: &str) -> Self {
        if !self.foreign && !self.has_api_version() && !encoded.is_empty() {
            let query = match self.url.query() {
                Some(query) if !query.is_empty() => format!("{query}&api-version={encoded}"),
                _ => format!("api-version={encoded}"),
            };
            self.url.set_query(Some(&query));
        }
        self
    }

    /// The same link with more parameters, each encoded, when it goes to the service.
    pub(crate) fn with_query(mut self, pairs: &[String]) -> Self {
        if !self.foreign && !pairs.is_empty() {
            let query = self.url.query().filter(|query| !query.is_empty());
            let pairs = query.into_iter().chain(pairs.iter().map(String::as_str));
            let query = pairs.collect::<Vec<_>>().join("&");
            self.url.set_query(Some(&query));
        }
        self
    }

    /// The same link with this api-version and no other, when it goes to the service.
    pub(crate) fn with_own_api_version(mut self, encoded: &str) -> Self {
        if self.foreign || !self.has_api_version() {
            return self.with_api_version(encoded);
        }
        let is_version = |pair: &str| {
            let name = pair.split('=').next().unwrap_or_default();
            percent_encoding::percent_decode_str(name)
                .decode_utf8_lossy()
                .eq_ignore_ascii_case("api-version")
        };
        let own = format!("api-version={encoded}");
        let mut own = Some(own.as_str());
        let query = self.url.query().unwrap_or_default();
        let pairs: Vec<&str> = query
            .split('&')
            .filter_map(|pair| match is_version(pair) {
                true => own.take(),
                false => Some(pair),
            })
            .collect();
        let query = pairs.join("&");
        self.url.set_query(Some(&query));
        self
    }

    /// Whether its query has an api-version.
    fn has_api_version(&self) -> bool {
        self.url
            .query_pairs()
            .any(|(name, _)| name.eq_ignore_ascii_case("api-version"))
    }

    /// Whether it goes without credentials to an origin that the caller does not trust.
    pub(crate) fn is_foreign(&self) -> bool {
        self.foreign
    }
}

impl std::fmt::Debug for TrustedUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The service may have put a secret into the path.
        write!(f, "TrustedUrl({})", origin(&self.url))
    }
}

/// Checks a link that the service gave in its answer to a request to `base`.
///
/// Every link passes here before anything is sent to it: operation URLs, results, next pages, redirects.
pub(crate) fn resolve(link: &str, base: &Url, pipeline: &Pipeline) -> Result<TrustedUrl> {
    check_link(link, base, pipeline, |link| {
        // The request would be signed, and a foreign server would have chosen it.
        if !link.foreign && !pipeline.trust().admits(base) {
            return Err(refused(
                &link.url,
                "was given by an origin that is not trusted",
            ));
        }
        Ok(())
    })
}

/// Checks where a redirect leads, which is followed without a credential once it has left the trusted origins.
pub(crate) fn resolve_redirect(link: &str, base: &Url, pipeline: &Pipeline) -> Result<TrustedUrl> {
    check_link(link, base, pipeline, |_| Ok(()))
}

fn check_link(
    link: &str,
    base: &Url,
    pipeline: &Pipeline,
    check: impl FnOnce(&TrustedUrl) -> Result<()>,
) -> Result<TrustedUrl> {
    let given = link;
    let link = &*without_secrets(given, pipeline);
    let trust = pipeline.trust();
    let resolved = trust.resolve(link, base).and_then(|link| {
        // As it was given, key parameters apart: what is blotted out of it is not found any more.
        let holds_secret = || {
            trust
                .resolve(given, base)
                .is_ok_and(|given| pipeline.holds_secret(given.url.as_str()))
        };
        if link.foreign && (pipeline.holds_secret(link.url.as_str()) || holds_secret()) {
            return Err(refused(&link.url, "holds a secret of this client"));
        }
        check(&link).map(|()| link)
    });
    // A host may be a secret too.
    resolved.map_err(|error| error.redacted(pipeline).with_link(shown(link, pipeline)))
}

/// A link whose query does not repeat a secret of the client.
///
/// As a whole, before parameters are looked at: one that is not encoded may hold what ends a parameter.
fn without_secrets<'a>(link: &'a str, pipeline: &Pipeline) -> Cow<'a, str> {
    match link.split_once('?') {
        Some((path, query)) if pipeline.holds_secret(query) => {
            format!("{path}?{}", pipeline.redact(query)).into()
        }
        _ => link.into(),
    }
}

/// A link as errors keep it.
fn shown(link: &str, pipeline: &Pipeline) -> String {
    let mut end = link.len().min(LONGEST);
    while !link.is_char_boundary(end) {
        end -= 1;
    }
    pipeline.redact(&link[..end])
}

/// Headers that say what is asked for, and not by whom.
const HARMLESS: [HeaderName; 8] = [
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::CONTENT_TYPE,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::IF_RANGE,
    header::RANGE,
    header::USER_AGENT,
];

/// What one client trusts.
#[derive(Debug)]
pub(crate) struct Trust {
    endpoint: Url,
    origins: Vec<Url>,
    cloud: Cloud,
    foreign: ForeignOrigins,
    links: Links,
    /// The name of the key parameter or header of this service.
    key: Option<KeyPlacement>,
}

impl Trust {
    pub(crate) fn new(endpoint: &Url, service: &Service, options: &ClientOptions) -> Result<Self> {
        let origins = options
            .trusted_origins
            .iter()
            .map(|text| {
                let url = Url::parse(text).map_err(|error| {
                    Error::argument("a trusted origin is not a URL").with_source(error)
                })?;
                if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
                    return Err(Error::argument(
                        "a trusted origin has no scheme and host of HTTP",
                    ));
                }
                let bare = url.username().is_empty()
                    && url.password().is_none()
                    && matches!(url.path(), "" | "/")
                    && url.query().is_none()
                    && url.fragment().is_none();
                if !bare {
                    return Err(Error::argument(
                        "a trusted origin has more than scheme, host and port",
                    ));
                }
                if !is_secure(&url) {
                    return Err(Error::argument(
                        "a trusted origin is plain http and not on this machine",
                    ));
                }
                Ok(url)
            })
            .collect::<Result<_>>()?;
        Ok(Self {
            endpoint: endpoint.clone(),
            origins,
            cloud: options.cloud.clone(),
            foreign: options.foreign_origins,
            links: options.links,
            key: service.key,
        })
    }

    pub(crate) fn resolve(&self, link: &str, base: &Url) -> Result<TrustedUrl> {
        let unreadable =
            |message: &str| Error::new(ErrorKind::Decode, message).with_may_have_been_sent(true);
        // A URL parser accepts both; the first is the request itself, the second hides where it leads.
        if link.trim().is_empty() {
            return Err(unreadable("the service gave an empty link"));
        }
        if link.trim().contains(char::is_control) {
            return Err(unreadable(
                "the service gave a link with control characters",
            ));
        }
        let too_long = || unreadable("the service gave a link of more than 8 KiB");
        if link.len() > LONGEST {
            return Err(too_long());
        }
        let mut url = base.join(link).map_err(|error| {
            unreadable("the service gave a link that is not a URL").with_source(error)
        })?;
        // Escapes make it longer.
        if url.as_str().len() > LONGEST {
            return Err(too_long());
        }
        url.set_fragment(None);
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(refused(&url, "is neither https nor http"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused(&url, "has user information"));
        }
        let trusted = self.admits(&url);
        // The endpoint may be plain http when no credential is set.
        if !is_secure(&url) && !same_origin(&url, &self.endpoint) {
            return Err(refused(&url, "is plain http"));
        }
        if !trusted {
            self.check_foreign(&url)?;
        }
        let elsewhere = self.is_cloud_host(&url) && !same_origin(&url, &self.endpoint);
        if self.links == Links::ToEndpoint && elsewhere {
            url = self.at_endpoint(&url);
        }
        self.strip_key(&mut url);
        Ok(TrustedUrl {
            url,
            foreign: !trusted,
        })
    }

    /// Whether credentials may go there.
    pub(crate) fn admits(&self, url: &Url) -> bool {
        same_origin(url, &self.endpoint)
            || self.is_cloud_host(url)
            || self.origins.iter().any(|origin| same_origin(url, origin))
    }

    /// Whether a request may be sent there at all, and whether signed.
    pub(crate) fn check(&self, url: &Url) -> Result<bool> {
        if self.admits(url) {
            return Ok(true);
        }
        self.check_foreign(url).map(|()| false)
    }

    /// Whether a request without credentials may be sent to an origin that is not trusted.
    fn check_foreign(&self, url: &Url) -> Result<()> {
        if self.foreign == ForeignOrigins::Refuse {
            return Err(refused(url, "is not trusted"));
        }
        if !is_secure(url) {
            return Err(refused(url, "is plain http"));
        }
        // What listens there believes that the caller speaks, not a service far away.
        if leads_here(url) && !leads_here(&self.endpoint) {
            return Err(refused(url, "leads to this machine"));
        }
        Ok(())
    }

    /// Takes all that says who asks from a request to an origin that is not trusted.
    ///
    /// Of the headers only those stay that are known to say nothing about the caller: one of the caller's own may
    /// be the key of a gateway.
    pub(crate) fn anonymise(&self, request: &mut HttpRequest) {
        let headers = std::mem::take(&mut request.headers);
        for name in HARMLESS {
            for value in headers.get_all(&name) {
                request.headers.append(&name, value.clone());
            }
        }
        self.strip_key(&mut request.url);
    }

    fn is_cloud_host(&self, url: &Url) -> bool {
        url.scheme() == "https"
            && url.port().is_none()
            && url
                .host_str()
                .is_some_and(|host| self.cloud.hosts.contains(&host))
    }

    /// The same path and query at the endpoint, behind its path prefix.
    fn at_endpoint(&self, url: &Url) -> Url {
        let mut moved = self.endpoint.clone();
        moved.set_path(&format!(
            "{}{}",
            self.endpoint.path().trim_end_matches('/'),
            url.path()
        ));
        moved.set_query(url.query());
        moved
    }

    /// A key that the service repeats in a link is neither kept nor sent on: signing adds the current one.
    fn strip_key(&self, url: &mut Url) {
        let own = match self.key {
            Some(KeyPlacement::Query(name)) => name,
            _ => "subscription-key",
        };
        let is_key = |pair: &&str| {
            let name = pair.split('=').next().unwrap_or_default();
            let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
            name.eq_ignore_ascii_case(own) || name.eq_ignore_ascii_case("subscription-key")
        };
        let Some(query) = url.query() else { return };
        if !query.split('&').any(|pair| is_key(&pair)) {
            return;
        }
        // Pair by pair, so that the others (a signature, for example) stay as they are to the byte.
        let kept: Vec<&str> = query.split('&').filter(|pair| !is_key(pair)).collect();
        let kept = (!kept.is_empty()).then(|| kept.join("&"));
        url.set_query(kept.as_deref());
    }
}

pub(crate) fn refused(url: &Url, why: &str) -> Error {
    Error::new(
        ErrorKind::Untrusted,
        format!("the link to {} {why}", origin(url)),
    )
    .with_may_have_been_sent(true)
}

/// Scheme, host and port, for messages.
pub(crate) fn origin(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{}://{host}:{port}", url.scheme()),
        None => format!("{}://{host}", url.scheme()),
    }
}

fn same_origin(a: &Url, b: &Url) -> bool {
    a.host_str() == b.host_str()
        && a.scheme() == b.scheme()
        && a.port_or_known_default() == b.port_or_known_default()
}

fn is_secure(url: &Url) -> bool {
    url.scheme() == "https" || is_loopback(url)
}

/// 127.0.0.0/8, ::1 and `localhost`.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Whether a connection there ends on this machine: loopback, and what systems take for it.
fn leads_here(url: &Url) -> bool {
    let here = |ip: Ipv4Addr| ip.is_loopback() || ip.is_unspecified();
    match url.host() {
        Some(Host::Ipv4(ip)) => here(ip),
        Some(Host::Ipv6(ip)) => {
            ip.is_loopback() || ip.is_unspecified() || ip.to_ipv4_mapped().is_some_and(here)
        }
        // All names below `localhost` are this machine (RFC 6761).
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name == "localhost" || name.ends_with(".localhost")
        }
        None => false,
    }
}

#[cfg(test)]
mod tests;
