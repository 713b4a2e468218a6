//! Blots the client's secrets out of what it shows.

use std::borrow::Cow;

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

use super::Secret;

/// A shorter text is no secret, and blotting it out would make answers unreadable.
const SHORTEST: usize = 4;

const BLOT: &[u8] = b"***";

/// Replaces each secret, as it is or in the escapes of URLs and JSON, by `***`.
pub(crate) fn redact<'a>(secrets: &[Secret], bytes: &'a [u8]) -> Cow<'a, [u8]> {
    let mut out = Cow::Borrowed(bytes);
    for secret in secrets {
        let text = secret.text();
        if text.len() < SHORTEST {
            continue;
        }
        replace(&mut out, text);
        for form in escaped(text) {
            replace(&mut out, &form);
        }
    }
    out
}

/// The forms in which a server may repeat a secret, where they differ from the secret itself.
fn escaped(text: &[u8]) -> Vec<Vec<u8>> {
    let all = percent_encode(text, NON_ALPHANUMERIC).to_string();
    let unreserved = all
        .replace("%2D", "-")
        .replace("%2E", ".")
        .replace("%5F", "_")
        .replace("%7E", "~");
    // What browsers leave alone in a query.
    let query = unreserved
        .replace("%2F", "/")
        .replace("%3D", "=")
        .replace("%2B", "+")
        .replace("%3A", ":");
    let json = String::from_utf8_lossy(text)
        .replace('\\', "\\\\")
        .replace('"', "\\\"");
    let slashes = json.replace('/', "\\/");
    let html = json.replace('+', "\\u002B");
    let mut forms: Vec<Vec<u8>> = [&all, &unreserved, &query]
        .into_iter()
        .flat_map(|form| [form.clone(), lower_escapes(form)])
        .chain([json, slashes, html])
        .map(String::into_bytes)
        .filter(|form| form != text)
        .collect();
    forms.sort();
    forms.dedup();
    forms
}

/// `%2B` as `%2b`.
fn lower_escapes(text: &str) -> String {
    let mut rest = 0;
    text.chars()
        .map(|c| {
            if c == '%' {
                rest = 2;
                c
            } else if rest > 0 {
                rest -= 1;
                c.to_ascii_lowercase()
            } else {
                c
            }
        })
        .collect()
}

fn replace(out: &mut Cow<'_, [u8]>, needle: &[u8]) {
    let mut from = 0;
    while let Some(at) = find(&out[from..], needle).map(|at| at + from) {
        out.to_mut()
            .splice(at..at + needle.len(), BLOT.iter().copied());
        from = at + BLOT.len();
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    #[test]
    fn all_forms_of_a_secret_are_blotted_out() {
        let secret = Secret::new("", Zeroizing::new("ab+/c=d".to_owned())).expect("legal");
        let text = r#"ab+/c=d "ab+\/c=d" ab%2B%2Fc%3Dd ab%2b%2fc%3dd ab\u002B/c=d rest"#;
        let shown = redact(&[secret], text.as_bytes());
        assert_eq!(
            String::from_utf8_lossy(&shown),
            r#"*** "***" *** *** *** rest"#
        );
    }

    #[test]
    fn text_without_a_secret_is_not_copied() {
        let secret = Secret::new("", Zeroizing::new("canary".to_owned())).expect("legal");
        assert!(matches!(
            redact(&[secret], b"nothing here"),
            Cow::Borrowed(_)
        ));
    }
}
