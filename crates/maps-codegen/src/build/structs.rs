//! Objects with properties, and the unions over their kinds.

use std::collections::HashSet;

use super::hierarchy::Kind;
use super::{Builder, docs};
use crate::diagnostics::{Diagnostic, did_you_mean};
use crate::load::{At, Json};
use crate::model::{Property, Struct, Tag, Type, TypeDef, TypeKey, TypeKind, Union, Variant};
use crate::name::words::pascal;

impl<'a> Builder<'a> {
    /// Type of an object with properties. `concrete` asks for the kind itself where others extend it.
    pub(super) fn structure(
        &mut self,
        at: At<'a>,
        definition: Option<&'a str>,
        context: &str,
        concrete: bool,
    ) -> Type {
        let concrete = concrete && self.hierarchy.is_polymorphic(at);
        if let Some(known) = self.named.get(&(at.id(), concrete)) {
            return known.clone();
        }
        if self.hierarchy.is_polymorphic(at) && !concrete {
            return self.union(at, definition, context);
        }
        let key = match self.claim(at, definition, context) {
            Ok(key) => key,
            Err(known) => {
                self.named.insert((at.id(), concrete), known.clone());
                return known;
            }
        };
        let ty = Type::Named(key.clone());
        self.named.insert((at.id(), concrete), ty.clone());
        // Reserved before its properties are read, which may lead back here.
        self.reserve(&key, at, definition, TypeKind::Struct(Struct::default()));

        let mut tags = self.hierarchy.tags(at).into_iter();
        let tag = tags.next();
        let mut collected = Collected::default();
        self.collect(at, &key.0, &mut collected);
        for property in &mut collected.properties {
            if collected.required.contains(&property.wire) {
                property.required = true;
            }
            if !property.required {
                property.constant = None;
            }
        }
        if let Some(tag) = &tag {
            collected
                .properties
                .retain(|property| property.wire != tag.property);
        }
        for tag in tags {
            collected.constant(tag);
        }
        for name in &collected.required {
            let is_tag = tag.as_ref().is_some_and(|tag| tag.property == *name);
            if !is_tag
                && !collected
                    .properties
                    .iter()
                    .any(|property| property.wire == *name)
            {
                let found = Diagnostic::warning(
                    "unknown-required",
                    format!("`{name}` is required and not declared"),
                );
                let declared = collected.properties.iter();
                let declared = declared.map(|property| property.wire.as_str());
                let help = did_you_mean(name, declared)
                    .unwrap_or_else(|| "it is not held; declare it under `properties`".to_owned());
                let place = at.get("required").unwrap_or(at).place();
                self.report(found.at(place).help(help));
            }
        }
        let built = Struct {
            properties: collected.properties,
            tag,
            additional: collected.additional,
            additional_is_secret: collected.additional_is_secret,
            unions: Vec::new(),
        };
        if let Some(def) = self.types.get_mut(&key) {
            def.kind = TypeKind::Struct(built);
        }
        ty
    }

    /// The union over the kinds of a base.
    fn union(&mut self, at: At<'a>, definition: Option<&'a str>, context: &str) -> Type {
        let tag = self
            .hierarchy
            .discriminator(at)
            .unwrap_or_default()
            .to_owned();
        let own = self.hierarchy.value_of(at, &tag);
        let name = definition.map_or_else(|| pascal(context), str::to_owned);
        // A base that is a kind itself keeps its name for that kind.
        let key = if own.is_some() {
            self.free_key(&format!("Any{}", pascal(&name)), at.document.word())
        } else {
            match self.claim(at, definition, context) {
                Ok(key) => key,
                Err(known) => {
                    self.named.insert((at.id(), false), known.clone());
                    return known;
                }
            }
        };
        let ty = Type::Named(key.clone());
        self.named.insert((at.id(), false), ty.clone());
        self.reserve(
            &key,
            at,
            definition,
            TypeKind::Union(Union {
                tag: tag.clone(),
                variants: Vec::new(),
                own: own.clone(),
            }),
        );
        self.hierarchy.mark_used(at);

        let mut variants: Vec<Variant> = Vec::new();
        for kind in self.hierarchy.kinds(at, &tag) {
            let (kind, is_concrete) = match kind {
                Kind::Concrete(kind) => (kind, true),
                Kind::Base(kind) => (kind, false),
            };
            let name = self.hierarchy.name(kind);
            let value = match is_concrete {
                true => self.hierarchy.value_of(kind, &tag),
                false => self.hierarchy.value_as_base(kind),
            };
            let Type::Named(key) = self.structure(kind, name, "", is_concrete) else {
                continue;
            };
            let value = value.unwrap_or_default();
            match variants.iter().find(|known| known.value == value) {
                Some(known) if known.ty == key => {}
                Some(known) => {
                    let message = format!("`{}` and `{}` both are `{value}`", known.ty.0, key.0);
                    let help = format!(
                        "it is read as `{}`; give one of them another `x-ms-discriminator-value`",
                        known.ty.0
                    );
                    let found = Diagnostic::warning("duplicate-discriminator", message);
                    self.report(found.at(kind.place()).help(help));
                }
                None => variants.push(Variant { value, ty: key }),
            }
        }
        if let Some(def) = self.types.get_mut(&key) {
            def.kind = TypeKind::Union(Union { tag, variants, own });
        }
        ty
    }

    fn reserve(&mut self, key: &TypeKey, at: At<'a>, definition: Option<&str>, kind: TypeKind) {
        let def = TypeDef {
            wire: definition.map_or_else(|| key.0.clone(), str::to_owned),
            client_name: at.string("x-ms-client-name"),
            docs: docs(std::iter::once(at), "title"),
            document: at.document.shown.clone(),
            place: at.place(),
            kind,
            in_request: false,
            in_response: false,
            is_error: false,
        };
        self.types.insert(key.clone(), def);
        self.origins.insert(key.clone(), at);
    }

    /// Reads properties of a schema, those of its bases first.
    fn collect(&mut self, at: At<'a>, context: &str, out: &mut Collected) {
        if !out.seen.insert(at.id()) {
            return;
        }
        out.open.push(at.id());
        for base in at.get("allOf").into_iter().flat_map(At::items) {
            let Some(resolved) = self.resolver.follow(base) else {
                continue;
            };
            let target = resolved.target;
            if out.open.contains(&target.id()) {
                self.report(
                    Diagnostic::warning("recursive-base", "the schema is its own base")
                        .at(base.place())
                        .help("it adds nothing; remove it from `allOf`: a property may refer to the schema"),
                );
                continue;
            }
            if !matches!(target.str("type"), None | Some("object")) {
                let kind = target.str("type").unwrap_or_default();
                let message = format!("`allOf` mixes an object with `{kind}`");
                let found = Diagnostic::warning("unsupported-schema", message);
                let help = "the object is what is read and written; remove the other from `allOf`";
                self.report(found.at(base.place()).help(help));
                continue;
            }
            let name = resolved.definition();
            if name.is_some() {
                self.hierarchy.mark_used(target);
            }
            self.collect(target, name.unwrap_or(context), out);
        }
        out.open.pop();
        for name in at
            .get("required")
            .into_iter()
            .flat_map(At::items)
            .filter_map(At::as_str)
        {
            out.required.push(name.to_owned());
        }
        for (name, schema) in at.get("properties").into_iter().flat_map(At::members) {
            let property = self.property(name, schema, &format!("{context}{}", pascal(name)));
            match out.properties.iter_mut().find(|known| known.wire == name) {
                Some(known) => *known = property,
                None => out.properties.push(property),
            }
        }
        let additional = at
            .get("additionalProperties")
            .map(|schema| (schema, &schema.node.json));
        match additional {
            None | Some((_, Json::Bool(false))) => {}
            Some((schema, Json::Object(members))) if !members.is_empty() => {
                out.additional = Some(self.element(schema, &format!("{context}Value")));
                let values = self.resolver.follow(schema);
                out.additional_is_secret = values.is_some_and(|values| self.is_secret(&values));
            }
            Some(_) => out.additional = Some(Type::Any),
        }
    }

    fn property(&mut self, wire: &str, at: At<'a>, context: &str) -> Property {
        let Some(resolved) = self.follow_schema(at) else {
            return Property {
                wire: wire.to_owned(),
                ..unknown()
            };
        };
        let layers: Vec<At<'a>> = resolved.layers().collect();
        let ty = self.resolved_ty(&resolved, context);
        let mutability: Option<Vec<&str>> = resolved
            .get("x-ms-mutability")
            .map(|at| at.items().filter_map(At::as_str).collect());
        let values: Vec<At<'a>> = resolved
            .get("enum")
            .into_iter()
            .flat_map(At::items)
            .collect();
        let constant = match values[..] {
            [only] => self.fitting_value(&ty, only.to_value()),
            _ => None,
        };
        Property {
            wire: wire.to_owned(),
            // A definition's `x-ms-client-name` names the type, not each property of that type.
            client_name: at.string("x-ms-client-name"),
            docs: docs(layers.iter().copied(), "title"),
            required: false,
            read_only: layers
                .iter()
                .any(|layer| layer.bool("readOnly") == Some(true))
                || mutability.is_some_and(|mutability| mutability == ["read"]),
            nullable: resolved.is("x-nullable"),
            constant,
            default: self.default_of(&resolved, &ty),
            constraints: self.constraints(&layers),
            secret: self.is_secret(&resolved),
            flatten: at.bool("x-ms-client-flatten") == Some(true),
            boxed: false,
            ty,
        }
    }
}

/// What the schemas of one object say together.
#[derive(Default)]
struct Collected {
    properties: Vec<Property>,
    required: Vec<String>,
    additional: Option<Type>,
    additional_is_secret: bool,
    seen: HashSet<usize>,
    open: Vec<usize>,
}

impl Collected {
    /// Makes a property of what tells a kind apart in a further base: it has one value, and always has it.
    fn constant(&mut self, tag: Tag) {
        let known = self
            .properties
            .iter()
            .position(|property| property.wire == tag.property);
        let mut property = match known {
            Some(at) => self.properties.remove(at),
            None => Property {
                wire: tag.property,
                ty: Type::String,
                ..unknown()
            },
        };
        property.required = true;
        property.nullable = false;
        property.constant = Some(tag.value.into());
        self.properties.insert(known.unwrap_or(0), property);
    }
}

fn unknown() -> Property {
    Property {
        wire: String::new(),
        client_name: None,
        docs: crate::model::Docs::default(),
        ty: Type::Any,
        required: false,
        read_only: false,
        nullable: false,
        constant: None,
        default: None,
        constraints: crate::model::Constraints::default(),
        secret: false,
        flatten: false,
        boxed: false,
    }
}
