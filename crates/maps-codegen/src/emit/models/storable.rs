//! Types of properties as `serde` can hold them.
//!
//! Dates and bytes have formats of their own, which `maps_types` knows for a value, and for an optional one, a list and a
//! map of them. Within anything deeper they stay what they are on the wire: texts, and numbers for points in time.

use std::borrow::Cow;

use crate::model::{Service, Type, TypeKind};

/// The service with every property of a type that can be held.
pub(super) fn storable(service: &Service) -> Cow<'_, Service> {
    let mut service = Cow::Borrowed(service);
    let keys: Vec<_> = service.types.keys().cloned().collect();
    for key in keys {
        let Some(TypeKind::Struct(body)) = service.types.get(&key).map(|def| &def.kind) else {
            continue;
        };
        let properties: Vec<Option<Type>> = body
            .properties
            .iter()
            .map(|property| changed(&property.ty, !property.required || property.nullable))
            .collect();
        let additional = body
            .additional
            .as_ref()
            .map(on_the_wire)
            .filter(|ty| Some(ty) != body.additional.as_ref());
        if additional.is_none() && properties.iter().all(Option::is_none) {
            continue;
        }
        let Some(TypeKind::Struct(body)) = service
            .to_mut()
            .types
            .get_mut(&key)
            .map(|def| &mut def.kind)
        else {
            continue;
        };
        for (property, ty) in body.properties.iter_mut().zip(properties) {
            property.ty = ty.unwrap_or_else(|| property.ty.clone());
        }
        body.additional = additional.or(body.additional.take());
    }
    service
}

/// Another type for a property, where its own cannot be held.
fn changed(ty: &Type, may_be_absent: bool) -> Option<Type> {
    let holds = match ty {
        // Bytes that JSON has no form for.
        Type::Bytes => false,
        ty if has_format(ty) => true,
        Type::Array(item) | Type::Map(item) if has_format(item) => !may_be_absent,
        ty => on_the_wire(ty) == *ty,
    };
    (!holds).then(|| on_the_wire(ty))
}

fn has_format(ty: &Type) -> bool {
    matches!(
        ty,
        Type::DateTime
            | Type::Date
            | Type::DateTimeRfc1123
            | Type::UnixTime
            | Type::Base64
            | Type::Base64Url
    )
}

/// The type without formats.
fn on_the_wire(ty: &Type) -> Type {
    match ty {
        Type::UnixTime => Type::I64,
        Type::Bytes => Type::String,
        ty if has_format(ty) => Type::String,
        Type::Array(item) => Type::Array(Box::new(on_the_wire(item))),
        Type::Map(item) => Type::Map(Box::new(on_the_wire(item))),
        Type::Nullable(inner) => Type::Nullable(Box::new(on_the_wire(inner))),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(ty: Type) -> Type {
        Type::Array(Box::new(ty))
    }

    #[test]
    fn formats_that_are_known_stay() {
        assert_eq!(changed(&Type::DateTime, true), None);
        assert_eq!(changed(&list(Type::Base64), false), None);
        assert_eq!(changed(&list(list(Type::F64)), true), None);
    }

    #[test]
    fn deeper_ones_are_what_is_on_the_wire() {
        assert_eq!(
            changed(&list(Type::DateTime), true),
            Some(list(Type::String))
        );
        assert_eq!(
            changed(&list(list(Type::UnixTime)), false),
            Some(list(list(Type::I64)))
        );
        assert_eq!(changed(&Type::Bytes, false), Some(Type::String));
    }
}
