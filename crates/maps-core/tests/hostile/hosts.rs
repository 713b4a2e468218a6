//! Host parameters and endpoints.

use std::sync::Arc;

use maps_core::service::{HostParameter, HostSettings, Service};
use maps_core::test_kit::{Answer, ScriptedTransport};
use maps_core::{ClientOptions, ErrorKind, Pipeline, Result};

use crate::server::{GET, SERVICE};
use crate::{SECRET, check, key};

static REGIONAL: Service = Service {
    host: "https://{geography}.atlas.microsoft.com",
    host_parameters: &[HostParameter {
        name: "geography",
        default: None,
    }],
    ..SERVICE
};

/// Where the first request of a client goes, its query apart.
async fn target(host: &HostSettings) -> Result<String> {
    let script = ScriptedTransport::new().answer(Answer::status(200));
    let options = ClientOptions::new().transport(Arc::new(script.clone()));
    let pipeline = Pipeline::new(&REGIONAL, host, key(), None, options)?;
    pipeline.send(pipeline.request(&GET)).await?;
    let mut url = script.requests().remove(0).url;
    url.set_query(None);
    Ok(url.into())
}

#[tokio::test]
async fn a_geography_is_one_label_of_the_host_or_refused() {
    let longest = "a".repeat(63);
    for (label, host) in [
        ("us", "us"),
        ("EU", "eu"),
        ("a-1", "a-1"),
        ("7", "7"),
        (longest.as_str(), longest.as_str()),
    ] {
        let mut settings = HostSettings::new();
        settings.parameter("geography", label.to_owned());
        let expected = format!("https://{host}.atlas.microsoft.com/things");
        assert_eq!(target(&settings).await.expect(label), expected);
    }
    let long = "a".repeat(64);
    for bad in [
        "",
        " ",
        ".",
        "..",
        "-",
        "-us",
        "us-",
        "us.",
        ".us",
        "us..eu",
        "a.b",
        "evil.com/#",
        "evil.com?",
        "evil.com\\",
        "user@evil",
        "a:b@c",
        "us:443",
        "us/",
        "us#",
        "us?",
        "us%2e",
        "%2e",
        "us us",
        " us",
        "us ",
        "us\n",
        "us\r\nx: y",
        "us\t",
        "us\0",
        "us\u{7f}",
        "münchen",
        "ｕｓ",
        "u\u{ad}s",
        "us。eu",
        "xn--a",
        "127.0.0.1",
        "[::1]",
        "{geography}",
        &long,
    ] {
        let mut settings = HostSettings::new();
        settings.parameter("geography", bad.to_owned());
        let error = target(&settings).await.expect_err(bad);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{bad:?}");
        check(&error, bad);
    }
}

#[tokio::test]
async fn an_endpoint_is_the_only_place_where_requests_go() {
    for (endpoint, expected) in [
        ("https://gw.example", "https://gw.example/things"),
        ("https://gw.example/", "https://gw.example/things"),
        (
            "https://gw.example/maps//",
            "https://gw.example/maps/things",
        ),
        ("https://gw.example/a/../b", "https://gw.example/b/things"),
        ("HTTPS://GW.Example:443", "https://gw.example/things"),
        ("https://gw.example:8443", "https://gw.example:8443/things"),
        ("https://gw.example.", "https://gw.example./things"),
        ("https://gw%2eexample", "https://gw.example/things"),
        (
            "https://münchen.example",
            "https://xn--mnchen-3ya.example/things",
        ),
        (
            "https://evil.com/atlas.microsoft.com",
            "https://evil.com/atlas.microsoft.com/things",
        ),
        ("http://localhost:1", "http://localhost:1/things"),
        ("http://LOCALHOST", "http://localhost/things"),
        ("http://127.1", "http://127.0.0.1/things"),
        ("http://0x7f.1", "http://127.0.0.1/things"),
        ("http://0177.0.0.1", "http://127.0.0.1/things"),
        ("http://2130706433", "http://127.0.0.1/things"),
        ("http://[::1]:9", "http://[::1]:9/things"),
        ("http://[0:0:0:0:0:0:0:1]", "http://[::1]/things"),
    ] {
        let mut settings = HostSettings::new();
        settings.endpoint(endpoint);
        assert_eq!(target(&settings).await.expect(endpoint), expected);
    }
}

#[tokio::test]
async fn an_endpoint_that_says_more_than_scheme_host_and_path_is_refused() {
    for bad in [
        "",
        " ",
        "evil.com",
        "//evil.com",
        "evil.com/#",
        "https:",
        "https://",
        "https:///",
        "https://#",
        "https://?",
        "https://evil.com/#",
        "https://evil.com#x",
        "https://evil.com?",
        "https://evil.com/?a=b",
        "https://user@evil",
        "https://user:pw@evil",
        "https://:pw@evil",
        "https://a:b@c",
        "a:b@c",
        "https://a:99999",
        "https://a:port",
        "https://a:-1",
        "https://a b",
        "https://a\tb",
        "https://a\nb",
        "https://a\0b",
        "https://a\u{7f}b",
        " https://a",
        "https://a ",
        "https://a%00b",
        "https://a%20b",
        "https://a<b",
        "https://a|b",
        "https://[",
        "https://[::1",
        "https://[::1%25eth0]",
        "https://[fe80::1%eth0]",
        "https://256.0.0.1",
        "https://1.2.3.4.5",
        "https://0x100000000",
        "https://xn--a",
        "https://a%2fb",
        "https://a%40b",
        "ftp://a.example",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/plain,x",
        "unix:/tmp/socket",
    ] {
        let mut settings = HostSettings::new();
        settings.endpoint(bad);
        let error = target(&settings).await.expect_err(bad);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{bad:?}");
        check(&error, bad);
    }
}

#[tokio::test]
async fn no_credential_goes_over_plain_http_to_another_machine() {
    for far in [
        "http://a.example",
        "http://localhost.evil.com",
        "http://localhost.",
        "http://a.localhost",
        "http://127.0.0.1.nip.io",
        "http://128.0.0.1",
        "http://0.0.0.0",
        "http://[::]",
        "http://[::ffff:127.0.0.1]",
        "http://[::2]",
        "http://169.254.169.254",
        "http://atlas.microsoft.com",
    ] {
        let mut settings = HostSettings::new();
        settings.endpoint(far);
        let error = target(&settings).await.expect_err(far);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{far}");
    }
}

#[test]
fn what_was_pasted_into_a_host_by_mistake_is_not_shown() {
    for text in [
        format!("https://{SECRET}@evil.example"),
        format!("https://evil.example/?subscription-key={SECRET}"),
        format!("{SECRET}.{SECRET}"),
        format!("key:{SECRET}"),
        format!("odd://{SECRET}/"),
    ] {
        let mut settings = HostSettings::new();
        settings.endpoint(text.clone());
        settings.parameter("geography", text.clone());
        let shown = format!("{settings:?}");
        assert!(!shown.contains(SECRET), "{shown}");
        let refused = Pipeline::new(&REGIONAL, &settings, key(), None, ClientOptions::new());
        check(&refused.expect_err(&text), &text);
    }
}
