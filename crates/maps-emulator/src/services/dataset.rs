//! Creator's datasets.

pub(crate) mod state;

use std::collections::BTreeMap;

use axum::response::Response;
use http::StatusCode;
use maps_creator_models::{Dataset, DatasetListResult, DatasetSources};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::paging;
use crate::app::App;
use crate::clock::Moment;
use crate::conversion::Conversion;
use crate::gateway::{Call, empty, json as answer, set_header};
use crate::problem::{Fault, Problem};
use crate::store::{Collection, StoreError, Writer};

/// Longest id of a conversion; ids are keys of the store.
const MAX_ID: usize = 1024;

/// A dataset that was made, or is being made.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Record {
    id: String,
    created: Moment,
    description: Option<String>,
    conversion_ids: Vec<String>,
    appended: Option<String>,
    feature_counts: BTreeMap<String, u64>,
    ontology: String,
}

/// The making of a dataset.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Making {
    id: String,
    created: Moment,
    runs: Moment,
    ends: Moment,
    dataset: String,
    warning: Option<Fault>,
    error: Option<Fault>,
}

/// Adds a conversion, or replaces the one of this id.
pub(crate) async fn add_conversion(app: &App, conversion: Conversion) -> Result<(), Problem> {
    let id = conversion.id.clone();
    if !is_conversion_id(&id) {
        let message = format!("An id has 1 to {MAX_ID} bytes.");
        return Err(Problem::invalid([
            Fault::new("InvalidValue", message).at("conversionId")
        ]));
    }
    let limit = app.limits.items;
    let write = move |writer: &mut Writer<'_>| {
        let known = writer.get::<Conversion>(&Collection::CONVERSIONS, &id)?;
        if known.is_none() && writer.len(&Collection::CONVERSIONS)? >= limit {
            return Ok(Err(Problem::full("conversions")));
        }
        writer.put(&Collection::CONVERSIONS, &id, &conversion)?;
        Ok(Ok(()))
    };
    app.store.write(write).await?
}

/// Whether a conversion can be known by this id.
pub(crate) fn is_conversion_id(id: &str) -> bool {
    (1..=MAX_ID).contains(&id.len())
}

/// `Dataset_Create`.
pub(super) async fn create(app: &App, call: &Call) -> Result<Response, Problem> {
    let request = Request {
        conversion: call.query("conversionId").unwrap_or_default().to_owned(),
        append: call.query("datasetId").map(str::to_owned),
        description: call.query("description").map(str::to_owned),
    };
    let created = app.now().await?;
    let runs = created.plus(app.timings.dataset_waiting);
    let making = Making {
        id: Uuid::new_v4().to_string(),
        created,
        runs,
        ends: runs.plus(app.timings.dataset_running),
        dataset: Uuid::new_v4().to_string(),
        warning: None,
        error: None,
    };
    let link = call.versioned_link(&format!("/datasets/operations/{}", making.id));
    let (items, operations) = (app.limits.items, app.limits.operations);
    let write = move |writer: &mut Writer<'_>| {
        if writer.len(&Collection::DATASET_OPERATIONS)? >= operations {
            return Ok(Err(Problem::full("dataset operations")));
        }
        if writer.len(&Collection::DATASETS)? >= items {
            return Ok(Err(Problem::full("datasets")));
        }
        start(writer, request, making)
    };
    app.store.write(write).await??;
    let mut response = empty(StatusCode::ACCEPTED);
    set_header(&mut response, "operation-location", &link);
    Ok(response)
}

struct Request {
    conversion: String,
    append: Option<String>,
    description: Option<String>,
}

/// Records the making, and the dataset, which nobody sees before its making ends.
fn start(
    writer: &mut Writer<'_>,
    request: Request,
    mut making: Making,
) -> Result<Result<(), Problem>, StoreError> {
    let refuse = |code: &str, target: &str, what: &str, id: &str| {
        let message = format!("There is no {what} {id}.");
        Ok(Err(Problem::invalid(
            [Fault::new(code, message).at(target)],
        )))
    };
    let id = &request.conversion;
    let Some(conversion) = writer.get::<Conversion>(&Collection::CONVERSIONS, id)? else {
        return refuse("ConversionNotFound", "conversionId", "conversion", id);
    };
    let mut dataset = Record {
        id: making.dataset.clone(),
        created: making.ends,
        description: request.description,
        conversion_ids: Vec::new(),
        appended: None,
        feature_counts: BTreeMap::new(),
        ontology: conversion.ontology,
    };
    if let Some(id) = request.append {
        let base = writer.get::<Record>(&Collection::DATASETS, &id)?;
        let Some(base) = base.filter(|base| base.created <= making.created) else {
            return refuse("DatasetNotFound", "datasetId", "dataset", &id);
        };
        dataset.conversion_ids = base.conversion_ids;
        dataset.feature_counts = base.feature_counts;
        dataset.appended = Some(id);
    }
    dataset.conversion_ids.push(request.conversion);
    for (class, count) in conversion.feature_counts {
        let sum = dataset.feature_counts.entry(class).or_default();
        *sum = sum.saturating_add(count);
    }
    making.warning = conversion.warning.as_ref().map(|reason| {
        Fault::new(
            "FeaturesSkipped",
            "The dataset was made, but features were left out.",
        )
        .because([Fault::from(reason)])
    });
    making.error = conversion.failure.as_ref().map(|reason| {
        Fault::new(
            "InvalidData",
            "The result of the conversion cannot be used for a dataset.",
        )
        .at("conversionId")
        .because([Fault::from(reason)])
    });
    if making.error.is_none() {
        writer.put(&Collection::DATASETS, &dataset.id, &dataset)?;
    }
    writer.put(&Collection::DATASET_OPERATIONS, &making.id, &making)?;
    Ok(Ok(()))
}

/// `Dataset_GetOperation`.
pub(super) async fn operation(app: &App, call: &Call) -> Result<Response, Problem> {
    let id = call.path("operationId");
    let making = app
        .store
        .reader()?
        .get::<Making>(&Collection::DATASET_OPERATIONS, id)?;
    let making = making
        .ok_or_else(|| Problem::not_found("operationId", format!("There is no operation {id}.")))?;
    let now = app.now().await?;
    let status = match &making.error {
        _ if now < making.runs => "NotStarted",
        _ if now < making.ends => "Running",
        Some(_) => "Failed",
        None => "Succeeded",
    };
    let mut body = json!({
        "operationId": making.id,
        "status": status,
        "created": making.created.seven_digits(),
    });
    let ended = [
        ("error", &making.error, "Failed"),
        ("warning", &making.warning, "Succeeded"),
    ];
    for (name, fault, when) in ended {
        if let (Some(fault), true) = (fault, status == when) {
            body[name] = json!(fault);
        }
    }
    let mut response = answer(StatusCode::OK, &body)?;
    if status == "Succeeded" {
        let link = call.versioned_link(&format!("/datasets/{}", making.dataset));
        set_header(&mut response, "resource-location", &link);
    }
    Ok(response)
}

/// `Dataset_Get`.
pub(super) async fn get(app: &App, call: &Call) -> Result<Response, Problem> {
    let id = call.path("datasetId");
    let record = app
        .store
        .reader()?
        .get::<Record>(&Collection::DATASETS, id)?;
    let now = app.now().await?;
    let record = record.filter(|record| record.created <= now);
    let record = record.ok_or_else(|| no_dataset(id))?;
    answer(StatusCode::OK, &body(record)?)
}

/// `Dataset_List`.
pub(super) async fn list(app: &App, call: &Call) -> Result<Response, Problem> {
    let start = paging::start(call)?;
    let now = app.now().await?;
    let records = app.store.reader()?.page::<Record>(
        &Collection::DATASETS,
        start,
        app.page_size.saturating_add(1),
        |record| record.created <= now,
    )?;
    let (records, next_link) = paging::page(call, records, app.page_size);
    let mut list = json!(DatasetListResult::new());
    let datasets: Result<Vec<_>, _> = records.into_iter().map(body).collect();
    list["datasets"] = Value::Array(datasets?);
    if let Some(link) = next_link {
        list["nextLink"] = Value::String(link);
    }
    answer(StatusCode::OK, &list)
}

/// `Dataset_Delete`.
pub(super) async fn delete(app: &App, call: &Call) -> Result<Response, Problem> {
    let id = call.path("datasetId").to_owned();
    let now = app.now().await?;
    let key = id.clone();
    let deleted = app
        .store
        .write(move |writer| {
            let record = writer.get::<Record>(&Collection::DATASETS, &key)?;
            match record {
                Some(record) if record.created <= now => writer.remove(&Collection::DATASETS, &key),
                _ => Ok(false),
            }
        })
        .await?;
    if deleted {
        Ok(empty(StatusCode::NO_CONTENT))
    } else {
        Err(no_dataset(&id))
    }
}

fn no_dataset(id: &str) -> Problem {
    Problem::not_found("datasetId", format!("There is no dataset {id}."))
}

fn body(record: Record) -> Result<Value, Problem> {
    let mut sources = DatasetSources::new();
    sources.conversion_ids = Some(record.conversion_ids);
    sources.append_dataset_id = record.appended;
    let mut dataset = Dataset::new();
    dataset.dataset_id = Some(record.id);
    dataset.description = record.description;
    dataset.dataset_sources = Some(sources);
    dataset.ontology = Some(record.ontology);
    let mut body = serde_json::to_value(dataset).map_err(StoreError::new)?;
    body["featureCounts"] = json!(record.feature_counts);
    // The model writes UTC as `Z` and drops trailing zeros; the service does neither.
    body["created"] = json!(record.created.seven_digits());
    Ok(body)
}
