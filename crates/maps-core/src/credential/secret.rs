//! A secret as a header carries it.

use std::fmt;

use bytes::Bytes;
use http::HeaderValue;
use zeroize::Zeroizing;

/// A secret that is ready to be sent.
///
/// Clones, those inside requests included, share one buffer, which is zeroed when the last one goes.
#[derive(Clone)]
pub(crate) struct Secret {
    header: HeaderValue,
    /// Where the secret begins, after the scheme (`Bearer `).
    start: usize,
}

impl Secret {
    /// `None` when the text is empty or a header cannot carry it.
    pub(crate) fn new(scheme: &str, text: Zeroizing<String>) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        let mut buffer = Zeroizing::new(Vec::with_capacity(scheme.len() + text.len()));
        buffer.extend_from_slice(scheme.as_bytes());
        buffer.extend_from_slice(text.as_bytes());
        let mut header = HeaderValue::from_maybe_shared(Bytes::from_owner(buffer)).ok()?;
        header.set_sensitive(true);
        Some(Self {
            header,
            start: scheme.len(),
        })
    }

    /// The whole header value, marked sensitive.
    pub(crate) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// The secret alone.
    pub(crate) fn text(&self) -> &[u8] {
        self.header.as_bytes().get(self.start..).unwrap_or_default()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_without_its_scheme_and_a_sensitive_header() {
        let secret = Secret::new("Bearer ", Zeroizing::new("abc".into())).expect("legal");
        assert_eq!(secret.text(), b"abc");
        assert_eq!(secret.header(), "Bearer abc");
        assert!(secret.header().is_sensitive());
    }

    #[test]
    fn empty_and_illegal_texts_are_refused() {
        for text in ["", "a\nb", "key\r\n"] {
            assert!(
                Secret::new("", Zeroizing::new(text.into())).is_none(),
                "{text:?}"
            );
        }
    }
}
