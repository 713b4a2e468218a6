//! Which definition is a kind of which, over all documents of a service.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use crate::load::{At, Documents};
use crate::model::Tag;
use crate::resolve::Resolver;

/// One definition.
#[derive(Debug)]
struct Entry<'a> {
    name: &'a str,
    at: At<'a>,
    parents: Vec<usize>,
    children: Vec<usize>,
}

/// What one value of a discriminator stands for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind<'a> {
    /// An object of its own.
    Concrete(At<'a>),
    /// A base whose kinds another property tells apart.
    Base(At<'a>),
}

/// All definitions of a service and how they extend each other.
#[derive(Debug)]
pub(super) struct Hierarchy<'a> {
    entries: Vec<Entry<'a>>,
    by_id: HashMap<usize, usize>,
    /// Schemas whose properties went into another one or that stand for another one.
    used: RefCell<HashSet<usize>>,
}

impl<'a> Hierarchy<'a> {
    /// Reads every `allOf` of the documents in `roots` and of those that they refer to.
    pub(super) fn of(documents: &'a Documents, roots: &[At<'a>], resolver: &Resolver<'a>) -> Self {
        let mut entries = Vec::new();
        let mut by_id = HashMap::new();
        for document in reached(documents, roots) {
            for (name, at) in document
                .get("definitions")
                .into_iter()
                .flat_map(At::members)
            {
                by_id.insert(at.id(), entries.len());
                entries.push(Entry {
                    name,
                    at,
                    parents: Vec::new(),
                    children: Vec::new(),
                });
            }
        }
        for child in 0..entries.len() {
            let bases: Vec<At<'a>> = entries[child]
                .at
                .get("allOf")
                .into_iter()
                .flat_map(At::items)
                .collect();
            for base in bases.into_iter().filter(|base| base.get("$ref").is_some()) {
                // A reference that fails is reported when the definition itself is built.
                let Some(parent) = resolver
                    .follow(base)
                    .and_then(|base| by_id.get(&base.target.id()).copied())
                else {
                    continue;
                };
                if parent != child {
                    entries[child].parents.push(parent);
                    entries[parent].children.push(child);
                }
            }
        }
        resolver.take_diagnostics();
        Self {
            entries,
            by_id,
            used: RefCell::default(),
        }
    }

    /// Names of all definitions.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.entries.iter().map(|entry| entry.name)
    }

    /// The first definition of a name.
    pub(super) fn find(&self, name: &str) -> Option<At<'a>> {
        self.entries
            .iter()
            .find(|entry| entry.name == name)
            .map(|entry| entry.at)
    }

    /// Name of a definition.
    pub(super) fn name(&self, at: At<'a>) -> Option<&'a str> {
        self.by_id
            .get(&at.id())
            .map(|entry| self.entries[*entry].name)
    }

    /// Wire name of the property that tells the kinds of a definition apart: its own or that of a base.
    pub(super) fn discriminator(&self, at: At<'a>) -> Option<&'a str> {
        at.str("discriminator")
            .or_else(|| self.inherited_discriminator(at))
    }

    fn inherited_discriminator(&self, at: At<'a>) -> Option<&'a str> {
        let start = *self.by_id.get(&at.id())?;
        self.closure(start, |entry| &entry.parents)
            .into_iter()
            .find_map(|base| self.entries[base].at.str("discriminator"))
    }

    /// Whether other definitions are kinds of this one and a property tells them apart.
    pub(super) fn is_polymorphic(&self, at: At<'a>) -> bool {
        let has_children = self
            .by_id
            .get(&at.id())
            .is_some_and(|entry| !self.entries[*entry].children.is_empty());
        has_children && self.discriminator(at).is_some()
    }

    /// Discriminator value of a concrete kind; `None` for a base that is none itself.
    pub(super) fn value(&self, at: At<'a>) -> Option<String> {
        self.discriminator(at)?;
        if let Some(value) = at.str("x-ms-discriminator-value") {
            return Some(value.to_owned());
        }
        let index = *self.by_id.get(&at.id())?;
        // Without a value of its own, a kind is known by its name, unless it is the root or tells its own kinds apart.
        let is_named = at.get("discriminator").is_none()
            && (self.entries[index].children.is_empty() || self.is_kind_among_others(index));
        is_named.then(|| self.entries[index].name.to_owned())
    }

    /// Whether a base in the middle is a kind itself: where all kinds below it have values of their own and it has none, only
    /// they are meant.
    fn is_kind_among_others(&self, index: usize) -> bool {
        self.closure(index, |entry| &entry.children)
            .into_iter()
            .map(|below| &self.entries[below])
            .any(|below| {
                below.children.is_empty() && below.at.get("x-ms-discriminator-value").is_none()
            })
    }

    /// Properties that tell what a concrete kind is, with their values, the nearest base's first. There are several where
    /// a kind is told apart again by another property, or has several bases with kinds.
    pub(super) fn tags(&self, at: At<'a>) -> Vec<Tag> {
        let mut tags: Vec<Tag> = Vec::new();
        let mut seen = Vec::new();
        // A definition, and the value that it has in the bases above it.
        let mut open: Vec<(At<'a>, Option<String>)> = vec![(at, self.value(at))];
        while !open.is_empty() {
            let (at, value) = open.remove(0);
            if seen.contains(&at.id()) {
                continue;
            }
            seen.push(at.id());
            let parents = self.parents(at);
            // What is no kind of anything else may be one of its own.
            let is_root = self.inherited_discriminator(at).is_none();
            let own = at.str("discriminator").filter(|_| is_root);
            let declared = parents
                .iter()
                .filter_map(|parent| parent.str("discriminator"));
            for property in declared.chain(own) {
                let is_known = tags.iter().any(|tag| tag.property == property);
                if let Some(value) = value.as_ref().filter(|_| !is_known) {
                    tags.push(Tag {
                        property: property.to_owned(),
                        value: value.clone(),
                    });
                }
            }
            for parent in parents {
                // Above a base that tells its kinds apart, they are what the base is.
                let value = match parent.str("discriminator") {
                    Some(_) => self.value_as_base(parent),
                    None => value.clone(),
                };
                open.push((parent, value));
            }
        }
        tags
    }

    /// Value, in the bases above it, of a base whose kinds another property tells apart.
    pub(super) fn value_as_base(&self, at: At<'a>) -> Option<String> {
        let name = || self.name(at).map(str::to_owned);
        at.string("x-ms-discriminator-value").or_else(name)
    }

    /// Value of the property `tag` of a concrete kind; `None` where it does not tell what the kind is.
    pub(super) fn value_of(&self, at: At<'a>, tag: &str) -> Option<String> {
        self.value(at)?;
        let mut tags = self.tags(at).into_iter();
        tags.find(|known| known.property == tag)
            .map(|known| known.value)
    }

    fn parents(&self, at: At<'a>) -> Vec<At<'a>> {
        let entry = self.by_id.get(&at.id()).map(|entry| &self.entries[*entry]);
        entry
            .into_iter()
            .flat_map(|entry| &entry.parents)
            .map(|parent| self.entries[*parent].at)
            .collect()
    }

    /// What the property `tag` tells apart below a definition, itself included where it is a kind, in document order: concrete
    /// kinds, and bases whose own kinds another property tells apart.
    pub(super) fn kinds(&self, at: At<'a>, tag: &str) -> Vec<Kind<'a>> {
        let Some(start) = self.by_id.get(&at.id()).copied() else {
            return Vec::new();
        };
        let mut seen = vec![start];
        let mut next = 0;
        let mut kinds = Vec::new();
        while let Some(index) = seen.get(next).copied() {
            next += 1;
            let entry = &self.entries[index];
            let other = entry.at.str("discriminator").filter(|own| *own != tag);
            if index != start && other.is_some() && !entry.children.is_empty() {
                kinds.push((index, Kind::Base(entry.at)));
                continue;
            }
            if self.value_of(entry.at, tag).is_some() {
                kinds.push((index, Kind::Concrete(entry.at)));
            }
            for child in &entry.children {
                if !seen.contains(child) {
                    seen.push(*child);
                }
            }
        }
        kinds.sort_unstable_by_key(|(index, _)| *index);
        kinds.into_iter().map(|(_, kind)| kind).collect()
    }

    /// Notes that a definition's properties went into the output without a type of its own.
    pub(super) fn mark_used(&self, at: At<'a>) {
        self.used.borrow_mut().insert(at.id());
    }

    /// Definitions noted by [`Hierarchy::mark_used`].
    pub(super) fn used(&self) -> Vec<usize> {
        self.used.borrow().iter().copied().collect()
    }

    /// Everything reached over `next`, without the start, nearest first.
    fn closure(
        &self,
        start: usize,
        next: impl for<'e> Fn(&'e Entry<'a>) -> &'e Vec<usize>,
    ) -> Vec<usize> {
        let mut seen = vec![start];
        let mut at = 0;
        while at < seen.len() {
            for other in next(&self.entries[seen[at]]) {
                if !seen.contains(other) {
                    seen.push(*other);
                }
            }
            at += 1;
        }
        seen.split_off(1)
    }
}

/// The documents that the roots reach, roots first.
fn reached<'a>(documents: &'a Documents, roots: &[At<'a>]) -> Vec<At<'a>> {
    fn files<'a>(at: At<'a>, out: &mut Vec<&'a str>) {
        if let Some(file) = at
            .str("$ref")
            .and_then(|text| text.split('#').next())
            .filter(|file| !file.is_empty())
        {
            out.push(file);
        }
        at.members()
            .filter(|(key, _)| *key != "x-ms-examples")
            .for_each(|(_, child)| files(child, out));
        at.items().for_each(|child| files(child, out));
    }
    let mut out: Vec<At<'a>> = roots.to_vec();
    let mut next = 0;
    while next < out.len() {
        let mut found = Vec::new();
        files(out[next], &mut found);
        found.sort_unstable();
        found.dedup();
        for file in found {
            let Some(document) = documents.find(out[next].document, file) else {
                continue;
            };
            if document.is_definition
                && !out.iter().any(|seen| seen.document.index == document.index)
            {
                out.push(document.root());
            }
        }
        next += 1;
    }
    out
}
