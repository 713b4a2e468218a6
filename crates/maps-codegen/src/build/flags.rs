//! What is known of types once all of them are: directions, errors, unions, boxes.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::model::{
    Group, Host, LongRunning, Operation, OperationKind, Struct, Success, Type, TypeDef, TypeKey,
    TypeKind,
};

type Types = IndexMap<TypeKey, TypeDef>;

/// Marks every type.
pub(super) fn mark(types: &mut Types, groups: &[Group], host: &Host) {
    let operations = || groups.iter().flat_map(|group| &group.operations);
    let hosts = host.parameters.iter().map(|parameter| parameter.ty.clone());
    let requests: Vec<TypeKey> = operations()
        .flat_map(sent)
        .chain(hosts)
        .flat_map(|ty| named(&ty))
        .collect();
    let responses: Vec<TypeKey> = operations()
        .flat_map(received)
        .flat_map(|ty| named(&ty))
        .collect();
    for key in reach(types, requests, true) {
        types[&key].in_request = true;
    }
    for key in reach(types, responses, false) {
        types[&key].in_response = true;
    }
    let bodies: HashSet<TypeKey> = operations()
        .flat_map(errors)
        .flat_map(|ty| named(&ty))
        .collect();
    mark_errors(types, &bodies);
    mark_unions(types);
    box_recursion(types);
    box_rare(types, &bodies);
}

/// Takes away the types that nothing holds: enumerations that only tell kinds apart, which the kinds themselves say. Gives
/// their names in the definition.
pub(super) fn drop_unused(
    types: &mut Types,
    groups: &[Group],
    host: &Host,
    listed: &[TypeKey],
) -> Vec<String> {
    let operations = groups.iter().flat_map(|group| &group.operations);
    let mut start = listed.to_vec();
    for operation in operations {
        let own = [sent(operation), received(operation), errors(operation)];
        start.extend(own.iter().flatten().flat_map(named));
    }
    start.extend(
        host.parameters
            .iter()
            .flat_map(|parameter| named(&parameter.ty)),
    );
    let held = reach(types, start, false);
    let mut dropped = Vec::new();
    types.retain(|key, def| {
        let stays = held.contains(key) || !matches!(def.kind, TypeKind::Enum(_));
        if !stays {
            dropped.push(def.wire.clone());
        }
        stays
    });
    dropped
}

fn sent(operation: &Operation) -> Vec<Type> {
    let parameters = operation
        .parameters
        .iter()
        .map(|parameter| parameter.ty.clone());
    parameters
        .chain(operation.body.as_ref().map(|body| body.ty.clone()))
        .collect()
}

fn received(operation: &Operation) -> Vec<Type> {
    let mut out: Vec<Type> = operation
        .responses
        .iter()
        .filter_map(|response| response.ty.clone())
        .collect();
    out.extend(
        operation
            .responses
            .iter()
            .flat_map(|response| &response.headers)
            .map(|header| header.ty.clone()),
    );
    match &operation.success {
        Success::One(ty) | Success::Optional(ty) => out.push(ty.clone()),
        Success::ByStatus(types) => out.extend(types.iter().filter_map(|(_, ty)| ty.clone())),
        Success::Empty | Success::Exists | Success::Bytes => {}
    }
    if let OperationKind::LongRunning(long_running) = &operation.kind {
        let LongRunning {
            monitor,
            result_type,
            ..
        } = &**long_running;
        out.push(monitor.clone());
        out.extend(result_type.clone());
    }
    out
}

fn errors(operation: &Operation) -> Vec<Type> {
    operation
        .responses
        .iter()
        .filter(|response| response.is_error)
        .filter_map(|response| response.ty.clone())
        .collect()
}

/// Named types in a type.
fn named(ty: &Type) -> Vec<TypeKey> {
    match ty {
        Type::Named(key) => vec![key.clone()],
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => named(inner),
        _ => Vec::new(),
    }
}

/// Everything that `start` leads to; a request does not carry read-only properties.
fn reach(types: &Types, start: Vec<TypeKey>, is_request: bool) -> HashSet<TypeKey> {
    let mut seen: HashSet<TypeKey> = HashSet::new();
    let mut open = start;
    while let Some(key) = open.pop() {
        let Some(def) = types.get(&key) else { continue };
        if !seen.insert(key) {
            continue;
        }
        match &def.kind {
            TypeKind::Struct(definition) => {
                let properties = definition
                    .properties
                    .iter()
                    .filter(|property| !(is_request && property.read_only));
                open.extend(properties.flat_map(|property| named(&property.ty)));
                open.extend(definition.additional.iter().flat_map(named));
            }
            TypeKind::Union(union) => {
                open.extend(union.variants.iter().map(|variant| variant.ty.clone()))
            }
            TypeKind::Enum(_) => {}
        }
    }
    seen
}

/// Bodies of error responses, their `error`, and everything with the shape of an error detail.
fn mark_errors(types: &mut Types, bodies: &HashSet<TypeKey>) {
    let mut marked = bodies.clone();
    for key in bodies {
        if let Some(definition) = structure(types, key) {
            let inner = definition
                .properties
                .iter()
                .find(|property| property.wire == "error");
            marked.extend(inner.iter().flat_map(|property| named(&property.ty)));
        }
    }
    marked.extend(
        types
            .keys()
            .filter(|key| structure(types, key).is_some_and(is_detail))
            .cloned(),
    );
    for key in marked {
        if let Some(def) = types.get_mut(&key) {
            def.is_error = matches!(def.kind, TypeKind::Struct(_));
        }
    }
}

/// An error detail has a code for programs and a message for people.
fn is_detail(definition: &Struct) -> bool {
    let has_text = |wire: &str| {
        definition
            .properties
            .iter()
            .any(|property| property.wire == wire && property.ty == Type::String)
    };
    has_text("code") && has_text("message")
}

fn structure<'t>(types: &'t Types, key: &TypeKey) -> Option<&'t Struct> {
    match &types.get(key)?.kind {
        TypeKind::Struct(definition) => Some(definition),
        _ => None,
    }
}

/// Tells each concrete type the unions that it is a variant of.
fn mark_unions(types: &mut Types) {
    let mut pairs = Vec::new();
    for (key, def) in types.iter() {
        if let TypeKind::Union(union) = &def.kind {
            pairs.extend(
                union
                    .variants
                    .iter()
                    .map(|variant| (variant.ty.clone(), key.clone())),
            );
        }
    }
    for (variant, union) in pairs {
        if let Some(TypeKind::Struct(definition)) = types.get_mut(&variant).map(|def| &mut def.kind)
        {
            definition.unions.push(union);
        }
    }
}

/// Boxes the properties through which a type would contain itself. Lists and maps hold their items apart already.
fn box_recursion(types: &mut Types) {
    let keys: Vec<TypeKey> = types.keys().cloned().collect();
    for key in keys {
        let Some(definition) = structure(types, &key) else {
            continue;
        };
        let inline: Vec<usize> = (0..definition.properties.len())
            .filter(|at| {
                let property = &definition.properties[*at];
                !property.boxed
                    && inline_key(&property.ty).is_some_and(|target| holds(types, target, &key))
            })
            .collect();
        if let Some(TypeKind::Struct(definition)) = types.get_mut(&key).map(|def| &mut def.kind) {
            for at in inline {
                definition.properties[at].boxed = true;
            }
        }
    }
}

fn inline_key(ty: &Type) -> Option<&TypeKey> {
    match ty {
        Type::Named(key) => Some(key),
        Type::Nullable(inner) => inline_key(inner),
        _ => None,
    }
}

/// Whether a value of type `from` has a value of type `target` in its own memory.
fn holds(types: &Types, from: &TypeKey, target: &TypeKey) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![from];
    while let Some(key) = open.pop() {
        if key == target {
            return true;
        }
        if !seen.insert(key) {
            continue;
        }
        match types.get(key).map(|def| &def.kind) {
            Some(TypeKind::Struct(definition)) => {
                let inline = definition
                    .properties
                    .iter()
                    .filter(|property| !property.boxed);
                open.extend(inline.filter_map(|property| inline_key(&property.ty)));
            }
            Some(TypeKind::Union(union)) => {
                open.extend(union.variants.iter().map(|variant| &variant.ty))
            }
            Some(TypeKind::Enum(_)) | None => {}
        }
    }
    false
}

/// Boxes optional error details outside error bodies: they are large, and in the items of a list nearly always absent.
fn box_rare(types: &mut Types, bodies: &HashSet<TypeKey>) {
    let details: HashSet<TypeKey> = types
        .iter()
        .filter(|(_, def)| def.is_error)
        .map(|(key, _)| key.clone())
        .collect();
    for (key, def) in types.iter_mut() {
        let TypeKind::Struct(definition) = &mut def.kind else {
            continue;
        };
        if bodies.contains(key) {
            continue;
        }
        for property in &mut definition.properties {
            let is_detail = matches!(&property.ty, Type::Named(key) if details.contains(key));
            property.boxed |= is_detail && !property.required;
        }
    }
}
