//! Route: matrices with great-circle results, and the operations that compute them.

mod area;
mod cells;
mod limits;
mod request;
pub(crate) mod state;

use std::sync::Arc;

use axum::response::Response;
use http::StatusCode;
use maps_route_models::{RouteOperation, RouteOperationKindEnum, RouteOperationResult};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::App;
use crate::clock::Moment;
use crate::gateway::{Call, empty, json as answer, set_header, typed_json};
use crate::problem::{Fault, Problem};
use crate::store::{Collection, StoreError, Writer};
use crate::validate::Faults;

use cells::Results;
use limits::Service;

/// Expired operations that each new one clears away, so that the store shrinks faster than it grows.
const CLEARED: usize = 8;

/// A matrix operation. Its matrix is kept apart: the status does not need it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Operation {
    id: String,
    created: Moment,
    runs: Moment,
    ends: Moment,
    expires: Moment,
    error: Option<Fault>,
}

/// What the result of an operation is made of.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Source {
    /// A request that a matrix can be computed from.
    Request(Value),
    /// The answer itself.
    Matrix(Value),
}

/// `Route_PostRouteMatrix`.
pub(super) async fn matrix(app: &App, call: &Call) -> Result<Response, Problem> {
    let mut faults = Faults::default();
    let read = request::read(call.body.as_ref(), &mut faults);
    faults.into_result()?;
    let matrix = read.map_err(|fault| Problem::invalid(fault.details))?;
    let mut faults = Faults::default();
    limits::check(Service::Synchronous, &matrix, &mut faults);
    faults.into_result()?;
    let now = app.now().await?.date_time();
    let results = Results::new(&matrix, now).body(None);
    typed_json("application/geo+json", StatusCode::OK, &results)
}

/// `Route_PostRouteMatrixAsync`.
pub(super) async fn begin_matrix(app: &App, call: &Call) -> Result<Response, Problem> {
    let mut faults = Faults::default();
    let read = request::read(call.body.as_ref(), &mut faults);
    if let Ok(matrix) = &read {
        limits::check(Service::Asynchronous, matrix, &mut faults);
    }
    faults.into_result()?;
    let (source, error) = match read {
        Ok(_) => (call.body.clone().map(Source::Request), None),
        Err(fault) => (None, Some(fault)),
    };
    let created = app.now().await?;
    let runs = created.plus(app.timings.route_waiting);
    let ends = runs.plus(app.timings.route_running);
    let operation = Operation {
        id: Uuid::new_v4().to_string(),
        created,
        runs,
        ends,
        expires: ends.plus(app.timings.route_retention),
        error,
    };
    let link = call.versioned_link(&format!("/route/operations/{}", operation.id));
    let limit = app.limits.operations;
    let write = move |writer: &mut Writer<'_>| {
        clear_expired(writer, created)?;
        if writer.len(&Collection::ROUTE_OPERATIONS)? >= limit {
            return Ok(Err(Problem::full("route operations")));
        }
        writer.put(&Collection::ROUTE_OPERATIONS, &operation.id, &operation)?;
        if let Some(source) = &source {
            writer.put(&Collection::ROUTE_MATRICES, &operation.id, source)?;
        }
        Ok(Ok(()))
    };
    app.store.write(write).await??;
    let mut response = empty(StatusCode::ACCEPTED);
    set_header(&mut response, "operation-location", &link);
    Ok(response)
}

fn clear_expired(writer: &mut Writer<'_>, now: Moment) -> Result<(), StoreError> {
    let oldest = writer.oldest::<Operation>(&Collection::ROUTE_OPERATIONS, CLEARED)?;
    for (id, operation) in oldest {
        if operation.expires <= now {
            writer.remove(&Collection::ROUTE_OPERATIONS, &id)?;
            writer.remove(&Collection::ROUTE_MATRICES, &id)?;
        }
    }
    Ok(())
}

/// The operation of the path, while it is kept. Ids are GUIDs, the same in either case.
fn find(app: &App, call: &Call, now: Moment) -> Result<Option<Operation>, Problem> {
    let id = call.path("id").to_ascii_lowercase();
    let reader = app.store.reader()?;
    let operation = reader.get::<Operation>(&Collection::ROUTE_OPERATIONS, &id)?;
    Ok(operation.filter(|operation| now < operation.expires))
}

/// `Route_GetRouteOperationsStatus`.
pub(super) async fn status(app: &App, call: &Call) -> Result<Response, Problem> {
    let now = app.now().await?;
    let Some(operation) = find(app, call, now)? else {
        return Err(Problem::not_found(
            "id",
            "There is no operation with this id.",
        ));
    };
    let (status, last) = match &operation.error {
        _ if now < operation.runs => ("NotStarted", operation.created),
        _ if now < operation.ends => ("Running", operation.runs),
        Some(_) => ("Failed", operation.ends),
        None => ("Completed", operation.ends),
    };
    let mut body = RouteOperation::new();
    body.kind = Some(RouteOperationKindEnum::RouteMatrix);
    body.status = Some(status.into());
    // Like the definition's examples: an operation that waits does not say its id.
    body.id = (status != "NotStarted").then(|| operation.id.clone());
    if status == "Completed" {
        let link = call.versioned_link(&format!("/route/operations/{}/result", operation.id));
        let mut result = RouteOperationResult::new();
        result.result_url = Some(link);
        body.result = Some(result);
    }
    let mut body = serde_json::to_value(body).map_err(StoreError::new)?;
    // The model writes UTC as `Z` and drops trailing zeros; the service does neither.
    body["createdAt"] = Value::String(operation.created.seven_digits());
    body["lastActionAt"] = Value::String(last.seven_digits());
    if let (Some(error), "Failed") = (&operation.error, status) {
        body["error"] = json!(error);
    }
    answer(StatusCode::OK, &body)
}

/// `Route_GetRouteOperationsResult`.
pub(super) async fn result(app: &Arc<App>, call: &Call) -> Result<Response, Problem> {
    let now = app.now().await?;
    let none = || {
        Problem::not_found(
            "id",
            "The operation has no result, or its result is no longer kept.",
        )
    };
    let operation = find(app, call, now)?.filter(|operation| operation.ends <= now);
    let operation = operation.ok_or_else(none)?;
    let reader = app.store.reader()?;
    let source = reader.get::<Source>(&Collection::ROUTE_MATRICES, &operation.id)?;
    let body = match source.ok_or_else(none)? {
        Source::Request(body) => body,
        Source::Matrix(matrix) => return answer(StatusCode::OK, &matrix),
    };
    // 50,000 cells take longer than other requests should wait for.
    let task = tokio::task::spawn_blocking(move || {
        let matrix = request::read(Some(&body), &mut Faults::default());
        let matrix = matrix.map_err(|fault| Problem::invalid(fault.details))?;
        let results = Results::new(&matrix, operation.created.date_time());
        answer(StatusCode::OK, &results.body(Some("RouteMatrix")))
    });
    task.await.map_err(StoreError::new)?
}
