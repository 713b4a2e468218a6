//! What must hold whatever a service answers.

use std::cell::Cell;
use std::error::Error as _;
use std::fmt::Debug;

use maps_core::test_kit::ScriptedTransport;
use maps_core::{Error, HttpRequest, Url};
use percent_encoding::percent_decode;

use crate::client::SECRET;
use crate::log;

/// Headers that may go to an origin which is not trusted.
const HARMLESS: [&str; 7] = [
    "accept",
    "accept-language",
    "content-type",
    "if-match",
    "if-none-match",
    "range",
    "user-agent",
];

/// Origins that every client trusts.
const CLOUD: [&str; 3] = [
    "https://atlas.microsoft.com",
    "https://us.atlas.microsoft.com",
    "https://eu.atlas.microsoft.com",
];

thread_local! {
    static HAS_SECRET: Cell<bool> = const { Cell::new(true) };
}

/// Says whether the client knows the secret: one without a credential cannot hide it.
pub fn expect_secret(known: bool) {
    HAS_SECRET.set(known);
}

/// A text that shows no secret, as it is or with the escapes of URLs or JSON taken away.
///
/// # Panics
///
/// When it does.
pub fn no_secret(what: &str, text: &[u8]) {
    if !HAS_SECRET.get() {
        return;
    }
    hides_secret(what, text);
    if text.contains(&b'\\') {
        hides_secret(what, &unescape(text));
    }
    if text.contains(&b'%') {
        let decoded: Vec<u8> = percent_decode(text).collect();
        hides_secret(what, &decoded);
        hides_secret(what, &unescape(&decoded));
    }
}

fn hides_secret(what: &str, text: &[u8]) {
    let shows = contains_ignoring_case(text, SECRET.as_bytes());
    assert!(!shows, "{what} shows the secret: {}", text.escape_ascii());
}

/// Everything that an error shows.
///
/// # Panics
///
/// When something of it shows the secret, or more than one line.
pub fn error(error: &Error) {
    let display = error.to_string();
    assert!(
        !display.contains(char::is_control),
        "more than one line: {display:?}"
    );
    no_secret("Display", display.as_bytes());
    shown("Debug", error);
    let mut source = error.source();
    for _ in 0..20 {
        let Some(cause) = source else { break };
        no_secret("Display of a source", cause.to_string().as_bytes());
        source = cause.source();
    }
    assert!(source.is_none(), "a chain of sources without end");
    for text in [
        error.code(),
        error.message(),
        error.request_id(),
        error.operation_id(),
        error.link(),
        error.json_path(),
    ] {
        no_secret("an accessor", text.unwrap_or_default().as_bytes());
    }
    for code in error.inner_codes() {
        no_secret("an inner code", code.as_bytes());
    }
    for (name, value) in error.headers().into_iter().flatten() {
        no_secret(name.as_str(), value.as_bytes());
    }
    if let Some(body) = error.body() {
        assert!(body.len() <= 64 * 1024, "a body of {} bytes", body.len());
        no_secret("the body", body);
    }
    if let Some(token) = error.resume_token() {
        no_secret("the resume token", token.to_string().as_bytes());
    }
    let status: Option<serde_json::Value> = error.last_status();
    no_secret(
        "the last status",
        status.unwrap_or_default().to_string().as_bytes(),
    );
    let _ = error.body_as::<serde_json::Value>();
}

/// What `Debug` shows of a value.
///
/// # Panics
///
/// When it shows the secret.
pub fn shown(what: &str, value: &impl Debug) {
    no_secret(what, format!("{value:?}").as_bytes());
}

/// All requests that went out, and the log.
///
/// # Panics
///
/// When a request holds a credential and leads elsewhere than to `endpoint` or the cloud, when it goes to a foreign origin
/// that may not be asked, when there are more than `most`, or when the log shows the secret.
pub fn requests(transport: &ScriptedTransport, endpoint: &str, asks_foreign: bool, most: usize) {
    let requests = transport.requests();
    assert!(
        requests.len() <= most,
        "{} requests, expected at most {most}",
        requests.len()
    );
    for request in &requests {
        sent(request, endpoint, asks_foreign);
    }
    no_secret("the log", log::take().as_bytes());
}

fn sent(request: &HttpRequest, endpoint: &str, asks_foreign: bool) {
    let url = &request.url;
    let origin = url.origin().ascii_serialization();
    let own = Url::parse(endpoint).map(|url| url.origin().ascii_serialization());
    let trusted = own.is_ok_and(|own| own == origin) || CLOUD.contains(&origin.as_str());
    assert!(
        matches!(url.scheme(), "http" | "https"),
        "a request to {url}"
    );
    assert!(
        url.username().is_empty() && url.password().is_none() && url.fragment().is_none(),
        "a request to {url}"
    );
    shown("Debug of a request", request);
    if trusted {
        return;
    }
    assert!(asks_foreign, "a request to the foreign origin {origin}");
    assert!(
        url.scheme() == "https",
        "a plain request to the foreign origin {origin}"
    );
    assert!(
        request.method == "GET" || request.method == "HEAD",
        "{} to {origin}",
        request.method
    );
    for (name, value) in &request.headers {
        assert!(
            HARMLESS.contains(&name.as_str()),
            "{name} to the foreign origin {origin}"
        );
        no_secret(name.as_str(), value.as_bytes());
    }
    no_secret("a foreign URL", url.as_str().as_bytes());
    for (name, _) in url.query_pairs() {
        assert!(
            !name.eq_ignore_ascii_case("subscription-key"),
            "a key to {origin}"
        );
    }
}

fn contains_ignoring_case(text: &[u8], wanted: &[u8]) -> bool {
    // Most windows differ in their first byte.
    let first = wanted[0].to_ascii_lowercase();
    text.windows(wanted.len())
        .any(|window| window[0] | 0x20 == first && window.eq_ignore_ascii_case(wanted))
}

/// Takes the escapes of JSON and of `Debug` away.
fn unescape(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'\\' {
            plain.push(*first);
            continue;
        }
        let hex = after
            .strip_prefix(b"u")
            .and_then(|digits| std::str::from_utf8(digits.get(..4)?).ok())
            .and_then(|digits| u8::try_from(u32::from_str_radix(digits, 16).ok()?).ok());
        if let Some(byte) = hex {
            plain.push(byte);
            rest = &after[5..];
        }
    }
    plain
}
