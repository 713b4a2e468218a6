//! GeoJSON documents (RFC 7946).

use std::fmt;
use std::io::{Read, Seek};

use geojson::{Feature, GeoJson, Geometry, GeometryValue, Position};
use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

use super::Problems;

/// What a document is, to choose how to read it.
#[derive(Deserialize)]
#[serde(expecting = "a GeoJSON object")]
struct Head {
    r#type: Option<String>,
}

/// A feature collection that is looked at while it is read.
#[derive(Deserialize)]
#[serde(expecting = "a GeoJSON object")]
struct Collection {
    features: Features,
    #[serde(rename = "bbox")]
    _bbox: Option<Vec<f64>>,
}

/// What was found in the features. None is kept: many small ones take ten times the memory of their text.
struct Features(Problems);

impl<'de> Deserialize<'de> for Features {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneByOne;

        impl<'de> Visitor<'de> for OneByOne {
            type Value = Features;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of features")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut features: A) -> Result<Features, A::Error> {
                let mut problems = Problems::default();
                let mut index = 0;
                while let Some(feature) = features.next_element::<Feature>()? {
                    let path = format!("features[{index}].geometry.");
                    check_feature(&feature, &path, &mut problems);
                    index += 1;
                }
                Ok(Features(problems))
            }
        }

        deserializer.deserialize_seq(OneByOne)
    }
}

/// Reads a document and looks at every position of it.
pub(super) fn check(reader: impl Read + Seek) -> Problems {
    try_check(reader).unwrap_or_else(|err| {
        let mut problems = Problems::default();
        if err.is_data() {
            let message = format!("The document is not GeoJSON: {err}.");
            problems.add("InvalidGeoJson", "", message);
        } else {
            problems.add("InvalidJson", "", format!("The data is not JSON: {err}."));
        }
        problems
    })
}

fn try_check(mut reader: impl Read + Seek) -> serde_json::Result<Problems> {
    let head: Head = serde_json::from_reader(&mut reader)?;
    reader.rewind().map_err(serde_json::Error::io)?;
    if head.r#type.as_deref() == Some("FeatureCollection") {
        let collection: Collection = serde_json::from_reader(reader)?;
        return Ok(collection.features.0);
    }
    let mut problems = Problems::default();
    match GeoJson::from_reader(reader)? {
        GeoJson::Geometry(geometry) => check_geometry(&geometry, "", &mut problems),
        GeoJson::Feature(feature) => check_feature(&feature, "geometry.", &mut problems),
        GeoJson::FeatureCollection(_) => {}
    }
    Ok(problems)
}

fn check_feature(feature: &Feature, path: &str, problems: &mut Problems) {
    if let Some(geometry) = &feature.geometry {
        check_geometry(geometry, path, problems);
    }
}

/// The parser's limit on nesting bounds the recursion.
fn check_geometry(geometry: &Geometry, path: &str, problems: &mut Problems) {
    let at = format!("{path}coordinates");
    match &geometry.value {
        GeometryValue::Point { coordinates } => check_position(coordinates, &at, problems),
        GeometryValue::MultiPoint { coordinates } => {
            each(coordinates, &at, |position, at| {
                check_position(position, at, problems)
            });
        }
        GeometryValue::LineString { coordinates } => check_line(coordinates, &at, problems),
        GeometryValue::MultiLineString { coordinates } => {
            each(coordinates, &at, |line, at| check_line(line, at, problems));
        }
        GeometryValue::Polygon { coordinates } => {
            each(coordinates, &at, |ring, at| check_ring(ring, at, problems));
        }
        GeometryValue::MultiPolygon { coordinates } => each(coordinates, &at, |polygon, at| {
            each(polygon, at, |ring, at| check_ring(ring, at, problems));
        }),
        GeometryValue::GeometryCollection { geometries } => {
            for (index, inner) in geometries.iter().enumerate() {
                check_geometry(inner, &format!("{path}geometries[{index}]."), problems);
            }
        }
    }
}

fn each<T>(items: &[T], at: &str, mut visit: impl FnMut(&T, &str)) {
    for (index, item) in items.iter().enumerate() {
        visit(item, &format!("{at}[{index}]"));
    }
}

fn check_line(line: &[Position], at: &str, problems: &mut Problems) {
    if line.len() < 2 {
        problems.add("LineTooShort", at, "A line needs two positions or more.");
    }
    each(line, at, |position, at| {
        check_position(position, at, problems)
    });
}

fn check_ring(ring: &[Position], at: &str, problems: &mut Problems) {
    if ring.len() < 4 {
        problems.add(
            "RingTooShort",
            at,
            "A polygon's ring needs four positions or more.",
        );
    }
    if ring.first() != ring.last() {
        let message = "The first and the last position of a polygon's ring differ.";
        problems.add("RingNotClosed", at, message);
    }
    each(ring, at, |position, at| {
        check_position(position, at, problems)
    });
}

fn check_position(position: &Position, at: &str, problems: &mut Problems) {
    let &[longitude, latitude, ..] = position.as_slice() else {
        problems.add(
            "PositionTooShort",
            at,
            "A position needs a longitude and a latitude.",
        );
        return;
    };
    if !(-90.0..=90.0).contains(&latitude) {
        let message = format!("The latitude {latitude} is not between -90 and 90.");
        problems.add("CoordinateOutOfRange", at, message);
    }
    if !(-180.0..=180.0).contains(&longitude) {
        let message = format!("The longitude {longitude} is not between -180 and 180.");
        problems.add("CoordinateOutOfRange", at, message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn codes(text: &str) -> Vec<(String, String)> {
        let problems = check(Cursor::new(text)).first;
        let pair = |fault: crate::problem::Fault| (fault.code, fault.target.unwrap_or_default());
        problems.into_iter().map(pair).collect()
    }

    #[test]
    fn good_documents_have_no_problems() {
        for good in [
            r#"{"type":"Point","coordinates":[7.5,47.5]}"#,
            r#"{"type":"Feature","geometry":null,"properties":null}"#,
            r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},
                "geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}]}"#,
        ] {
            assert_eq!(codes(good), [], "{good}");
        }
    }

    #[test]
    fn other_documents_are_refused() {
        for (bad, code) in [
            ("", "InvalidJson"),
            ("{", "InvalidJson"),
            ("{} {}", "InvalidJson"),
            ("[1]", "InvalidGeoJson"),
            (r#"{"type":"Circle","coordinates":[1,2]}"#, "InvalidGeoJson"),
            (r#"{"type":"Point","coordinates":"x"}"#, "InvalidGeoJson"),
            (r#"{"type":"FeatureCollection"}"#, "InvalidGeoJson"),
            (
                r#"{"type":"FeatureCollection","features":[{}]}"#,
                "InvalidGeoJson",
            ),
            (
                r#"{"type":"FeatureCollection","features":[],"bbox":7}"#,
                "InvalidGeoJson",
            ),
            (r#"{"type":7}"#, "InvalidGeoJson"),
            ("{}", "InvalidGeoJson"),
        ] {
            let found = codes(bad);
            assert_eq!(found.len(), 1, "{bad}");
            assert_eq!(found[0].0, code, "{bad}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(codes(&deep).len(), 1);
    }

    #[test]
    fn positions_are_looked_at_one_by_one() {
        let text = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[0,94.2]}},
            {"type":"Feature","properties":{},"geometry":
                {"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}},
            {"type":"Feature","properties":{},"geometry":{"type":"GeometryCollection","geometries":[
                {"type":"LineString","coordinates":[[181,0]]}]}}]}"#;
        let expected = [
            ("CoordinateOutOfRange", "features[0].geometry.coordinates"),
            ("RingNotClosed", "features[1].geometry.coordinates[0]"),
            (
                "LineTooShort",
                "features[2].geometry.geometries[0].coordinates",
            ),
            (
                "CoordinateOutOfRange",
                "features[2].geometry.geometries[0].coordinates[0]",
            ),
        ];
        let expected = expected.map(|(code, at)| (code.to_owned(), at.to_owned()));
        assert_eq!(codes(text), expected);
    }

    #[test]
    fn the_message_counts_all_problems() {
        let points = vec!["[0,91]"; 50].join(",");
        let text = format!(r#"{{"type":"MultiPoint","coordinates":[{points}]}}"#);
        let error = check(Cursor::new(text))
            .into_error("GeoJSON document")
            .unwrap();
        assert_eq!(
            error.message,
            "The data is not a valid GeoJSON document: 50 problems were found."
        );
        assert_eq!(error.details.len(), super::super::MAX_PROBLEMS);
    }
}
