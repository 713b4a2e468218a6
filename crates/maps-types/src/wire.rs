//! How dates and bytes are written on the wire.

use std::borrow::Borrow;
use std::error::Error;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

mod bytes;
mod dates;
pub mod formats;

pub use bytes::{base64, base64url};
pub use dates::{date, date_time, date_time_rfc1123, unix_time};

/// A text that is not what its format asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatError(pub(crate) &'static str);

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not {}", self.0)
    }
}

impl Error for FormatError {}

/// One way to write a value as a text.
pub(crate) trait Format {
    type Value: Borrow<Self::Lent>;
    /// What is lent to be written.
    type Lent: ?Sized;
    const EXPECTING: &'static str;

    fn format(value: &Self::Lent) -> Result<String, FormatError>;
    fn parse(text: &str) -> Result<Self::Value, FormatError>;

    fn write<S: Serializer>(value: &Self::Lent, serializer: S) -> Result<S::Ok, S::Error> {
        let text = Self::format(value).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&text)
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self::Value, D::Error>
    where
        Self: Sized,
    {
        deserializer.deserialize_str(TextVisitor::<Self>(PhantomData))
    }
}

struct TextVisitor<F>(PhantomData<fn() -> F>);

impl<F: Format> Visitor<'_> for TextVisitor<F> {
    type Value = F::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(F::EXPECTING)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<F::Value, E> {
        F::parse(text).map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

/// Lets a value be written by its format inside lists, maps and options.
pub(crate) struct Written<'a, F: Format>(pub(crate) &'a F::Lent);

impl<F: Format> Serialize for Written<'_, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        F::write(self.0, serializer)
    }
}

/// Lets a value be read by its format inside lists, maps and options.
pub(crate) struct Read<F: Format>(pub(crate) F::Value);

impl<'de, F: Format> Deserialize<'de> for Read<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        F::read(deserializer).map(Self)
    }
}

/// The functions that `#[serde(with = "…")]` asks for, for a format alone and in containers.
macro_rules! with_module {
    ($(#[$doc:meta])* $name:ident, $format:ty, $value:ty, $lent:ty) => {
        impl $crate::wire::formats::WireFormat for $format {
            type Value = $value;
            type Lent = $lent;

            fn serialize<S: serde::Serializer>(value: &$lent, serializer: S) -> Result<S::Ok, S::Error> {
                <Self as $crate::wire::Format>::write(value, serializer)
            }

            fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<$value, D::Error> {
                <Self as $crate::wire::Format>::read(deserializer)
            }
        }

        $(#[$doc])*
        ///
        /// For `#[serde(with = "…")]`; the submodules are for the value in an option, a list, a map, and a
        /// three-state [`Nullable`](crate::Nullable) (`default` and `skip_serializing_if` go beside them).
        pub mod $name {
            use serde::{Deserializer, Serializer};

            use crate::wire::{Format, FormatError};
            #[allow(unused_imports, reason = "not every format names types of its own")]
            use super::*;

            /// Writes the value as parameters and headers carry it.
            ///
            /// One that the format cannot hold (a year beyond 9999) is an empty text.
            #[must_use]
            pub fn format(value: &$lent) -> String {
                <$format>::format(value).unwrap_or_default()
            }

            /// Reads the value from a parameter or header.
            ///
            /// # Errors
            ///
            /// When the text has another format.
            pub fn parse(text: &str) -> Result<$value, FormatError> {
                <$format>::parse(text)
            }

            /// Writes the value.
            ///
            /// # Errors
            ///
            /// When the format cannot hold it, and those of the serializer.
            pub fn serialize<S: Serializer>(value: &$lent, serializer: S) -> Result<S::Ok, S::Error> {
                <$format>::write(value, serializer)
            }

            /// Reads the value.
            ///
            /// # Errors
            ///
            /// When the text has another format, and those of the deserializer.
            pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$value, D::Error> {
                <$format>::read(deserializer)
            }

            $crate::wire::with_container!(option, "option", $format, Option<$value>, Option<$value>,
                |value| value.as_ref().map(|value| $crate::wire::Written::<$format>(value)),
                Option<$crate::wire::Read<$format>>, |value| value.map(|read| read.0));
            $crate::wire::with_container!(vec, "list", $format, Vec<$value>, [$value],
                |value| value.iter().map(|value| $crate::wire::Written::<$format>(value)).collect::<Vec<_>>(),
                Vec<$crate::wire::Read<$format>>, |value| value.into_iter().map(|read| read.0).collect());
            $crate::wire::with_container!(map, "map", $format, std::collections::BTreeMap<String, $value>,
                std::collections::BTreeMap<String, $value>,
                |value| value.iter().map(|(name, value)| (name, $crate::wire::Written::<$format>(value)))
                    .collect::<std::collections::BTreeMap<_, _>>(),
                std::collections::BTreeMap<String, $crate::wire::Read<$format>>,
                |value| value.into_iter().map(|(name, read)| (name, read.0)).collect());
            $crate::wire::with_container!(nullable, "three-state value", $format, $crate::Nullable<$value>,
                $crate::Nullable<$value>,
                |value| value.as_ref().map(|value| $crate::wire::Written::<$format>(value)),
                $crate::Nullable<$crate::wire::Read<$format>>, |value| value.map(|read| read.0));
        }
    };
}

macro_rules! with_container {
    ($name:ident, $word:literal, $format:ty, $value:ty, $lent:ty, |$out:ident| $write:expr, $read:ty, |$in:ident| $take:expr) => {
        #[doc = concat!("The same format in a ", $word, ".")]
        pub mod $name {
            use serde::{Deserialize, Deserializer, Serialize, Serializer};

            #[allow(unused_imports, reason = "not every format names types of its own")]
            use super::*;

            /// Writes the values.
            ///
            /// # Errors
            ///
            /// When the format cannot hold one, and those of the serializer.
            pub fn serialize<S: Serializer>(
                $out: &$lent,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                $write.serialize(serializer)
            }

            /// Reads the values.
            ///
            /// # Errors
            ///
            /// When a text has another format, and those of the deserializer.
            pub fn deserialize<'de, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<$value, D::Error> {
                <$read>::deserialize(deserializer).map(|$in| $take)
            }
        }
    };
}

pub(crate) use {with_container, with_module};
