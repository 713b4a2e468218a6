//! Blots out what looks like a secret, in texts of those whose secrets are not known.

use std::borrow::Cow;

/// A shorter word is taken for what it says.
const SUSPICIOUS: usize = 16;

/// What stands before a secret, by the end of its name.
const NAMES: [&str; 7] = [
    "secret",
    "assertion",
    "password",
    "token",
    "key",
    "sig",
    "bearer",
];

/// Replaces by `***` what looks like a secret: the words of a credential that failed.
///
/// The client does not know what a credential holds: a client secret, an assertion, a refresh token. It goes by looks:
/// the value behind a name like `client_secret`, and a word of 16 or more characters with digits among its letters that
/// is no GUID. Codes such as `AADSTS7000215`, sentences, hosts and identifiers of requests stay readable.
pub(crate) fn blot_suspects(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = "";
    let mut named = false;
    while !rest.is_empty() {
        let end = rest.find(is_separator).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if named && !word.is_empty() {
            shown.push_str("***");
        } else {
            shown.push_str(&shown_word(word));
        }
        if !word.is_empty() {
            before = word;
        }
        let end = after.find(|c| !is_separator(c)).unwrap_or(after.len());
        let (separators, after) = after.split_at(end);
        shown.push_str(separators);
        named = introduces(before, separators);
        rest = after;
    }
    shown
}

/// Whether a name and what follows it say that the next word is a secret.
fn introduces(name: &str, separators: &str) -> bool {
    let name = name.to_ascii_lowercase();
    if name == "bearer" {
        return separators == " ";
    }
    let assigned =
        separators.contains('=') || separators.contains(['"', '\'']) && separators.contains(':');
    assigned && NAMES.iter().any(|known| name.ends_with(known))
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || "\"'`,;:{}[]()<>&=|?!\\".contains(c)
}

fn shown_word(word: &str) -> Cow<'_, str> {
    // The parts of a path or URL are looked at one by one.
    if word.starts_with('/') {
        let parts: Vec<&str> = word.split('/').map(shown_part).collect();
        return parts.join("/").into();
    }
    shown_part(word).into()
}

fn shown_part(word: &str) -> &str {
    let of_letters = |test: fn(&u8) -> bool| word.bytes().any(|byte| test(&byte));
    let is_mixed = of_letters(u8::is_ascii_alphabetic) && of_letters(u8::is_ascii_digit);
    let is_suspicious = word.len() >= SUSPICIOUS && is_mixed && !is_guid(word) && !is_time(word);
    if is_suspicious { "***" } else { word }
}

fn is_guid(word: &str) -> bool {
    let word = word.trim_matches(['.', '-']);
    uuid::Uuid::try_parse(word).is_ok() && word.contains('-')
}

/// `2026-11-21T08` and what else is left of a time between colons.
fn is_time(word: &str) -> bool {
    word.bytes()
        .all(|byte| byte.is_ascii_digit() || b"TZ.-+".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_entra_says_stays_readable() {
        for text in [
            "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client \
             secret value, not the client secret ID, for a secret added to app '2f9d6c1e-7b40-4e83-a5c7-0d18b96e3f52'. \
             Trace ID: 8b0b9d3c-3a0f-4b0e-9d7a-1f5d5a0c9f11 Timestamp: 2026-11-21 08:53:20Z",
            r#"{"error":"invalid_client","error_codes":[7000215],"timestamp":"2026-11-21T08:53:20.1234567Z"}"#,
            "POST https://login.microsoftonline.com/8b0b9d3c-3a0f-4b0e-9d7a-1f5d5a0c9f11/oauth2/v2.0/token: status 401",
            "Azure CLI not found on path: install it from https://aka.ms/azure-cli",
            "no token, no key: nothing",
            "",
        ] {
            assert_eq!(blot_suspects(text), text);
        }
    }

    #[test]
    fn secrets_are_blotted_out_by_their_looks() {
        for (text, expected) in [
            (
                "bad secret 8Q~cAn4rY.Zx_yz-0123456789abcdefghijkl",
                "bad secret ***",
            ),
            (
                "got eyJ0eXAiOiJKV1Qi.eyJhdWQiOiJodHRw.c2lnbmF0dXJl0 back",
                "got *** back",
            ),
            ("at 'q83vASNFZ4mrze8BI0VniQ=='", "at '***=='"),
            (
                "GET https://host/q83vASNFZ4mrze8BI0VniQ/x",
                "GET https://host/***/x",
            ),
        ] {
            assert_eq!(blot_suspects(text), expected);
        }
    }

    #[test]
    fn secrets_are_blotted_out_by_their_names() {
        for (text, expected) in [
            (
                "client_secret=hush&scope=maps",
                "client_secret=***&scope=maps",
            ),
            (
                r#"{"access_token":"hush","n":1}"#,
                r#"{"access_token":"***","n":1}"#,
            ),
            (r#"{"Password": "hush"}"#, r#"{"Password": "***"}"#),
            ("Authorization: Bearer hush", "Authorization: Bearer ***"),
        ] {
            assert_eq!(blot_suspects(text), expected);
        }
    }
}
