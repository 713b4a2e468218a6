//! What changed between two versions of an API: in requests and answers, or in the Rust alone.
//!
//! Both sides are trees of [`Item`]s. An API as the generator understands it becomes one by [`items::of`], Rust that was
//! generated earlier by [`rust::of`].

use std::fmt;

pub mod item;
pub mod items;
mod report;
pub mod rust;

use item::{Aspect, Item, Kind};

use crate::generate::Built;

/// How much a change asks of the callers of the generated code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing: words of the documentation.
    Patch,
    /// Nothing, but there is something new or something behaves differently.
    Minor,
    /// Code that uses it may no longer compile or no longer work.
    Major,
}

/// What a change is seen in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// In requests or answers.
    Wire,
    /// In the Rust alone.
    Rust,
}

/// What happened to an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another name.
    Renamed {
        /// The name that it had.
        from: String,
        /// The name that it has.
        to: String,
    },
    /// Something else about it is different.
    Changed {
        /// What.
        aspect: &'static str,
        /// What it was.
        from: String,
        /// What it is.
        to: String,
    },
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Kind of the item.
    pub kind: Kind,
    /// The item, with those around it: `Dataset.status`.
    pub item: String,
    /// What happened.
    pub what: What,
    /// What it is seen in.
    pub side: Side,
    /// What it asks of callers.
    pub level: Level,
}

/// All changes between two versions, in the order of the new one; what is gone comes last in its item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// What was compared with what, for people.
    pub title: String,
    /// The changes.
    pub changes: Vec<Change>,
}

impl Difference {
    /// The largest step that any change asks for; none when there is no change.
    pub fn verdict(&self) -> Option<Level> {
        self.changes.iter().map(|change| change.level).max()
    }

    /// As a Markdown section with a table.
    pub fn markdown(&self) -> String {
        report::markdown(self)
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        report::text(self, f)
    }
}

/// Compares two versions of a service.
pub fn built(old: &Built, new: &Built) -> Difference {
    let title = format!(
        "{} {} -> {} {}",
        old.service.name, old.service.version, new.service.name, new.service.version
    );
    let after = items::of(new);
    // A type that has another name and is otherwise the same is one change, not one at each of its uses.
    let mut before = items::of(old);
    let renamed = renamed_types(&before, &after);
    before.rename_types(&renamed);
    compare(title, &before, &after)
}

/// Compares all versions of all services: each with the one of its number, and tells which are new or gone.
pub fn all(old: &[Built], new: &[Built]) -> Vec<Difference> {
    let id = |one: &Built| (one.service.name.clone(), one.service.version.clone());
    let whole = |one: &Built, what, level| Difference {
        title: format!("{} {}", one.service.name, one.service.version),
        changes: vec![Change {
            kind: Kind::Service,
            item: format!("{} {}", one.service.name, one.service.version),
            what,
            side: Side::Wire,
            level,
        }],
    };
    let mut out = Vec::new();
    for after in new {
        match old.iter().find(|before| id(before) == id(after)) {
            Some(before) => {
                let mut difference = built(before, after);
                if before.is_default != after.is_default {
                    let word = |is: bool| if is { "yes" } else { "no" }.to_owned();
                    difference.changes.push(Change {
                        kind: Kind::Service,
                        item: difference.title.clone(),
                        what: What::Changed {
                            aspect: "is the default version",
                            from: word(before.is_default),
                            to: word(after.is_default),
                        },
                        side: Side::Rust,
                        level: Level::Major,
                    });
                }
                out.push(difference);
            }
            None => out.push(whole(after, What::Added, Level::Minor)),
        }
    }
    let gone = old
        .iter()
        .filter(|before| !new.iter().any(|after| id(before) == id(after)));
    out.extend(gone.map(|before| whole(before, What::Removed, Level::Major)));
    out
}

/// Compares two trees, whose roots stand for the same thing.
pub fn compare(title: String, old: &Item, new: &Item) -> Difference {
    let mut changes = Vec::new();
    pair(old, new, "", &mut changes);
    Difference { title, changes }
}

/// Old and new names of types of which nothing but the name differs.
fn renamed_types(old: &Item, new: &Item) -> Vec<(String, String)> {
    matched(old, new)
        .into_iter()
        .filter_map(|(a, b)| {
            let (a, b) = (a?, b?);
            (a.kind.is_type() && a.wire != b.wire).then(|| (a.wire.clone(), b.wire.clone()))
        })
        .collect()
}

/// Compares two items that stand for each other. `path` is the place of their children.
fn pair(old: &Item, new: &Item, path: &str, changes: &mut Vec<Change>) {
    let matched = matched(old, new);
    changes.extend(reordered(old, new, path, &matched));
    for (before, after) in matched {
        match (before, after) {
            (None, Some(item)) => changes.push(Change {
                kind: item.kind,
                item: place(path, item),
                what: What::Added,
                side: item.side,
                level: item.added,
            }),
            (Some(item), None) => changes.push(Change {
                kind: item.kind,
                item: place(path, item),
                what: What::Removed,
                side: item.side,
                level: item.removed,
            }),
            (Some(before), Some(after)) => {
                let shown = place(path, after);
                own(before, after, &shown, changes);
                pair(before, after, &shown, changes);
            }
            (None, None) => {}
        }
    }
}

/// Whether what is required on both sides stands in another order, which is that of arguments.
fn reordered(old: &Item, new: &Item, path: &str, matched: &[Matched<'_>]) -> Option<Change> {
    let position = |item: &Item| {
        let mut children = old.children.iter();
        children.position(|child| std::ptr::eq(child, item))
    };
    let is_argument = |item: &Item| {
        matches!(item.kind, Kind::Property | Kind::Parameter) && item.added == Level::Major
    };
    let after: Vec<(usize, &Item)> = matched
        .iter()
        .filter_map(|(before, after)| Some(((*before)?, (*after)?)))
        .filter(|(before, after)| is_argument(before) && is_argument(after))
        .filter_map(|(before, after)| Some((position(before)?, after)))
        .collect();
    let mut before = after.clone();
    before.sort_by_key(|(position, _)| *position);
    let names = |items: &[(usize, &Item)]| {
        let names = items.iter().map(|(_, item)| item.wire.as_str());
        names.collect::<Vec<_>>().join(", ")
    };
    (before != after).then(|| Change {
        kind: new.kind,
        item: path.to_owned(),
        what: What::Changed {
            aspect: "order of arguments",
            from: names(&before),
            to: names(&after),
        },
        side: Side::Rust,
        level: Level::Major,
    })
}

/// What differs between two items apart from their children.
fn own(old: &Item, new: &Item, shown: &str, changes: &mut Vec<Change>) {
    let mut push = |what, side, level| {
        changes.push(Change {
            kind: new.kind,
            item: shown.to_owned(),
            what,
            side,
            level,
        });
    };
    let renamed = |from: &str, to: &str| What::Renamed {
        from: from.to_owned(),
        to: to.to_owned(),
    };
    if old.wire != new.wire {
        // Neither names of types nor ids of operations are sent; the Rust names say whether callers see them.
        let is_sent = !(new.kind.is_type() || new.kind == Kind::Operation);
        let (side, level) = match is_sent {
            true => (Side::Wire, Level::Minor),
            false => (Side::Rust, Level::Patch),
        };
        push(renamed(&old.wire, &new.wire), side, level);
    }
    if let (Some(from), Some(to)) = (&old.rust, &new.rust)
        && from != to
    {
        push(renamed(from, to), Side::Rust, Level::Major);
    }
    for Aspect {
        name,
        value: to,
        side,
        level,
    } in &new.aspects
    {
        let from = old.aspect(name);
        if from != Some(to) {
            let what = What::Changed {
                aspect: name,
                from: from.cloned().unwrap_or_default(),
                to: to.clone(),
            };
            push(what, *side, *level);
        }
    }
}

fn place(path: &str, item: &Item) -> String {
    if path.is_empty() {
        item.wire.clone()
    } else {
        format!("{path}.{}", item.wire)
    }
}

/// An item before and after.
type Matched<'i> = (Option<&'i Item>, Option<&'i Item>);

/// Children that stand for each other: those of one name, then those that differ in nothing but their name.
fn matched<'i>(old: &'i Item, new: &'i Item) -> Vec<Matched<'i>> {
    let same = |a: &Item, b: &Item| a.kind.same_namespace(b.kind) && a.wire == b.wire;
    let gone: Vec<&Item> = old
        .children
        .iter()
        .filter(|a| !new.children.iter().any(|b| same(a, b)))
        .collect();
    let is_new = |b: &Item| !old.children.iter().any(|a| same(a, b));
    let mut taken: Vec<&Item> = Vec::new();
    let mut out = Vec::new();
    for b in &new.children {
        let mut partner = old.children.iter().find(|a| same(a, b));
        if partner.is_none() {
            // Two of one shape cannot be told apart: they count as removed and added.
            let alike = |shape: &str| {
                let mut candidates = gone
                    .iter()
                    .filter(|a| a.kind == b.kind && a.shape.as_deref() == Some(shape));
                match (candidates.next(), candidates.next()) {
                    (Some(only), None) => Some(*only),
                    _ => None,
                }
            };
            let rivals = new
                .children
                .iter()
                .filter(|c| c.kind == b.kind && c.shape == b.shape && is_new(c))
                .count();
            partner = match &b.shape {
                Some(shape) if rivals == 1 => alike(shape),
                _ => None,
            };
            taken.extend(partner);
        }
        out.push((partner, Some(b)));
    }
    let left = gone
        .into_iter()
        .filter(|a| !taken.iter().any(|b| std::ptr::eq(*a, *b)));
    out.extend(left.map(|a| (Some(a), None)));
    out
}
