//! Registry entries and their operations in a state folder.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::operations::{Content, Operation, Outcome, State};
use super::{Entry, key};
use crate::app::App;
use crate::blobs::BlobName;
use crate::clock::Moment;
use crate::problem::Fault;
use crate::state::{Context, Course, Item, Phase, Seed, Stamp};
use crate::store::{Collection, Reader, StoreError};

/// What is registered, as `DataRegistry_GetDataRegistry` answers with it, and the operation that registered it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct EntryFile {
    udid: String,
    operation_id: String,
    status: Phase,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    azure_blob: BlobFile,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<Fault>,
    #[serde(default)]
    started_at: Option<Stamp>,
    #[serde(default)]
    ends_at: Option<Stamp>,
    /// Whether the operation replaced an entry that was there.
    #[serde(default)]
    replaced: bool,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BlobFile {
    data_format: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    msi_client_id: Option<String>,
    linked_resource: String,
    blob_url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
    #[serde(
        default,
        rename = "contentMD5",
        skip_serializing_if = "Option::is_none"
    )]
    content_md5: Option<String>,
}

/// Reads an entry; of one that was replaced or removed, only its operation is kept.
pub(crate) fn load(
    item: &mut Item<'_>,
    context: &Context<'_>,
    seed: &mut Seed,
    current: bool,
) -> Option<(&'static str, String)> {
    item.check_answer("DataRegistry_GetDataRegistry");
    let file = item.read::<EntryFile>()?;
    item.check_id("/udid", &file.udid, "DataRegistry_GetDataRegistry");
    item.check_id(
        "/operationId",
        &file.operation_id,
        "DataRegistry_GetOperation",
    );
    match file.status {
        Phase::NotStarted | Phase::Succeeded => {
            item.refuse(
                "/status",
                "the words of this service are Running, Completed and Failed",
            );
        }
        Phase::Failed if file.error.is_none() => item.refuse("", "Failed needs an error"),
        Phase::Completed if file.error.is_some() => item.refuse("/error", "Completed has no error"),
        _ => {}
    }
    if file.kind.as_deref().is_some_and(|kind| kind != "AzureBlob") {
        item.refuse("/kind", "the registry has data of kind AzureBlob only");
    }
    let blob = file.azure_blob;
    let outcome = match (file.error, blob.size_in_bytes, blob.content_md5) {
        (Some(error), ..) => Some(Outcome::Invalid(error)),
        (None, Some(size), Some(md5)) => Some(Outcome::Valid { size, md5 }),
        // The emulator reads the blob and finds out.
        (None, None, None) => None,
        (None, ..) => {
            item.refuse("/azureBlob", "has one of sizeInBytes and contentMD5");
            None
        }
    };
    let running = context.timings.registry_running;
    let (started, ends) = (file.started_at, file.ends_at);
    let course = Course::new(
        file.status,
        context.now,
        started,
        None,
        ends,
        (running, running),
    );
    let course = course
        .map_err(|(member, what)| item.refuse(&format!("/{member}"), what))
        .ok()?;
    let operation = Operation {
        id: file.operation_id,
        udid: file.udid,
        created: !file.replaced,
        content: Content {
            description: file.description,
            data_format: blob.data_format,
            msi_client_id: blob.msi_client_id,
            linked_resource: blob.linked_resource,
            blob_url: blob.blob_url,
        },
        started: course.created,
        due: course.ends,
        outcome,
    };
    let id = key(&operation.id);
    if seed
        .of(&Collection::REGISTRY_OPERATIONS)
        .any(|(known, _)| known == id)
    {
        item.refuse("/operationId", format!("{id} is there twice"));
    }
    seed.add(&Collection::REGISTRY_OPERATIONS, &id, &operation);
    if !current {
        return None;
    }
    let entry = Entry {
        udid: operation.udid.clone(),
        operation: id,
    };
    seed.add(&Collection::REGISTRY, key(&operation.udid), &entry);
    Some(("/udid", key(&operation.udid)))
}

/// The entries, and the operations that are not the last one of an entry.
pub(crate) fn export(
    reader: &Reader,
    app: &App,
    now: Moment,
) -> Result<(Vec<Value>, Vec<Value>), StoreError> {
    let entries = reader.all::<Entry>(&Collection::REGISTRY)?;
    let mut current = Vec::new();
    let mut last = std::collections::HashSet::new();
    for entry in entries {
        let operation =
            reader.get::<Operation>(&Collection::REGISTRY_OPERATIONS, &entry.operation)?;
        current.extend(operation.map(|operation| file(operation, app, now)));
        last.insert(entry.operation);
    }
    let operations = reader.all::<Operation>(&Collection::REGISTRY_OPERATIONS)?;
    let earlier = operations
        .into_iter()
        .filter(|operation| !last.contains(&key(&operation.id)));
    let earlier: Vec<_> = earlier.map(|operation| file(operation, app, now)).collect();
    Ok((
        crate::state::values(&current)?,
        crate::state::values(&earlier)?,
    ))
}

fn file(operation: Operation, app: &App, now: Moment) -> EntryFile {
    let status = match operation.state(now) {
        State::Running if operation.due > now => Phase::Running,
        // Its validation is late: it is read again wherever it goes.
        State::Running | State::Completed { .. } => Phase::Completed,
        State::Failed(_) => Phase::Failed,
    };
    let (size_in_bytes, content_md5, error) = match operation.outcome {
        Some(Outcome::Valid { size, md5 }) => (Some(size), Some(md5), None),
        Some(Outcome::Invalid(error)) => (None, None, Some(error)),
        None => (None, None, None),
    };
    let content = operation.content;
    // The next emulator has another port and another folder.
    let name = BlobName::from_url(&content.blob_url, app.port, app.blobs.path());
    EntryFile {
        udid: operation.udid,
        operation_id: operation.id,
        status,
        kind: Some("AzureBlob".to_owned()),
        description: content.description,
        azure_blob: BlobFile {
            data_format: content.data_format,
            msi_client_id: content.msi_client_id,
            linked_resource: content.linked_resource,
            blob_url: name.map_or(content.blob_url, |name| name.storage_url()),
            size_in_bytes,
            content_md5,
        },
        error,
        started_at: Some(Stamp(operation.started)),
        ends_at: Some(Stamp(operation.due)),
        replaced: !operation.created,
    }
}
