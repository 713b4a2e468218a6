//! For generated code and `maps-core`. No promises are made about what is in here.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};
use serde_json::{Map, Value};

use crate::{UnknownNumber, UnknownObject, UnknownValue};

/// Between a path and a message in the error of a buffered object.
///
/// A control character, so that no message of serde has it by chance.
const MARK: char = '\u{1}';

/// What `Debug` shows in place of a secret.
#[derive(Clone, Copy)]
pub struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Decodes a value that is there: `null` is one where anything is.
///
/// # Errors
///
/// Those of the value.
pub fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// An unknown value of an enumeration of texts.
pub fn unknown_value(text: impl Into<Box<str>>) -> UnknownValue {
    UnknownValue::new(text)
}

/// An unknown value of an enumeration of numbers.
pub fn unknown_number<N: Copy>(number: N) -> UnknownNumber<N> {
    UnknownNumber::new(number)
}

/// An object of unknown kind; `tag` is the name of its discriminator.
pub fn unknown_object(tag: &'static str, fields: Map<String, Value>) -> UnknownObject {
    UnknownObject::new(tag, fields)
}

/// Decodes an open enumeration from its text, which is not copied where a value is known.
pub fn text<'de, T, D>(deserializer: D, expecting: &'static str) -> Result<T, D::Error>
where
    T: for<'a> From<&'a str>,
    D: Deserializer<'de>,
{
    struct Text<T>(&'static str, PhantomData<fn() -> T>);

    impl<T: for<'a> From<&'a str>> Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            Ok(T::from(text))
        }
    }

    deserializer.deserialize_str(Text(expecting, PhantomData))
}

/// Puts a path into a message.
pub(crate) fn mark_path(path: &str, message: &str) -> String {
    // Of nested buffers the outer path is in front of the inner one.
    let (inner, message) = split_path(message);
    let path = join_path(path, inner.unwrap_or_default());
    format!("{MARK}{path}{MARK}{message}")
}

/// Takes a path out of a message that `mark_path` made.
pub fn split_path(message: &str) -> (Option<&str>, &str) {
    let marked = message
        .strip_prefix(MARK)
        .and_then(|rest| rest.split_once(MARK));
    match marked {
        // serde_json tells the line and column of where the buffer ends, which says nothing.
        Some((path, message)) => (Some(path), strip_position(message)),
        None => (None, message),
    }
}

/// One path behind another: `a.b` and `[0].c` make `a.b[0].c`.
pub fn join_path(outer: &str, inner: &str) -> String {
    let outer = if outer == "." { "" } else { outer };
    let inner = if inner == "." { "" } else { inner };
    let dot = !outer.is_empty() && !inner.is_empty() && !inner.starts_with('[');
    format!("{outer}{}{inner}", if dot { "." } else { "" })
}

fn strip_position(message: &str) -> &str {
    match message.rsplit_once(" at line ") {
        Some((message, position))
            if position
                .split(" column ")
                .all(|part| part.bytes().all(|byte| byte.is_ascii_digit())) =>
        {
            message
        }
        _ => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_goes_into_a_message_and_out_again() {
        let inner = mark_path("coordinates[0]", "invalid type");
        let outer = format!("{} at line 1 column 9", mark_path("geometry", &inner));
        assert_eq!(
            split_path(&outer),
            (Some("geometry.coordinates[0]"), "invalid type")
        );
        assert_eq!(
            split_path("plain at line 1 column 2"),
            (None, "plain at line 1 column 2")
        );
    }

    #[test]
    fn paths_are_joined_with_a_dot_where_one_is_needed() {
        for (outer, inner, joined) in [
            ("", "", ""),
            (".", ".", ""),
            ("a", "", "a"),
            ("", "[0]", "[0]"),
            ("a", "b", "a.b"),
            ("a", "[0].b", "a[0].b"),
        ] {
            assert_eq!(join_path(outer, inner), joined);
        }
    }
}
