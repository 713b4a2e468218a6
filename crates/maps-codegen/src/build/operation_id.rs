//! What operations go by: their `operationId`, or a name from method and path where there is none or another has it.

use std::collections::HashMap;

use crate::diagnostics::Diagnostic;
use crate::load::At;
use crate::model::Docs;
use crate::name::words::pascal;

/// Names that are taken, with the method and path of the operation that has them.
#[derive(Default)]
pub(super) struct Ids(HashMap<String, String>);

/// What an operation goes by, and what its docs say about that.
pub(super) struct Id {
    pub(super) id: String,
    pub(super) other: Other,
}

/// The name that a definition gives to an operation and to another one before it.
#[derive(Default)]
pub(super) struct Other(Option<String>);

impl Other {
    /// Prose that says so.
    pub(super) fn told(&self, mut docs: Docs) -> Docs {
        if let Some(id) = &self.0 {
            let told = format!("The definition calls this operation `{id}`, and another one too.");
            docs.description = Some(match docs.description.or(docs.summary.take()) {
                Some(text) => format!("{text}\n\n{told}"),
                None => told,
            });
        }
        docs
    }
}

impl Ids {
    /// What an operation goes by. Clients are named for it, so that it is never that of another one.
    pub(super) fn of(
        &mut self,
        at: At<'_>,
        method: &str,
        path: &str,
        found: &mut Vec<Diagnostic>,
    ) -> Id {
        let declared = at.str("operationId").filter(|id| !id.is_empty());
        let request = format!("{} {path}", method.to_uppercase());
        let known = declared.and_then(|id| self.0.get(id));
        let (id, other) = match (declared, known) {
            (Some(id), None) => (id.to_owned(), Other::default()),
            (Some(id), Some(known)) => {
                // The group stays, which says on which client it is.
                let group = id.split_once('_').map_or("", |(group, _)| group);
                let bar = if group.is_empty() { "" } else { "_" };
                let name = format!("{group}{bar}{}{}", pascal(method), pascal(path));
                let name = self.free(name);
                let message = format!(
                    "`{id}` is the operationId of {known} too; this one is called `{name}`"
                );
                let help = "clients are named for it: give one of them another, by a fixup";
                let place = at.get("operationId").unwrap_or(at).place();
                let warning = Diagnostic::warning("duplicate-operation", message);
                found.push(warning.at(place).help(help));
                (name, Other(Some(id.to_owned())))
            }
            (None, _) => {
                let name = self.free(format!("{}{}", pascal(method), pascal(path)));
                let message = format!("an operation without `operationId`; `{name}` is used");
                let help =
                    "clients are named for it: add one, which keeps the name when the path changes";
                let warning = Diagnostic::warning("missing-operation-id", message);
                found.push(warning.at(at.place()).help(help));
                (name, Other::default())
            }
        };
        self.0.insert(id.clone(), request);
        Id { id, other }
    }

    /// A name that no operation has yet: paths may differ in signs that no name has.
    fn free(&self, name: String) -> String {
        let numbers = (2..).map(|number| format!("{name}{number}"));
        let mut names = std::iter::once(name.clone()).chain(numbers);
        names
            .find(|name| !self.0.contains_key(name))
            .unwrap_or(name)
    }
}
