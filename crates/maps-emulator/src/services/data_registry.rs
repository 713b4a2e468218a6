//! The Data Registry.

mod check;
mod operations;
pub(crate) mod state;
mod validation;

use std::sync::Arc;

use axum::response::Response;
use http::StatusCode;
use maps_data_registry_models::{
    AzureBlob, DataRegistry, DataRegistryKind, DataRegistryList, LongRunningOperationResult,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::Instant;
use uuid::Uuid;

use super::paging;
use crate::app::App;
use crate::blobs::{BlobName, NameError};
use crate::gateway::{Call, empty, json as answer, set_header};
use crate::problem::{Fault, Problem};
use crate::store::{Collection, Reader, StoreError};
use crate::validate::{Faults, code};

use operations::{Operation, Registered, Registration, State, register as record};
pub(crate) use validation::Validations;
use validation::deadline;

/// Longest description in characters, as the reference has it; the definition does not say.
const MAX_DESCRIPTION: usize = 1_024;

/// What is registered under a `udid`: the last operation on it has the rest.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    udid: String,
    operation: String,
}

/// Continues the validations that an earlier run of the emulator did not finish.
pub(crate) fn resume(app: &Arc<App>) -> Result<(), Problem> {
    let open = app.store.reader()?.page::<Operation>(
        &Collection::REGISTRY_OPERATIONS,
        None,
        usize::MAX,
        |operation| operation.outcome.is_none(),
    )?;
    for (_, operation) in open {
        validation::start(app, &operation);
    }
    Ok(())
}

/// `DataRegistry_RegisterOrReplace`.
pub(super) async fn register(app: &Arc<App>, call: &Call) -> Result<Response, Problem> {
    let body = call.body.clone().unwrap_or_default();
    let entry: DataRegistry = serde_json::from_value(body).map_err(|err| {
        Problem::invalid([Fault::new(code::INVALID, err.to_string()).at("dataRegistry")])
    })?;
    let content = content(app, entry)?;
    let now = app.now().await?;
    let given = call.header("Operation-Id").map(str::to_owned);
    let registration = Registration {
        id: given.unwrap_or_else(|| Uuid::new_v4().to_string()),
        udid: call.path("udid").to_owned(),
        content,
        started: now,
        due: now.plus(app.timings.registry_running),
        max_items: app.limits.items,
        max_operations: app.limits.operations,
    };
    let registered = app
        .store
        .write(move |writer| record(writer, registration))
        .await??;
    let operation = match registered {
        Registered::Started(operation) => {
            validation::start(app, &operation);
            operation
        }
        // The same request again, under the same id: it is answered again, and does nothing twice.
        Registered::Repeated(operation) => operation,
    };
    let status = if operation.created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let state = operation.state(app.now().await?);
    let mut response = answer(status, &entry_body(&operation.udid, &operation, state))?;
    set_header(&mut response, "operation-id", &operation.id);
    // Without api-version, as the service has it.
    let link = call.link(&format!("/dataRegistries/operations/{}", operation.id));
    set_header(&mut response, "operation-location", &link);
    Ok(response)
}

/// What the definition cannot say about a body.
fn content(app: &App, entry: DataRegistry) -> Result<operations::Content, Problem> {
    let mut faults = Faults::default();
    let length = entry.description.as_deref().unwrap_or_default();
    if length.chars().count() > MAX_DESCRIPTION {
        let message = format!("The value has more than {MAX_DESCRIPTION} characters.");
        faults.add(code::INVALID, "description", message);
    }
    if let Some(kind) = entry
        .kind
        .as_ref()
        .filter(|kind| kind.as_str() != "AzureBlob")
    {
        let message = format!("The registry has no data of kind {kind}.");
        faults.add(code::INVALID, "kind", message);
    }
    let Some(blob) = entry.azure_blob else {
        faults.add(code::MISSING, "azureBlob", "The value is required.");
        faults.into_result()?;
        return Err(Problem::invalid([]));
    };
    if !matches!(blob.data_format.as_str(), "geojson" | "zip") {
        let message = "The value is neither geojson nor zip.";
        faults.add(code::INVALID, "azureBlob.dataFormat", message);
    }
    if blob.linked_resource.is_empty() {
        let message = "The value must not be empty.";
        faults.add(code::INVALID, "azureBlob.linkedResource", message);
    }
    // A URL of some other place may be registered, and fails when it is read.
    let name = BlobName::from_url(&blob.blob_url, app.port, app.blobs.path());
    if let Err(err @ NameError::Url) = name {
        faults.add(code::INVALID, "azureBlob.blobUrl", err.to_string());
    }
    faults.into_result()?;
    Ok(operations::Content {
        description: entry.description,
        data_format: blob.data_format.as_str().to_owned(),
        msi_client_id: blob.msi_client_id,
        linked_resource: blob.linked_resource,
        blob_url: blob.blob_url,
    })
}

/// `DataRegistry_GetDataRegistry`.
pub(super) async fn get(app: &Arc<App>, call: &Call) -> Result<Response, Problem> {
    let udid = call.path("udid");
    let reader = app.store.reader()?;
    let entry = reader.get::<Entry>(&Collection::REGISTRY, &key(udid))?;
    let entry = entry.ok_or_else(|| no_entry(udid))?;
    let operation = find_operation(&reader, &entry.operation)?.ok_or_else(|| no_entry(udid))?;
    let (operation, state) = settled(app, operation, deadline()).await?;
    answer(StatusCode::OK, &entry_body(&entry.udid, &operation, state))
}

/// `DataRegistry_List`.
pub(super) async fn list(app: &Arc<App>, call: &Call) -> Result<Response, Problem> {
    let start = paging::start(call)?;
    let reader = app.store.reader()?;
    let entries = reader.page::<Entry>(
        &Collection::REGISTRY,
        start,
        app.page_size.saturating_add(1),
        |_| true,
    )?;
    let (entries, next_link) = paging::page(call, entries, app.page_size);
    let mut value = Vec::with_capacity(entries.len());
    // One for all of them: a page must not take as many times as long.
    let deadline = deadline();
    for entry in entries {
        if let Some(operation) = find_operation(&reader, &entry.operation)? {
            let (operation, state) = settled(app, operation, deadline).await?;
            value.push(entry_body(&entry.udid, &operation, state));
        }
    }
    let mut list = DataRegistryList::new();
    list.value = Some(value);
    list.next_link = next_link;
    answer(StatusCode::OK, &list)
}

/// `DataRegistry_Unregister`.
pub(super) async fn unregister(app: &App, call: &Call) -> Result<Response, Problem> {
    let udid = call.path("udid");
    let key = key(udid);
    let removed = app
        .store
        .write(move |writer| writer.remove(&Collection::REGISTRY, &key))
        .await?;
    if removed {
        Ok(empty(StatusCode::NO_CONTENT))
    } else {
        Err(no_entry(udid))
    }
}

/// `DataRegistry_GetOperation`.
pub(super) async fn operation(app: &Arc<App>, call: &Call) -> Result<Response, Problem> {
    let id = call.path("operationId");
    let found = find_operation(&app.store.reader()?, &key(id))?;
    let found = found
        .ok_or_else(|| Problem::not_found("operationId", format!("There is no operation {id}.")))?;
    let (operation, state) = settled(app, found, deadline()).await?;
    let mut result = LongRunningOperationResult::new();
    result.id = Some(operation.id.clone());
    result.status = Some(state.word().into());
    let mut body = json!(result);
    if let State::Failed(fault) = &state {
        body["error"] = json!(error_body(fault));
    }
    let mut response = answer(StatusCode::OK, &body)?;
    if matches!(state, State::Running) {
        set_header(&mut response, "retry-after", &app.retry_after.to_string());
    }
    Ok(response)
}

fn find_operation(reader: &Reader, key: &str) -> Result<Option<Operation>, StoreError> {
    reader.get(&Collection::REGISTRY_OPERATIONS, key)
}

/// The state of an operation. When its time has come but its validation has not, waits for that a little.
async fn settled(
    app: &Arc<App>,
    mut operation: Operation,
    deadline: Instant,
) -> Result<(Operation, State), Problem> {
    let now = app.now().await?;
    if operation.outcome.is_none() && operation.due <= now {
        let key = key(&operation.id);
        app.validations.settle(&key, deadline).await;
        if let Some(current) = find_operation(&app.store.reader()?, &key)? {
            operation = current;
        }
    }
    let state = operation.state(now);
    Ok((operation, state))
}

fn no_entry(udid: &str) -> Problem {
    Problem::not_found(
        "udid",
        format!("No data is registered under the udid {udid}."),
    )
}

/// GUIDs are the same in either case.
fn key(guid: &str) -> String {
    guid.to_ascii_lowercase()
}

fn entry_body(udid: &str, operation: &Operation, state: State) -> DataRegistry {
    let content = operation.content.clone();
    let mut blob = AzureBlob::new(
        content.data_format,
        content.linked_resource,
        content.blob_url,
    );
    blob.msi_client_id = content.msi_client_id;
    let mut entry = DataRegistry::new();
    entry.udid = Some(udid.to_owned());
    entry.description = content.description;
    entry.kind = Some(DataRegistryKind::AzureBlob);
    entry.status = Some(state.word().into());
    match state {
        State::Running => {}
        State::Completed { size, md5 } => {
            blob.size_in_bytes = i64::try_from(size).ok();
            blob.content_md5 = Some(md5);
        }
        State::Failed(fault) => {
            entry.error = serde_json::from_value(error_body(&fault)).ok();
        }
    }
    entry.azure_blob = Some(blob);
    entry
}

/// An error of the registry's family, the kind of its first cause repeated inside.
fn error_body(fault: &Fault) -> serde_json::Value {
    let mut body = json!(fault);
    if let Some(first) = fault.details.first() {
        body["innererror"] = json!({"code": first.code});
    }
    body
}
