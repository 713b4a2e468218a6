//! Values that the definition does not know.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// The text of an enumeration value that the definition does not know.
///
/// Only the conversion of an enumeration makes one, so that a known value never hides in it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    pub(crate) fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The text as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl AsRef<str> for UnknownValue {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// The number of an enumeration value that the definition does not know.
///
/// Only the conversion of an enumeration makes one, so that a known value never hides in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownNumber<N>(N);

impl<N: Copy> UnknownNumber<N> {
    pub(crate) fn new(number: N) -> Self {
        Self(number)
    }

    /// The number as it came.
    #[must_use]
    pub fn get(self) -> N {
        self.0
    }
}

impl<N: fmt::Display> fmt::Display for UnknownNumber<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl<N: fmt::Debug> fmt::Debug for UnknownNumber<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// A whole object whose discriminator the definition does not know, or which has none below a kind that it names.
///
/// It is written as it came, the order of its fields apart.
#[derive(Debug, Clone, PartialEq)]
pub struct UnknownObject {
    tag: &'static str,
    fields: Map<String, Value>,
}

impl UnknownObject {
    pub(crate) fn new(tag: &'static str, fields: Map<String, Value>) -> Self {
        Self { tag, fields }
    }

    /// The value of the discriminator, empty where there is none.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.fields
            .get(self.tag)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// All fields, the discriminator among them.
    #[must_use]
    pub fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    /// All fields, the discriminator among them.
    #[must_use]
    pub fn into_fields(self) -> Map<String, Value> {
        self.fields
    }
}

impl Serialize for UnknownObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.fields.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_value_is_its_text() {
        let value = UnknownValue::new("Paused");
        assert_eq!(value.to_string(), "Paused");
        assert_eq!(format!("{value:?}"), "\"Paused\"");
        assert_eq!(value.as_str(), value.as_ref());
        assert_eq!(UnknownNumber::new(7_i32).get(), 7);
    }
}
