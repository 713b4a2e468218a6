//! Operations whose answer starts something that is polled.

use super::Builder;
use crate::config::{LongRunningConfig, ResultConfig};
use crate::diagnostics::{Diagnostic, did_you_mean};
use crate::load::At;
use crate::model::{
    LongRunning, Operation, OperationKind, ResultSource, Role, StatusOperation, Success, Type,
    TypeKind,
};

/// Words that mean success and failure where a definition says nothing.
const SUCCEEDED: &[&str] = &["Succeeded", "Completed"];
const FAILED: &[&str] = &["Failed", "Canceled", "Cancelled"];

/// What `final-state-via` can say.
const FINAL_STATES: [&str; 4] = [
    "azure-async-operation",
    "location",
    "operation-location",
    "original-uri",
];

impl<'a> Builder<'a> {
    /// Reads `x-ms-long-running-operation` of every operation.
    pub(super) fn long_running_operations(&mut self, operations: &mut [Operation]) {
        let known: Vec<Operation> = operations.to_vec();
        for operation in operations {
            let Some(at) = self.source(operation) else {
                continue;
            };
            let entry = self.version.long_running.get(&operation.id).cloned();
            if at.bool("x-ms-long-running-operation") != Some(true) {
                if entry.is_some() {
                    let message = format!(
                        "spec/services.toml calls `{}` long-running, the definition does not",
                        operation.id
                    );
                    let help = "remove the entry, or add `x-ms-long-running-operation` by a fixup";
                    let found = Diagnostic::error("stale-entry", message);
                    self.report(found.at(operation.place.clone()).help(help));
                }
                continue;
            }
            if self.unfollowed.contains(&operation.id) {
                continue;
            }
            if entry.is_none() {
                self.missing_entry(operation);
            }
            let built = self.long_running(at, operation, entry.unwrap_or_default(), &known);
            operation.kind = OperationKind::LongRunning(Box::new(built));
        }
    }

    fn missing_entry(&mut self, operation: &Operation) {
        let message = format!(
            "`{}` is long-running and has no entry that names its status operation",
            operation.id
        );
        let found = if self.options.entries_required {
            Diagnostic::error("missing-long-running-entry", message).help(format!(
                "add [service.version.long-running.{}] to spec/services.toml",
                operation.id
            ))
        } else {
            Diagnostic::note("missing-long-running-entry", message)
                .help("the client has no `attach_…` for it")
        };
        self.report(found.at(operation.place.clone()));
    }

    fn long_running(
        &mut self,
        at: At<'a>,
        operation: &Operation,
        entry: LongRunningConfig,
        known: &[Operation],
    ) -> LongRunning {
        let options = at.get("x-ms-long-running-operation-options");
        let status_operation = entry
            .status
            .as_ref()
            .and_then(|id| self.other(id, operation, known));
        let status = status_operation.and_then(|status| self.status(status, &entry, operation));
        let monitor = match status_operation.map(|status| &status.success) {
            Some(Success::One(ty) | Success::Optional(ty)) => ty.clone(),
            _ => Type::Any,
        };
        let final_schema = options.and_then(|options| options.get("final-state-schema"));
        let via = options.and_then(|options| options.str("final-state-via"));
        let is_entry = entry.result.is_some();
        let result = match entry.result {
            Some(result) => source_of(result),
            None => self.declared_result(via, operation, at),
        };
        let result_type = match (&result, entry.result_type) {
            (ResultSource::None, _) => None,
            (_, Some(name)) => {
                let ty = self.definition(&name);
                if ty.is_none() {
                    let help = did_you_mean(&name, self.hierarchy.names())
                        .unwrap_or_else(|| "correct `result` of its entry".to_owned());
                    let message = format!(
                        "the result of `{}` is a `{name}`, which is no definition",
                        operation.id
                    );
                    self.report(
                        Diagnostic::error("unknown-definition", message)
                            .at(operation.place.clone())
                            .help(help),
                    );
                }
                ty
            }
            (ResultSource::Monitor, None) if is_entry => Some(monitor.clone()),
            (_, None) => self.declared_result_type(&result, final_schema, operation, known),
        };
        LongRunning {
            status,
            succeeded: entry
                .succeeded
                .unwrap_or_else(|| self.words(&monitor, SUCCEEDED)),
            failed: entry.failed.unwrap_or_else(|| self.words(&monitor, FAILED)),
            monitor,
            result: if result_type.is_some() {
                result
            } else {
                ResultSource::None
            },
            result_type,
            operation_id_header: operation
                .parameters
                .iter()
                .find(|parameter| parameter.role == Role::OperationId)
                .map(|parameter| parameter.wire.clone()),
        }
    }

    /// Another operation that an entry names.
    fn other<'o>(
        &mut self,
        id: &str,
        operation: &Operation,
        known: &'o [Operation],
    ) -> Option<&'o Operation> {
        let other = known.iter().find(|other| other.id == id);
        if other.is_none() {
            let help = did_you_mean(id, known.iter().map(|other| other.id.as_str()))
                .unwrap_or_else(|| "operations go by their `operationId`".to_owned());
            let message = format!(
                "the status of `{}` is read by `{id}`, which is no operation",
                operation.id
            );
            self.report(
                Diagnostic::error("unknown-operation", message)
                    .at(operation.place.clone())
                    .help(help),
            );
        }
        other
    }

    fn status(
        &mut self,
        status: &Operation,
        entry: &LongRunningConfig,
        operation: &Operation,
    ) -> Option<StatusOperation> {
        let wanted = entry.id.as_deref();
        let mut candidates = status
            .parameters
            .iter()
            .filter(|parameter| status.path.contains(&format!("{{{}}}", parameter.wire)));
        let names: Vec<&str> = candidates
            .clone()
            .map(|known| known.wire.as_str())
            .collect();
        let id = match wanted {
            Some(wanted) => candidates.find(|parameter| parameter.wire == wanted),
            None => candidates.next_back(),
        };
        if id.is_none() {
            let message = format!(
                "`{}` has no path parameter `{}` for the id of an operation",
                status.id,
                wanted.unwrap_or("…")
            );
            let help = wanted.and_then(|wanted| did_you_mean(wanted, names.iter().copied()));
            let help = help.unwrap_or_else(|| match names.is_empty() {
                true => "name a status operation whose path holds the id".to_owned(),
                false => format!("it has {}", names.join(", ")),
            });
            let found = Diagnostic::error("unknown-parameter", message);
            self.report(found.at(operation.place.clone()).help(help));
        }
        id.map(|id| StatusOperation {
            operation: status.id.clone(),
            path: status.path.clone(),
            id_parameter: id.wire.clone(),
            constraints: id.constraints.clone(),
        })
    }

    /// Where the definition says the result is.
    fn declared_result(
        &mut self,
        via: Option<&str>,
        operation: &Operation,
        at: At<'a>,
    ) -> ResultSource {
        match via {
            Some("original-uri") => ResultSource::OriginalUri,
            Some("location") => ResultSource::Location,
            Some("azure-async-operation" | "operation-location") if !replaces(operation) => {
                ResultSource::Monitor
            }
            None | Some("azure-async-operation" | "operation-location") => {
                match operation.method.as_str() {
                    _ if replaces(operation) => ResultSource::Resource,
                    // The monitor of a deletion has no place for what it gives, and nothing is behind another link.
                    "DELETE" if has_monitor(operation) => ResultSource::None,
                    _ => ResultSource::Location,
                }
            }
            Some(other) => {
                let message = format!("`{other}` is no `final-state-via`");
                let place = at
                    .get("x-ms-long-running-operation-options")
                    .and_then(|options| options.get("final-state-via"))
                    .unwrap_or(at)
                    .place();
                let help = did_you_mean(other, FINAL_STATES)
                    .unwrap_or_else(|| format!("it is one of {}", FINAL_STATES.join(", ")));
                let found = Diagnostic::warning("unknown-final-state", message);
                self.report(found.at(place).help(help));
                self.declared_result(None, operation, at)
            }
        }
    }

    fn declared_result_type(
        &mut self,
        result: &ResultSource,
        schema: Option<At<'a>>,
        operation: &Operation,
        known: &[Operation],
    ) -> Option<Type> {
        if let Some(schema) = schema {
            // A reference stands as plain text here.
            return match schema.as_str() {
                Some(reference) => {
                    let name = reference.rsplit('/').next().unwrap_or(reference);
                    let ty = self.definition(name);
                    if ty.is_none() {
                        let help = did_you_mean(name, self.hierarchy.names())
                            .unwrap_or_else(|| "it is `#/definitions/` and a name".to_owned());
                        let message = format!("`{reference}` names no definition");
                        let found = Diagnostic::warning("unresolved-ref", message);
                        self.report(found.at(schema.place()).help(help));
                    }
                    ty
                }
                None => Some(self.ty(schema, &operation.id)),
            };
        }
        let own = declared_end(operation);
        let read = known
            .iter()
            .find(|other| other.method == "GET" && other.path == operation.path);
        let read = read.and_then(|read| match &read.success {
            Success::One(ty) | Success::Optional(ty) => Some(ty.clone()),
            _ => None,
        });
        match result.needs_original() {
            true => read.or(own),
            false => own,
        }
    }

    /// The words of the monitor's status that are among `known`; all of `known` when it does not list words.
    fn words(&self, monitor: &Type, known: &[&str]) -> Vec<String> {
        let values = self.status_values(monitor).unwrap_or_default();
        let listed: Vec<String> = values
            .into_iter()
            .filter(|value| known.iter().any(|word| word.eq_ignore_ascii_case(value)))
            .collect();
        if listed.is_empty() {
            known.iter().map(|word| (*word).to_owned()).collect()
        } else {
            listed
        }
    }

    fn status_values(&self, monitor: &Type) -> Option<Vec<String>> {
        let Type::Named(key) = monitor else {
            return None;
        };
        let TypeKind::Struct(definition) = &self.types.get(key)?.kind else {
            return None;
        };
        let status = definition
            .properties
            .iter()
            .find(|property| property.wire == "status")?;
        let Type::Named(key) = &status.ty else {
            return None;
        };
        let TypeKind::Enum(words) = &self.types.get(key)?.kind else {
            return None;
        };
        Some(
            words
                .values
                .iter()
                .filter_map(|value| value.value.as_str().map(str::to_owned))
                .collect(),
        )
    }
}

/// Whether the operation makes or changes what is behind its own URL.
fn replaces(operation: &Operation) -> bool {
    matches!(operation.method.as_str(), "PUT" | "PATCH")
}

/// Whether an answer declares the link of a status monitor.
fn has_monitor(operation: &Operation) -> bool {
    let mut headers = operation
        .responses
        .iter()
        .filter(|response| !response.is_error)
        .flat_map(|response| &response.headers);
    headers.any(|header| {
        ["azure-asyncoperation", "operation-location"]
            .iter()
            .any(|name| header.wire.eq_ignore_ascii_case(name))
    })
}

/// What the successes other than 202, which are those at the end, declare.
///
/// It is optional where one of them has no body. Where 202 alone is declared its body stands for that of the end, of which
/// nothing else is known: a resource that was put is there then, anything else may be nothing. A deletion may always
/// have nothing to say.
fn declared_end(operation: &Operation) -> Option<Type> {
    let good = operation
        .responses
        .iter()
        .filter(|response| !response.is_error);
    let (first, end): (Vec<_>, Vec<_>) = good.partition(|response| response.status == Some(202));
    let is_known = !end.is_empty();
    let end = if is_known { end } else { first };
    let ty = end.iter().find_map(|response| response.ty.clone())?;
    let is_optional = operation.method == "DELETE"
        || !(is_known || replaces(operation))
        || end.iter().any(|response| response.ty.is_none());
    Some(match ty {
        Type::Nullable(_) => ty,
        ty if is_optional => Type::Nullable(Box::new(ty)),
        ty => ty,
    })
}

fn source_of(config: ResultConfig) -> ResultSource {
    match config {
        ResultConfig::None => ResultSource::None,
        ResultConfig::Monitor => ResultSource::Monitor,
        ResultConfig::Property(pointer) => ResultSource::Property(pointer),
        ResultConfig::Link(pointer) => ResultSource::Link(pointer),
        ResultConfig::ResourceLocation => ResultSource::ResourceLocation,
        ResultConfig::OriginalUri => ResultSource::OriginalUri,
        ResultConfig::Location => ResultSource::Location,
    }
}
