//! The secrets that must not be seen, and how to see them.

use std::fmt::Write as _;
use std::sync::LazyLock;

/// A subscription key; it has everything that some notation escapes.
pub(crate) const KEY: &str = r#"kEy+/=&%'-cAnArY-"\<>7Q2zX"#;

/// A SAS token.
pub(crate) const SAS: &str = "sAs+/=&%;-cAnArY.eyJzdWIiOiJhIn0.c2ln";

/// An access token of Microsoft Entra ID.
pub(crate) const TOKEN: &str = "eyJ0+/=&%-cAnArY.eyJhdWQiOiJtYXBzIn0.ZHVtbXk";

/// What a credential signs in with itself: a client secret, which the SDK never learns.
pub(crate) const CLIENT_SECRET: &str = "8Q~x1cAnArY.0_Zx-yz0123456789abcdefghijkl";

pub(crate) const ALL: [&str; 4] = [KEY, SAS, TOKEN, CLIENT_SECRET];

/// A part of each of them: a secret that is cut is a secret too.
const CORE: &str = "cAnArY";

/// A text where a secret is, and the text around it.
pub(crate) fn find(bytes: &[u8]) -> Option<String> {
    static FORMS: LazyLock<Vec<String>> = LazyLock::new(forms);
    static BASE64: LazyLock<[String; 3]> = LazyLock::new(forms_in_base64);
    let text = String::from_utf8_lossy(bytes);
    let lower = text.to_ascii_lowercase();
    let at = FORMS
        .iter()
        .find_map(|form| lower.find(form))
        .or_else(|| BASE64.iter().find_map(|form| text.find(form)))?;
    let around = &lower.as_bytes()[at.saturating_sub(120)..lower.len().min(at + 60)];
    Some(String::from_utf8_lossy(around).into_owned())
}

/// The core in lower case, as it is and in notations that hide it.
fn forms() -> Vec<String> {
    let each = |write: &dyn Fn(&mut String, u32)| {
        CORE.chars().fold(String::new(), |mut text, c| {
            write(&mut text, u32::from(c));
            text
        })
    };
    let forms = [
        CORE.to_owned(),
        each(&|text, c| write!(text, "%{c:02x}").unwrap()),
        each(&|text, c| write!(text, "%25{c:02x}").unwrap()),
        each(&|text, c| write!(text, r"\u{c:04x}").unwrap()),
        each(&|text, c| write!(text, "&#{c};").unwrap()),
        each(&|text, c| write!(text, "&#x{c:x};").unwrap()),
        each(&|text, c| write!(text, "{c:02x}").unwrap()),
        // A slice of bytes by `Debug`.
        each(&|text, c| write!(text, "{c}, ").unwrap()),
    ];
    forms.map(|form| form.to_ascii_lowercase()).into()
}

/// In base64 it matters how many bytes stand before; the digits at both ends mix with what is around.
fn forms_in_base64() -> [String; 3] {
    [0, 1, 2].map(|before| {
        let digits = base64(format!("{}{CORE}", &"xx"[..before]).as_bytes());
        let whole = (before + CORE.len()) / 3 * 4;
        digits[if before == 0 { 0 } else { 4 }..whole].to_owned()
    })
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let number = (0..3).fold(0_u32, |number, at| {
            number << 8 | u32::from(three.get(at).copied().unwrap_or_default())
        });
        for at in 0..4 {
            let digit = DIGITS[(number >> (18 - 6 * at) & 63) as usize];
            text.push(if at > three.len() {
                '='
            } else {
                char::from(digit)
            });
        }
    }
    text
}

/// The secret in the notations that servers and proxies repeat it in.
pub(crate) fn echoes(secret: &str) -> Vec<String> {
    let escaped = |write: &dyn Fn(u8) -> String| -> String {
        let escape = |byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => write(other),
        };
        secret.bytes().map(escape).collect()
    };
    vec![
        secret.to_owned(),
        escaped(&|byte| format!("%{byte:02X}")),
        escaped(&|byte| format!("%{byte:02x}")),
        escaped(&|byte| format!("%25{byte:02X}")),
        escaped(&|byte| format!("&#{byte};")),
        escaped(&|byte| format!("&#x{byte:X};")),
        secret.to_ascii_uppercase(),
    ]
}

/// The same inside JSON, to be put between quotes.
pub(crate) fn json_echoes(secret: &str) -> Vec<String> {
    let quoted = |text: &str| {
        serde_json::to_string(text)
            .unwrap()
            .trim_matches('"')
            .to_owned()
    };
    let mut all: Vec<String> = echoes(secret).iter().map(|echo| quoted(echo)).collect();
    all.push(
        secret
            .chars()
            .map(|c| format!(r"\u{:04X}", u32::from(c)))
            .collect(),
    );
    all.push(quoted(secret).replace('/', r"\/"));
    all.push(quoted(&quoted(secret)));
    all
}

#[test]
fn every_form_of_every_secret_is_seen() {
    for secret in ALL {
        let each = |write: fn(u8) -> String| secret.bytes().map(write).collect::<String>();
        let hidden = [
            each(|byte| format!("%{byte:02X}")),
            each(|byte| format!("%25{byte:02x}")),
            each(|byte| format!(r"\u{byte:04X}")),
            each(|byte| format!("&#{byte};")),
            each(|byte| format!("{byte:02X}")),
        ];
        let plain = echoes(secret);
        for echo in plain.iter().chain(&json_echoes(secret)).chain(&hidden) {
            assert!(
                find(format!("before {echo} after").as_bytes()).is_some(),
                "{echo}"
            );
        }
        for before in ["", "x", "xy"] {
            let text = base64(format!("{before}{secret}and more").as_bytes());
            assert!(find(text.as_bytes()).is_some(), "{text}");
        }
        assert!(find(format!("{:?}", secret.as_bytes()).as_bytes()).is_some());
        assert!(find(format!("{secret:?}").as_bytes()).is_some());
    }
    assert_eq!(find(b"subscription-key=REDACTED *** Bearer jwt-sas"), None);
    assert_eq!(base64(b"foob"), "Zm9vYg==");
}
