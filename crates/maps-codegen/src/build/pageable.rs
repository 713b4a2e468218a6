//! Operations whose answer is one page of many.

use super::Builder;
use crate::diagnostics::{Diagnostic, did_you_mean};
use crate::load::At;
use crate::model::{
    Following, Location, Operation, OperationKind, Pageable, Property, Role, Success, Type,
    TypeKind,
};

impl<'a> Builder<'a> {
    /// Reads `x-ms-pageable` of every operation.
    pub(super) fn pageables(&mut self, operations: &mut [Operation]) {
        let known: Vec<Operation> = operations.to_vec();
        let mut found = Vec::new();
        for operation in operations {
            if self.unfollowed.contains(&operation.id) {
                continue;
            }
            let Some(at) = self
                .source(operation)
                .and_then(|at| at.get("x-ms-pageable"))
            else {
                continue;
            };
            let is_long_running = self
                .source(operation)
                .and_then(|source| source.bool("x-ms-long-running-operation"));
            if is_long_running == Some(true) {
                let message = "the pages of a long-running operation's result";
                let warning = Diagnostic::warning("unsupported-paging", message);
                let help = "the poller gives the first; its link leads to the next, which `request` of the client asks for";
                self.report(warning.at(at.place()).help(help));
                continue;
            }
            match self.pageable(at, operation) {
                Ok(Some(mut pageable)) => {
                    pageable.following = following(at, operation, &pageable, &known, &mut found);
                    operation.kind = OperationKind::Pageable(pageable);
                }
                Ok(None) => {}
                Err(message) => {
                    let found = Diagnostic::warning("unsupported-paging", message).at(at.place());
                    let help = "it is one call that gives one page; correct the answer or `itemName`, or remove `x-ms-pageable`";
                    self.report(found.help(help));
                }
            }
        }
        self.found.extend(found);
    }

    fn pageable(&mut self, at: At<'a>, operation: &Operation) -> Result<Option<Pageable>, String> {
        let items = at.str("itemName").unwrap_or("value");
        // A dot within a name is escaped where dots lead into an object.
        let next_link = at.string("nextLinkName").filter(|name| !name.is_empty());
        let mut next_link = next_link.map(|name| name.replace("\\.", "."));
        let page = match &operation.success {
            Success::One(Type::Named(page)) | Success::Optional(Type::Named(page)) => page,
            // A bare list is a page of its own and never followed by another.
            Success::One(Type::Array(_)) => return Ok(None),
            _ => return Err("the answer of a pageable operation is not an object".to_owned()),
        };
        let Some(TypeKind::Struct(definition)) = self.types.get(page).map(|def| &def.kind) else {
            return Err("the answer of a pageable operation is not an object".to_owned());
        };
        let property = definition
            .properties
            .iter()
            .find(|property| property.wire == items);
        let Some(Type::Array(item)) = property.map(|property| &property.ty) else {
            return Err(format!("`{}` has no list `{items}`", page.0));
        };
        let item = (**item).clone();
        if let Some(link) = next_link.take() {
            let mut properties = definition.properties.iter();
            let fault = match properties.find(|property| property.wire == link) {
                Some(property) if is_link(property) => None,
                Some(_) => Some((format!("`{link}` of `{}` is no text", page.0), None)),
                None => {
                    let names = definition.properties.iter();
                    let names = names.map(|property| property.wire.as_str());
                    let message = format!("`{}` has no property `{link}`", page.0);
                    Some((message, did_you_mean(&link, names)))
                }
            };
            match fault {
                None => next_link = Some(link),
                Some((message, help)) => {
                    let help = help.unwrap_or_else(|| {
                        "there is one page; declare it, or say `\"nextLinkName\": null`".to_owned()
                    });
                    let found = Diagnostic::warning("unsupported-paging", message);
                    self.report(found.at(at.place()).help(help));
                }
            }
        }
        Ok(Some(Pageable {
            next_link,
            items: items.to_owned(),
            item,
            page: page.clone(),
            following: None,
        }))
    }

    /// Where an operation stands.
    pub(super) fn source(&self, operation: &Operation) -> Option<At<'a>> {
        let documents = self.resolver.documents();
        let document = documents
            .iter()
            .find(|document| document.shown == operation.place.file)?;
        let mut at = document.root();
        for part in operation.place.pointer.split('/').skip(1) {
            at = at.get(&part.replace("~1", "/").replace("~0", "~"))?;
        }
        Some(at)
    }
}

/// Whether a property can hold the link to another page.
fn is_link(property: &Property) -> bool {
    matches!(property.ty, Type::String | Type::Any) && property.constant.is_none()
}

/// How the operation for further pages is asked.
///
/// Where it does not exist, or its path takes more than the first request has, that is reported, and pages are asked for
/// at their link.
fn following(
    at: At<'_>,
    first: &Operation,
    pageable: &Pageable,
    known: &[Operation],
    found: &mut Vec<Diagnostic>,
) -> Option<Box<Following>> {
    let place = at.get("operationName")?;
    let name = place.as_str()?;
    let link = pageable.next_link.as_ref()?;
    let Some(next) = known.iter().find(|operation| operation.id == name) else {
        let known = known.iter().map(|operation| operation.id.as_str());
        let message =
            format!("`{name}` is no operation; further pages are asked for at their link");
        let help = did_you_mean(name, known)
            .unwrap_or_else(|| "operations go by their `operationId`".to_owned());
        let warning = Diagnostic::warning("unknown-operation", message);
        found.push(warning.at(place.place()).help(help));
        return None;
    };
    let within = |location| {
        let parameters = next.parameters.iter();
        parameters.filter(move |parameter| parameter.location == location)
    };
    // `odata.nextLink` of a page goes to the parameter `nextLink`.
    let short = link.rsplit('.').next().unwrap_or(link);
    let takes_link = |wire: &str| wire == link || wire == short;
    let mut unknown = within(Location::Path).filter(|parameter| {
        let mut known = first.parameters.iter();
        !takes_link(&parameter.wire)
            && !known.any(|known| known.location == Location::Path && known.wire == parameter.wire)
    });
    if let Some(parameter) = unknown.next() {
        let message = format!(
            "`{name}` needs `{}`, which the first request does not have; further pages are asked for at their link",
            parameter.wire
        );
        let help = "give both the same parameters of the path, or remove `operationName`";
        let warning = Diagnostic::warning("unknown-parameter", message);
        found.push(warning.at(place.place()).help(help));
        return None;
    }
    let hole = within(Location::Path).find(|parameter| takes_link(&parameter.wire));
    let query = || within(Location::Query).filter(|parameter| parameter.role != Role::ApiVersion);
    let constants = query().filter_map(|parameter| {
        let value = parameter.constant.as_ref().filter(|_| parameter.required)?;
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        Some((parameter.wire.clone(), text))
    });
    Some(Box::new(Following {
        operation: next.id.clone(),
        path: hole.map(|hole| (next.path.clone(), hole.wire.clone())),
        query: query().map(|parameter| parameter.wire.clone()).collect(),
        constants: constants.collect(),
    }))
}
