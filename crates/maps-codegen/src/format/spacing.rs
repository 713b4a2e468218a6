//! Blank lines between items, which `prettyplease` leaves out.

/// What a line is, as far as blank lines go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// Docs of the module.
    ModuleDocs,
    /// `use std::..`, of another crate, of this one; `mod x;`, `pub use`. Lines of one kind stay together.
    Import(&'static str),
    /// Docs or an attribute: belongs to what follows.
    Attached,
    /// The first line of another item.
    Item,
    /// Within an item.
    Other,
}

/// Puts a blank line between items, between methods and between groups of imports.
pub(super) fn space(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 20);
    let mut previous: Option<(&str, Line)> = None;
    for line in text.lines() {
        let kind = kind(line, previous);
        if previous.is_some_and(|before| needs_blank(before, line, kind)) {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
        previous = Some((line, kind));
    }
    out
}

fn needs_blank((before, before_kind): (&str, Line), line: &str, kind: Line) -> bool {
    if before.is_empty()
        || line.is_empty()
        || line == ")]"
        || before.ends_with('{')
        || before_kind == Line::Attached
    {
        return false;
    }
    match indent(line) {
        0 => match (before_kind, kind) {
            (_, Line::Other) => false,
            (Line::ModuleDocs, Line::ModuleDocs) => false,
            (Line::Import(a), Line::Import(b)) => a != b,
            _ => true,
        },
        // Methods and associated items; fields and variants stay together.
        4 => {
            let starts = kind == Line::Attached || kind == Line::Item;
            let after_item = before == "    }"
                || (before.starts_with("    const ") || before.starts_with("    type "));
            let same = before.split(' ').nth(4) == line.split(' ').nth(4);
            starts && after_item && (before == "    }" || !same)
        }
        _ => false,
    }
}

fn kind(line: &str, previous: Option<(&str, Line)>) -> Line {
    let text = line.trim_start();
    // The end of an attribute of several lines.
    if text == ")]" {
        return Line::Attached;
    }
    if text.starts_with("//!") {
        return Line::ModuleDocs;
    }
    if text.starts_with("///") || text.starts_with("#[") {
        return Line::Attached;
    }
    // What ends an import of several lines is a part of it.
    match previous {
        Some((before, Line::Import(group))) if !before.ends_with(';') || text == "};" => {
            return Line::Import(group);
        }
        _ => {}
    }
    if indent(line) == 0 && text.starts_with("use ") {
        let first = text["use ".len()..]
            .split([':', ';', ' '])
            .next()
            .unwrap_or_default();
        return Line::Import(match first {
            "std" | "core" | "alloc" => "std",
            "crate" | "super" | "self" => "crate",
            _ => "extern",
        });
    }
    if indent(line) == 0 && (text.starts_with("pub use ") || text.starts_with("pub(crate) use ")) {
        return Line::Import("pub use");
    }
    if indent(line) == 0
        && text.ends_with(';')
        && (text.starts_with("mod ") || text.starts_with("pub mod "))
    {
        return Line::Import("mod");
    }
    const STARTS: &[&str] = &[
        "pub ",
        "pub(",
        "fn ",
        "async fn ",
        "const ",
        "static ",
        "struct ",
        "enum ",
        "impl ",
        "impl<",
        "trait ",
        "type ",
        "mod ",
    ];
    if indent(line) <= 4 && STARTS.iter().any(|start| text.starts_with(start)) {
        Line::Item
    } else {
        Line::Other
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::space;

    #[test]
    fn items_methods_and_groups_of_imports_are_apart() {
        let text = "//! Docs.\nuse std::fmt;\nuse serde::{\n    A,\n};\nuse super::B;\n/// A.\n#[derive(\n    Debug,\n)]\npub struct A {\n    /// B.\n    pub b: u8,\n    /// C.\n    pub c: u8,\n}\nimpl A {\n    const X: u8 = 1;\n    const Y: u8 = 2;\n    fn a() {\n        b();\n    }\n    /// C.\n    fn c() {}\n}\nstatic S: u8 = 1;\n";
        let spaced = "//! Docs.\n\nuse std::fmt;\n\nuse serde::{\n    A,\n};\n\nuse super::B;\n\n/// A.\n#[derive(\n    Debug,\n)]\npub struct A {\n    /// B.\n    pub b: u8,\n    /// C.\n    pub c: u8,\n}\n\nimpl A {\n    const X: u8 = 1;\n    const Y: u8 = 2;\n\n    fn a() {\n        b();\n    }\n\n    /// C.\n    fn c() {}\n}\n\nstatic S: u8 = 1;\n";
        assert_eq!(space(text), spaced);
        assert_eq!(space(spaced), spaced);
    }
}
