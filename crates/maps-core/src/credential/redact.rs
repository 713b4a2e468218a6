//! Blots the client's secrets out of what it shows.

use std::borrow::Cow;

use super::Secret;

/// A shorter text is no secret, and blotting it out would make answers unreadable.
const SHORTEST: usize = 4;

/// A text may be cut in the middle of a secret: this much of its front says nothing yet.
const LONGEST_SHOWN: usize = 8;

/// Of six levels of escapes; a text of nothing but backslashes is looked through once, not once for each of them.
const MOST_BACKSLASHES: usize = 64;

const BLOT: &[u8] = b"***";

/// Replaces each secret by `***`, in any case and in any mix of the escapes of URLs, JSON and HTML.
///
/// One pass for each secret, so that a long answer full of secrets costs no more than another.
pub(crate) fn redact<'a>(secrets: &[Secret], bytes: &'a [u8]) -> Cow<'a, [u8]> {
    let mut out = Cow::Borrowed(bytes);
    for secret in secrets {
        let secret = secret.text();
        if secret.len() < SHORTEST {
            continue;
        }
        if let Some(shown) = blot_out(&out, secret) {
            out = Cow::Owned(shown);
        }
    }
    out
}

/// The text without a secret; `None` when it holds none.
fn blot_out(text: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
    let mut shown = Vec::new();
    let mut kept = 0;
    let mut at = 0;
    while at < text.len() {
        match length_of(secret, &text[at..]) {
            Some(length) => {
                shown.extend_from_slice(&text[kept..at]);
                shown.extend_from_slice(BLOT);
                at += length;
                kept = at;
            }
            None => at += 1,
        }
    }
    if kept == 0 {
        return None;
    }
    shown.extend_from_slice(&text[kept..]);
    Some(shown)
}

/// How long a secret is at the front of a text, escapes and all; `None` when it is not there.
fn length_of(secret: &[u8], text: &[u8]) -> Option<usize> {
    Some(text.len() - behind(secret, 0, text)?.len())
}

/// What follows a secret of which so many bytes are found.
fn behind<'a>(secret: &[u8], found: usize, text: &'a [u8]) -> Option<&'a [u8]> {
    let mut rest = text;
    for (at, byte) in secret.iter().enumerate().skip(found) {
        if at >= LONGEST_SHOWN && is_cut(rest) {
            return Some(&[]);
        }
        if *byte == b'%' && rest.first() == Some(byte) {
            return behind_percent(secret, at, rest);
        }
        rest = match (literally(*byte, rest), escaped(*byte, rest)) {
            // A `&` may be itself or the beginning of its own escape.
            (Some(literally), Some(escaped)) => match behind(secret, at + 1, literally) {
                Some(rest) => return Some(rest),
                None => escaped,
            },
            (literally, escaped) => literally.or(escaped)?,
        };
    }
    Some(rest)
}

/// The same where both are at a `%`, which may be itself or escaped, any number of times: `%25`, `%2525`.
fn behind_percent<'a>(secret: &[u8], at: usize, text: &'a [u8]) -> Option<&'a [u8]> {
    let mut rest = text.get(1..)?;
    loop {
        if let Some(rest) = behind(secret, at + 1, rest) {
            return Some(rest);
        }
        rest = rest.strip_prefix(b"25")?;
    }
}

/// What follows a byte that is written as it is, in any case, or as URLs write a backslash.
fn literally(byte: u8, text: &[u8]) -> Option<&[u8]> {
    let (first, rest) = text.split_first()?;
    let same = first.eq_ignore_ascii_case(&byte) || (byte == b'\\' && *first == b'/');
    same.then_some(rest)
}

/// What follows a byte that is written as `%2B`, `\u002B`, `\/`, `&#43;`, `&#x2B;` or `&amp;`; of several levels of
/// escapes as `%252B` or `\\u002B`.
fn escaped(byte: u8, text: &[u8]) -> Option<&[u8]> {
    let (first, rest) = text.split_first()?;
    let (written, after) = unescape(*first, rest)?;
    // The escapes of a header's text are escaped once more in a URL.
    let (written, after) = match u8::try_from(written) {
        Ok(inner @ (b'\\' | b'&')) if *first == b'%' && inner != byte => unescape(inner, after)?,
        _ => (written, after),
    };
    let written = u8::try_from(written).ok()?;
    written.eq_ignore_ascii_case(&byte).then_some(after)
}

/// What an escape stands for, and what follows it.
fn unescape(first: u8, rest: &[u8]) -> Option<(u32, &[u8])> {
    match first {
        b'%' => {
            let mut deepest = rest;
            while let Some(deeper) = deepest.strip_prefix(b"25") {
                deepest = deeper;
            }
            number(deepest, 2, 16)
        }
        b'\\' => {
            let mut next = rest.iter().take(MOST_BACKSLASHES);
            let start = next.position(|next| *next != b'\\')?;
            match rest[start..].split_first()? {
                (b'u', digits) => number(digits, 4, 16).or_else(|| Some((u32::from(b'u'), digits))),
                (literal, rest) => Some((u32::from(*literal), rest)),
            }
        }
        b'&' => entity(rest),
        _ => None,
    }
}

/// The character that HTML names behind a `&`, and what follows it.
fn entity(text: &[u8]) -> Option<(u32, &[u8])> {
    let end = text.iter().take(9).position(|next| *next == b';')?;
    let (name, rest) = (&text[..end], &text[end + 1..]);
    let character = match name {
        b"amp" => u32::from(b'&'),
        b"lt" => u32::from(b'<'),
        b"gt" => u32::from(b'>'),
        b"quot" => u32::from(b'"'),
        b"apos" => u32::from(b'\''),
        [b'#', b'x' | b'X', hex @ ..] => number(hex, hex.len(), 16)?.0,
        [b'#', digits @ ..] => number(digits, digits.len(), 10)?.0,
        _ => return None,
    };
    Some((character, rest))
}

/// A number of so many digits, and what follows it.
fn number(text: &[u8], digits: usize, radix: u32) -> Option<(u32, &[u8])> {
    let (number, rest) = text.split_at_checked(digits)?;
    let value = number.iter().try_fold(0_u32, |value, digit| {
        let digit = char::from(*digit).to_digit(radix)?;
        value.checked_mul(radix)?.checked_add(digit)
    })?;
    (digits > 0).then_some((value, rest))
}

/// Whether a text ends here, perhaps in the middle of an escape.
fn is_cut(rest: &[u8]) -> bool {
    rest.is_empty() || (rest.len() < 6 && matches!(rest[0], b'%' | b'\\' | b'&'))
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn shown(secret: &str, text: &str) -> String {
        let secret = Secret::new("", Zeroizing::new(secret.to_owned())).expect("legal");
        String::from_utf8_lossy(&redact(&[secret], text.as_bytes())).into_owned()
    }

    #[test]
    fn all_forms_of_a_secret_are_blotted_out() {
        for form in [
            "ab+/c=d",
            r"ab+\/c=d",
            "ab%2B%2Fc%3Dd",
            "ab%2b%2fc%3dd",
            r"ab\u002B/c=d",
            r"ab\u002b\u002Fc\u003dd",
            "AB+/C=D",
            "%61%62%2B%2f%63%3D%64",
            "ab%252B%25252Fc%3Dd",
            r"ab\\u002B\\/c=d",
            "ab&#43;&#x2F;c=d",
            "ab%5Cu002B%5C/c%255Cu003Dd",
            "ab%26#43;/c=d",
        ] {
            assert_eq!(
                shown("ab+/c=d", &format!("{form} \"{form}\" rest")),
                "*** \"***\" rest",
                "{form}"
            );
        }
        assert_eq!(shown(r#"a"b\c-d"#, r#"x a\"b\\c-d y"#), "x *** y");
        assert_eq!(shown("user-key", r"\u0075ser-key \user-key"), "*** ***");
        assert_eq!(shown("a<b>'c\"&d", "a&lt;b&gt;&apos;c&quot;&amp;d"), "***");
    }

    #[test]
    fn secrets_of_characters_that_begin_escapes_are_blotted_out() {
        for form in [
            "a%b&c%25d",
            "a%25b%26c%2525d",
            "a%2525b%2526c%252525d",
            r"a\u0025b\u0026c\u002525d",
            "a&#37;b&amp;c&#37;25d",
        ] {
            assert_eq!(
                shown("a%b&c%25d", &format!("x {form} y")),
                "x *** y",
                "{form}"
            );
        }
        // The URL parser makes a slash of a backslash.
        assert_eq!(shown(r"ab\cd", "/ab/cd?ab%5Ccd"), "/***?***");
    }

    #[test]
    fn a_text_that_is_cut_in_the_middle_of_a_secret_shows_little_of_it() {
        let secret = "0123456789+abcdef";
        assert_eq!(shown(secret, "key 0123456789+abc"), "key ***");
        assert_eq!(shown(secret, "key 0123456789%2"), "key ***");
        assert_eq!(shown(secret, "key 0123456"), "key 0123456");
        assert_eq!(shown(secret, "key 0123456789 and"), "key 0123456789 and");
    }

    #[test]
    fn odd_ends_do_not_panic() {
        for end in [
            "",
            "%",
            "%2",
            "%25",
            "%252",
            r"\",
            r"\\",
            r"\u",
            r"\u00",
            "&",
            "&#",
            "&#;",
            "&#x;",
            "&#99999999;",
            "&#x99;",
            "%ä",
            "ä",
        ] {
            let text = format!("xaaa{end}");
            assert_eq!(shown("aaaa", &text), text);
            assert_eq!(shown("%&\\a", end), end);
        }
    }

    #[test]
    fn a_long_text_full_of_secrets_is_done_in_one_pass() {
        // 4 MB with 100,000 of them: moved piece by piece this would take minutes.
        let text = "canary-of-the-key and what is around it ".repeat(100_000);
        assert_eq!(
            shown("canary-of-the-key", &text).matches("***").count(),
            100_000
        );
    }

    #[test]
    fn a_long_text_of_backslashes_is_done_in_one_pass() {
        let text = r"\".repeat(2_000_000);
        assert_eq!(shown("canary", &text), text);
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
