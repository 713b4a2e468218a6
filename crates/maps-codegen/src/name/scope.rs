//! One namespace.

use std::collections::HashMap;

use super::lock::Keeper;
use super::words::{is_spelt, loses_letters, pascal, snake};
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
    /// What the lock calls it; `None` for what need not keep its name.
    key: Option<String>,
    /// Whether the lock has its name.
    is_locked: bool,
    /// Identifier that the item gets if nobody else wants it.
    wanted: String,
    /// Another one that it gets, before a number, if somebody does.
    otherwise: Option<String>,
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

    /// Adds an item that a definition calls `name` and the wire `wire`; the lock knows it by its wire name.
    pub(super) fn add(&mut self, name: &str, wire: &str, place: Option<&Place>) {
        self.add_as(name, wire, place, Some(wire.to_owned()));
    }

    /// The same for an item that the lock knows by another name, or not at all.
    pub(super) fn add_as(
        &mut self,
        name: &str,
        wire: &str,
        place: Option<&Place>,
        key: Option<String>,
    ) {
        let cased = match self.case {
            Case::Type | Case::Variant => pascal(name),
            Case::Field | Case::Method | Case::Parameter => snake(name),
        };
        let mut wanted = cased.clone();
        if !wanted.starts_with(|c: char| c.is_alphabetic() || c == '_') {
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
        // Letters that are lost, and a name that only has symbols, are changes that a reader cannot undo.
        let is_changed = wanted != cased || !is_spelt(name) || loses_letters(name);
        let from = is_changed.then(|| name.to_owned());
        self.items.push(Item {
            key,
            is_locked: false,
            wanted,
            otherwise: None,
            from,
            wire: wire.to_owned(),
            is_fixed: false,
            place: place.cloned(),
        });
    }

    /// Adds an item whose name is settled elsewhere.
    pub(super) fn fixed(&mut self, ident: &str, wire: &str) {
        let item = Item {
            key: None,
            is_locked: false,
            wanted: ident.to_owned(),
            otherwise: None,
            from: None,
            wire: wire.to_owned(),
            is_fixed: true,
            place: None,
        };
        self.items.push(item);
    }

    /// Lets the item added last have this word behind its name, where another item of the same wire name keeps that.
    pub(super) fn or_behind(&mut self, word: &str) {
        let Some((item, before)) = self.items.split_last_mut() else {
            return;
        };
        if !item.is_fixed && before.iter().any(|other| other.wire == item.wire) {
            let stem = item.wanted.trim_end_matches('_');
            item.otherwise = Some(format!("{stem}_{word}"));
        }
    }

    /// Settles all names, in the order in which they were added. `what` names the items in reports, `lock` the namespace in
    /// the lock.
    pub(super) fn finish(
        mut self,
        what: &str,
        lock: &str,
        keeper: &mut Keeper,
        found: &mut Vec<Diagnostic>,
    ) -> Vec<Name> {
        self.recall(lock, keeper);
        let mut owners: HashMap<&str, usize> = HashMap::new();
        // Who keeps a contested name: one settled elsewhere, then one that had it, then one whose wire name it is to the
        // letter, then the first.
        let rank = |item: &Item| (!item.is_fixed, !item.is_locked, item.wire != item.wanted);
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
                let otherwise = item.otherwise.clone();
                ident = otherwise
                    .into_iter()
                    .chain(numbered)
                    .find(|name| !taken.contains(name))
                    .unwrap_or_default();
                taken.push(ident.clone());
                from = Some(item.wanted.clone());
            }
            if let Some(key) = &item.key {
                found.extend(keeper.keep(lock, key, &ident, item.place.as_ref()));
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

    /// Gives items the names that they had.
    fn recall(&mut self, lock: &str, keeper: &Keeper) {
        for item in &mut self.items {
            let old = item.key.as_ref().and_then(|key| keeper.name(lock, key));
            let Some(old) = old.filter(|old| is_identifier(old)) else {
                continue;
            };
            item.is_locked = true;
            if old != item.wanted {
                let wanted = std::mem::replace(&mut item.wanted, old.to_owned());
                item.from.get_or_insert(wanted);
            }
        }
    }
}

fn is_identifier(name: &str) -> bool {
    KEYWORDS.contains(&name) || syn::parse_str::<syn::Ident>(name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settle(case: Case, reserved: &[&str], names: &[&str]) -> Vec<String> {
        let mut scope = Scope::new(case, reserved);
        names.iter().for_each(|name| scope.add(name, name, None));
        scope
            .finish("item", "item", &mut Keeper::default(), &mut Vec::new())
            .into_iter()
            .map(|name| name.ident)
            .collect()
    }

    #[test]
    fn an_item_keeps_its_locked_name_whatever_comes_before_it() {
        let settle = |names: &[&str], locked: Keeper| {
            let mut scope = Scope::new(Case::Field, &[]);
            names.iter().for_each(|name| scope.add(name, name, None));
            let (mut keeper, mut found) = (locked, Vec::new());
            let idents = scope.finish("field", "field of A", &mut keeper, &mut found);
            let idents: Vec<String> = idents.into_iter().map(|name| name.ident).collect();
            (idents, Keeper::new(keeper.made), found)
        };
        let (first, keeper, _) = settle(&["ID", "type"], Keeper::default());
        assert_eq!(first, ["id", "r#type"]);
        let (second, keeper, found) = settle(&["id", "Id", "ID", "type"], keeper);
        assert_eq!(second, ["id_2", "id_3", "id", "r#type"]);
        assert!(found.iter().all(|note| note.code == "renamed"));
        let (third, mut keeper, _) = settle(&["Id", "type", "id"], keeper);
        assert_eq!(third, ["id_3", "r#type", "id_2"]);

        // Two items cannot have one name, and no name is no name.
        let items = keeper.locked.get_mut("field of A").expect("it was made");
        items.insert("id".to_owned(), "type".to_owned());
        items.insert("Id".to_owned(), "no name".to_owned());
        let (fourth, _, found) = settle(&["Id", "type", "id"], keeper);
        assert_eq!(fourth, ["id", "r#type", "type_2"]);
        let errors = found.iter().filter(|found| found.code == "locked-name");
        assert_eq!(errors.count(), 2);
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
