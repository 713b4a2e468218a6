//! How large a value is in memory, about: what decides whether a variant is boxed.

use std::collections::HashMap;

use crate::model::{Property, Service, Type, TypeKey, TypeKind};

/// Sizes that are known, and 0 for types that are being measured: one that contains itself.
type Known<'s> = HashMap<&'s TypeKey, usize>;

/// Bytes of a value of a named type, or a little more.
pub(super) fn of(service: &Service, key: &TypeKey) -> usize {
    named(service, key, &mut Known::new())
}

fn named<'s>(service: &'s Service, key: &'s TypeKey, known: &mut Known<'s>) -> usize {
    if let Some(size) = known.get(key) {
        return *size;
    }
    known.insert(key, 0);
    let size = match service.types.get(key).map(|def| &def.kind) {
        Some(TypeKind::Struct(body)) => {
            let fields: usize = body
                .properties
                .iter()
                .map(|property| field(service, property, known))
                .sum();
            fields + body.additional.as_ref().map_or(0, |_| 24)
        }
        Some(TypeKind::Enum(_)) => 24,
        // Variants larger than this are boxed.
        Some(TypeKind::Union(_)) => super::unions::LARGEST_UNBOXED + 8,
        None => 0,
    };
    known.insert(key, size);
    size
}

fn field<'s>(service: &'s Service, property: &'s Property, known: &mut Known<'s>) -> usize {
    if property.boxed {
        return 8;
    }
    let size = bytes(service, &property.ty, known);
    // Numbers have no spare value for `None`.
    let tag = if !property.required && matches!(property.ty, Type::I64 | Type::F32 | Type::F64) {
        8
    } else {
        0
    };
    size + tag
}

fn bytes<'s>(service: &'s Service, ty: &'s Type, known: &mut Known<'s>) -> usize {
    match ty {
        Type::Bool => 1,
        Type::I32 | Type::Date => 8,
        Type::I64 | Type::F32 | Type::F64 => 8,
        Type::DateTime | Type::DateTimeRfc1123 | Type::UnixTime => 16,
        Type::Any => 32,
        Type::Object
        | Type::String
        | Type::Base64
        | Type::Base64Url
        | Type::Bytes
        | Type::Array(_)
        | Type::Map(_) => 24,
        Type::Nullable(inner) => bytes(service, inner, known) + 8,
        Type::Named(key) => named(service, key, known),
    }
}
