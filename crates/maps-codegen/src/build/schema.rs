//! Types of schemas, parameters and headers.

use super::Builder;
use super::equal::equal;
use crate::diagnostics::{Diagnostic, did_you_mean};
use crate::load::{At, Json};
use crate::model::{Type, TypeKey};
use crate::name::words::pascal;
use crate::resolve::Resolved;

/// What `type` may say.
pub(super) const TYPES: [&str; 7] = [
    "array", "boolean", "file", "integer", "number", "object", "string",
];

/// Formats and the types they make; `None` keeps the type that they are a format of.
pub(crate) const FORMATS: &[(&str, &str, Option<Type>)] = &[
    ("string", "date-time", Some(Type::DateTime)),
    ("string", "date-time-rfc1123", Some(Type::DateTimeRfc1123)),
    ("string", "date", Some(Type::Date)),
    ("string", "byte", Some(Type::Base64)),
    ("string", "base64url", Some(Type::Base64Url)),
    ("string", "binary", Some(Type::Bytes)),
    ("string", "file", Some(Type::Bytes)),
    ("string", "time", None),
    ("string", "duration", None),
    ("string", "duration-constant", None),
    ("string", "uuid", None),
    ("string", "guid", None),
    ("string", "uri", None),
    ("string", "url", None),
    ("string", "arm-id", None),
    ("string", "email", None),
    ("string", "etag", None),
    ("string", "password", None),
    ("string", "char", None),
    ("string", "decimal", None),
    ("string", "unixtime", None),
    ("integer", "int32", Some(Type::I32)),
    ("integer", "int64", Some(Type::I64)),
    ("integer", "unixtime", Some(Type::UnixTime)),
    ("number", "float", Some(Type::F32)),
    ("number", "double", Some(Type::F64)),
    ("number", "decimal", None),
    ("object", "file", Some(Type::Bytes)),
];

/// Whether an `enum` lists null and nothing else: the value is optional, whatever its type.
fn is_only_null(at: At<'_>) -> bool {
    let mut values = at.get("enum").into_iter().flat_map(At::items).peekable();
    values.peek().is_some() && values.all(|value| matches!(value.node.json, Json::Null))
}

impl<'a> Builder<'a> {
    /// Type of a schema. `context` names what it makes, if it makes something and has no name of its own.
    pub(super) fn ty(&mut self, at: At<'a>, context: &str) -> Type {
        match self.follow_schema(at) {
            Some(resolved) => self.resolved_ty(&resolved, context),
            None => Type::Any,
        }
    }

    /// Type of a schema behind its references.
    pub(super) fn resolved_ty(&mut self, resolved: &Resolved<'a>, context: &str) -> Type {
        let target = resolved.target;
        if let Some(known) = self.named.get(&(target.id(), false)) {
            return known.clone();
        }
        if self.aliases.contains(&target.id()) {
            let found = Diagnostic::warning(
                "recursive-alias",
                "the schema contains itself, and no object on the way",
            );
            let help =
                "what is in it may be anything: only an object makes a type that can hold itself";
            self.report(found.at(target.place()).help(help));
            return Type::Any;
        }
        if resolved.definition().is_some() {
            self.hierarchy.mark_used(target);
        }
        self.aliases.push(target.id());
        let ty = self.schema(target, resolved.definition(), context);
        self.aliases.pop();
        ty
    }

    fn schema(&mut self, at: At<'a>, definition: Option<&'a str>, context: &str) -> Type {
        let declared = at.str("type");
        if self.is_mixed(at) {
            let message = "`allOf` makes an object and something else of one value";
            let help = "it may be anything; keep what is true in `allOf`, for example by a fixup";
            let found = Diagnostic::warning("unsupported-schema", message);
            let place = at.get("allOf").unwrap_or(at).place();
            self.report(found.at(place).help(help));
            return Type::Any;
        }
        if at.get("enum").is_some()
            && declared != Some("boolean")
            && !is_only_null(at)
            && let Some(ty) = self.enumeration(at, definition, context)
        {
            return ty;
        }
        match declared {
            Some("array") => {
                let item_context = format!("{}Item", definition.unwrap_or(context));
                let Some(items) = at.get("items") else {
                    self.report(
                        Diagnostic::warning("missing-items", "an array without `items`")
                            .at(at.place())
                            .help("its items may be anything, as with `\"items\": {}`"),
                    );
                    return Type::Array(Box::new(Type::Any));
                };
                Type::Array(Box::new(self.element(items, &item_context)))
            }
            Some("object") | None => self.object(at, definition, context),
            Some("file") => Type::Bytes,
            Some("boolean") => Type::Bool,
            Some(kind @ ("string" | "integer" | "number")) => self.scalar(at, kind),
            Some(other) => {
                let help = did_you_mean(other, TYPES).unwrap_or_else(|| {
                    format!("it may be anything; `type` is one of {}", TYPES.join(", "))
                });
                let found = Diagnostic::warning("unknown-type", format!("`{other}` is no type"));
                let place = at.get("type").unwrap_or(at).place();
                self.report(found.at(place).help(help));
                Type::Any
            }
        }
    }

    /// Type of an item of a list or a value of a map, which may be null.
    pub(super) fn element(&mut self, at: At<'a>, context: &str) -> Type {
        let Some(resolved) = self.follow_schema(at) else {
            return Type::Any;
        };
        let ty = self.resolved_ty(&resolved, context);
        match ty {
            // These hold null as they are.
            Type::Any => ty,
            ty if resolved.is("x-nullable") => Type::Nullable(Box::new(ty)),
            ty => ty,
        }
    }

    pub(super) fn scalar(&mut self, at: At<'a>, kind: &str) -> Type {
        let plain = match kind {
            "integer" => Type::I64,
            "number" => Type::F64,
            _ => Type::String,
        };
        let Some(format) = at.get("format") else {
            return plain;
        };
        let name = format.as_str().unwrap_or_default();
        match FORMATS
            .iter()
            .find(|(of, known, _)| *of == kind && *known == name)
        {
            Some((_, _, ty)) => ty.clone().unwrap_or(plain),
            None => {
                let known = FORMATS
                    .iter()
                    .filter(|(of, _, _)| *of == kind)
                    .map(|(_, known, _)| *known);
                let found = Diagnostic::warning(
                    "unknown-format",
                    format!("`{name}` is no format of `{kind}` known here"),
                );
                let help = did_you_mean(name, known)
                    .unwrap_or_else(|| format!("it is read as a plain `{kind}`"));
                self.report(found.at(format.place()).help(help));
                plain
            }
        }
    }

    /// Whether a value is a secret, or a list or map of secrets.
    pub(super) fn is_secret(&mut self, value: &Resolved<'a>) -> bool {
        let mut value = value.clone();
        // Deeper ones are no values that documents have.
        for _ in 0..4 {
            let is_password = || value.get("format").and_then(At::as_str) == Some("password");
            if value.is("x-ms-secret") || is_password() {
                return true;
            }
            let target = value.target;
            let is_map = target.get("properties").is_none();
            let values = || target.get("additionalProperties").filter(|_| is_map);
            let inner = target.get("items").or_else(values);
            let Some(inner) = inner.and_then(|inner| self.resolver.follow(inner)) else {
                return false;
            };
            value = inner;
        }
        false
    }

    fn object(&mut self, at: At<'a>, definition: Option<&'a str>, context: &str) -> Type {
        if let Some("file") = at.str("format") {
            return Type::Bytes;
        }
        let is_kind = self.hierarchy.is_polymorphic(at) || self.hierarchy.value(at).is_some();
        let has_bases = at
            .get("allOf")
            .is_some_and(|bases| bases.items().next().is_some());
        let has_properties = at
            .get("properties")
            .is_some_and(|properties| properties.members().next().is_some());
        // An object that lists no property may have any, unless it says that it has none.
        let is_closed = at
            .get("additionalProperties")
            .is_some_and(|schema| matches!(schema.node.json, Json::Bool(false)));
        let is_struct = has_properties
            || (at.get("properties").is_some() && is_closed)
            || has_bases
            || at.get("discriminator").is_some();
        if is_struct || is_kind {
            return self.structure(at, definition, context, false);
        }
        match at
            .get("additionalProperties")
            .map(|schema| (schema, &schema.node.json))
        {
            Some((schema, Json::Object(members))) if !members.is_empty() => {
                let value_context = format!("{}Value", definition.unwrap_or(context));
                match self.element(schema, &value_context) {
                    Type::Any => Type::Object,
                    value => Type::Map(Box::new(value)),
                }
            }
            // `type: object` says that the value is an object, its absence says nothing.
            None if at.str("type").is_none() => Type::Any,
            _ => Type::Object,
        }
    }

    /// The type that has a schema's name already, if that schema says the same; else a free key.
    pub(super) fn claim(
        &mut self,
        at: At<'a>,
        definition: Option<&str>,
        context: &str,
    ) -> Result<TypeKey, Type> {
        let wanted = TypeKey(definition.map_or_else(|| pascal(context), str::to_owned));
        let Some(origin) = self.origins.get(&wanted).copied() else {
            return Ok(self.free_key(&wanted.0, ""));
        };
        if definition.is_some() && equal(&self.resolver, origin, at) {
            return Err(Type::Named(wanted));
        }
        let word = if definition.is_some() {
            at.document.word()
        } else {
            ""
        };
        let key = self.free_key(&wanted.0, word);
        let message = format!(
            "`{}` is the name of two different schemas; this one is called `{}`",
            wanted.0, key.0
        );
        self.report(Diagnostic::note("renamed-type", message).at(at.place()));
        Ok(key)
    }
}
