//! Whether examples are what their operations take and give: those that are not make no tests.

use indexmap::IndexMap;
use serde_json::Value;

use crate::diagnostics::Diagnostic;
use crate::model::{
    EnumBase, Example, Operation, Role, Service, Struct, Type, TypeDef, TypeKey, TypeKind,
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
    for parameter in &operation.parameters {
        let wire = &parameter.wire;
        match example.parameters.get(wire) {
            Some(value) if parameter.header_prefix.is_none() => {
                let fault = parameter_fault(types, &parameter.ty, value);
                if let Some(fault) = fault {
                    return Some(format!("`{wire}` {fault}"));
                }
            }
            Some(_) => {}
            None => {
                let is_set = parameter.constant.is_some() || parameter.default.is_some();
                if parameter.required && !is_set && parameter.role != Role::ApiVersion {
                    return Some(format!("it does not give `{wire}`"));
                }
            }
        }
    }
    let body = operation.body.as_ref()?;
    match example.parameters.get(&body.wire) {
        Some(value) => fault(types, &body.ty, value, &body.wire),
        None if body.required => Some(format!("it does not give `{}`", body.wire)),
        None => None,
    }
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
        (Type::UnixTime, Value::Number(_)) | (Type::Bytes, _) => None,
        (Type::Named(key), Value::String(text)) => match types.get(key).map(|def| &def.kind) {
            Some(TypeKind::Enum(body)) if body.base != EnumBase::String => {
                (text.parse::<f64>().is_err()).then(|| "is no number".to_owned())
            }
            _ => None,
        },
        // Numbers and booleans are texts in a path, a query or a header.
        (Type::String | Type::Named(_), Value::Number(_) | Value::Bool(_)) => None,
        _ => fault_of(types, ty, value),
    }
}

/// What is wrong with a value that is called `name`.
fn fault(types: &Types, ty: &Type, value: &Value, name: &str) -> Option<String> {
    Some(format!("`{name}` {}", fault_of(types, ty, value)?))
}

fn fault_of(types: &Types, ty: &Type, value: &Value) -> Option<String> {
    let is = |fits: bool, what: &str| (!fits).then(|| format!("is no {what}"));
    match ty {
        Type::Any | Type::Bytes => None,
        Type::Object => is(value.is_object(), "object"),
        Type::Bool => is(value.is_boolean(), "boolean"),
        Type::I32 | Type::I64 | Type::UnixTime => is(value.is_i64(), "integer"),
        Type::F32 | Type::F64 => is(value.is_number(), "number"),
        Type::String | Type::DateTime | Type::DateTimeRfc1123 | Type::Date => {
            is(value.is_string(), "text")
        }
        Type::Base64 | Type::Base64Url => is(value.is_string(), "text"),
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
                _ => is(value.is_number(), "number"),
            },
            TypeKind::Struct(body) => object_fault(types, body, value),
            TypeKind::Union(body) => {
                let Some(tag) = value.get(&body.tag).and_then(Value::as_str) else {
                    return Some(format!("has no `{}`", body.tag));
                };
                let variant = body.variants.iter().find(|variant| variant.value == tag)?;
                match &types.get(&variant.ty)?.kind {
                    TypeKind::Struct(body) => object_fault(types, body, value),
                    _ => fault_of(types, &Type::Named(variant.ty.clone()), value),
                }
            }
        },
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
            None if property.required => return Some(format!("has no `{}`", property.wire)),
            None => {}
        }
    }
    None
}

/// The fault of a part: `/items/0 is no text`.
fn inside(name: &str, fault: String) -> Option<String> {
    let separator = if fault.starts_with('/') { "" } else { " " };
    Some(format!("/{name}{separator}{fault}"))
}
