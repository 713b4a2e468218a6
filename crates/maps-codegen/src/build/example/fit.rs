//! Whether examples are what their operations take and give: those that are not make no tests.
//!
//! Dates and bytes are read by `maps_types`, as clients read them.

use indexmap::IndexMap;
use regex_lite::Regex;
use serde_json::Value;

use crate::diagnostics::Diagnostic;
use crate::model::{
    Constraints, EnumBase, Example, Location, Operation, Parameter, Role, Service, Struct, Type,
    TypeDef, TypeKey, TypeKind, Union,
};

type Types = IndexMap<TypeKey, TypeDef>;

/// Marks the examples that do not fit, and reports each once.
pub(in crate::build) fn check(service: &mut Service) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let types = &service.types;
    let groups = service.groups.iter_mut();
    for operation in groups.flat_map(|group| &mut group.operations) {
        let mut examples = std::mem::take(&mut operation.examples);
        for example in &mut examples {
            let mut faults: Vec<String> = request(types, operation, example).into_iter().collect();
            example.fits = faults.is_empty();
            for at in 0..example.responses.len() {
                let fault = answer(types, operation, example, at);
                example.responses[at].fits = fault.is_none();
                faults.extend(fault);
            }
            if !faults.is_empty() {
                let message = format!(
                    "the example `{}` of `{}` does not fit: {}",
                    example.name,
                    operation.id,
                    faults.join("; ")
                );
                found.push(
                    Diagnostic::warning("example-does-not-fit", message)
                        .at(example.place.clone())
                        .help("no test is made of what does not fit"),
                );
            }
        }
        operation.examples = examples;
    }
    found
}

/// What is wrong with what a request is given.
fn request(types: &Types, operation: &Operation, example: &Example) -> Option<String> {
    let given = |wire: &str| {
        example
            .parameters
            .get(wire)
            .filter(|value| !value.is_null())
    };
    for parameter in &operation.parameters {
        let wire = &parameter.wire;
        match given(wire) {
            Some(value) => {
                let fault = match &parameter.header_prefix {
                    Some(_) => fault_of(types, &Type::Map(Box::new(Type::String)), value),
                    None => parameter_fault(types, &parameter.ty, value)
                        .or_else(|| sent_fault(parameter, value))
                        .or_else(|| media_fault(operation, parameter, value)),
                };
                if let Some(fault) = fault {
                    return Some(format!("`{wire}` {fault}"));
                }
            }
            None => {
                let is_set = parameter.constant.is_some() || parameter.default.is_some();
                if parameter.required && !is_set && parameter.role != Role::ApiVersion {
                    return Some(format!("it does not give `{wire}`"));
                }
            }
        }
    }
    let body = operation.body.as_ref()?;
    match given(&body.wire) {
        Some(value) => fault(types, &body.ty, value, &body.wire),
        None if body.required => Some(format!("it does not give `{}`", body.wire)),
        None => None,
    }
}

/// What keeps a value from being sent: clients check what stands in a path, and headers cannot hold everything.
fn sent_fault(parameter: &Parameter, value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        // Of a list the parts are texts.
        Value::Array(items) if items.is_empty() && parameter.location == Location::Path => {
            return Some("is no segment of a path".to_owned());
        }
        Value::Array(items) => return items.iter().find_map(|item| sent_fault(parameter, item)),
        _ => return None,
    };
    if let Some(constant) = &parameter.constant
        && constant
            .as_str()
            .map_or_else(|| constant.to_string(), str::to_owned)
            != text
    {
        return Some(format!("is not {constant}, which is always sent"));
    }
    // Of what is encoded already the rest would not come back as it is given.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~/:@!$'()*,;".contains(c);
    if parameter.skip_url_encoding && !text.chars().all(is_plain) {
        return Some("is not encoded".to_owned());
    }
    match parameter.location {
        Location::Path if parameter.skip_url_encoding => {
            let segments = text.trim_start_matches('/').split('/');
            let mut hollow = segments.filter(|segment| ["", ".", ".."].contains(segment));
            hollow.next().map(|_| "is no part of a path".to_owned())
        }
        Location::Path if ["", ".", ".."].contains(&text.as_str()) => {
            Some("is no segment of a path".to_owned())
        }
        Location::Path => limit_fault(&parameter.constraints, &text),
        Location::Header if !text.chars().all(|c| c == ' ' || c.is_ascii_graphic()) => {
            Some("is no value of a header".to_owned())
        }
        _ => None,
    }
}

/// What is wrong with the media type of a body.
fn media_fault(operation: &Operation, parameter: &Parameter, value: &Value) -> Option<String> {
    let is_media_type = parameter.location == Location::Header
        && parameter.wire.eq_ignore_ascii_case("content-type");
    let body = operation.body.as_ref().filter(|_| is_media_type)?;
    let mut declared = body.content_types.iter();
    let is_declared = declared.any(|media| value.as_str() == Some(media));
    (!is_declared).then(|| "is no media type that the operation consumes".to_owned())
}

/// The limit that a text breaks.
fn limit_fault(limits: &Constraints, text: &str) -> Option<String> {
    let length = text.chars().count();
    if limits.min_length.is_some_and(|least| length < least) {
        return Some("is too short".to_owned());
    }
    if limits.max_length.is_some_and(|most| length > most) {
        return Some("is too long".to_owned());
    }
    let pattern = limits
        .pattern
        .as_deref()
        .filter(|_| limits.pattern_checked)?;
    let matches = Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text));
    (!matches).then(|| format!("does not match `{pattern}`"))
}

/// What is wrong with an answer.
fn answer(types: &Types, operation: &Operation, example: &Example, at: usize) -> Option<String> {
    let given = &example.responses[at];
    let body = given.body.as_ref()?;
    let responses = &operation.responses;
    let of_status = |status| responses.iter().find(move |own| own.status == status);
    let declared = of_status(Some(given.status)).or_else(|| of_status(None))?;
    let ty = declared.ty.as_ref()?;
    fault(types, ty, body, &format!("body of {}", given.status))
}

/// The same for a parameter, whose value examples may write the way it is sent.
fn parameter_fault(types: &Types, ty: &Type, value: &Value) -> Option<String> {
    match (ty, value) {
        (Type::Array(item), Value::Array(values)) => values
            .iter()
            .find_map(|value| parameter_fault(types, item, value)),
        (Type::Array(item), Value::String(list)) => list
            .split(',')
            .find_map(|part| parameter_fault(types, item, &Value::from(part.trim()))),
        (Type::Nullable(inner), value) => parameter_fault(types, inner, value),
        (Type::Bool | Type::I32 | Type::I64 | Type::F32 | Type::F64, Value::String(text)) => {
            let value = serde_json::from_str(text).unwrap_or(Value::Null);
            fault_of(types, ty, &value)
        }
        (Type::UnixTime, Value::String(text)) => is(
            maps_types::unix_time::parse(text).is_ok(),
            "time in seconds",
        ),
        (Type::Bytes, _) => None,
        (Type::Named(key), Value::String(text)) => match types.get(key).map(|def| &def.kind) {
            Some(TypeKind::Enum(body)) => {
                let value = match body.base {
                    EnumBase::String => value.clone(),
                    _ => serde_json::from_str(text).unwrap_or(Value::Null),
                };
                fault_of(types, ty, &value)
            }
            _ => None,
        },
        // Numbers and booleans are texts in a path, a query or a header.
        (Type::String, Value::Number(_) | Value::Bool(_)) => None,
        (Type::Named(key), Value::Number(_) | Value::Bool(_)) => {
            match types.get(key).map(|def| &def.kind) {
                Some(TypeKind::Enum(body)) if body.base == EnumBase::String => None,
                _ => fault_of(types, ty, value),
            }
        }
        _ => fault_of(types, ty, value),
    }
}

/// What is wrong with a value that is called `name`.
fn fault(types: &Types, ty: &Type, value: &Value, name: &str) -> Option<String> {
    Some(format!("`{name}` {}", fault_of(types, ty, value)?))
}

fn fault_of(types: &Types, ty: &Type, value: &Value) -> Option<String> {
    // How clients read a text; anything else is none.
    let reads = |parses: fn(&str) -> bool| value.as_str().is_some_and(parses);
    match ty {
        Type::Any | Type::Bytes => None,
        Type::Object => is(value.is_object(), "object"),
        Type::Bool => is(value.is_boolean(), "boolean"),
        Type::I32 => is(is_i32(value), "integer of 32 bits"),
        Type::I64 => is(value.is_i64(), "integer"),
        Type::F32 | Type::F64 => is(value.is_number(), "number"),
        Type::String => is(value.is_string(), "text"),
        Type::DateTime => is(
            reads(|text| maps_types::date_time::parse(text).is_ok()),
            "date and time of RFC 3339",
        ),
        Type::Date => is(
            reads(|text| maps_types::date::parse(text).is_ok()),
            "date of RFC 3339",
        ),
        Type::DateTimeRfc1123 => is(
            reads(|text| maps_types::date_time_rfc1123::parse(text).is_ok()),
            "date of RFC 1123",
        ),
        Type::UnixTime => {
            let seconds = value.as_i64().map(|seconds| seconds.to_string());
            let time = seconds.map(|seconds| maps_types::unix_time::parse(&seconds));
            is(time.is_some_and(|time| time.is_ok()), "time in seconds")
        }
        Type::Base64 => is(
            reads(|text| maps_types::base64::parse(text).is_ok()),
            "base64",
        ),
        Type::Base64Url => is(
            reads(|text| maps_types::base64url::parse(text).is_ok()),
            "base64url",
        ),
        Type::Nullable(_) if value.is_null() => None,
        Type::Nullable(inner) => fault_of(types, inner, value),
        Type::Array(item) => {
            let Value::Array(values) = value else {
                return is(false, "list");
            };
            let mut values = values.iter().enumerate();
            values.find_map(|(at, value)| inside(&at.to_string(), fault_of(types, item, value)?))
        }
        Type::Map(item) => {
            let Value::Object(members) = value else {
                return is(false, "object");
            };
            let mut members = members.iter();
            members.find_map(|(name, value)| inside(name, fault_of(types, item, value)?))
        }
        Type::Named(key) => match &types.get(key)?.kind {
            TypeKind::Enum(body) => match body.base {
                EnumBase::String => is(value.is_string(), "text"),
                EnumBase::I32 => is(is_i32(value), "integer of 32 bits"),
                EnumBase::I64 => is(value.is_i64(), "integer"),
                EnumBase::F64 => is(value.is_number(), "number"),
            },
            TypeKind::Struct(body) => object_fault(types, body, value),
            TypeKind::Union(body) => kind_fault(types, body, value),
        },
    }
}

/// `is no …`, unless it is.
fn is(fits: bool, what: &str) -> Option<String> {
    (!fits).then(|| format!("is no {what}"))
}

fn is_i32(value: &Value) -> bool {
    value
        .as_i64()
        .is_some_and(|value| i32::try_from(value).is_ok())
}

fn kind_fault(types: &Types, body: &Union, value: &Value) -> Option<String> {
    let tag = value.get(&body.tag);
    let Some(tag) = tag.map_or(body.own.as_deref(), Value::as_str) else {
        return Some(format!("has no `{}`", body.tag));
    };
    // A kind that is not known is kept as it is.
    let variant = body.variants.iter().find(|variant| variant.value == tag)?;
    match &types.get(&variant.ty)?.kind {
        TypeKind::Struct(body) => object_fault(types, body, value),
        _ => fault_of(types, &Type::Named(variant.ty.clone()), value),
    }
}

fn object_fault(types: &Types, body: &Struct, value: &Value) -> Option<String> {
    let Value::Object(members) = value else {
        return Some("is no object".to_owned());
    };
    for property in &body.properties {
        match members.get(&property.wire) {
            Some(Value::Null) if property.nullable || !property.required => {}
            Some(value) => {
                if let Some(fault) = fault_of(types, &property.ty, value) {
                    return inside(&property.wire, fault);
                }
            }
            None if property.required && !property.nullable => {
                return Some(format!("has no `{}`", property.wire));
            }
            None => {}
        }
    }
    let rest = body.additional.as_ref()?;
    let is_declared = |name: &str| {
        let tag = body.tag.as_ref().map(|tag| tag.property.as_str());
        let mut declared = body
            .properties
            .iter()
            .map(|property| property.wire.as_str());
        declared.any(|known| known == name) || tag == Some(name)
    };
    let mut others = members.iter().filter(|(name, _)| !is_declared(name));
    others.find_map(|(name, value)| inside(name, fault_of(types, rest, value)?))
}

/// The fault of a part: `/items/0 is no text`.
fn inside(name: &str, fault: String) -> Option<String> {
    let separator = if fault.starts_with('/') { "" } else { " " };
    Some(format!("/{name}{separator}{fault}"))
}
