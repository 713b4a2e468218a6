//! Operations of the registry as they are kept, and how one starts.

use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{Entry, key};
use crate::clock::Moment;
use crate::problem::{Fault, Problem};
use crate::store::{Collection, StoreError, Writer};

/// What a request registers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) description: Option<String>,
    pub(super) data_format: String,
    pub(super) msi_client_id: Option<String>,
    pub(super) linked_resource: String,
    pub(super) blob_url: String,
}

/// A register or replace request, and the validation that it started.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Operation {
    /// As the request spelled it.
    pub(super) id: String,
    pub(super) udid: String,
    /// Whether the entry was new.
    pub(super) created: bool,
    pub(super) content: Content,
    pub(super) started: Moment,
    /// When the outcome is shown, once there is one.
    pub(super) due: Moment,
    pub(super) outcome: Option<Outcome>,
}

/// What a validation found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Outcome {
    Valid { size: u64, md5: String },
    Invalid(Fault),
}

/// What callers see of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    Running,
    Completed { size: u64, md5: String },
    Failed(Fault),
}

impl State {
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Running => "Running",
            Self::Completed { .. } => "Completed",
            Self::Failed(_) => "Failed",
        }
    }
}

impl Operation {
    pub(super) fn state(&self, now: Moment) -> State {
        match &self.outcome {
            Some(outcome) if self.due <= now => match outcome.clone() {
                Outcome::Valid { size, md5 } => State::Completed { size, md5 },
                Outcome::Invalid(fault) => State::Failed(fault),
            },
            _ => State::Running,
        }
    }
}

/// A request that is about to be recorded.
pub(super) struct Registration {
    pub(super) id: String,
    pub(super) udid: String,
    pub(super) content: Content,
    pub(super) started: Moment,
    pub(super) due: Moment,
    pub(super) max_items: u64,
    pub(super) max_operations: u64,
}

/// What became of a request.
pub(super) enum Registered {
    Started(Operation),
    Repeated(Operation),
}

/// Records a request, or finds that it was recorded before.
pub(super) fn register(
    writer: &mut Writer<'_>,
    request: Registration,
) -> Result<Result<Registered, Problem>, StoreError> {
    let operation_key = key(&request.id);
    let entry_key = key(&request.udid);
    let known = writer.get::<Operation>(&Collection::REGISTRY_OPERATIONS, &operation_key)?;
    if let Some(known) = known {
        if key(&known.udid) == entry_key && known.content == request.content {
            return Ok(Ok(Registered::Repeated(known)));
        }
        let fault = Fault::new(
            "OperationIdInUse",
            format!("The operation {} was started by another request.", known.id),
        );
        let fault = fault.at("Operation-Id");
        return Ok(Err(Problem::new(StatusCode::CONFLICT, fault)));
    }
    let entry = writer.get::<Entry>(&Collection::REGISTRY, &entry_key)?;
    if entry.is_none() && writer.len(&Collection::REGISTRY)? >= request.max_items {
        return Ok(Err(Problem::full("registry entries")));
    }
    if writer.len(&Collection::REGISTRY_OPERATIONS)? >= request.max_operations {
        return Ok(Err(Problem::full("registry operations")));
    }
    let operation = Operation {
        id: request.id,
        udid: entry
            .as_ref()
            .map_or(request.udid, |entry| entry.udid.clone()),
        created: entry.is_none(),
        content: request.content,
        started: request.started,
        due: request.due,
        outcome: None,
    };
    let entry = Entry {
        udid: operation.udid.clone(),
        operation: operation_key.clone(),
    };
    writer.put(&Collection::REGISTRY_OPERATIONS, &operation_key, &operation)?;
    writer.put(&Collection::REGISTRY, &entry_key, &entry)?;
    Ok(Ok(Registered::Started(operation)))
}
