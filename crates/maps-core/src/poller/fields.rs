//! The few fields of a monitor or a resource that a poller looks at.

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, Visitor};

/// What is read of a monitor or a resource; all else is skipped, not kept.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    pub(super) status: Text,
    properties: Object<Properties>,
    #[serde(rename = "lastActionAt")]
    pub(super) last_action: Text,
}

impl Fields {
    /// Reads a body: nothing of an empty one or of JSON that is no object.
    pub(super) fn read(body: &[u8]) -> serde_json::Result<Self> {
        match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
            None => Ok(Self::default()),
            Some(b'{') => serde_json::from_slice(body),
            // A derived `Deserialize` would take an array for the fields in their order.
            Some(_) => serde_json::from_slice::<IgnoredAny>(body).map(|_| Self::default()),
        }
    }

    /// `/properties/provisioningState`.
    pub(super) fn provisioning_state(&mut self) -> Option<String> {
        self.properties.0.as_mut()?.provisioning_state.0.take()
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Properties {
    #[serde(rename = "provisioningState")]
    provisioning_state: Text,
}

/// A string, or nothing when the JSON holds something else.
#[derive(Default)]
pub(super) struct Text(pub(super) Option<String>);

/// An object, or nothing when the JSON holds something else.
struct Object<T>(Option<T>);

impl<T> Default for Object<T> {
    fn default() -> Self {
        Self(None)
    }
}

/// Implements the visits of everything that is not wanted.
macro_rules! skip_others {
    ($($visit:ident: $value:ty),*) => {
        $(fn $visit<E: serde::de::Error>(self, _: $value) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        })*
        fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok(Self::Value::default())
        }
    };
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Text;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("anything")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Some(text.to_owned())))
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Self::Value, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Text(None))
            }

            skip_others!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64);
        }
        deserializer.deserialize_any(Visit)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Visit<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("anything")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                map: A,
            ) -> Result<Self::Value, A::Error> {
                let fields = serde::de::value::MapAccessDeserializer::new(map);
                T::deserialize(fields).map(|value| Object(Some(value)))
            }

            skip_others!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);
        }
        deserializer.deserialize_any(Visit(std::marker::PhantomData))
    }
}
