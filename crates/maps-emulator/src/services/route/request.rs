//! Matrix requests.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::problem::Fault;
use crate::validate::{Faults, code};

/// A position: longitude, latitude.
pub(super) type Point = [f64; 2];

/// Who travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Mode {
    Driving,
    Truck,
    Walking,
}

/// One side of a matrix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Side {
    /// Place of its feature in the request.
    pub(super) feature: usize,
    pub(super) points: Vec<Point>,
}

/// A request that can be computed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Matrix {
    pub(super) origins: Side,
    pub(super) destinations: Side,
    pub(super) mode: Mode,
    pub(super) live_traffic: bool,
    pub(super) depart: Option<String>,
    pub(super) arrive: Option<String>,
    /// Whether an option is used that large matrices do not allow.
    pub(super) free_form: bool,
}

/// Reads a body whose shape has been checked.
///
/// A fault of the options goes into `faults`; the request is then refused. Features from which no matrix can be
/// computed are an error: a synchronous request is refused for it, an asynchronous operation fails with it.
pub(super) fn read(body: Option<&Value>, faults: &mut Faults) -> Result<Matrix, Fault> {
    let null = Value::Null;
    let body = body.unwrap_or(&null);
    let text = |name: &str| body[name].as_str();
    let mode = match text("travelMode") {
        None | Some("driving") => Mode::Driving,
        Some("truck") => Mode::Truck,
        Some("walking") => Mode::Walking,
        Some(_) => {
            faults.add(
                code::INVALID,
                "travelMode",
                "The service knows no such mode.",
            );
            Mode::Driving
        }
    };
    let known = |name: &str, values: &[&str], faults: &mut Faults| {
        let value = text(name).unwrap_or(values[0]);
        if !values.contains(&value) {
            let message = format!("The value is not one of: {}.", values.join(", "));
            faults.add(code::INVALID, name, message);
        }
        value == values[0]
    };
    let fastest = known("optimizeRoute", &["fastest", "shortest"], faults);
    let historical = known("traffic", &["historical", "live"], faults);
    let depart = date_time(text("departAt"), "departAt", faults);
    let arrive = date_time(text("arriveAt"), "arriveAt", faults);
    if depart.is_some() && arrive.is_some() {
        let message = "Only one of arriveAt and departAt may be given.";
        faults.add(code::CONFLICT, "arriveAt", message);
    }
    let empty = |name: &str| match &body[name] {
        Value::Null => true,
        Value::Array(values) => values.is_empty(),
        _ => false,
    };
    let free_form = !fastest
        || !historical
        || mode == Mode::Walking
        || !empty("avoid")
        || !empty("vehicleSpec");
    let sides = sides(&body["features"])?;
    Ok(Matrix {
        origins: sides.0,
        destinations: sides.1,
        mode,
        live_traffic: !historical,
        depart,
        arrive,
        free_form,
    })
}

/// A time as it was given, when it is one.
fn date_time(value: Option<&str>, name: &str, faults: &mut Faults) -> Option<String> {
    let value = value?;
    if OffsetDateTime::parse(value, &Rfc3339).is_err() {
        let message = "The value is not a date and time with an offset (RFC 3339).";
        faults.add(code::INVALID, name, message);
    }
    Some(value.to_owned())
}

fn sides(features: &Value) -> Result<(Side, Side), Fault> {
    let features = features.as_array().map_or(&[][..], Vec::as_slice);
    let mut problems = Vec::new();
    let mut find = |kind: &str| {
        let of_kind = |(_, feature): &(usize, &Value)| feature["properties"]["pointType"] == kind;
        let mut found = features.iter().enumerate().filter(of_kind);
        let first = found.next();
        if found.next().is_some() {
            let message = format!("There is more than one feature whose pointType is {kind}.");
            problems.push(Fault::new("RepeatedFeature", message).at("features"));
        }
        let Some((index, feature)) = first else {
            let message = format!("A feature whose pointType is {kind} is missing.");
            problems.push(Fault::new("MissingFeature", message).at("features"));
            return None;
        };
        match points(&feature["geometry"]["coordinates"]) {
            Ok(points) => Some(Side {
                feature: index,
                points,
            }),
            Err(place) => {
                let at = format!("features[{index}].geometry.coordinates{place}");
                let message = "A position of a longitude and a latitude is missing.";
                problems.push(Fault::new("MissingPosition", message).at(at));
                None
            }
        }
    };
    let origins = find("origins");
    let destinations = find("destinations");
    match (origins, destinations) {
        (Some(origins), Some(destinations)) if problems.is_empty() => Ok((origins, destinations)),
        _ => {
            let count = match problems.len() {
                1 => "1 problem was found".to_owned(),
                count => format!("{count} problems were found"),
            };
            let message = format!("The matrix could not be computed: {count}.");
            let fault = Fault::new("InvalidMatrix", message).at("features");
            Err(fault.because(problems))
        }
    }
}

/// The positions, or the place of the first that is none.
fn points(coordinates: &Value) -> Result<Vec<Point>, String> {
    let values = coordinates.as_array().map_or(&[][..], Vec::as_slice);
    if values.is_empty() {
        return Err(String::new());
    }
    let point = |(index, value): (usize, &Value)| {
        let longitude = value[0].as_f64();
        let latitude = value[1].as_f64();
        match (longitude, latitude) {
            (Some(longitude), Some(latitude)) => Ok([longitude, latitude]),
            _ => Err(format!("[{index}]")),
        }
    };
    values.iter().enumerate().map(point).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use serde_json::json;

    pub(in super::super) fn body(origins: &[Point], destinations: &[Point]) -> Value {
        let feature = |kind: &str, points: &[Point]| {
            json!({
                "type": "Feature",
                "geometry": {"type": "MultiPoint", "coordinates": points},
                "properties": {"pointType": kind},
            })
        };
        json!({
            "type": "FeatureCollection",
            "features": [feature("origins", origins), feature("destinations", destinations)],
        })
    }

    fn read_with(option: &str, value: Value) -> (Result<Matrix, Fault>, Vec<String>) {
        let mut body = body(&[[7.5, 47.5]], &[[8.5, 47.4]]);
        body[option] = value;
        let mut faults = Faults::default();
        let read = read(Some(&body), &mut faults);
        (read, faults.lines())
    }

    #[test]
    fn options_make_a_matrix_free_form() {
        for (option, value, free_form) in [
            ("departAt", json!("2025-03-04T08:10:00+00:00"), false),
            ("travelMode", json!("truck"), false),
            ("traffic", json!("historical"), false),
            ("avoid", json!([]), false),
            ("avoid", json!(["tollRoads"]), true),
            ("travelMode", json!("walking"), true),
            ("optimizeRoute", json!("shortest"), true),
            ("traffic", json!("live"), true),
            ("vehicleSpec", json!({"weight": 1}), true),
        ] {
            let (matrix, faults) = read_with(option, value.clone());
            assert_eq!(faults, Vec::<String>::new());
            assert_eq!(matrix.unwrap().free_form, free_form, "{option} {value}");
        }
    }

    #[test]
    fn options_the_service_does_not_know_are_faults() {
        for option in [
            "travelMode",
            "traffic",
            "optimizeRoute",
            "departAt",
            "arriveAt",
        ] {
            let (_, faults) = read_with(option, json!("x"));
            assert_eq!(faults.len(), 1, "{option}");
        }
    }

    #[test]
    fn missing_sides_are_an_error() {
        let (read, _) = read_with("features", json!([]));
        let fault = read.unwrap_err();
        assert_eq!(fault.code, "InvalidMatrix");
        assert_eq!(fault.details.len(), 2);
        assert_eq!(fault.details[0].code, "MissingFeature");
    }
}
