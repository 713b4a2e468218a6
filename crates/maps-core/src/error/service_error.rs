//! The service's own words, whatever shape they come in.

use http::HeaderMap;
use serde_json::Value;

/// Code and explanation of an error body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ServiceError {
    pub(crate) code: Option<Box<str>>,
    pub(crate) message: Option<Box<str>>,
    pub(crate) inner_codes: Vec<String>,
}

/// More levels of `innererror` than any service nests.
const MAX_INNER_ERRORS: usize = 16;

/// A body that is no JSON is quoted up to here: enough for a sentence of a proxy, no whole web page.
const MAX_PLAIN_MESSAGE: usize = 200;

impl ServiceError {
    /// Reads an error answer: JSON of any shape, plain text, or nothing but headers.
    pub(crate) fn read(headers: &HeaderMap, body: &[u8]) -> Self {
        let mut error = match serde_json::from_slice::<Value>(body) {
            Ok(value) => Self::from_value(&value),
            Err(_) => Self {
                message: plain_message(headers, body),
                ..Self::default()
            },
        };
        if error.code.is_none() {
            error.code = headers
                .get("x-ms-error-code")
                .and_then(|value| value.to_str().ok())
                .map(str::trim)
                .filter(|code| !code.is_empty())
                .map(Into::into);
        }
        error
    }

    /// Reads `{error: {code, message}}`, `{error: "text"}`, `{code, message}` and `"text"`.
    pub(crate) fn from_value(value: &Value) -> Self {
        let detail = match value {
            Value::Object(object) => match member(object, "error") {
                Some(error @ (Value::Object(_) | Value::String(_))) => error,
                _ => value,
            },
            _ => value,
        };
        match detail {
            Value::String(text) => Self {
                message: non_empty(text),
                ..Self::default()
            },
            Value::Object(object) => {
                let mut error = Self {
                    code: member(object, "code").and_then(scalar),
                    message: member(object, "message").and_then(message),
                    inner_codes: Vec::new(),
                };
                // OAuth style: the code is beside its description.
                if error.code.is_none() && error.message.is_none() {
                    error.message = member(object, "error_description").and_then(message);
                }
                let mut inner = member(object, "innererror");
                while let Some(Value::Object(object)) = inner {
                    if error.inner_codes.len() == MAX_INNER_ERRORS {
                        break;
                    }
                    match member(object, "code").and_then(scalar) {
                        Some(code) => error.inner_codes.push(code.into()),
                        None => break,
                    }
                    inner = member(object, "innererror");
                }
                error
            }
            _ => Self::default(),
        }
    }
}

/// A member whatever its case: `Error` and `error`, `innererror` and `innerError`.
fn member<'a>(object: &'a serde_json::Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.get(name).or_else(|| {
        object
            .iter()
            .find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
    })
}

fn scalar(value: &Value) -> Option<Box<str>> {
    match value {
        Value::String(text) => non_empty(text),
        Value::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}

/// The text, or OData's `{lang, value}`.
fn message(value: &Value) -> Option<Box<str>> {
    match value {
        Value::Object(object) => member(object, "value").and_then(scalar),
        other => scalar(other),
    }
}

fn non_empty(text: &str) -> Option<Box<str>> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.into())
}

/// The first line of a text answer; nothing of markup, which says little in a log.
fn plain_message(headers: &HeaderMap, body: &[u8]) -> Option<Box<str>> {
    let html = headers
        .get(http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("html") || value.contains("xml"));
    let text = std::str::from_utf8(body).ok()?.trim();
    if html || text.is_empty() || text.starts_with(['<', '{', '[']) {
        return None;
    }
    let line = text.lines().next().unwrap_or_default();
    Some(
        line.chars()
            .take(MAX_PLAIN_MESSAGE)
            .collect::<String>()
            .into(),
    )
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(body: &str) -> (Option<String>, Option<String>) {
        let error = ServiceError::read(&HeaderMap::new(), body.as_bytes());
        (error.code.map(Into::into), error.message.map(Into::into))
    }

    fn words(code: &str, message: &str) -> (Option<String>, Option<String>) {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        (some(code), some(message))
    }

    #[test]
    fn code_and_message_survive_odd_shapes() {
        let cases = [
            (
                r#"{"error":{"code":"NotFound","message":"gone"}}"#,
                words("NotFound", "gone"),
            ),
            (
                r#"{"Error":{"Code":"NotFound","Message":"gone"}}"#,
                words("NotFound", "gone"),
            ),
            (
                r#"{"code":"NotFound","message":"gone"}"#,
                words("NotFound", "gone"),
            ),
            (r#"{"error":"gone"}"#, words("", "gone")),
            (r#"{"error":null,"code":404}"#, words("404", "")),
            (
                r#"{"error":{"code":"X","message":{"lang":"en","value":"odata"}}}"#,
                words("X", "odata"),
            ),
            (r#"{"error":{"code":{},"message":[]}}"#, words("", "")),
            (r#""gone""#, words("", "gone")),
            ("[]", words("", "")),
            ("null", words("", "")),
            ("", words("", "")),
            (
                "upstream connect error\nmore",
                words("", "upstream connect error"),
            ),
            ("<html><body>502</body></html>", words("", "")),
            (r#"{"error":{"code":"cut"#, words("", "")),
        ];
        for (body, expected) in cases {
            assert_eq!(read(body), expected, "{body}");
        }
    }

    #[test]
    fn inner_errors_are_listed_outermost_first() {
        let body = r#"{"error":{"code":"A","innererror":{"code":"B","innererror":{"code":"C"}}}}"#;
        let error = ServiceError::read(&HeaderMap::new(), body.as_bytes());
        assert_eq!(error.inner_codes, ["B", "C"]);
    }

    #[test]
    fn header_gives_the_code_when_the_body_has_none() {
        let mut headers = HeaderMap::new();
        headers.insert("x-ms-error-code", HeaderValue::from_static("AuthFailed"));
        let error = ServiceError::read(&headers, b"");
        assert_eq!(error.code.as_deref(), Some("AuthFailed"));
        let error = ServiceError::read(&headers, br#"{"error":{"code":"Inner"}}"#);
        assert_eq!(error.code.as_deref(), Some("Inner"));
    }
}
