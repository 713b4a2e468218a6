//! Objects whose shape depends on the value of one property.
//!
//! serde's own way (an internally tagged enum plus an untagged rest) takes a malformed object of a known kind
//! for one of an unknown kind. Here it is an error that names the field.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, IgnoredAny, IntoDeserializer, MapAccess, Visitor,
};
use serde_json::{Map, Value};

use crate::UnknownObject;
use crate::private::mark_path;

/// An enumeration over the kinds of a polymorphic type.
pub trait Tagged: Sized {
    /// Name of the property that tells the kind, the discriminator.
    const TAG: &'static str;

    /// What error messages say that was expected, for example `a geometry`.
    const EXPECTING: &'static str;

    /// The kind of an object that has no discriminator: the base, where it is a kind itself.
    const OWN: Option<&'static str> = None;

    /// Decodes the fields of a known kind; `None`, the fields untouched, for an unknown one.
    ///
    /// The discriminator may or may not be among the fields.
    ///
    /// # Errors
    ///
    /// Those of the fields.
    fn decode<'de, D: Deserializer<'de>>(tag: &str, fields: D) -> Result<Option<Self>, D::Error>;

    /// Keeps an object of unknown kind.
    fn unknown(object: UnknownObject) -> Self;
}

/// Decodes a polymorphic object.
///
/// With its discriminator first the object streams into its type, otherwise it is buffered. Without one it is what its
/// place asks for: the base where that is a kind itself ([`Tagged::OWN`]), otherwise an object of unknown kind.
///
/// # Errors
///
/// When it is no object, has a discriminator that is no text, or is a malformed one of a known kind.
pub fn deserialize<'de, T: Tagged, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(TaggedVisitor(PhantomData))
}

/// The fields of a kind with the discriminator in front again, for a kind that is told apart once more by another
/// property, and so reads this one like any other.
pub fn with_tag<'de, 't, D>(tag: &'static str, value: &'t str, fields: D) -> WithTag<'t, D>
where
    D: Deserializer<'de>,
{
    WithTag { tag, value, fields }
}

/// What [`with_tag`] gives.
#[derive(Debug, Clone)]
pub struct WithTag<'t, D> {
    tag: &'static str,
    value: &'t str,
    fields: D,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for WithTag<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.fields.deserialize_map(WithTagVisitor {
            entry: (self.tag, self.value),
            visitor,
        })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct WithTagVisitor<'t, V> {
    entry: (&'static str, &'t str),
    visitor: V,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for WithTagVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        let (tag, value) = self.entry;
        self.visitor.visit_map(Led {
            name: Some(tag),
            value,
            is_next: false,
            map,
        })
    }
}

/// Entries of a map behind one more.
struct Led<'t, A> {
    /// The name of the first entry, until it was read.
    name: Option<&'static str>,
    value: &'t str,
    /// Whether its value is what comes next.
    is_next: bool,
    map: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Led<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        match self.name.take() {
            Some(name) => {
                self.is_next = true;
                seed.deserialize(name.into_deserializer()).map(Some)
            }
            None => self.map.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        if std::mem::take(&mut self.is_next) {
            return seed.deserialize(self.value.into_deserializer());
        }
        self.map.next_value_seed(seed)
    }
}

/// Decodes the undeclared properties of a kind that keeps them: all but the discriminator.
///
/// # Errors
///
/// Those of the values.
pub fn undeclared<'de, T, D>(tag: &str, fields: D) -> Result<BTreeMap<String, T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    fields.deserialize_map(UndeclaredVisitor {
        tag,
        value: PhantomData,
    })
}

struct UndeclaredVisitor<'t, T> {
    tag: &'t str,
    value: PhantomData<fn() -> T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for UndeclaredVisitor<'_, T> {
    type Value = BTreeMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut out = BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            if name == self.tag {
                map.next_value::<IgnoredAny>()?;
            } else {
                out.insert(name, map.next_value()?);
            }
        }
        Ok(out)
    }
}

struct TaggedVisitor<T>(PhantomData<fn() -> T>);

impl<'de, T: Tagged> Visitor<'de> for TaggedVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTING)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut fields = Map::new();
        let Some(first) = map.next_key::<String>()? else {
            return untold(fields).map_err(de::Error::custom);
        };
        if first == T::TAG {
            let tag: String = map.next_value()?;
            let rest = MapAccessDeserializer::new(Borrowed(&mut map));
            if let Some(value) = T::decode(&tag, rest)? {
                return Ok(value);
            }
            fields.insert(first, Value::String(tag));
            buffer::<T, A>(&mut map, &mut fields)?;
            return Ok(unknown(fields));
        }
        let value = map.next_value()?;
        fields.insert(first, value);
        buffer::<T, A>(&mut map, &mut fields)?;
        let tag = match fields.remove(T::TAG) {
            Some(Value::String(tag)) => tag,
            Some(_) => return Err(de::Error::custom(mark_path(T::TAG, "expected a string"))),
            None => return untold(fields).map_err(de::Error::custom),
        };
        match from_fields(&tag, &fields).map_err(de::Error::custom)? {
            Some(value) => Ok(value),
            None => {
                fields.insert(T::TAG.to_owned(), Value::String(tag));
                Ok(unknown(fields))
            }
        }
    }
}

/// An object that does not say its kind; the error is a message with the path of the field in it.
fn untold<T: Tagged>(fields: Map<String, Value>) -> Result<T, String> {
    let own = T::OWN.map_or(Ok(None), |own| from_fields(own, &fields))?;
    Ok(own.unwrap_or_else(|| unknown(fields)))
}

fn unknown<T: Tagged>(fields: Map<String, Value>) -> T {
    T::unknown(UnknownObject::new(T::TAG, fields))
}

fn buffer<'de, T: Tagged, A: MapAccess<'de>>(
    map: &mut A,
    fields: &mut Map<String, Value>,
) -> Result<(), A::Error> {
    while let Some((name, value)) = map.next_entry::<String, Value>()? {
        // A second one would make the object of another kind than the one it was taken for.
        if name == T::TAG && fields.contains_key(T::TAG) {
            return Err(de::Error::duplicate_field(T::TAG));
        }
        fields.insert(name, value);
    }
    Ok(())
}

/// Decodes buffered fields; the error is a message with the path of the field in it.
fn from_fields<T: Tagged>(tag: &str, fields: &Map<String, Value>) -> Result<Option<T>, String> {
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(fields, &mut track);
    T::decode(tag, tracked)
        .map_err(|error| mark_path(&track.path().to_string(), &error.to_string()))
}

/// Lends the entries of a map, so that they are still there when the kind turns out to be unknown.
struct Borrowed<'a, A>(&'a mut A);

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Borrowed<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        self.0.next_key_seed(seed)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.0.next_value_seed(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::private::{join_path, split_path};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "type", rename = "Point")]
    struct Point {
        coordinates: Vec<f64>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "type", rename = "Group")]
    struct Group {
        geometries: Vec<Geometry>,
    }

    #[derive(Debug, PartialEq)]
    enum Geometry {
        Point(Point),
        Group(Group),
        Unknown(UnknownObject),
    }

    impl Tagged for Geometry {
        const TAG: &'static str = "type";
        const EXPECTING: &'static str = "a geometry";

        fn decode<'de, D: Deserializer<'de>>(
            tag: &str,
            fields: D,
        ) -> Result<Option<Self>, D::Error> {
            match tag {
                "Point" => Point::deserialize(fields).map(|point| Some(Self::Point(point))),
                "Group" => Group::deserialize(fields).map(|group| Some(Self::Group(group))),
                _ => Ok(None),
            }
        }

        fn unknown(object: UnknownObject) -> Self {
            Self::Unknown(object)
        }
    }

    impl<'de> Deserialize<'de> for Geometry {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            super::deserialize(deserializer)
        }
    }

    impl Serialize for Geometry {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self {
                Self::Point(point) => point.serialize(serializer),
                Self::Group(group) => group.serialize(serializer),
                Self::Unknown(object) => object.serialize(serializer),
            }
        }
    }

    #[derive(Debug, Deserialize)]
    struct Feature {
        #[allow(dead_code, reason = "decoded and not read")]
        geometry: Geometry,
    }

    fn read(text: &str) -> Geometry {
        serde_json::from_str(text).expect(text)
    }

    /// Path and message of a failure, as `maps-core` puts them together.
    fn fail<'de, T: Deserialize<'de>>(text: &'de str) -> (String, String) {
        let mut json = serde_json::Deserializer::from_str(text);
        let error = serde_path_to_error::deserialize::<_, T>(&mut json)
            .err()
            .expect(text);
        let message = error.inner().to_string();
        let (inner, message) = split_path(&message);
        (
            join_path(&error.path().to_string(), inner.unwrap_or_default()),
            message.to_owned(),
        )
    }

    #[test]
    fn discriminator_first_or_last_gives_the_same() {
        let point = Geometry::Point(Point {
            coordinates: vec![1.0, 2.0],
        });
        assert_eq!(read(r#"{"type":"Point","coordinates":[1,2]}"#), point);
        assert_eq!(read(r#"{"coordinates":[1,2],"type":"Point"}"#), point);
        let nested = r#"{"geometries":[{"coordinates":[1,2],"type":"Point"}],"type":"Group"}"#;
        assert_eq!(
            read(nested),
            Geometry::Group(Group {
                geometries: vec![point]
            })
        );
    }

    #[test]
    fn unknown_discriminator_keeps_the_whole_object() {
        for text in [
            r#"{"type":"Cone","a":{"b":[1]}}"#,
            r#"{"a":{"b":[1]},"type":"Cone"}"#,
        ] {
            let geometry = read(text);
            let Geometry::Unknown(object) = &geometry else {
                panic!("{geometry:?}")
            };
            assert_eq!(object.kind(), "Cone");
            let sent: Value = serde_json::to_value(&geometry).expect(text);
            assert_eq!(sent, serde_json::from_str::<Value>(text).expect(text));
        }
    }

    #[test]
    fn absent_discriminator_keeps_the_whole_object() {
        for text in ["{}", r#"{"coordinates":[1,2]}"#] {
            let geometry = read(text);
            let Geometry::Unknown(object) = &geometry else {
                panic!("{geometry:?}")
            };
            assert_eq!(object.kind(), "");
            assert_eq!(serde_json::to_string(&geometry).expect(text), text);
        }
    }

    #[test]
    fn discriminator_that_is_no_text_is_an_error_that_names_it() {
        assert_eq!(
            fail::<Feature>(r#"{"geometry":{"a":1,"type":7}}"#).0,
            "geometry.type"
        );
        assert_eq!(
            fail::<Feature>(r#"{"geometry":{"type":7}}"#).0,
            "geometry.type"
        );
    }

    /// A base whose one kind is told apart again.
    #[derive(Debug, PartialEq)]
    enum Thing {
        Shape(Geometry),
        Unknown(UnknownObject),
    }

    impl Tagged for Thing {
        const TAG: &'static str = "sort";
        const EXPECTING: &'static str = "a thing";

        fn decode<'de, D: Deserializer<'de>>(
            tag: &str,
            fields: D,
        ) -> Result<Option<Self>, D::Error> {
            match tag {
                "shape" => Geometry::deserialize(with_tag(Self::TAG, tag, fields))
                    .map(|shape| Some(Self::Shape(shape))),
                _ => Ok(None),
            }
        }

        fn unknown(object: UnknownObject) -> Self {
            Self::Unknown(object)
        }
    }

    #[test]
    fn nested_kind_without_its_own_discriminator_keeps_the_whole_object() {
        for text in [
            r#"{"sort":"shape","a":{"b":[1]}}"#,
            r#"{"a":{"b":[1]},"sort":"shape"}"#,
            r#"{"sort":"shape"}"#,
        ] {
            let mut json = serde_json::Deserializer::from_str(text);
            let thing: Thing = deserialize(&mut json).expect(text);
            let Thing::Shape(shape @ Geometry::Unknown(object)) = &thing else {
                panic!("{thing:?}")
            };
            assert_eq!(object.kind(), "");
            let sent = serde_json::to_value(shape).expect(text);
            assert_eq!(sent, serde_json::from_str::<Value>(text).expect(text));
        }
    }

    #[test]
    fn malformed_known_kind_is_an_error_with_its_full_path() {
        for text in [
            r#"[{"geometry":{"type":"Point","coordinates":["x"]}}]"#,
            r#"[{"geometry":{"coordinates":["x"],"type":"Point"}}]"#,
        ] {
            let (path, message) = fail::<Vec<Feature>>(text);
            assert_eq!(path, "[0].geometry.coordinates[0]", "{text}");
            assert!(
                message.starts_with("invalid type: string \"x\", expected f64"),
                "{message}"
            );
        }
        for text in [
            r#"{"type":"Group","geometries":[{"type":"Point","coordinates":["x"]}]}"#,
            r#"{"geometries":[{"type":"Point","coordinates":["x"]}],"type":"Group"}"#,
            r#"{"type":"Group","geometries":[{"coordinates":["x"],"type":"Point"}]}"#,
            r#"{"geometries":[{"coordinates":["x"],"type":"Point"}],"type":"Group"}"#,
        ] {
            assert_eq!(
                fail::<Geometry>(text).0,
                "geometries[0].coordinates[0]",
                "{text}"
            );
        }
    }

    #[test]
    fn a_second_discriminator_does_not_change_the_kind() {
        for text in [
            r#"{"type":"Cone","type":"Point","coordinates":[1,2]}"#,
            r#"{"type":"Cone","type":[1]}"#,
            r#"{"coordinates":[1,2],"type":"Cone","type":"Point"}"#,
        ] {
            let (_, message) = fail::<Geometry>(text);
            assert!(message.starts_with("duplicate field `type`"), "{message}");
        }
    }

    #[derive(Debug, PartialEq)]
    enum Shape {
        Flat(Geometry),
        Solid(Solid),
        Unknown(UnknownObject),
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "dimension", rename = "solid")]
    struct Solid {
        #[serde(flatten, deserialize_with = "solid")]
        sizes: BTreeMap<String, f64>,
    }

    fn solid<'de, D: Deserializer<'de>>(fields: D) -> Result<BTreeMap<String, f64>, D::Error> {
        undeclared("dimension", fields)
    }

    impl Tagged for Shape {
        const TAG: &'static str = "dimension";
        const EXPECTING: &'static str = "a shape";

        fn decode<'de, D: Deserializer<'de>>(
            tag: &str,
            fields: D,
        ) -> Result<Option<Self>, D::Error> {
            match tag {
                "flat" => Geometry::deserialize(with_tag(Self::TAG, tag, fields))
                    .map(|flat| Some(Self::Flat(flat))),
                "solid" => Solid::deserialize(fields).map(|solid| Some(Self::Solid(solid))),
                _ => Ok(None),
            }
        }

        fn unknown(object: UnknownObject) -> Self {
            Self::Unknown(object)
        }
    }

    fn shape(text: &str) -> Shape {
        let mut json = serde_json::Deserializer::from_str(text);
        deserialize(&mut json).expect(text)
    }

    /// A base that is a kind itself.
    #[derive(Debug, PartialEq)]
    enum AnyPoint {
        Point(Point),
        Unknown(UnknownObject),
    }

    impl Tagged for AnyPoint {
        const TAG: &'static str = "type";
        const EXPECTING: &'static str = "a point";
        const OWN: Option<&'static str> = Some("Point");

        fn decode<'de, D: Deserializer<'de>>(
            tag: &str,
            fields: D,
        ) -> Result<Option<Self>, D::Error> {
            match tag {
                "Point" => Point::deserialize(fields).map(|point| Some(Self::Point(point))),
                _ => Ok(None),
            }
        }

        fn unknown(object: UnknownObject) -> Self {
            Self::Unknown(object)
        }
    }

    impl<'de> Deserialize<'de> for AnyPoint {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            super::deserialize(deserializer)
        }
    }

    #[test]
    fn absent_discriminator_gives_the_base_where_it_is_a_kind() {
        for text in [
            r#"{"coordinates":[1,2]}"#,
            r#"{"coordinates":[1,2],"type":"Point"}"#,
        ] {
            let point: AnyPoint = serde_json::from_str(text).expect(text);
            let coordinates = vec![1.0, 2.0];
            assert_eq!(point, AnyPoint::Point(Point { coordinates }));
        }
        for (text, path, why) in [
            (
                r#"[{"coordinates":["x"]}]"#,
                "[0].coordinates[0]",
                "invalid type: string",
            ),
            (r#"[{"a":1}]"#, "[0]", "missing field `coordinates`"),
            ("[{}]", "[0]", "missing field `coordinates`"),
        ] {
            let (at, message) = fail::<Vec<AnyPoint>>(text);
            assert_eq!(at, path, "{text}");
            assert!(message.starts_with(why), "{message}");
        }
    }

    #[test]
    fn a_kind_that_is_told_apart_again_keeps_what_told_it_first() {
        for text in [
            r#"{"dimension":"flat","type":"Cone","a":1}"#,
            r#"{"type":"Cone","a":1,"dimension":"flat"}"#,
        ] {
            let Shape::Flat(Geometry::Unknown(object)) = shape(text) else {
                panic!("{text}")
            };
            let sent = serde_json::to_value(&object).expect(text);
            assert_eq!(sent, serde_json::from_str::<Value>(text).expect(text));
        }
        let text = r#"{"dimension":"flat","type":"Point","coordinates":[1,2]}"#;
        assert!(matches!(shape(text), Shape::Flat(Geometry::Point(_))));
    }

    #[test]
    fn a_discriminator_is_no_undeclared_property() {
        let text = r#"{"a":1.5,"dimension":"solid"}"#;
        let solid: Solid = serde_json::from_str(text).expect(text);
        assert_eq!(shape(text), Shape::Solid(solid));
        let Shape::Solid(solid) = shape(r#"{"dimension":"solid","a":1.5}"#) else {
            panic!("it is solid")
        };
        let sent = serde_json::to_value(&solid).expect(text);
        assert_eq!(sent, serde_json::from_str::<Value>(text).expect(text));
    }

    #[test]
    fn what_is_no_object_is_an_error() {
        let (_, message) = fail::<Geometry>("[]");
        assert!(message.contains("expected a geometry"), "{message}");
    }

    #[test]
    fn deep_buffered_nesting_is_decoded_in_reasonable_time() {
        let mut text = r#"{"coordinates":["x"],"type":"Point"}"#.to_owned();
        for _ in 0..40 {
            text = format!(r#"{{"geometries":[{text}],"type":"Group"}}"#);
        }
        assert!(serde_json::from_str::<Geometry>(&text).is_err());
    }
}
