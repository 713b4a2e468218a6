//! One namespace.

use std::collections::HashMap;

use super::words::{pascal, snake};
use crate::diagnostics::Diagnostic;
use crate::model::Place;
use crate::names::Name;

/// What kind of identifiers a scope holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// Types.
    Type,
    /// Variants of enums.
    Variant,
    /// Fields.
    Field,
    /// Methods.
    Method,
    /// Arguments and setters.
    Parameter,
}

/// Names that generated code and its readers use for something else.
pub(super) const TYPES: &[&str] = &[
    "Any",
    "AsMut",
    "AsRef",
    "Box",
    "BTreeMap",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "Display",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "Error",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "FromStr",
    "Future",
    "Hash",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "Map",
    "None",
    "Nullable",
    "OffsetDateTime",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Serialize",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToRequest",
    "ToString",
    "TryFrom",
    "TryInto",
    "UnknownNumber",
    "UnknownObject",
    "UnknownValue",
    "Unpin",
    "Value",
    "Vec",
];

/// Variants that every generated enum has.
pub(super) const VARIANTS: &[&str] = &["Self", "UnknownKind", "UnknownValue"];

/// Words that are no identifier unless written `r#type`.
pub(super) const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Words that are no identifier at all.
const NEVER_RAW: &[&str] = &["_", "crate", "self", "Self", "super"];

struct Item {
    /// Identifier that the item gets if nobody else wants it.
    wanted: String,
    /// What the name was before it was changed by a rule.
    from: Option<String>,
    wire: String,
    is_fixed: bool,
    place: Option<Place>,
}

/// Collects the names of one namespace, then settles them together.
pub(super) struct Scope {
    case: Case,
    reserved: Vec<String>,
    items: Vec<Item>,
}

impl Scope {
    pub(super) fn new(case: Case, reserved: &[&str]) -> Self {
        Self {
            case,
            reserved: reserved.iter().map(|name| (*name).to_owned()).collect(),
            items: Vec::new(),
        }
    }

    /// Keeps a name for something else in the same namespace.
    pub(super) fn reserve(&mut self, name: &str) {
        self.reserved.push(name.to_owned());
    }

    /// Adds an item that a definition calls `name` and the wire `wire`.
    pub(super) fn add(&mut self, name: &str, wire: &str, place: Option<&Place>) {
        let cased = match self.case {
            Case::Type | Case::Variant => pascal(name),
            Case::Field | Case::Method | Case::Parameter => snake(name),
        };
        let mut wanted = cased.clone();
        if wanted.starts_with(|c: char| !(c.is_alphabetic() || c == '_')) || wanted.is_empty() {
            wanted = match self.case {
                Case::Type => format!("Type{wanted}"),
                Case::Variant => format!("Value{wanted}"),
                Case::Field | Case::Parameter => format!("value_{wanted}"),
                Case::Method => format!("call_{wanted}"),
            };
        }
        if NEVER_RAW.contains(&wanted.as_str()) {
            wanted.push('_');
        } else if self.reserved.contains(&wanted) {
            wanted.push_str(match self.case {
                Case::Type => "Model",
                Case::Variant => "Value",
                Case::Field => "_field",
                Case::Method => "_operation",
                Case::Parameter => "_parameter",
            });
        }
        // A name that only has symbols is a change that a reader cannot undo.
        let from =
            (wanted != cased || !name.chars().any(char::is_alphanumeric)).then(|| name.to_owned());
        self.items.push(Item {
            wanted,
            from,
            wire: wire.to_owned(),
            is_fixed: false,
            place: place.cloned(),
        });
    }

    /// Adds an item whose name is settled elsewhere.
    pub(super) fn fixed(&mut self, ident: &str, wire: &str) {
        let item = Item {
            wanted: ident.to_owned(),
            from: None,
            wire: wire.to_owned(),
            is_fixed: true,
            place: None,
        };
        self.items.push(item);
    }

    /// Settles all names, in the order in which they were added.
    pub(super) fn finish(self, what: &str, found: &mut Vec<Diagnostic>) -> Vec<Name> {
        let mut owners: HashMap<&str, usize> = HashMap::new();
        // Who keeps a contested name: one settled elsewhere, then one whose wire name it is to the letter, then the first.
        let rank = |item: &Item| (!item.is_fixed, item.wire != item.wanted);
        for (at, item) in self.items.iter().enumerate() {
            let owner = owners.entry(&item.wanted).or_insert(at);
            if rank(item) < rank(&self.items[*owner]) {
                *owner = at;
            }
        }
        let mut taken: Vec<String> = owners
            .keys()
            .map(|name| (*name).to_owned())
            .chain(self.reserved)
            .collect();
        let mut out = Vec::new();
        for (at, item) in self.items.iter().enumerate() {
            let (mut ident, mut from) = (item.wanted.clone(), item.from.clone());
            if owners.get(item.wanted.as_str()) != Some(&at) {
                let separator = if matches!(self.case, Case::Type | Case::Variant) {
                    ""
                } else {
                    "_"
                };
                let stem = item.wanted.trim_end_matches('_');
                let numbered = (2..).map(|number| format!("{stem}{separator}{number}"));
                ident = numbered
                    .into_iter()
                    .find(|name| !taken.contains(name))
                    .unwrap_or_default();
                taken.push(ident.clone());
                from = Some(item.wanted.clone());
            }
            if let Some(from) = &from {
                let mut note = Diagnostic::note(
                    "renamed",
                    format!("{what} `{}`: `{from}` is called `{ident}`", item.wire),
                );
                note.place = item.place.clone();
                found.push(note);
            }
            if KEYWORDS.contains(&ident.as_str()) {
                ident.insert_str(0, "r#");
            }
            out.push(Name {
                ident,
                renamed_from: from,
            });
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settle(case: Case, reserved: &[&str], names: &[&str]) -> Vec<String> {
        let mut scope = Scope::new(case, reserved);
        names.iter().for_each(|name| scope.add(name, name, None));
        scope
            .finish("item", &mut Vec::new())
            .into_iter()
            .map(|name| name.ident)
            .collect()
    }

    #[test]
    fn keywords_are_raw_and_the_rest_get_an_underscore() {
        assert_eq!(
            settle(Case::Field, &[], &["type", "self", "true", "Crate"]),
            ["r#type", "self_", "r#true", "crate_"]
        );
    }

    #[test]
    fn names_that_differ_in_case_alone_stay_apart() {
        assert_eq!(
            settle(Case::Field, &[], &["ID", "id", "Id"]),
            ["id_2", "id", "id_3"]
        );
        assert_eq!(
            settle(Case::Field, &[], &["a", "A", "a2", "a_2"]),
            ["a", "a_3", "a2", "a_2"]
        );
    }

    #[test]
    fn reserved_names_and_numbers_get_a_word() {
        assert_eq!(
            settle(Case::Type, TYPES, &["Option", "2D"]),
            ["OptionModel", "Type2d"]
        );
        assert_eq!(
            settle(
                Case::Variant,
                VARIANTS,
                &["UnknownValue", "1", "-1", "Unknown"]
            ),
            ["UnknownValueValue", "Value1", "Minus1", "Unknown"]
        );
    }
}
