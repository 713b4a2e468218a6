//! From a method and a path to the operation of a table.

use maps_types::operations::{Operation, Service};
use percent_encoding::percent_decode_str;

/// The operations that a path names, and what the path says in each.
pub(crate) struct Match {
    pub(crate) service: &'static Service,
    pub(crate) operation: &'static Operation,
    /// Path parameters, decoded.
    pub(crate) values: Vec<(&'static str, String)>,
    /// Characters of the path that the template spells out; more is a better match.
    literal: usize,
}

/// Why no operation answers.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NoMatch {
    /// No template has this path.
    Path,
    /// Templates have this path, with these methods.
    Method(Vec<&'static str>),
    /// A segment is not UTF-8 once decoded.
    Encoding,
}

/// Finds the operations of `method` whose template `path` fits best: one for each API version that has it.
pub(crate) fn find(
    services: &[&'static Service],
    method: &str,
    path: &str,
) -> Result<Vec<Match>, NoMatch> {
    let Some(segments) = decode(path) else {
        return Err(NoMatch::Encoding);
    };
    let mut fitting = Vec::new();
    for service in services {
        for operation in service.operations {
            if let Some((values, literal)) = fit(operation.path, &segments) {
                fitting.push(Match {
                    service,
                    operation,
                    values,
                    literal,
                });
            }
        }
    }
    // `/datasets/operations` is the operation of that name before it is the dataset `operations`.
    let Some(best) = fitting.iter().map(|found| found.literal).max() else {
        return Err(NoMatch::Path);
    };
    fitting.retain(|found| found.literal == best);
    let mut methods: Vec<_> = fitting.iter().map(|found| found.operation.method).collect();
    fitting.retain(|found| found.operation.method == method);
    if fitting.is_empty() {
        methods.sort_unstable();
        methods.dedup();
        return Err(NoMatch::Method(methods));
    }
    Ok(fitting)
}

/// The segments of a path, each decoded on its own, so that `%2F` does not make two of one.
fn decode(path: &str) -> Option<Vec<String>> {
    let path = path.strip_prefix('/').unwrap_or(path);
    path.split('/')
        .map(|segment| {
            let text = percent_decode_str(segment).decode_utf8().ok()?;
            Some(text.into_owned())
        })
        .collect()
}

type Fit = (Vec<(&'static str, String)>, usize);

fn fit(template: &'static str, segments: &[String]) -> Option<Fit> {
    let template = template.strip_prefix('/').unwrap_or(template);
    if template.split('/').count() != segments.len() {
        return None;
    }
    let mut values = Vec::new();
    let mut literal = 0;
    for (part, segment) in template.split('/').zip(segments) {
        match part.split_once('{') {
            None if part == segment => literal += part.len() + 1,
            None => return None,
            Some((prefix, rest)) => {
                let (name, suffix) = rest.split_once('}')?;
                let value = segment.strip_prefix(prefix)?.strip_suffix(suffix)?;
                if value.is_empty() {
                    return None;
                }
                literal += prefix.len() + suffix.len();
                values.push((name, value.to_owned()));
            }
        }
    }
    Some((values, literal))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn operation(id: &'static str, method: &'static str, path: &'static str) -> Operation {
        Operation {
            id,
            method,
            path,
            parameters: &[],
            body: None,
            responses: &[],
            long_running: false,
            examples: &[],
        }
    }

    static SERVICE: Service = Service {
        name: "x",
        api_version: "1.0",
        key: None,
        operations: &[
            operation("Matrix", "POST", "/route/matrix"),
            operation("MatrixAsync", "POST", "/route/matrix:async"),
            operation("Get", "GET", "/datasets/{id}"),
            operation("Delete", "DELETE", "/datasets/{id}"),
            operation("Fetch", "GET", "/datasets/{id}:fetch"),
            operation("Operation", "GET", "/datasets/operations/{operationId}"),
            operation("Landing", "GET", "/wfs/datasets/{id}/"),
        ],
    };

    fn one(method: &str, path: &str) -> (&'static str, Vec<String>) {
        let found = find(&[&SERVICE], method, path);
        let mut found = found.unwrap_or_else(|err| panic!("{path}: {err:?}"));
        assert_eq!(found.len(), 1, "{path}");
        let found = found.remove(0);
        let values = found.values.into_iter().map(|(_, value)| value).collect();
        (found.operation.id, values)
    }

    #[test]
    fn verbs_after_a_colon_are_part_of_the_segment() {
        assert_eq!(one("POST", "/route/matrix").0, "Matrix");
        assert_eq!(one("POST", "/route/matrix:async").0, "MatrixAsync");
        assert_eq!(one("POST", "/route/matrix%3Aasync").0, "MatrixAsync");
        assert_eq!(
            one("GET", "/datasets/a:fetch"),
            ("Fetch", vec!["a".to_owned()])
        );
        assert_eq!(one("GET", "/datasets/a:b"), ("Get", vec!["a:b".to_owned()]));
    }

    #[test]
    fn a_value_is_one_decoded_segment() {
        for (path, value) in [
            ("/datasets/operations/..%2Fkeys", "../keys"),
            ("/datasets/operations/a%2Fb", "a/b"),
            ("/datasets/operations/%252e%252e", "%2e%2e"),
            ("/datasets/operations/%7Bx%7D", "{x}"),
            ("/datasets/operations/a+b", "a+b"),
        ] {
            assert_eq!(one("GET", path), ("Operation", vec![value.to_owned()]));
        }
    }

    #[test]
    fn trailing_slashes_count() {
        assert_eq!(one("GET", "/wfs/datasets/a/").0, "Landing");
        for path in [
            "/wfs/datasets/a",
            "/route/matrix/",
            "/datasets/",
            "",
            "/",
            "//",
        ] {
            assert_eq!(find(&[&SERVICE], "GET", path).err(), Some(NoMatch::Path));
        }
    }

    #[test]
    fn another_method_names_those_there_are() {
        let methods = NoMatch::Method(vec!["DELETE", "GET"]);
        assert_eq!(find(&[&SERVICE], "PUT", "/datasets/a").err(), Some(methods));
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        assert_eq!(
            find(&[&SERVICE], "GET", "/datasets/%FF").err(),
            Some(NoMatch::Encoding)
        );
    }
}
