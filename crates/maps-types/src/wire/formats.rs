//! The same formats as types, for values that are no plain fields: whole bodies, and lists and maps within each other.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Nullable;

pub use super::bytes::{Base64, Base64Url};
pub use super::dates::{DateOnly as Date, DateTime, Rfc1123 as DateTimeRfc1123, UnixTime};

/// How a value is written: a format of this module, or a list, map or option of one.
///
/// `Vec<formats::Date>` is the format of a `Vec<time::Date>`.
pub trait WireFormat {
    /// What is read.
    type Value: Borrow<Self::Lent>;
    /// What is written, which of a list is its slice.
    type Lent: ?Sized;

    /// Writes a value.
    ///
    /// # Errors
    ///
    /// When the format cannot hold it, and those of the serializer.
    fn serialize<S: Serializer>(value: &Self::Lent, serializer: S) -> Result<S::Ok, S::Error>;

    /// Reads a value.
    ///
    /// # Errors
    ///
    /// When a text has another format, and those of the deserializer.
    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self::Value, D::Error>;
}

impl<F: WireFormat> WireFormat for Vec<F> {
    type Value = Vec<F::Value>;
    type Lent = [F::Value];

    fn serialize<S: Serializer>(values: &[F::Value], serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(values.len()))?;
        for value in values {
            list.serialize_element(&WriteAs::<F>(value.borrow()))?;
        }
        list.end()
    }

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self::Value, D::Error> {
        struct List<F>(PhantomData<fn() -> F>);

        impl<'de, F: WireFormat> Visitor<'de> for List<F> {
            type Value = Vec<F::Value>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut values = Vec::new();
                while let Some(ReadAs(value)) = list.next_element::<ReadAs<F>>()? {
                    values.push(value);
                }
                Ok(values)
            }
        }

        deserializer.deserialize_seq(List::<F>(PhantomData))
    }
}

impl<F: WireFormat> WireFormat for BTreeMap<String, F> {
    type Value = BTreeMap<String, F::Value>;
    type Lent = BTreeMap<String, F::Value>;

    fn serialize<S: Serializer>(values: &Self::Lent, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(values.len()))?;
        for (name, value) in values {
            map.serialize_entry(name, &WriteAs::<F>(value.borrow()))?;
        }
        map.end()
    }

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self::Value, D::Error> {
        struct Members<F>(PhantomData<fn() -> F>);

        impl<'de, F: WireFormat> Visitor<'de> for Members<F> {
            type Value = BTreeMap<String, F::Value>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut values = BTreeMap::new();
                while let Some((name, ReadAs(value))) = map.next_entry::<_, ReadAs<F>>()? {
                    values.insert(name, value);
                }
                Ok(values)
            }
        }

        deserializer.deserialize_map(Members::<F>(PhantomData))
    }
}

impl<F: WireFormat> WireFormat for Option<F> {
    type Value = Option<F::Value>;
    type Lent = Option<F::Value>;

    fn serialize<S: Serializer>(value: &Self::Lent, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.serialize_some(&WriteAs::<F>(value.borrow())),
            None => serializer.serialize_none(),
        }
    }

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self::Value, D::Error> {
        struct Maybe<F>(PhantomData<fn() -> F>);

        impl<'de, F: WireFormat> Visitor<'de> for Maybe<F> {
            type Value = Option<F::Value>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or null")
            }

            fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
                Ok(None)
            }

            fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
                Ok(None)
            }

            fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<Self::Value, D::Error> {
                F::deserialize(value).map(Some)
            }
        }

        deserializer.deserialize_option(Maybe::<F>(PhantomData))
    }
}

impl<F: WireFormat> WireFormat for Nullable<F> {
    type Value = Nullable<F::Value>;
    type Lent = Nullable<F::Value>;

    fn serialize<S: Serializer>(value: &Self::Lent, serializer: S) -> Result<S::Ok, S::Error> {
        let value = value.as_ref().map(|value| WriteAs::<F>(value.borrow()));
        value.serialize(serializer)
    }

    fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Nullable<F::Value>, D::Error> {
        let read = Nullable::<ReadAs<F>>::deserialize(deserializer)?;
        Ok(read.map(|ReadAs(value)| value))
    }
}

/// A format for `#[serde(with = "…")]`.
///
/// # Examples
///
/// ```
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Closed {
///     #[serde(with = "maps_types::formats::As::<Option<Vec<maps_types::formats::Date>>>", default)]
///     days: Option<Vec<time::Date>>,
/// }
///
/// let closed: Closed = serde_json::from_str(r#"{"days":["2025-01-31"]}"#)?;
/// assert_eq!(closed.days, Some(vec![time::macros::date!(2025 - 01 - 31)]));
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Debug)]
pub struct As<F>(PhantomData<fn() -> F>);

impl<F: WireFormat> As<F> {
    /// Writes a value.
    ///
    /// # Errors
    ///
    /// When the format cannot hold it, and those of the serializer.
    pub fn serialize<S: Serializer>(value: &F::Lent, serializer: S) -> Result<S::Ok, S::Error> {
        F::serialize(value, serializer)
    }

    /// Reads a value.
    ///
    /// # Errors
    ///
    /// When a text has another format, and those of the deserializer.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<F::Value, D::Error> {
        F::deserialize(deserializer)
    }
}

/// A value that serde writes in a format.
///
/// # Examples
///
/// ```
/// use maps_types::formats::{Date, WriteAs};
///
/// let days = [time::macros::date!(2025 - 01 - 31)];
/// assert_eq!(serde_json::to_string(&WriteAs::<Vec<Date>>(&days))?, r#"["2025-01-31"]"#);
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Debug)]
pub struct WriteAs<'a, F: WireFormat>(pub &'a F::Lent);

impl<F: WireFormat> Serialize for WriteAs<'_, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        F::serialize(self.0, serializer)
    }
}

/// A value that serde reads in a format.
///
/// # Examples
///
/// ```
/// use maps_types::formats::{Date, ReadAs};
///
/// let ReadAs(days) = serde_json::from_str::<ReadAs<Vec<Option<Date>>>>(r#"["2025-01-31",null]"#)?;
/// assert_eq!(days, [Some(time::macros::date!(2025 - 01 - 31)), None]);
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Debug)]
pub struct ReadAs<F: WireFormat>(pub F::Value);

impl<'de, F: WireFormat> Deserialize<'de> for ReadAs<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        F::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survives<F: WireFormat>(text: &str) {
        let ReadAs(value) = serde_json::from_str::<ReadAs<F>>(text).expect(text);
        let written = serde_json::to_string(&WriteAs::<F>(value.borrow())).expect(text);
        assert_eq!(written, text);
    }

    #[test]
    fn formats_survive_alone_and_in_containers_of_containers() {
        survives::<Date>(r#""2025-01-31""#);
        survives::<UnixTime>("784111777");
        survives::<DateTimeRfc1123>(r#""Sun, 06 Nov 1994 08:49:37 GMT""#);
        survives::<Base64>(r#""+/8AAQ==""#);
        survives::<Base64Url>(r#""-_8AAQ""#);
        survives::<Vec<Option<DateTime>>>(r#"["2021-04-20T22:43:14Z",null]"#);
        survives::<BTreeMap<String, Vec<Date>>>(r#"{"a":["2025-01-31"],"b":[]}"#);
    }

    #[test]
    fn null_and_absence_differ_around_a_list() {
        #[derive(Serialize, Deserialize)]
        struct Closed {
            #[serde(
                with = "As::<Nullable<Vec<Date>>>",
                default,
                skip_serializing_if = "Nullable::is_absent"
            )]
            days: Nullable<Vec<time::Date>>,
        }

        for text in ["{}", r#"{"days":null}"#, r#"{"days":["2025-01-31"]}"#] {
            let closed: Closed = serde_json::from_str(text).expect(text);
            assert_eq!(serde_json::to_string(&closed).expect(text), text);
        }
    }

    #[test]
    fn value_of_another_format_is_refused() {
        for text in [r#"["soon"]"#, "{}", "[1]", "null"] {
            assert!(
                serde_json::from_str::<ReadAs<Vec<Date>>>(text).is_err(),
                "{text}"
            );
        }
    }
}
