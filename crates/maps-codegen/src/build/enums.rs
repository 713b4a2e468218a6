//! Enumerations.

use super::all_of::Shape;
use super::{Builder, docs};
use crate::diagnostics::Diagnostic;
use crate::load::{At, Json};
use crate::model::{Docs, Enum, EnumBase, EnumValue, Type, TypeDef, TypeKey, TypeKind};
use crate::name::words::pascal;
use crate::resolve::Resolved;

impl<'a> Builder<'a> {
    /// Type of a schema, parameter or header with an `enum`.
    pub(super) fn enumeration(
        &mut self,
        at: At<'a>,
        definition: Option<&'a str>,
        context: &str,
    ) -> Option<Type> {
        let extension = at.get("x-ms-enum");
        let declared = at.str("type").or_else(|| match self.shape(at) {
            // A base says what the values are that this schema lists.
            Shape::Other(declared) => Some(declared),
            _ => None,
        });
        let mut base = match (declared, at.str("format")) {
            (Some("integer"), Some("int32")) => EnumBase::I32,
            (Some("integer"), _) => EnumBase::I64,
            (Some("number"), _) => EnumBase::F64,
            (Some("string") | None, _) => EnumBase::String,
            (Some(_), _) => {
                let found =
                    Diagnostic::warning("unsupported-schema", "an `enum` of lists or objects");
                let help = "any value is taken; the values of a list's items belong at its `items`";
                self.report(found.at(at.get("enum").unwrap_or(at).place()).help(help));
                return None;
            }
        };
        let values = self.values(at, extension, base);
        if values.is_empty() {
            return None;
        }
        let is_wide = |value: &&EnumValue| {
            let number = value.value.as_i64();
            number.is_some_and(|number| i32::try_from(number).is_err())
        };
        if base == EnumBase::I32
            && let Some(wide) = values.iter().find(is_wide)
        {
            let message = format!("{} is no `int32`", wide.value);
            let fault = Diagnostic::warning("wrong-type", message);
            let help = "the values are taken as `int64`";
            self.report(fault.at(at.get("enum").unwrap_or(at).place()).help(help));
            base = EnumBase::I64;
        }
        let built = Enum {
            base,
            values,
            closed: extension.and_then(|extension| extension.bool("modelAsString")) != Some(true),
        };
        let wire = extension
            .and_then(|extension| extension.str("name"))
            .or(definition)
            .map_or_else(|| pascal(context), str::to_owned);
        let key = match self.enum_key(&wire, &built, at, definition, context) {
            Ok(key) => key,
            Err(known) => {
                self.named.insert((at.id(), false), known.clone());
                return Some(known);
            }
        };
        let def = TypeDef {
            wire: definition.map_or_else(|| wire.clone(), str::to_owned),
            client_name: Some(key.0.clone()),
            docs: docs(std::iter::once(at), "title"),
            document: at.document.shown.clone(),
            place: at.place(),
            kind: TypeKind::Enum(built),
            in_request: false,
            in_response: false,
            is_error: false,
        };
        self.types.insert(key.clone(), def);
        self.origins.insert(key.clone(), at);
        let ty = Type::Named(key);
        self.named.insert((at.id(), false), ty.clone());
        Some(ty)
    }

    /// A key for the enum, or the type that is the same enum already.
    fn enum_key(
        &mut self,
        wire: &str,
        built: &Enum,
        at: At<'a>,
        definition: Option<&str>,
        context: &str,
    ) -> Result<TypeKey, Type> {
        let wanted = TypeKey(wire.to_owned());
        let Some(known) = self.types.get(&wanted) else {
            return Ok(wanted);
        };
        if let TypeKind::Enum(known) = &known.kind {
            let values = |of: &Enum| {
                of.values
                    .iter()
                    .map(|value| value.value.clone())
                    .collect::<Vec<_>>()
            };
            if known.base == built.base && values(known) == values(built) {
                return Err(Type::Named(wanted));
            }
        }
        let second = definition
            .filter(|name| *name != wire)
            .map_or_else(|| pascal(context), str::to_owned);
        let key = self.free_key(&second, at.document.word());
        let message = format!(
            "`{wire}` is the name of two different schemas; this one is called `{}`",
            key.0
        );
        self.report(Diagnostic::note("renamed-type", message).at(at.place()));
        Ok(key)
    }

    fn values(&mut self, at: At<'a>, extension: Option<At<'a>>, base: EnumBase) -> Vec<EnumValue> {
        let described: Vec<At<'a>> = extension
            .and_then(|extension| extension.get("values"))
            .into_iter()
            .flat_map(At::items)
            .collect();
        let mut values: Vec<EnumValue> = Vec::new();
        let listed = at.get("enum").into_iter().flat_map(At::items);
        // `x-ms-enum` may name values that `enum` does not list.
        let further = described.iter().filter_map(|value| value.get("value"));
        for value in listed.chain(further) {
            let json = value.to_value();
            let fits = fits(&json, base);
            if matches!(value.node.json, Json::Null)
                || values.iter().any(|known| is_same(&known.value, &json))
            {
                continue;
            }
            if !fits {
                // Documents write `"enum": ["1"]` for integers and the reverse.
                if let Some(json) = convert(&json, base) {
                    if !values.iter().any(|known| is_same(&known.value, &json)) {
                        values.push(self.value(json, &described));
                    }
                    continue;
                }
                let found = Diagnostic::warning(
                    "wrong-type",
                    format!("{json} is no value of this enum's type"),
                );
                let help = "it has no name; values are written as `type` says, texts in quotes";
                self.report(found.at(value.place()).help(help));
                continue;
            }
            values.push(self.value(json, &described));
        }
        if values.is_empty() {
            let found = Diagnostic::warning("empty-enum", "an `enum` without values");
            let help = "any value is taken; list the values, or remove `enum`";
            self.report(found.at(at.place()).help(help));
        }
        values
    }

    /// The declared default of a value, as its type has it.
    pub(super) fn default_of(&mut self, of: &Resolved<'a>, ty: &Type) -> Option<serde_json::Value> {
        let at = of.get("default")?;
        let json = at.to_value();
        let fitting = self.fitting_value(ty, json.clone());
        if fitting.is_none() && !json.is_null() {
            let message = format!("the default {json} is no value of the type");
            let help = "it is left out; values are written as `type` says, texts in quotes";
            self.report(
                Diagnostic::warning("wrong-type", message)
                    .at(at.place())
                    .help(help),
            );
        }
        fitting
    }

    /// A value as its type has it: documents write `"1"` for 1 and the reverse. `None` when it is none of the type.
    pub(super) fn fitting_value(
        &self,
        ty: &Type,
        json: serde_json::Value,
    ) -> Option<serde_json::Value> {
        let (fits, base) = match ty {
            Type::Bool => {
                let text = json.as_str().and_then(|text| text.parse::<bool>().ok());
                return json.as_bool().or(text).map(Into::into);
            }
            Type::String => (json.is_string(), EnumBase::String),
            Type::I32 | Type::I64 => (json.is_i64(), EnumBase::I64),
            Type::F32 | Type::F64 => (json.is_number(), EnumBase::F64),
            Type::Named(key) => match self.types.get(key).map(|def| &def.kind) {
                Some(TypeKind::Enum(known)) => (fits(&json, known.base), known.base),
                _ => return Some(json),
            },
            _ => return Some(json),
        };
        match fits {
            true => Some(json),
            false => convert(&json, base),
        }
    }

    fn value(&self, json: serde_json::Value, described: &[At<'a>]) -> EnumValue {
        let entry = described.iter().find(|entry| {
            entry.get("value").is_some_and(|value| {
                let value = value.to_value();
                value == json || text(&value) == text(&json)
            })
        });
        EnumValue {
            value: json,
            name: entry.and_then(|entry| entry.string("name")),
            docs: entry.map_or_else(Docs::default, |entry| {
                docs(std::iter::once(*entry), "title")
            }),
        }
    }
}

/// Whether two values are one in Rust: `1` and `1.0` are, where they are numbers.
fn is_same(a: &serde_json::Value, b: &serde_json::Value) -> bool {
    a == b || a.is_number() && b.is_number() && a.as_f64() == b.as_f64()
}

fn fits(json: &serde_json::Value, base: EnumBase) -> bool {
    match base {
        EnumBase::String => json.is_string(),
        EnumBase::I32 | EnumBase::I64 => json.is_i64(),
        EnumBase::F64 => json.is_number(),
    }
}

fn text(json: &serde_json::Value) -> String {
    json.as_str()
        .map_or_else(|| json.to_string(), str::to_owned)
}

fn convert(json: &serde_json::Value, base: EnumBase) -> Option<serde_json::Value> {
    match base {
        EnumBase::String => {
            (json.is_number() || json.is_boolean()).then(|| json.to_string().into())
        }
        EnumBase::I32 | EnumBase::I64 => json.as_str()?.parse::<i64>().ok().map(Into::into),
        EnumBase::F64 => json.as_str()?.parse::<f64>().ok().map(Into::into),
    }
}
