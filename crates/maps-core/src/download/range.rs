//! Parts of a file: what is asked for, what is given, and whether it is still the same file.

use http::header::{ACCEPT_RANGES, CONTENT_RANGE, DATE, ETAG, LAST_MODIFIED, RANGE};
use http::{HeaderMap, HeaderName, HeaderValue};

/// What the header `Range` of a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// All of it.
    Whole,
    /// Everything from a byte on, or up to another one.
    From(u64),
    /// The end of it, whose place is not known before.
    End,
    /// Several parts, which come in an envelope.
    Several,
}

impl Asked {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let Some(value) = headers.get(RANGE) else {
            return Self::Whole;
        };
        let part = value.to_str().ok().and_then(|text| {
            let (first, _) = text.trim().strip_prefix("bytes=")?.split_once('-')?;
            Some((text, first.trim()))
        });
        match part {
            Some((text, first)) if !text.contains(',') => match (first, number(first)) {
                ("", _) => Self::End,
                (_, Some(first)) => Self::From(first),
                (_, None) => Self::Several,
            },
            _ => Self::Several,
        }
    }
}

/// What the header `Content-Range` of an answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Given {
    /// First byte, and the one behind the last.
    pub(super) part: Option<(u64, u64)>,
    /// Size of the whole.
    pub(super) total: Option<u64>,
}

impl Given {
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get(CONTENT_RANGE)?.to_str().ok()?;
        let (part, total) = text.trim().strip_prefix("bytes")?.trim().split_once('/')?;
        let total = match total.trim() {
            "*" => None,
            total => Some(number(total)?),
        };
        let part = match part.trim() {
            "*" => None,
            part => {
                let (first, last) = part.split_once('-')?;
                let (first, end) = (number(first.trim())?, number(last.trim())?.checked_add(1)?);
                if first >= end || total.is_some_and(|total| end > total) {
                    return None;
                }
                Some((first, end))
            }
        };
        Some(Self { part, total })
    }
}

/// Digits only.
pub(super) fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Whether the service says that it gives parts.
pub(super) fn gives_parts(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT_RANGES)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(','))
        .any(|unit| unit.trim().eq_ignore_ascii_case("bytes"))
}

/// What tells one state of a file from another, to the byte: a strong `ETag`, or a `Last-Modified` that is as good.
pub(super) fn validator(headers: &HeaderMap) -> Option<&HeaderValue> {
    if let Some(tag) = headers.get(ETAG) {
        return Some(tag).filter(|tag| tag.as_bytes().starts_with(b"\""));
    }
    let date = |name: HeaderName| {
        maps_types::date_time_rfc1123::parse(headers.get(name)?.to_str().ok()?).ok()
    };
    // RFC 9110, 8.8.2.2: a file that was changed in the second of its answer may have been changed twice in it.
    let (changed, now) = (date(LAST_MODIFIED)?, date(DATE)?);
    let strong = now.unix_timestamp() > changed.unix_timestamp();
    headers.get(LAST_MODIFIED).filter(|_| strong)
}

/// Whether an answer is of another state of the file than `validator` is.
pub(super) fn has_changed(validator: &HeaderValue, headers: &HeaderMap) -> bool {
    let is_tag = validator.as_bytes().starts_with(b"\"");
    let name = if is_tag { ETAG } else { LAST_MODIFIED };
    headers.get(name).is_some_and(|now| now != validator)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn range_says_what_is_asked_for() {
        for (text, asked) in [
            ("bytes=0-", Asked::From(0)),
            ("bytes=100-", Asked::From(100)),
            ("bytes=5-9", Asked::From(5)),
            ("bytes=-500", Asked::End),
            ("bytes=0-1,5-9", Asked::Several),
            ("bytes=x-", Asked::Several),
            ("lines=1-2", Asked::Several),
        ] {
            assert_eq!(Asked::of(&headers(&[("range", text)])), asked, "{text}");
        }
        assert_eq!(Asked::of(&headers(&[])), Asked::Whole);
    }

    #[test]
    fn content_range_is_read_or_nothing() {
        let given = |text| Given::of(&headers(&[("content-range", text)]));
        let part = |part, total| Some(Given { part, total });
        assert_eq!(given("bytes 0-9/10"), part(Some((0, 10)), Some(10)));
        assert_eq!(given("bytes 5-9/*"), part(Some((5, 10)), None));
        assert_eq!(given("bytes */10"), part(None, Some(10)));
        for bad in [
            "",
            "bytes",
            "bytes 9-5/10",
            "bytes 0-10/10",
            "bytes 0-9/ten",
            "bytes +0-9/10",
            "bytes 0-18446744073709551615/*",
            "lines 0-9/10",
        ] {
            assert_eq!(given(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_what_tells_every_state_apart_is_a_validator() {
        let found = |pairs: &[(&'static str, &'static str)]| {
            let headers = headers(pairs);
            validator(&headers).map(|value| value.to_str().expect("text").to_owned())
        };
        let changed = ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT");
        let same = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        let later = ("date", "Sun, 06 Nov 1994 08:49:38 GMT");
        assert_eq!(found(&[("etag", "\"a\"")]).as_deref(), Some("\"a\""));
        assert_eq!(found(&[("etag", "W/\"a\""), changed, later]), None);
        assert_eq!(found(&[changed, later]).as_deref(), Some(changed.1));
        assert_eq!(found(&[changed, same]), None);
        assert_eq!(found(&[changed]), None);
        assert_eq!(found(&[]), None);
    }

    #[test]
    fn parts_are_given_where_the_unit_is_bytes() {
        assert!(gives_parts(&headers(&[("accept-ranges", "Bytes")])));
        assert!(!gives_parts(&headers(&[("accept-ranges", "none")])));
        assert!(!gives_parts(&headers(&[])));
    }
}
