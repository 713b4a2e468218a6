//! Where a service is.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::utf8_percent_encode;
use url::Url;

use crate::error::{Error, Result};
use crate::options::Cloud;
use crate::request::{RESERVED, has_dots};
use crate::service::{HostParameter, Service};
use crate::trust::{is_loopback, origin};

/// What the builder of a client was told about the host.
#[derive(Clone, Default)]
pub struct HostSettings {
    endpoint: Option<String>,
    parameters: Vec<(&'static str, String)>,
}

impl HostSettings {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces the service's own host: scheme, host, port and a path to put before all others.
    pub fn endpoint(&mut self, url: impl Into<String>) {
        self.endpoint = Some(url.into());
    }

    /// Gives a parameter of the host its value, one DNS label.
    ///
    /// What the host ends with may have several of them and a port, and what begins it a scheme where the service
    /// declares none. One of the path before all others is a part of its segment, and percent-encoded.
    pub fn parameter(&mut self, name: &'static str, value: String) {
        self.parameters.retain(|(known, _)| *known != name);
        self.parameters.push((name, value));
    }

    /// The service's URL without query, its path without the last slash.
    pub(crate) fn resolve(&self, service: &Service, cloud: &Cloud) -> Result<Url> {
        let text = match &self.endpoint {
            Some(endpoint) => endpoint.clone(),
            None => self
                .fill(service)?
                .replace("atlas.microsoft.com", cloud.domain),
        };
        // The parser drops line ends and tabs; an endpoint with them is a mistake.
        if text.trim() != text || text.contains(char::is_control) {
            return Err(Error::argument(
                "the endpoint has blanks or line ends around or in it",
            ));
        }
        let mut url = Url::parse(&text)
            .map_err(|error| Error::argument("the endpoint is not a URL").with_source(error))?;
        check(&url)?;
        let base_path = self.base_path(service)?;
        let path = format!(
            "{}/{}",
            url.path().trim_end_matches('/'),
            base_path.trim_matches('/')
        );
        let path = path.trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(url)
    }

    /// The path before those of all operations, each parameter of it within its segment.
    fn base_path(&self, service: &Service) -> Result<Cow<'static, str>> {
        let mut path = Cow::Borrowed(service.base_path);
        for HostParameter { name, default } in service.host_parameters {
            let hole = format!("{{{name}}}");
            if !path.contains(&hole) {
                continue;
            }
            let given = self.parameters.iter().find(|(known, _)| known == name);
            let given = given.map(|(_, value)| value.as_str());
            match given.or(*default) {
                Some("") => return Err(Error::argument(format!("`{name}` is empty"))),
                Some(value) => {
                    let value = utf8_percent_encode(value, RESERVED).to_string();
                    path = path.replace(&hole, &value).into();
                }
                None => {
                    return Err(Error::argument(format!(
                        "`{name}` is not given, and the service has no default"
                    )));
                }
            }
        }
        // The URL parser would climb out of the path.
        if has_dots(&path) {
            let message = "a segment of the path before all others is `.` or `..`";
            return Err(Error::argument(message));
        }
        Ok(path)
    }

    fn fill(&self, service: &Service) -> Result<String> {
        let mut host = service.host.to_owned();
        for parameter in service.host_parameters {
            let name = parameter.name;
            let hole = format!("{{{name}}}");
            if !host.contains(&hole) {
                continue;
            }
            let given = self.parameters.iter().find(|(known, _)| *known == name);
            let value = match (given, parameter.default) {
                (Some((_, value)), _) => {
                    let place = Place::of(&hole, service.host);
                    let value = place.trim(value);
                    if !place.takes(value) {
                        return Err(Error::argument(format!("`{name}` is not {place}")));
                    }
                    value
                }
                (None, Some(default)) => Place::of(&hole, service.host).trim(default),
                (None, None) => {
                    return Err(Error::argument(format!(
                        "neither `{name}` nor an endpoint is given, and the service has no default"
                    )));
                }
            };
            host = host.replace(&hole, value);
        }
        Ok(host)
    }
}

/// Where a parameter stands in the host, which decides what its value may be: none may lead anywhere else.
#[derive(Clone, Copy)]
struct Place {
    /// It begins a host without scheme.
    first: bool,
    /// It ends the host.
    last: bool,
}

impl Place {
    fn of(hole: &str, host: &str) -> Self {
        let past_scheme = host.split_once("://").map_or(host, |(_, rest)| rest);
        let name = past_scheme.split('/').next().unwrap_or_default();
        Self {
            first: host.starts_with(hole) && !host.contains("://"),
            last: name.ends_with(hole),
        }
    }

    /// The value without the slash that ends a URL, where it is all of the host.
    fn trim(self, value: &str) -> &str {
        match value.strip_suffix('/') {
            Some(url) if self.first && self.last => url,
            _ => value,
        }
    }

    fn takes(self, value: &str) -> bool {
        let mut schemes = ["https://", "http://"].iter().filter(|_| self.first);
        let value = schemes
            .find_map(|scheme| value.strip_prefix(scheme))
            .unwrap_or(value);
        is_dns_label(value) || (self.last && is_host_name(value))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.first { ", after a scheme" } else { "" };
        if self.last {
            write!(
                f,
                "the end of a host{scheme}: DNS labels with dots between them, and a port"
            )
        } else {
            write!(
                f,
                "one DNS label{scheme}: letters, digits and inner hyphens, at most 63"
            )
        }
    }
}

/// `vault.example` and `localhost:3000`.
fn is_host_name(text: &str) -> bool {
    let (labels, port) = match text.split_once(':') {
        Some((labels, port)) => (labels, Some(port)),
        None => (text, None),
    };
    labels.split('.').all(is_dns_label)
        && port.is_none_or(|port| {
            port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok()
        })
}

fn is_dns_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn check(url: &Url) -> Result<()> {
    let fault = if !matches!(url.scheme(), "http" | "https") {
        "is neither https nor http"
    } else if url.host_str().is_none_or(str::is_empty) {
        "has no host"
    } else if !url.username().is_empty() || url.password().is_some() {
        "has user information; give a credential instead"
    } else if url.query().is_some() {
        "has a query"
    } else if url.fragment().is_some() {
        "has a fragment"
    } else {
        return Ok(());
    };
    Err(Error::argument(format!("the endpoint {fault}")))
}

/// Refuses to send a credential where everybody on the way can read it.
pub(crate) fn check_secure(url: &Url) -> Result<()> {
    if url.scheme() == "https" || is_loopback(url) {
        Ok(())
    } else {
        Err(Error::argument(
            "the endpoint is plain http and not on this machine, so no credential goes there",
        ))
    }
}

impl fmt::Debug for HostSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An endpoint that `build` will refuse may hold a password or a key.
        let endpoint = self.endpoint.as_deref().map(|text| match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => origin(&url),
            _ => "not a URL of HTTP".to_owned(),
        });
        // More than one label may be a token that was pasted here by mistake.
        let shown = |value: &'_ str| match is_dns_label(value) {
            true => value.to_owned(),
            false => "not a DNS label".to_owned(),
        };
        let parameters: Vec<(&str, String)> = self
            .parameters
            .iter()
            .map(|(name, value)| (*name, shown(value)))
            .collect();
        f.debug_struct("HostSettings")
            .field("endpoint", &endpoint)
            .field("parameters", &parameters)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static REGIONAL: Service = Service {
        name: "maps-test",
        version: "0.0.0",
        api_version: "1",
        host: "https://{geography}.atlas.microsoft.com",
        host_parameters: &[HostParameter {
            name: "geography",
            default: None,
        }],
        base_path: "",
        key: None,
        scopes: &[],
    };

    fn resolve(settings: &HostSettings, service: &Service) -> Result<String> {
        settings
            .resolve(service, &Cloud::public())
            .map(String::from)
    }

    fn geography(value: &str) -> Result<String> {
        let mut settings = HostSettings::new();
        settings.parameter("geography", value.to_owned());
        resolve(&settings, &REGIONAL)
    }

    fn endpoint(url: &str) -> Result<String> {
        let mut settings = HostSettings::new();
        settings.endpoint(url);
        resolve(&settings, &REGIONAL)
    }

    #[test]
    fn host_parameter_fills_the_template() {
        assert_eq!(
            geography("eu").expect("label"),
            "https://eu.atlas.microsoft.com/"
        );
    }

    #[test]
    fn host_parameter_that_is_no_label_is_refused() {
        let long = "a".repeat(64);
        for bad in [
            "",
            "evil.com/#",
            "a.b",
            "a@b",
            "-a",
            "a-",
            "a b",
            "a:1",
            "ä",
            "us\n",
            &long,
        ] {
            assert!(geography(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn what_ends_a_host_has_labels_and_a_port_and_what_begins_it_a_scheme() {
        const VAULT: HostParameter = HostParameter {
            name: "vault",
            default: None,
        };
        let service = Service {
            host: "{vault}{name}.{suffix}",
            host_parameters: &[
                VAULT,
                HostParameter {
                    name: "name",
                    ..VAULT
                },
                HostParameter {
                    name: "suffix",
                    ..VAULT
                },
            ],
            ..REGIONAL
        };
        let url = |vault: &str, name: &str, suffix: &str| {
            let mut settings = HostSettings::new();
            settings.parameter("vault", vault.to_owned());
            settings.parameter("name", name.to_owned());
            settings.parameter("suffix", suffix.to_owned());
            resolve(&settings, &service)
        };
        assert_eq!(
            url("https://my", "vault", "vault.example").expect("host"),
            "https://myvault.vault.example/"
        );
        assert_eq!(
            url("http://my", "vault", "localhost:99").expect("host"),
            "http://myvault.localhost:99/"
        );
        for (vault, name, suffix) in [
            ("my", "vault", "example"),
            ("ftp://my", "vault", "example"),
            ("https://my.evil.example/", "vault", "example"),
            ("https://user@my", "vault", "example"),
            ("https://my", "va.ult", "example"),
            ("https://my", "https://vault", "example"),
            ("https://my", "vault", "example/"),
            ("https://my", "vault", "example:"),
            ("https://my", "vault", "example:99999"),
            ("https://my", "vault", "example:+9"),
            ("https://my", "vault", "a..example"),
            ("https://my", "vault", "user@example"),
            ("https://my", "vault", "example?a"),
        ] {
            assert!(url(vault, name, suffix).is_err(), "{vault} {name} {suffix}");
        }
    }

    #[test]
    fn host_that_is_a_parameter_may_have_a_path_behind_it() {
        const ENDPOINT: HostParameter = HostParameter {
            name: "endpoint",
            default: None,
        };
        let url = |host: &'static str, endpoint: &str| {
            let service = Service {
                host,
                host_parameters: &[ENDPOINT],
                ..REGIONAL
            };
            let mut settings = HostSettings::new();
            settings.parameter("endpoint", endpoint.to_owned());
            resolve(&settings, &service)
        };
        let template = "{endpoint}/text/v3.0";
        for good in ["https://a.example.com", "https://a.example.com/"] {
            assert_eq!(
                url(template, good).expect("a URL"),
                "https://a.example.com/text/v3.0"
            );
        }
        assert_eq!(
            url("https://{endpoint}/text", "localhost:99").expect("a host"),
            "https://localhost:99/text"
        );
        for bad in [
            "",
            "/",
            "a.example.com",
            "ftp://a.example.com",
            "https://user:password@a.example.com",
            "https://a.example.com/gateway",
            "https://a.example.com//",
            "https://a.example.com?key=1",
            "https://a.example.com#x",
            "https://a.example.com\n",
        ] {
            assert!(url(template, bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn parameter_of_the_path_stays_in_its_segment() {
        let service = Service {
            host: "{endpoint}",
            host_parameters: &[
                HostParameter {
                    name: "endpoint",
                    default: None,
                },
                HostParameter {
                    name: "version",
                    default: Some("v1"),
                },
                HostParameter {
                    name: "index",
                    default: None,
                },
            ],
            base_path: "/search/{version}/indexes('{index}')",
            ..REGIONAL
        };
        let url = |version: Option<&str>, index: &str| {
            let mut settings = HostSettings::new();
            settings.endpoint("https://a.example.com/gateway/");
            if let Some(version) = version {
                settings.parameter("version", version.to_owned());
            }
            settings.parameter("index", index.to_owned());
            resolve(&settings, &service)
        };
        assert_eq!(
            url(None, "roads").expect("a URL"),
            "https://a.example.com/gateway/search/v1/indexes('roads')"
        );
        assert_eq!(
            url(Some("v2?"), "a/../b'").expect("a URL"),
            "https://a.example.com/gateway/search/v2%3F/indexes('a%2F..%2Fb%27')"
        );
        for (version, index) in [("", "a"), ("..", "a"), (".", "a"), ("v1", "")] {
            assert!(url(Some(version), index).is_err(), "{version:?} {index:?}");
        }
        let mut settings = HostSettings::new();
        settings.endpoint("https://a.example.com");
        let error = resolve(&settings, &service).expect_err("no index");
        assert!(error.to_string().contains("`index`"), "{error}");
    }

    #[test]
    fn absent_host_parameter_without_default_is_refused() {
        let error = resolve(&HostSettings::new(), &REGIONAL).expect_err("no geography");
        assert!(error.to_string().contains("geography"), "{error}");
        let defaulted = Service {
            host_parameters: &[HostParameter {
                name: "geography",
                default: Some("us"),
            }],
            ..REGIONAL
        };
        let url = resolve(&HostSettings::new(), &defaulted).expect("default");
        assert_eq!(url, "https://us.atlas.microsoft.com/");
    }

    #[test]
    fn endpoint_replaces_the_template_and_keeps_its_path() {
        assert_eq!(
            endpoint("http://127.0.0.1:99").expect("ok"),
            "http://127.0.0.1:99/"
        );
        assert_eq!(
            endpoint("https://gw.example/maps/").expect("ok"),
            "https://gw.example/maps"
        );
        let based = Service {
            base_path: "/base",
            ..REGIONAL
        };
        let mut settings = HostSettings::new();
        settings.endpoint("https://gw.example/maps/");
        assert_eq!(
            resolve(&settings, &based).expect("ok"),
            "https://gw.example/maps/base"
        );
    }

    #[test]
    fn endpoint_with_more_than_scheme_host_and_path_is_refused() {
        for bad in [
            "",
            "atlas.microsoft.com",
            "ftp://a.example",
            "https://",
            "https://user@a.example",
            "https://:pw@a.example",
            "https://a.example/?q",
            "https://a.example/#f",
            " https://a.example",
            "https://a.exa\nmple",
            "data:text/plain,x",
        ] {
            let error = endpoint(bad).expect_err(bad);
            assert_eq!(error.kind(), crate::ErrorKind::InvalidArgument);
        }
    }

    #[test]
    fn plain_http_is_for_loopback_only() {
        for (url, secure) in [
            ("https://a.example", true),
            ("http://a.example", false),
            ("http://localhost:8080", true),
            ("http://127.9.9.9", true),
            ("http://[::1]:1", true),
            ("http://localhost.evil.example", false),
            ("http://128.0.0.1", false),
        ] {
            assert_eq!(
                check_secure(&Url::parse(url).expect(url)).is_ok(),
                secure,
                "{url}"
            );
        }
    }

    #[test]
    fn government_cloud_has_its_own_host() {
        let fixed = Service {
            host: "https://atlas.microsoft.com",
            host_parameters: &[],
            ..REGIONAL
        };
        let url = HostSettings::new()
            .resolve(&fixed, &Cloud::us_government())
            .expect("fixed");
        assert_eq!(url.as_str(), "https://atlas.azure.us/");
    }

    #[test]
    fn debug_of_an_endpoint_shows_its_origin_alone() {
        let mut settings = HostSettings::new();
        settings
            .endpoint("https://me:pa55word@example.com:444/?subscription-key=pa55word#pa55word");
        let debug = format!("{settings:?}");
        assert!(debug.contains("https://example.com:444"), "{debug}");
        assert!(!debug.contains("pa55word"), "{debug}");
    }
}
