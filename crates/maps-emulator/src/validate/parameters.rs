//! Path, query and header parameters.

use http::HeaderMap;
use maps_types::operations::{Collection, Kind, Location, Operation, Parameter, Schema};
use percent_encoding::percent_decode;

use super::text::{check_number, check_text};
use super::{Faults, code};

/// The pairs of a query string, decoded. `None` when it is not UTF-8.
pub(crate) fn query_pairs(query: &str) -> Option<Vec<(String, String)>> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(name)?, decode(value)?))
        })
        .collect()
}

/// Decodes one part of a query, where `+` is a space.
fn decode(part: &str) -> Option<String> {
    let spaced = part.replace('+', " ");
    let text = percent_decode(spaced.as_bytes()).decode_utf8().ok()?;
    Some(text.into_owned())
}

/// Checks the declared parameters of a request; undeclared ones are ignored, as the services do.
pub(crate) fn check_parameters(
    operation: &Operation,
    path: &[(&'static str, String)],
    query: &[(String, String)],
    headers: &HeaderMap,
    faults: &mut Faults,
) {
    for parameter in operation.parameters {
        let name = parameter.name;
        let values: Vec<Option<&str>> = match parameter.location {
            Location::Path => path
                .iter()
                .filter(|(known, _)| *known == name)
                .map(|(_, value)| Some(value.as_str()))
                .collect(),
            Location::Query => query
                .iter()
                .filter(|(known, _)| known == name)
                .map(|(_, value)| Some(value.as_str()))
                .collect(),
            Location::Header => headers
                .get_all(name)
                .iter()
                .map(|value| std::str::from_utf8(value.as_bytes()).ok())
                .collect(),
        };
        match values.as_slice() {
            [] if parameter.required => faults.add(code::MISSING, name, "The value is required."),
            [] => {}
            [Some(value)] => check(parameter, value, faults),
            [None] => faults.add(code::INVALID, name, "The value is not UTF-8."),
            _ if matches!(parameter.schema.kind, Kind::Array { .. }) => {
                let values = values.iter().copied().map(Option::unwrap_or_default);
                check_items(parameter.schema, values, name, faults);
            }
            _ => faults.add(code::INVALID, name, "The value is given more than once."),
        }
    }
}

fn check(parameter: &Parameter, value: &str, faults: &mut Faults) {
    let Parameter { name, schema, .. } = parameter;
    if value.is_empty() && parameter.required {
        faults.add(code::MISSING, *name, "The value must not be empty.");
        return;
    }
    match (&schema.kind, separator(parameter.collection)) {
        (Kind::Array { .. }, Some(separator)) => {
            check_items(schema, value.split(separator), name, faults);
        }
        (Kind::Array { .. }, None) => check_items(schema, std::iter::once(value), name, faults),
        _ => check_single(schema, value, name, faults),
    }
}

/// What stands between the items of a list; a list of the kind `multi` has one item a parameter.
fn separator(collection: Collection) -> Option<char> {
    match collection {
        Collection::Csv => Some(','),
        Collection::Ssv => Some(' '),
        Collection::Tsv => Some('\t'),
        Collection::Pipes => Some('|'),
        Collection::Multi => None,
    }
}

fn check_single(schema: &Schema, value: &str, name: &str, faults: &mut Faults) {
    match &schema.kind {
        Kind::String(text) => check_text(text, value, name, faults),
        Kind::Integer(range) => match value.parse::<i64>() {
            Ok(number) => check_number(range, number as f64, name, faults),
            Err(_) => faults.add(code::INVALID, name, "The value is not a whole number."),
        },
        Kind::Number(range) => match value.parse::<f64>() {
            Ok(number) if number.is_finite() => check_number(range, number, name, faults),
            _ => faults.add(code::INVALID, name, "The value is not a number."),
        },
        Kind::Boolean if !matches!(value, "true" | "false") => {
            faults.add(code::INVALID, name, "The value is not true or false.");
        }
        // A list within a list is written with commas.
        Kind::Array { .. } => check_items(schema, value.split(','), name, faults),
        Kind::Boolean | Kind::Any | Kind::Object { .. } | Kind::Tagged { .. } => {}
    }
}

fn check_items<'a>(
    schema: &Schema,
    values: impl Iterator<Item = &'a str>,
    name: &str,
    faults: &mut Faults,
) {
    if let Kind::Array { items, .. } = schema.kind {
        for value in values {
            check_single(items, value, name, faults);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use maps_types::operations::{Range, Text};

    static TEXT: Schema = Schema {
        kind: Kind::String(Text {
            min_length: None,
            max_length: Some(5),
            pattern: None,
            values: &[],
            closed: false,
            format: None,
        }),
        nullable: false,
        read_only: false,
    };
    static COUNT: Schema = Schema {
        kind: Kind::Integer(Range {
            minimum: Some(1.0),
            ..Range::ANY
        }),
        nullable: false,
        read_only: false,
    };
    static OPERATION: Operation = Operation {
        id: "X",
        method: "GET",
        path: "/x/{id}",
        parameters: &[
            Parameter {
                name: "id",
                location: Location::Path,
                required: true,
                collection: Collection::Csv,
                schema: &TEXT,
            },
            Parameter {
                name: "q",
                location: Location::Query,
                required: true,
                collection: Collection::Csv,
                schema: &TEXT,
            },
            Parameter {
                name: "count",
                location: Location::Query,
                required: false,
                collection: Collection::Csv,
                schema: &COUNT,
            },
            Parameter {
                name: "Operation-Id",
                location: Location::Header,
                required: false,
                collection: Collection::Csv,
                schema: &TEXT,
            },
        ],
        body: None,
        responses: &[],
        long_running: false,
        examples: &[],
    };

    fn lines(query: &str, header: Option<&[u8]>) -> Vec<String> {
        let mut headers = HeaderMap::new();
        if let Some(header) = header {
            headers.insert("operation-id", HeaderValue::from_bytes(header).unwrap());
        }
        let mut faults = Faults::default();
        let pairs = query_pairs(query).unwrap();
        check_parameters(
            &OPERATION,
            &[("id", "a".to_owned())],
            &pairs,
            &headers,
            &mut faults,
        );
        faults.lines()
    }

    #[test]
    fn query_strings_are_decoded() {
        let pairs = query_pairs("a=b+c&%41=%C3%A4&flag&&x=1=2").unwrap();
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        assert_eq!(
            pairs,
            [("a", "b c"), ("A", "ä"), ("flag", ""), ("x", "1=2")]
        );
        assert_eq!(query_pairs("a=%FF"), None);
    }

    #[test]
    fn lists_are_split_as_they_are_declared() {
        static COUNTS: Schema = Schema {
            kind: Kind::Array {
                items: &COUNT,
                min_items: None,
                max_items: None,
            },
            ..Schema::ANY
        };
        for (collection, good, bad) in [
            (Collection::Csv, "1,2", "1|2"),
            (Collection::Ssv, "1 2", "1,2"),
            (Collection::Tsv, "1\t2", "1 2"),
            (Collection::Pipes, "1|2", "1,2"),
            (Collection::Multi, "1", "1,2"),
        ] {
            let parameter = Parameter {
                name: "counts",
                location: Location::Query,
                required: true,
                collection,
                schema: &COUNTS,
            };
            for (value, count) in [(good, 0), (bad, 1)] {
                let mut faults = Faults::default();
                check(&parameter, value, &mut faults);
                assert_eq!(faults.lines().len(), count, "{collection:?} {value}");
            }
        }
    }

    #[test]
    fn declared_constraints_are_checked() {
        assert_eq!(lines("q=a", None), Vec::<String>::new());
        assert_eq!(
            lines("q=a&count=3&unknown=%00", Some(b"abc")),
            Vec::<String>::new()
        );
        assert_eq!(lines("", None), ["MissingValue q: The value is required."]);
        assert_eq!(
            lines("q=", None),
            ["MissingValue q: The value must not be empty."]
        );
        assert_eq!(
            lines("q=a&q=b", None),
            ["InvalidValue q: The value is given more than once."]
        );
        assert_eq!(
            lines("q=a&count=x", None),
            ["InvalidValue count: The value is not a whole number."]
        );
        assert_eq!(
            lines("q=a&count=0", None),
            ["InvalidValue count: The value 0 must be at least 1."]
        );
        assert_eq!(
            lines("q=a", Some(b"\xff")),
            ["InvalidValue Operation-Id: The value is not UTF-8."]
        );
        assert_eq!(lines("q=abcdef", Some(b"abcdef")).len(), 2);
    }
}
