//! Which links are followed, and where a credential goes.

use super::*;
use crate::service::HostParameter;

static SERVICE: Service = Service {
    name: "maps-test",
    version: "0.0.0",
    api_version: "1",
    host: "{endpoint}",
    host_parameters: &[HostParameter {
        name: "endpoint",
        default: None,
    }],
    base_path: "",
    key: Some(KeyPlacement::Query("subscription-key")),
    scopes: &[],
};

const ENDPOINT: &str = "https://maps.example/gw";

fn url(text: &str) -> Url {
    Url::parse(text).expect(text)
}

fn trust(endpoint: &str, options: &ClientOptions) -> Trust {
    Trust::new(&url(endpoint), &SERVICE, options).expect("valid options")
}

fn resolve(trust: &Trust, link: &str) -> Result<TrustedUrl> {
    trust.resolve(link, &url("https://maps.example/gw/things/1?api-version=1"))
}

#[test]
fn links_are_resolved_against_the_request() {
    let trust = trust(ENDPOINT, &ClientOptions::new());
    for (link, expected) in [
        ("https://maps.example/a?b=c", "https://maps.example/a?b=c"),
        ("https://MAPS.example:443/a", "https://maps.example/a"),
        ("/a?b", "https://maps.example/a?b"),
        ("2", "https://maps.example/gw/things/2"),
        ("?page=2", "https://maps.example/gw/things/1?page=2"),
        ("//maps.example/a", "https://maps.example/a"),
        ("/a#fragment", "https://maps.example/a"),
        ("/../../a", "https://maps.example/a"),
        (" /a ", "https://maps.example/a"),
        (
            "https://atlas.microsoft.com/a",
            "https://atlas.microsoft.com/a",
        ),
        (
            "https://us.atlas.microsoft.com/a",
            "https://us.atlas.microsoft.com/a",
        ),
        (
            "https://eu.atlas.microsoft.com/a",
            "https://eu.atlas.microsoft.com/a",
        ),
    ] {
        let resolved = resolve(&trust, link).expect(link);
        assert_eq!(resolved.url().as_str(), expected);
        assert!(!resolved.is_foreign());
    }
}

#[test]
fn origins_are_compared_whole() {
    let trust = trust(ENDPOINT, &ClientOptions::new());
    for link in [
        "https://evil.example/",
        "//evil.example/",
        "\\\\evil.example/",
        "/\\evil.example/",
        "https:evil.example",
        "https://maps.example.evil.example/",
        "https://evilmaps.example/",
        "https://maps.example./",
        "https://maps.example:444/",
        "http://maps.example/",
        "https://user@maps.example/",
        "https://maps.example@evil.example/",
        "https://evil.atlas.microsoft.com/",
        "https://atlas.microsoft.com.evil.example/",
        "https://atlas.microsoft.com:8443/",
        "http://atlas.microsoft.com/",
        "https://аtlas.microsoft.com/",
        "http://127.0.0.1/",
        "http://169.254.169.254/metadata",
        "https://[::1]/",
        "ftp://maps.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/plain,x",
    ] {
        match resolve(&trust, link) {
            Err(error) => assert_eq!(error.kind(), ErrorKind::Untrusted, "{link}"),
            // `https:evil.example` is relative to a base of the same scheme.
            Ok(resolved) => {
                assert_eq!(resolved.url().host_str(), Some("maps.example"), "{link}")
            }
        }
    }
}

#[test]
fn unreadable_links_are_decode_errors() {
    let trust = trust(ENDPOINT, &ClientOptions::new());
    for link in [
        "",
        "  ",
        "https://",
        "https://[",
        "/a\nb",
        "https://maps.example:99999/",
        "/a\u{0}",
        "https://xn--atlas-microsoft-0za.com/",
    ] {
        let error = resolve(&trust, link).expect_err(link);
        assert_eq!(error.kind(), ErrorKind::Decode, "{link:?}");
    }
}

#[test]
fn foreign_origins_are_marked_when_they_are_allowed() {
    let options = ClientOptions::new().foreign_origins(ForeignOrigins::WithoutCredentials);
    let trust = trust(ENDPOINT, &options);
    let blob = "https://blob.example/x?sig=a%2Fb&subscription-key=k";
    let resolved = resolve(&trust, blob).expect("allowed");
    assert!(resolved.is_foreign());
    assert_eq!(resolved.url().as_str(), "https://blob.example/x?sig=a%2Fb");
    assert_eq!(resolved.clone().with_api_version("1"), resolved);
    assert!(!trust.check(&url("https://blob.example")).expect("allowed"));
    assert!(resolve(&trust, "http://blob.example/").is_err());
    assert!(trust.check(&url("http://blob.example")).is_err());
}

#[test]
fn a_service_far_away_cannot_point_at_this_machine() {
    let options = ClientOptions::new().foreign_origins(ForeignOrigins::WithoutCredentials);
    let far = trust(ENDPOINT, &options);
    for link in [
        "http://127.0.0.1:6379/",
        "https://localhost/",
        "http://[::1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "https://0.0.0.0/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/",
        "https://localhost./",
        "https://a.LOCALHOST/",
    ] {
        let error = resolve(&far, link).expect_err(link);
        assert_eq!(error.kind(), ErrorKind::Untrusted, "{link}");
        assert!(far.check(&url(link)).is_err(), "{link}");
    }
    let here = trust("http://127.0.0.1:7071", &options);
    assert!(
        here.resolve("http://127.0.0.1:8080/", &url("http://127.0.0.1:7071"))
            .is_ok()
    );
}

#[test]
fn links_are_no_longer_than_servers_take() {
    let trust = trust(ENDPOINT, &ClientOptions::new());
    let room = LONGEST - "https://maps.example/".len();
    let link = |letter: &str, letters: usize| format!("/{}", letter.repeat(letters));
    assert!(resolve(&trust, &link("a", room)).is_ok());
    for long in [link("a", room + 1), link("ä", room / 6 + 1)] {
        let error = resolve(&trust, &long).expect_err("long");
        assert_eq!(error.kind(), ErrorKind::Decode);
    }
}

#[test]
fn links_to_an_endpoint_in_the_cloud_keep_their_path() {
    let options = ClientOptions::new().links(Links::ToEndpoint);
    let trust = trust("https://us.atlas.microsoft.com/gw", &options);
    let base = url("https://us.atlas.microsoft.com/gw/things");
    for (link, expected) in [
        ("/gw/things/1", "https://us.atlas.microsoft.com/gw/things/1"),
        (
            "https://eu.atlas.microsoft.com/a",
            "https://us.atlas.microsoft.com/gw/a",
        ),
    ] {
        assert_eq!(
            trust.resolve(link, &base).expect(link).url().as_str(),
            expected
        );
    }
}

#[test]
fn trusted_origins_are_added() {
    let options = ClientOptions::new().trusted_origin("https://results.example:8443/");
    let trust = trust(ENDPOINT, &options);
    assert!(
        trust
            .check(&url("https://results.example:8443/x"))
            .expect("trusted")
    );
    assert!(trust.check(&url("https://results.example/x")).is_err());
    for bad in [
        "",
        "results.example",
        "http://results.example",
        "ftp://results.example",
        "https://user@results.example",
        "https://:pw@results.example",
        "https://results.example/account",
        "https://results.example/?q",
        "https://results.example/#f",
    ] {
        let options = ClientOptions::new().trusted_origin(bad);
        assert!(
            Trust::new(&url(ENDPOINT), &SERVICE, &options).is_err(),
            "{bad}"
        );
    }
}

#[test]
fn links_to_the_cloud_are_rewritten_for_a_gateway() {
    let options = ClientOptions::new()
        .links(Links::ToEndpoint)
        .trusted_origin("https://r.example");
    let trust = trust(ENDPOINT, &options);
    for (link, expected) in [
        (
            "https://us.atlas.microsoft.com/a?b=c",
            "https://maps.example/gw/a?b=c",
        ),
        ("https://maps.example/gw/a", "https://maps.example/gw/a"),
        ("https://r.example/a", "https://r.example/a"),
    ] {
        assert_eq!(resolve(&trust, link).expect(link).url().as_str(), expected);
    }
    assert!(resolve(&trust, "https://evil.example/").is_err());
}

#[test]
fn api_version_is_added_where_it_is_missing() {
    let trust = trust(ENDPOINT, &ClientOptions::new());
    for (link, expected) in [
        ("/a", "https://maps.example/a?api-version=7"),
        ("/a?", "https://maps.example/a?api-version=7"),
        ("/a?b=c", "https://maps.example/a?b=c&api-version=7"),
        ("/a?Api-Version=1", "https://maps.example/a?Api-Version=1"),
    ] {
        let link = resolve(&trust, link).expect(link).with_api_version("7");
        assert_eq!(link.url().as_str(), expected);
    }
}

#[test]
fn loopback_is_what_the_design_says() {
    for (text, loopback) in [
        ("http://127.0.0.1", true),
        ("http://127.255.0.9:1", true),
        ("http://[::1]", true),
        ("http://LOCALHOST", true),
        ("http://2130706433", true), // 127.0.0.1 as one number; the parser makes it an address.
        ("http://localhost.", false),
        ("http://a.localhost", false),
        ("http://0.0.0.0", false),
        ("http://[::ffff:127.0.0.1]", false),
    ] {
        assert_eq!(is_loopback(&url(text)), loopback, "{text}");
    }
}
