//! Whether two schemas say the same once their references are followed.

use std::collections::HashSet;

use crate::load::{At, Json};
use crate::resolve::Resolver;

/// Prose and examples make no difference.
const PROSE: &[&str] = &[
    "description",
    "summary",
    "title",
    "example",
    "x-ms-examples",
    "externalDocs",
];

/// Compares two schemas. References that lead back to a pair under comparison count as equal.
pub(super) fn equal<'a>(resolver: &Resolver<'a>, a: At<'a>, b: At<'a>) -> bool {
    compare(resolver, a, b, &mut HashSet::new())
}

fn compare<'a>(
    resolver: &Resolver<'a>,
    a: At<'a>,
    b: At<'a>,
    assumed: &mut HashSet<(usize, usize)>,
) -> bool {
    let (Some(a), Some(b)) = (resolver.follow(a), resolver.follow(b)) else {
        return false;
    };
    let (a, b) = (a.target, b.target);
    if a.is(b) || !assumed.insert((a.id(), b.id())) {
        return true;
    }
    match (&a.node.json, &b.node.json) {
        (Json::Object(_), Json::Object(_)) => {
            // `properties` may hold a property called `description`: prose is prose only where it is a text.
            let telling = |(name, value): &(&str, At<'a>)| {
                !(PROSE.contains(name) && value.as_str().is_some())
            };
            let left: Vec<_> = a.members().filter(telling).collect();
            let right = b.members().filter(telling).count();
            left.len() == right
                && left.into_iter().all(|(name, value)| {
                    b.get(name)
                        .is_some_and(|other| compare(resolver, value, other, assumed))
                })
        }
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len()
                && a.items()
                    .zip(b.items())
                    .all(|(a, b)| compare(resolver, a, b, assumed))
        }
        _ => a.to_value() == b.to_value(),
    }
}
