//! Parameters that definitions ask to be given together.

use super::Builder;
use crate::diagnostics::Diagnostic;
use crate::model::{
    Body, Collection, Constraints, Location, Operation, Parameter, ParameterGroup, Place, Role,
};
use crate::name::words::pascal;

impl Builder<'_> {
    /// The groups of all operations. Those whose names differ in case or punctuation alone are one.
    pub(super) fn parameter_groups(&mut self, operations: &mut [Operation]) -> Vec<ParameterGroup> {
        let mut groups: Vec<ParameterGroup> = Vec::new();
        for operation in operations.iter_mut() {
            let (id, place) = (operation.id.clone(), operation.place.clone());
            for parameter in &mut operation.parameters {
                let Some(name) = &mut parameter.group else {
                    continue;
                };
                // What has one possible value is sent with it, and is nobody's choice.
                if parameter.constant.is_some() {
                    parameter.group = None;
                    continue;
                }
                let group = group(&mut groups, name, &id, &place);
                if let Err(message) = add(group, parameter) {
                    parameter.group = None;
                    self.found.push(different(message, &place));
                }
            }
            let Some(body) = &mut operation.body else {
                continue;
            };
            let parameter = of_body(body);
            if let Some(name) = &mut body.group {
                let group = group(&mut groups, name, &id, &place);
                if let Err(message) = add(group, &parameter) {
                    body.group = None;
                    self.found.push(different(message, &place));
                }
            }
        }
        for group in &mut groups {
            let takers = operations
                .iter()
                .filter(|operation| group.operations.contains(&operation.id));
            let takers: Vec<&Operation> = takers.collect();
            for parameter in &mut group.parameters {
                parameter.required = takers.iter().all(|operation| {
                    operation.parameters.iter().any(|own| {
                        own.group.as_ref() == Some(&group.wire)
                            && is_same(own, parameter)
                            && own.required
                    }) || operation.body.as_ref().is_some_and(|own| {
                        own.group.as_ref() == Some(&group.wire)
                            && is_same(&of_body(own), parameter)
                            && own.required
                    })
                });
            }
        }
        groups
    }
}

fn different(message: String, place: &Place) -> Diagnostic {
    let help = "this operation takes its own beside the group; declare it the same everywhere, or give the groups different names";
    let found = Diagnostic::warning("different-parameters", message);
    found.at(place.clone()).help(help)
}

/// The group of a name, which becomes the one that it has from now on.
fn group<'g>(
    groups: &'g mut Vec<ParameterGroup>,
    name: &mut String,
    operation: &str,
    place: &Place,
) -> &'g mut ParameterGroup {
    let known = groups
        .iter()
        .position(|group| pascal(&group.wire) == pascal(name));
    let at = known.unwrap_or_else(|| {
        groups.push(ParameterGroup {
            wire: name.clone(),
            parameters: Vec::new(),
            operations: Vec::new(),
            place: place.clone(),
        });
        groups.len() - 1
    });
    let group = &mut groups[at];
    name.clone_from(&group.wire);
    if group.operations.last().map(String::as_str) != Some(operation) {
        group.operations.push(operation.to_owned());
    }
    group
}

/// A body as a parameter of its group.
fn of_body(body: &Body) -> Parameter {
    Parameter {
        wire: body.wire.clone(),
        client_name: body.client_name.clone(),
        docs: body.docs.clone(),
        location: Location::Body,
        required: body.required,
        ty: body.ty.clone(),
        collection: Collection::default(),
        constraints: Constraints::default(),
        default: None,
        constant: None,
        role: Role::Plain,
        skip_url_encoding: false,
        header_prefix: None,
        secret: false,
        group: body.group.clone(),
    }
}

fn is_same(a: &Parameter, b: &Parameter) -> bool {
    a.wire == b.wire && a.location == b.location
}

fn add(group: &mut ParameterGroup, parameter: &Parameter) -> Result<(), String> {
    match group
        .parameters
        .iter()
        .find(|known| is_same(known, parameter))
    {
        None => group.parameters.push(parameter.clone()),
        Some(known) if known.ty != parameter.ty => {
            return Err(format!(
                "`{}` has two types in the group `{}`",
                parameter.wire, group.wire
            ));
        }
        Some(_) => {}
    }
    Ok(())
}
