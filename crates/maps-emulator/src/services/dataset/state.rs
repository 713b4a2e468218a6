//! Datasets and their operations in a state folder.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{MAX_ID, Making, Record};
use crate::clock::Moment;
use crate::problem::Fault;
use crate::state::{Context, Course, Item, Phase, Seed, Stamp};
use crate::store::{Collection, Reader, StoreError};

/// A dataset, as `Dataset_Get` answers with it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DatasetFile {
    dataset_id: String,
    #[serde(default)]
    created: Option<Stamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(default)]
    dataset_sources: SourcesFile,
    #[serde(default)]
    feature_counts: BTreeMap<String, u64>,
    #[serde(default = "crate::conversion::ontology")]
    ontology: String,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SourcesFile {
    #[serde(default)]
    conversion_ids: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    append_dataset_id: Option<String>,
}

/// An operation, as `Dataset_GetOperation` answers with it, and when it changes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OperationFile {
    operation_id: String,
    status: Phase,
    #[serde(default)]
    created: Option<Stamp>,
    #[serde(default)]
    runs_at: Option<Stamp>,
    #[serde(default)]
    ends_at: Option<Stamp>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    dataset_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    warning: Option<Fault>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<Fault>,
}

pub(crate) fn load_operation(
    item: &mut Item<'_>,
    context: &Context<'_>,
    seed: &mut Seed,
) -> Option<(&'static str, String)> {
    item.check_answer("Dataset_GetOperation");
    let file = item.read::<OperationFile>()?;
    check_key(item, "/operationId", &file.operation_id);
    match file.status {
        Phase::Completed => item.refuse("/status", "the word of this service is Succeeded"),
        Phase::Failed if file.error.is_none() => item.refuse("", "Failed needs an error"),
        Phase::Succeeded if file.error.is_some() => {
            item.refuse("/error", "Succeeded has no error");
        }
        _ => {}
    }
    if file.error.is_none() && file.dataset_id.is_empty() {
        item.refuse("", "datasetId is required of an operation without error");
    }
    let timings = context.timings;
    let times = (timings.dataset_waiting, timings.dataset_running);
    let (runs, ends) = (file.runs_at, file.ends_at);
    let course = Course::new(file.status, context.now, file.created, runs, ends, times);
    let course = course
        .map_err(|(member, what)| item.refuse(&format!("/{member}"), what))
        .ok()?;
    let making = Making {
        id: file.operation_id.clone(),
        created: course.created,
        runs: course.runs,
        ends: course.ends,
        dataset: file.dataset_id,
        warning: file.warning,
        error: file.error,
    };
    seed.add(&Collection::DATASET_OPERATIONS, &making.id, &making);
    Some(("/operationId", file.operation_id))
}

pub(crate) fn load_dataset(
    item: &mut Item<'_>,
    context: &Context<'_>,
    seed: &mut Seed,
) -> Option<(&'static str, String)> {
    item.check_answer("Dataset_Get");
    let file = item.read::<DatasetFile>()?;
    check_key(item, "/datasetId", &file.dataset_id);
    // A dataset is not there before its operation has ended.
    let made = |(_, making): (_, &Value)| {
        let making = serde_json::from_value::<Making>(making.clone()).ok()?;
        (making.dataset == file.dataset_id).then_some(making.ends)
    };
    let made = seed.of(&Collection::DATASET_OPERATIONS).find_map(made);
    let created = file.created.map(|created| created.0);
    let record = Record {
        id: file.dataset_id.clone(),
        created: created.or(made).unwrap_or(context.now),
        description: file.description,
        conversion_ids: file.dataset_sources.conversion_ids,
        appended: file.dataset_sources.append_dataset_id,
        feature_counts: file.feature_counts,
        ontology: file.ontology,
    };
    seed.add(&Collection::DATASETS, &record.id, &record);
    Some(("/datasetId", file.dataset_id))
}

fn check_key(item: &mut Item<'_>, member: &str, id: &str) {
    if id.is_empty() || id.len() > MAX_ID {
        item.refuse(member, format!("an id has 1 to {MAX_ID} bytes"));
    }
}

pub(crate) fn datasets(reader: &Reader) -> Result<Vec<Value>, StoreError> {
    let records = reader.all::<Record>(&Collection::DATASETS)?;
    let file = |record: Record| DatasetFile {
        dataset_id: record.id,
        created: Some(Stamp(record.created)),
        description: record.description,
        dataset_sources: SourcesFile {
            conversion_ids: record.conversion_ids,
            append_dataset_id: record.appended,
        },
        feature_counts: record.feature_counts,
        ontology: record.ontology,
    };
    let files: Vec<_> = records.into_iter().map(file).collect();
    crate::state::values(&files)
}

pub(crate) fn operations(reader: &Reader, now: Moment) -> Result<Vec<Value>, StoreError> {
    let makings = reader.all::<Making>(&Collection::DATASET_OPERATIONS)?;
    let file = |making: Making| {
        let course = Course {
            created: making.created,
            runs: making.runs,
            ends: making.ends,
        };
        let ended = match making.error {
            Some(_) => Phase::Failed,
            None => Phase::Succeeded,
        };
        OperationFile {
            operation_id: making.id,
            status: course.phase(now, ended),
            created: Some(Stamp(making.created)),
            runs_at: Some(Stamp(making.runs)),
            ends_at: Some(Stamp(making.ends)),
            dataset_id: making.dataset,
            warning: making.warning,
            error: making.error,
        }
    };
    let files: Vec<_> = makings.into_iter().map(file).collect();
    crate::state::values(&files)
}
