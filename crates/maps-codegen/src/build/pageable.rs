//! Operations whose answer is one page of many.

use super::Builder;
use crate::diagnostics::{Diagnostic, did_you_mean};
use crate::load::At;
use crate::model::{Operation, OperationKind, Pageable, Success, Type, TypeKind};

impl<'a> Builder<'a> {
    /// Reads `x-ms-pageable` of every operation.
    pub(super) fn pageables(&mut self, operations: &mut [Operation]) {
        let paths: Vec<(String, String)> = operations
            .iter()
            .map(|operation| (operation.id.clone(), operation.path.clone()))
            .collect();
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
            found.extend(paged_by(at, &paths));
            match self.pageable(at, operation) {
                Ok(Some(pageable)) => operation.kind = OperationKind::Pageable(pageable),
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
        if let Some(link) = next_link.as_ref().filter(|link| {
            !definition
                .properties
                .iter()
                .any(|property| property.wire == **link)
        }) {
            let message = format!("`{}` has no property `{link}`", page.0);
            let declared = definition.properties.iter();
            let declared = declared.map(|property| property.wire.as_str());
            let help = did_you_mean(link, declared).unwrap_or_else(|| {
                "there is one page; declare it, or say `\"nextLinkName\": null`".to_owned()
            });
            let found = Diagnostic::warning("unsupported-paging", message);
            self.report(found.at(at.place()).help(help));
            next_link = None;
        }
        Ok(Some(Pageable {
            next_link,
            items: items.to_owned(),
            item,
            page: page.clone(),
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

/// Reports an operation for further pages that does not exist, or takes the link as a part of its path: pages are asked
/// for at the link itself, which then has to be a whole one.
fn paged_by(at: At<'_>, paths: &[(String, String)]) -> Option<Diagnostic> {
    let place = at.get("operationName")?;
    let name = place.as_str()?;
    let Some((_, path)) = paths.iter().find(|(id, _)| id == name) else {
        let known = paths.iter().map(|(id, _)| id.as_str());
        let message =
            format!("`{name}` is no operation; further pages are asked for at their link");
        let found = Diagnostic::warning("unknown-operation", message).at(place.place());
        let help = did_you_mean(name, known)
            .unwrap_or_else(|| "operations go by their `operationId`".to_owned());
        return Some(found.help(help));
    };
    let link = at.str("nextLinkName")?;
    path.contains(&format!("{{{link}}}")).then(|| {
        let message = format!(
            "further pages are asked for at their link, which `{name}` takes as a part of its path"
        );
        Diagnostic::warning("link-in-path", message)
            .at(place.place())
            .help("a link without a host is taken relative to the URL of the page before")
    })
}
