//! Bodies.

use maps_types::operations::{Kind, Property, Schema};
use serde_json::{Map, Value};

use super::text::{check_number, check_text};
use super::{Faults, code};

/// Checks a body; `target` of each fault is the path inside it, for example `features[0].geometry.type`.
pub(crate) fn check_body(schema: &Schema, body: &Value, faults: &mut Faults) {
    check(schema, body, &mut String::new(), faults);
}

/// Checks a value. The JSON parser's own limit on nesting bounds the recursion.
fn check(schema: &Schema, value: &Value, path: &mut String, faults: &mut Faults) {
    if faults.is_full() || faults.leaves_out(schema.read_only) {
        // The service ignores what only responses carry.
        return;
    }
    if value.is_null() {
        if !schema.nullable && !matches!(schema.kind, Kind::Any) {
            faults.add(code::INVALID, &*path, "The value must not be null.");
        }
        return;
    }
    let fits = match (&schema.kind, value) {
        (Kind::Any, _) | (Kind::Boolean, Value::Bool(_)) => true,
        (Kind::Integer(range), Value::Number(number)) => {
            let float = number.as_f64().unwrap_or(f64::NAN);
            check_number(range, float, path, faults);
            number.is_i64() || number.is_u64() || float.fract() == 0.0
        }
        (Kind::Number(range), Value::Number(number)) => {
            check_number(range, number.as_f64().unwrap_or(f64::NAN), path, faults);
            true
        }
        (Kind::String(text), Value::String(value)) => {
            check_text(text, value, path, faults);
            true
        }
        (
            Kind::Array {
                items,
                min_items,
                max_items,
            },
            Value::Array(values),
        ) => {
            check_count(values.len(), *min_items, *max_items, path, faults);
            for (index, value) in values.iter().enumerate() {
                nested(path, &format!("[{index}]"), |path| {
                    check(items, value, path, faults)
                });
            }
            true
        }
        (
            Kind::Object {
                properties,
                additional,
            },
            Value::Object(members),
        ) => {
            check_members(properties, *additional, members, path, faults);
            true
        }
        (Kind::Tagged { tag, variants }, Value::Object(members)) => {
            check_tagged(tag, variants, members, path, faults);
            true
        }
        _ => false,
    };
    if !fits {
        let message = format!("The value is not {}.", expected(&schema.kind));
        faults.add(code::INVALID, &*path, message);
    }
}

fn check_count(
    count: usize,
    minimum: Option<usize>,
    maximum: Option<usize>,
    path: &str,
    faults: &mut Faults,
) {
    if let Some(minimum) = minimum.filter(|minimum| count < *minimum) {
        let message = format!("The list has {count} items, at least {minimum} are needed.");
        faults.add(code::INVALID, path, message);
    }
    if let Some(maximum) = maximum.filter(|maximum| count > *maximum) {
        let message = format!("The list has {count} items, at most {maximum} are allowed.");
        faults.add(code::INVALID, path, message);
    }
}

fn check_members(
    properties: &[Property],
    additional: Option<&Schema>,
    members: &Map<String, Value>,
    path: &mut String,
    faults: &mut Faults,
) {
    for property in properties {
        match members.get(property.name) {
            Some(value) => {
                member(path, property.name, |path| {
                    check(property.schema, value, path, faults)
                });
            }
            None if property.required && !faults.leaves_out(property.schema.read_only) => {
                member(path, property.name, |path| {
                    faults.add(code::MISSING, &*path, "The value is required.");
                });
            }
            None => {}
        }
    }
    let Some(additional) = additional else {
        return;
    };
    for (name, value) in members {
        if !properties.iter().any(|property| property.name == name) {
            member(path, name, |path| check(additional, value, path, faults));
        }
    }
}

fn check_tagged(
    tag: &str,
    variants: &[(&str, &Schema)],
    members: &Map<String, Value>,
    path: &mut String,
    faults: &mut Faults,
) {
    let Some(value) = members.get(tag) else {
        member(path, tag, |path| {
            faults.add(code::MISSING, &*path, "The value is required.")
        });
        return;
    };
    let variant = variants
        .iter()
        .find(|(name, _)| value.as_str() == Some(*name));
    if let Some((_, schema)) = variant {
        match schema.kind {
            Kind::Object {
                properties,
                additional,
            } => check_members(properties, additional, members, path, faults),
            // A kind that is itself a family, told apart by another property.
            Kind::Tagged {
                tag: inner,
                variants,
            } if inner != tag => check_tagged(inner, variants, members, path, faults),
            _ => {}
        }
        return;
    }
    let known: Vec<_> = variants.iter().map(|(name, _)| *name).collect();
    member(path, tag, |path| {
        let message = format!("The value is not one of: {}.", known.join(", "));
        faults.add(code::INVALID, &*path, message);
    });
}

fn expected(kind: &Kind) -> &'static str {
    match kind {
        Kind::Any => "a value",
        Kind::Boolean => "true or false",
        Kind::Integer(_) => "a whole number",
        Kind::Number(_) => "a number",
        Kind::String(_) => "a text",
        Kind::Array { .. } => "a list",
        Kind::Object { .. } | Kind::Tagged { .. } => "an object",
    }
}

fn member(path: &mut String, name: &str, visit: impl FnOnce(&mut String)) {
    let dot = if path.is_empty() { "" } else { "." };
    nested(path, &format!("{dot}{name}"), visit);
}

fn nested(path: &mut String, step: &str, visit: impl FnOnce(&mut String)) {
    let length = path.len();
    path.push_str(step);
    visit(path);
    path.truncate(length);
}

#[cfg(test)]
mod tests {
    use super::*;
    use maps_types::operations::{Range, Text};
    use serde_json::json;

    const fn schema(kind: Kind) -> Schema {
        Schema {
            kind,
            nullable: false,
            read_only: false,
        }
    }

    const NO_TEXT: Text = Text {
        min_length: None,
        max_length: None,
        pattern: None,
        values: &[],
        closed: false,
        format: None,
    };
    static TEXT: Schema = schema(Kind::String(NO_TEXT));
    static NUMBER: Schema = schema(Kind::Number(Range {
        maximum: Some(500.0),
        ..Range::ANY
    }));
    static NUMBERS: Schema = schema(Kind::Array {
        items: &NUMBER,
        min_items: Some(2),
        max_items: Some(3),
    });
    static READ_ONLY: Schema = Schema {
        read_only: true,
        ..schema(Kind::String(NO_TEXT))
    };
    static NULLABLE: Schema = Schema {
        nullable: true,
        ..schema(Kind::Boolean)
    };
    static POINT: Schema = schema(Kind::Object {
        properties: &[
            Property {
                name: "type",
                required: true,
                schema: &TEXT,
            },
            Property {
                name: "coordinates",
                required: true,
                schema: &NUMBERS,
            },
        ],
        additional: None,
    });
    static GEOMETRY: Schema = schema(Kind::Tagged {
        tag: "type",
        variants: &[("Point", &POINT)],
    });
    static ROOT: Schema = schema(Kind::Object {
        properties: &[
            Property {
                name: "geometry",
                required: true,
                schema: &GEOMETRY,
            },
            Property {
                name: "udid",
                required: true,
                schema: &READ_ONLY,
            },
            Property {
                name: "flag",
                required: false,
                schema: &NULLABLE,
            },
        ],
        additional: Some(&NUMBER),
    });

    fn lines(body: &Value) -> Vec<String> {
        let mut faults = Faults::default();
        check_body(&ROOT, body, &mut faults);
        faults.lines()
    }

    #[test]
    fn a_good_body_has_no_faults() {
        let body = json!({
            "geometry": {"type": "Point", "coordinates": [1, 2.5], "more": true},
            "flag": null,
            "udid": 7,
            "other": 499.5,
        });
        assert_eq!(lines(&body), Vec::<String>::new());
    }

    #[test]
    fn every_fault_is_named_with_its_place() {
        let body = json!({
            "geometry": {"type": "Point", "coordinates": [1, 2, 3, "x"]},
            "flag": "yes",
            "other": 501,
        });
        assert_eq!(
            lines(&body),
            [
                "InvalidValue geometry.coordinates: The list has 4 items, at most 3 are allowed.",
                "InvalidValue geometry.coordinates[3]: The value is not a number.",
                "InvalidValue flag: The value is not true or false.",
                "InvalidValue other: The value 501 must be at most 500.",
            ]
        );
    }

    #[test]
    fn kinds_must_be_known_and_complete() {
        assert_eq!(
            lines(&json!({"geometry": {"type": "Circle"}})),
            ["InvalidValue geometry.type: The value is not one of: Point."]
        );
        assert_eq!(
            lines(&json!({"geometry": {}})),
            ["MissingValue geometry.type: The value is required."]
        );
        assert_eq!(
            lines(&json!({"geometry": {"type": "Point"}})),
            ["MissingValue geometry.coordinates: The value is required."]
        );
        assert_eq!(
            lines(&json!({"geometry": null})),
            ["InvalidValue geometry: The value must not be null."]
        );
        assert_eq!(
            lines(&json!([])),
            ["InvalidValue : The value is not an object."]
        );
    }

    #[test]
    fn a_million_faults_stop_at_the_limit() {
        let body = json!({"geometry": {"type": "Point", "coordinates": vec!["x"; 100_000]}});
        assert_eq!(lines(&body).len(), super::super::MAX_FAULTS);
    }
}
