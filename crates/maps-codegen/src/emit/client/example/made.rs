//! Values of examples that a definition does not show: placeholders that say what goes there.

use serde_json::{Map, Number, Value, json};

use crate::model::{Constraints, Parameter, Service, Struct, Type, TypeKey, TypeKind};
use crate::name::words::words;

/// Objects within objects that are made; what holds more of them is better made by the reader.
const DEPTH: usize = 4;

/// Makes values in JSON, of what is required alone.
///
/// A method gives `None` where no value is short: of a type that contains itself, or has too much in it.
pub(super) struct Made<'a> {
    service: &'a Service,
}

impl<'a> Made<'a> {
    pub(super) fn new(service: &'a Service) -> Self {
        Self { service }
    }

    /// A value for a parameter.
    pub(super) fn parameter(&self, parameter: &Parameter) -> Option<Value> {
        let Parameter {
            wire,
            ty,
            constraints,
            default,
            ..
        } = parameter;
        if parameter.header_prefix.is_some() {
            return Some(json!({ "name": "<value>" }));
        }
        default
            .clone()
            .filter(|default| fits(ty, default))
            .or_else(|| self.value(ty, wire, constraints, 0))
    }

    /// A body. Where nothing is required of it, it has its first property, so that it says something.
    pub(super) fn body(&self, ty: &Type, wire: &str) -> Option<Value> {
        let mut value = self.value(ty, wire, &Constraints::default(), 0)?;
        if let (Type::Named(key), Value::Object(members)) = (ty, &mut value)
            && members.is_empty()
            && let Some(TypeKind::Struct(body)) = self.kind(key)
        {
            members.extend(self.first_property(body));
        }
        Some(value)
    }

    fn kind(&self, key: &TypeKey) -> Option<&'a TypeKind> {
        self.service.types.get(key).map(|def| &def.kind)
    }

    /// The first property that a request may have and that is a single value.
    fn first_property(&self, body: &Struct) -> Option<(String, Value)> {
        let mut properties = body.properties.iter();
        properties.find_map(|property| {
            let is_single = match &property.ty {
                Type::Named(key) => matches!(self.kind(key), Some(TypeKind::Enum(_))),
                Type::Any | Type::Object | Type::Array(_) | Type::Map(_) => false,
                _ => true,
            };
            if property.read_only || !is_single {
                return None;
            }
            let value = self.value(&property.ty, &property.wire, &property.constraints, 0)?;
            Some((property.wire.clone(), value))
        })
    }

    fn value(
        &self,
        ty: &Type,
        wire: &str,
        constraints: &Constraints,
        depth: usize,
    ) -> Option<Value> {
        Some(match ty {
            Type::Any | Type::Object => json!({}),
            Type::Bool => json!(true),
            Type::I32 | Type::I64 => Value::from(number(constraints) as i64),
            Type::F32 | Type::F64 => Number::from_f64(number(constraints))?.into(),
            Type::String => text(wire, constraints.format.as_deref()).into(),
            Type::DateTime | Type::DateTimeRfc1123 | Type::UnixTime => {
                json!("2030-01-15T08:30:00Z")
            }
            Type::Date => json!("2030-01-15"),
            Type::Base64 | Type::Base64Url | Type::Bytes => placeholder(wire).into(),
            Type::Array(item) => json!([self.value(item, wire, &Constraints::default(), depth)?]),
            Type::Map(item) => {
                json!({ "key": self.value(item, "value", &Constraints::default(), depth)? })
            }
            Type::Nullable(inner) => self.value(inner, wire, constraints, depth)?,
            Type::Named(key) => match self.kind(key)? {
                TypeKind::Enum(body) => body.values.first()?.value.clone(),
                TypeKind::Struct(body) => self.object(body, depth)?.into(),
                TypeKind::Union(body) => body.variants.iter().find_map(|variant| {
                    let TypeKind::Struct(concrete) = self.kind(&variant.ty)? else {
                        return None;
                    };
                    let mut members = Map::new();
                    members.insert(body.tag.clone(), variant.value.clone().into());
                    members.extend(self.object(concrete, depth)?);
                    Some(Value::Object(members))
                })?,
            },
        })
    }

    /// The properties that an object requires.
    fn object(&self, body: &Struct, depth: usize) -> Option<Map<String, Value>> {
        if depth == DEPTH {
            return None;
        }
        let required = body.properties.iter();
        let required = required.filter(|property| property.required && !property.nullable);
        required
            .map(|property| {
                let value = match &property.constant {
                    Some(constant) => constant.clone(),
                    None => self.value(
                        &property.ty,
                        &property.wire,
                        &property.constraints,
                        depth + 1,
                    )?,
                };
                Some((property.wire.clone(), value))
            })
            .collect()
    }
}

/// Whether a declared default is a value of its type.
fn fits(ty: &Type, default: &Value) -> bool {
    match ty {
        Type::Bool => default.is_boolean(),
        Type::I32 | Type::I64 => default.is_i64(),
        Type::F32 | Type::F64 => default.is_number(),
        Type::String => default.as_str().is_some_and(|text| !text.is_empty()),
        _ => false,
    }
}

/// The smallest number that is allowed and not too plain, 1 where nothing is said.
fn number(constraints: &Constraints) -> f64 {
    let step = constraints.multiple_of.unwrap_or(1.0);
    let above = |minimum: f64| match constraints.exclusive_minimum {
        true => minimum + step,
        false => minimum,
    };
    let least = constraints.minimum.map_or(step, above).max(step);
    match constraints.maximum {
        Some(maximum) if maximum < least => constraints.minimum.map_or(maximum, above),
        _ => least,
    }
}

/// A text as its format asks for it, or else a placeholder.
fn text(wire: &str, format: Option<&str>) -> String {
    match format {
        Some("uuid" | "guid") => "bc3f9365-3ee0-4564-aa27-825016325557".to_owned(),
        Some("uri" | "url") => "https://example.com".to_owned(),
        Some("duration") => "PT1H".to_owned(),
        Some("time") => "08:30:00".to_owned(),
        Some("email") => "someone@example.com".to_owned(),
        Some("ipv4" | "ip-address") => "192.0.2.1".to_owned(),
        _ => placeholder(wire),
    }
}

/// `<resource group name>` of `resourceGroupName`.
fn placeholder(wire: &str) -> String {
    let spoken = wire.strip_prefix("x-ms-").unwrap_or(wire);
    let words: Vec<String> = words(spoken)
        .iter()
        .map(|word| match word.chars().nth(1) {
            // An abbreviation keeps its capitals.
            Some(second) if second.is_uppercase() => word.clone(),
            _ => word.to_lowercase(),
        })
        .collect();
    match words.join(" ") {
        spoken if spoken.is_empty() => "<value>".to_owned(),
        spoken => format!("<{spoken}>"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_words_of_the_name() {
        for (wire, expected) in [
            ("resourceGroupName", "<resource group name>"),
            ("x-ms-lease-id", "<lease id>"),
            ("$filter", "<filter>"),
            ("resultURL", "<result URL>"),
        ] {
            assert_eq!(placeholder(wire), expected);
        }
    }

    #[test]
    fn numbers_keep_to_their_limits() {
        let limits = |minimum, maximum, multiple_of| Constraints {
            minimum,
            maximum,
            multiple_of,
            ..Constraints::default()
        };
        for (constraints, expected) in [
            (Constraints::default(), 1.0),
            (limits(Some(0.0), Some(9.0), None), 1.0),
            (limits(Some(100.0), None, None), 100.0),
            (limits(None, Some(-5.0), None), -5.0),
            (limits(Some(0.0), Some(0.5), None), 0.0),
            (limits(None, None, Some(10.0)), 10.0),
        ] {
            assert_eq!(number(&constraints), expected, "{constraints:?}");
        }
    }
}
