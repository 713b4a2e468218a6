//! Where the entries of `services.toml` stand.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::model::Place;

/// The place of a part of the text of `file`.
pub(super) fn place(file: &str, text: &str, range: Range<usize>, pointer: String) -> Place {
    let before = text.get(..range.start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let marked = text.get(range).unwrap_or_default().lines().next();
    Place {
        file: file.to_owned(),
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        width: marked.unwrap_or_default().chars().count(),
        pointer,
    }
}

/// Places of keys and list items by their path, `/service/0/version/0/types/Foo`.
pub(super) fn places(file: &str, text: &str) -> BTreeMap<String, Place> {
    let mut ranges = Vec::new();
    if let Ok(table) = DeTable::parse(text) {
        table_of(table.get_ref(), "", &mut ranges);
    }
    ranges
        .into_iter()
        .map(|(path, range)| {
            let place = place(file, text, range, format!("#{path}"));
            (path, place)
        })
        .collect()
}

fn table_of(table: &DeTable<'_>, path: &str, out: &mut Vec<(String, Range<usize>)>) {
    for (key, value) in table.iter() {
        let name = key.get_ref().replace('~', "~0").replace('/', "~1");
        let path = format!("{path}/{name}");
        out.push((path.clone(), key.span()));
        value_of(value, &path, out);
    }
}

fn value_of(value: &Spanned<DeValue<'_>>, path: &str, out: &mut Vec<(String, Range<usize>)>) {
    match value.get_ref() {
        DeValue::Table(table) => table_of(table, path, out),
        DeValue::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                let path = format!("{path}/{at}");
                out.push((path.clone(), item.span()));
                value_of(item, &path, out);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_place_where_they_are_written() {
        let text = "# why\n[[a]]\nb = 1\n[a.c.\"x/y\"]\nd = [{ e = 2 }]\n";
        let places = places("s.toml", text);
        let at = |path: &str| {
            let place = &places[path];
            (place.line, place.column)
        };
        assert_eq!(at("/a/0/b"), (3, 1));
        assert_eq!(at("/a/0/c/x~1y"), (4, 6));
        assert_eq!(at("/a/0/c/x~1y/d/0/e"), (5, 8));
        assert_eq!(places["/a/0/b"].pointer, "#/a/0/b");
    }
}
