//! The name under which a request reached the emulator.

use http::header::HOST;
use http::uri::Authority;
use http::{HeaderMap, StatusCode, Uri};

use crate::problem::{Fault, Problem};

/// Scheme and authority for links, from a request for a loopback name or one of `names`.
pub(super) fn base(headers: &HeaderMap, uri: &Uri, names: &[String]) -> Result<String, Problem> {
    let mut hosts = headers.get_all(HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok(),
        _ => None,
    };
    let authority = host.and_then(|host| host.parse::<Authority>().ok());
    let good = authority.filter(|authority| is_known(authority, names));
    // A request may carry a whole URL as its target; then that counts, and must be good as well.
    let target_is_good = uri
        .authority()
        .is_none_or(|authority| is_known(authority, names));
    match good {
        Some(authority) if target_is_good => Ok(format!("http://{authority}")),
        _ => Err(Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            Fault::new(
                "UnknownHost",
                "The emulator answers requests to loopback names and configured hosts only.",
            )
            .at("Host"),
        )),
    }
}

fn is_known(authority: &Authority, names: &[String]) -> bool {
    if authority.as_str().contains('@') {
        return false;
    }
    let host = authority.host();
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    let loopback = bare
        .parse::<std::net::IpAddr>()
        .is_ok_and(|address| address.is_loopback());
    loopback
        || host.eq_ignore_ascii_case("localhost")
        || names.iter().any(|name| name.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(hosts: &[&str], uri: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(HOST, host.parse().unwrap());
        }
        base(&headers, &uri.parse().unwrap(), &["maps.test".to_owned()]).ok()
    }

    #[test]
    fn loopback_and_configured_names_are_known() {
        for host in [
            "127.0.0.1:80",
            "127.9.9.9",
            "[::1]:1",
            "localhost:9",
            "LOCALHOST",
            "Maps.test:1",
        ] {
            assert_eq!(
                check(&[host], "/x"),
                Some(format!("http://{host}")),
                "{host}"
            );
        }
    }

    #[test]
    fn other_names_are_refused() {
        for host in [
            "evil.com",
            "localhost.evil.com",
            "127.0.0.1.evil.com",
            "128.0.0.1",
            "localhost@evil.com",
            "evil.com@localhost",
            "",
            "a b",
        ] {
            assert_eq!(check(&[host], "/x"), None, "{host}");
        }
        assert_eq!(check(&[], "/x"), None);
        assert_eq!(check(&["localhost", "localhost"], "/x"), None);
        assert_eq!(check(&["localhost"], "http://evil.com/x"), None);
    }
}
