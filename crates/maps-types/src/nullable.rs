//! A property that may be absent, `null`, or a value.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A property that may be absent, `null`, or a value.
///
/// On a field, with `#[serde(default, skip_serializing_if = "Nullable::is_absent")]`.
///
/// # Examples
///
/// ```
/// use maps_types::Nullable;
///
/// let alias: Nullable<String> = Nullable::Null;
/// assert!(alias.is_null());
/// assert_eq!(Nullable::from(3).value(), Some(&3));
/// assert!(Nullable::<u8>::default().is_absent());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Nullable<T> {
    /// The property is not there.
    #[default]
    Absent,
    /// The property is there and `null`.
    Null,
    /// The property has a value.
    Value(T),
}

impl<T> Nullable<T> {
    /// Whether the property is not there.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether the property is there and `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether the property has a value.
    pub fn is_value(&self) -> bool {
        matches!(self, Self::Value(_))
    }

    /// The value, when there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// The value, when there is one.
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// The same with the value borrowed.
    pub fn as_ref(&self) -> Nullable<&T> {
        match self {
            Self::Absent => Nullable::Absent,
            Self::Null => Nullable::Null,
            Self::Value(value) => Nullable::Value(value),
        }
    }

    /// The same with the value borrowed for change.
    pub fn as_mut(&mut self) -> Nullable<&mut T> {
        match self {
            Self::Absent => Nullable::Absent,
            Self::Null => Nullable::Null,
            Self::Value(value) => Nullable::Value(value),
        }
    }

    /// The same with the value changed.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Nullable<U> {
        match self {
            Self::Absent => Nullable::Absent,
            Self::Null => Nullable::Null,
            Self::Value(value) => Nullable::Value(change(value)),
        }
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => serializer.serialize_some(value),
            // An absent one that is not skipped can only be `null`.
            Self::Absent | Self::Null => serializer.serialize_none(),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(|value| value.map_or(Self::Null, Self::Value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Holder {
        #[serde(default, skip_serializing_if = "Nullable::is_absent")]
        x: Nullable<u8>,
    }

    #[test]
    fn three_states_survive_the_wire() {
        for (text, state) in [
            ("{}", Nullable::Absent),
            (r#"{"x":null}"#, Nullable::Null),
            (r#"{"x":7}"#, Nullable::Value(7)),
        ] {
            let holder: Holder = serde_json::from_str(text).expect(text);
            assert_eq!(holder.x, state);
            assert_eq!(serde_json::to_string(&holder).expect(text), text);
        }
    }

    #[test]
    fn accessors_tell_the_states_apart() {
        let value = Nullable::from("a".to_owned());
        assert_eq!(value.as_ref().map(|text| text.len()), Nullable::Value(1));
        assert_eq!(value.into_value().as_deref(), Some("a"));
        assert_eq!(Nullable::<u8>::Null.value(), None);
        assert!(!Nullable::<u8>::Null.is_absent());
    }
}
