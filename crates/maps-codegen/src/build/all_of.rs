//! What the members of `allOf` make together: an object, or a value that all but one of them say something about.

use super::Builder;
use crate::load::{At, Json};
use crate::resolve::Resolved;

/// What the values of a schema are, as far as its keywords and its bases say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape<'a> {
    /// Nothing says: prose and limits stand beside what does.
    Unsaid,
    /// An object.
    Object,
    /// Something else, by its `type`.
    Other(&'a str),
    /// Two things at once.
    Mixed,
}

impl Shape<'_> {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unsaid, one) | (one, Self::Unsaid) => one,
            (a, b) if a == b => a,
            _ => Self::Mixed,
        }
    }
}

impl<'a> Builder<'a> {
    /// Follows a schema's references, and through an `allOf` of which one member alone says what the values are: the others,
    /// and what stands beside it, are layers on the way.
    pub(super) fn follow_schema(&mut self, at: At<'a>) -> Option<Resolved<'a>> {
        let resolved = self.resolver.follow(at)?;
        self.through_bases(resolved)
    }

    /// The same from where references have led.
    pub(super) fn through_bases(&mut self, mut resolved: Resolved<'a>) -> Option<Resolved<'a>> {
        let mut seen = Vec::new();
        while let Some((base, beside)) = self.only_base(&resolved) {
            let from = resolved.target;
            if seen.contains(&from.id()) {
                break;
            }
            seen.push(from.id());
            if resolved.definition().is_some() {
                self.hierarchy.mark_used(from);
            }
            let next = self.resolver.follow(base)?;
            resolved.chain.push(from);
            resolved.chain.extend(beside);
            resolved.chain.extend(next.chain);
            // What stands within a definition makes its type under its name.
            resolved.root = next.root.or(resolved.root);
            resolved.target = next.target;
        }
        Some(resolved)
    }

    /// The member of `allOf` that says what a schema's values are, where it is one, and the others.
    fn only_base(&mut self, resolved: &Resolved<'a>) -> Option<(At<'a>, Vec<At<'a>>)> {
        let at = resolved.target;
        let members: Vec<At<'a>> = at.get("allOf")?.items().collect();
        if at.get("enum").is_some() || self.hierarchy.is_polymorphic(at) {
            return None;
        }
        let shaped = |builder: &mut Self, member: &At<'a>| builder.shape(*member) != Shape::Unsaid;
        match self.shape(at) {
            Shape::Mixed => None,
            Shape::Other(_) => {
                // A reference has a name for what other members merely repeat.
                let base = *members
                    .iter()
                    .find(|member| member.get("$ref").is_some() && shaped(self, member))
                    .or_else(|| members.iter().find(|member| shaped(self, member)))?;
                Some(without(members, base))
            }
            // A definition with a base is a kind of it; elsewhere a lone base is a reference with prose.
            Shape::Object | Shape::Unsaid => {
                let is_definition = resolved.definition().is_some();
                let mut bases = members.iter().filter(|member| shaped(self, member));
                let base = match (bases.next(), bases.next()) {
                    (Some(base), None) => *base,
                    (None, _) if members.len() == 1 => members[0],
                    _ => return None,
                };
                let own = members.iter().chain([&at]);
                let adds = own.filter(|own| !own.is(base)).any(|own| adds_to(*own));
                (!is_definition && !adds).then(|| without(members, base))
            }
        }
    }

    /// Whether the members of `allOf` contradict each other. A kind among others is an object in any case.
    pub(super) fn is_mixed(&mut self, at: At<'a>) -> bool {
        at.get("allOf").is_some()
            && self.shape(at) == Shape::Mixed
            && !self.hierarchy.is_polymorphic(at)
            && self.hierarchy.value(at).is_none()
    }

    /// What the values of a schema are.
    pub(super) fn shape(&mut self, at: At<'a>) -> Shape<'a> {
        if let Some(known) = self.shapes.get(&at.id()) {
            return *known;
        }
        // A base that leads back here adds nothing.
        self.shapes.insert(at.id(), Shape::Unsaid);
        let shape = match self.resolver.follow_quietly(at) {
            Some(resolved) if !resolved.target.is(at) => self.shape(resolved.target),
            Some(_) => {
                let bases = at.get("allOf").into_iter().flat_map(At::items);
                bases.fold(own_shape(at), |shape, base| shape.and(self.shape(base)))
            }
            None => Shape::Unsaid,
        };
        self.shapes.insert(at.id(), shape);
        shape
    }
}

fn without<'a>(mut members: Vec<At<'a>>, base: At<'a>) -> (At<'a>, Vec<At<'a>>) {
    members.retain(|member| !member.is(base));
    (base, members)
}

/// What a schema's own keywords say.
fn own_shape(at: At<'_>) -> Shape<'_> {
    match at.str("type") {
        Some("object") if at.str("format") == Some("file") => Shape::Other("file"),
        Some("object") => Shape::Object,
        Some(other) => Shape::Other(other),
        None if adds_properties(at) || at.get("discriminator").is_some() => Shape::Object,
        None if at.get("items").is_some() => Shape::Other("array"),
        None if lists_texts(at) => Shape::Other("string"),
        None => Shape::Unsaid,
    }
}

/// Whether an object is more than its base by what stands beside it.
fn adds_to(at: At<'_>) -> bool {
    adds_properties(at) || at.get("discriminator").is_some() || at.get("required").is_some()
}

/// Whether a schema lists its values, and texts alone.
fn lists_texts(at: At<'_>) -> bool {
    let mut values = at.get("enum").into_iter().flat_map(At::items).peekable();
    values.peek().is_some() && values.all(|value| value.as_str().is_some())
}

fn adds_properties(at: At<'_>) -> bool {
    let has_members = |key: &str| {
        at.get(key).is_some_and(|of| {
            of.members().next().is_some() || matches!(of.node.json, Json::Bool(true))
        })
    };
    has_members("properties") || has_members("additionalProperties")
}
