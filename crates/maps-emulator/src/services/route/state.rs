//! Route operations in a state folder.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Operation, Source, request};
use crate::clock::Moment;
use crate::problem::Fault;
use crate::state::{Context, Course, Item, Phase, Seed, Stamp};
use crate::store::{Collection, Reader, StoreError};
use crate::validate::Faults;

/// An operation, as `Route_GetRouteOperationsStatus` answers with it, when it changes, and what it is about.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OperationFile {
    id: String,
    status: Phase,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(default)]
    created_at: Option<Stamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_action_at: Option<Stamp>,
    #[serde(default)]
    runs_at: Option<Stamp>,
    #[serde(default)]
    ends_at: Option<Stamp>,
    #[serde(default)]
    expires_at: Option<Stamp>,
    /// A link, which the emulator makes anew.
    #[serde(default, skip_serializing)]
    #[allow(dead_code, reason = "allowed, so that an answer can be pasted")]
    result: Option<IgnoredAny>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<Fault>,
    /// The body of the request, from which the matrix is computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request: Option<Value>,
    /// The matrix itself, as the result operation answers with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    matrix: Option<Value>,
}

pub(crate) fn load(
    item: &mut Item<'_>,
    context: &Context<'_>,
    seed: &mut Seed,
) -> Option<(&'static str, String)> {
    item.check_answer("Route_GetRouteOperationsStatus");
    let file = item.read::<OperationFile>()?;
    item.check_id("/id", &file.id, "Route_GetRouteOperationsStatus");
    if file
        .kind
        .as_deref()
        .is_some_and(|kind| kind != "RouteMatrix")
    {
        item.refuse(
            "/kind",
            "the emulator has operations of kind RouteMatrix only",
        );
    }
    let (mut error, source) = source(item, &file);
    match file.status {
        Phase::Succeeded => item.refuse("/status", "the word of this service is Completed"),
        Phase::Failed if error.is_none() => item.refuse("", "Failed needs an error"),
        Phase::Completed if error.is_some() => item.refuse("/error", "Completed has no error"),
        _ => {}
    }
    if error.is_none() && source.is_none() {
        item.refuse(
            "",
            "request or matrix is required of an operation without error",
        );
    }
    let timings = context.timings;
    let times = (timings.route_waiting, timings.route_running);
    // What a pasted answer says about its last action.
    let (mut runs, mut ends) = (file.runs_at, file.ends_at);
    match file.status {
        Phase::NotStarted => {}
        Phase::Running => runs = runs.or(file.last_action_at),
        _ => ends = ends.or(file.last_action_at),
    }
    let course = Course::new(file.status, context.now, file.created_at, runs, ends, times);
    let course = course
        .map_err(|(member, what)| item.refuse(&format!("/{member}"), what))
        .ok()?;
    let id = file.id.to_ascii_lowercase();
    let kept = || course.ends.plus(timings.route_retention);
    let operation = Operation {
        id: id.clone(),
        created: course.created,
        runs: course.runs,
        ends: course.ends,
        expires: file.expires_at.map_or_else(kept, |expires| expires.0),
        error: error.take(),
    };
    seed.add(&Collection::ROUTE_OPERATIONS, &id, &operation);
    if let Some(source) = source {
        seed.add(&Collection::ROUTE_MATRICES, &id, &source);
    }
    Some(("/id", id))
}

/// How the operation fails, and where its matrix comes from.
fn source(item: &mut Item<'_>, file: &OperationFile) -> (Option<Fault>, Option<Source>) {
    match (&file.request, &file.matrix) {
        (Some(_), Some(_)) => {
            item.refuse("/matrix", "is there beside a request");
            (None, None)
        }
        (Some(body), None) => {
            item.check_body("/request", body, "Route_PostRouteMatrixAsync");
            // Features from which no matrix can be computed make the operation fail.
            let read = request::read(Some(body), &mut Faults::default());
            let error = file.error.clone().or(read.err());
            let source = error.is_none().then(|| Source::Request(body.clone()));
            (error, source)
        }
        (None, Some(matrix)) => {
            item.check_member("/matrix", matrix, "Route_GetRouteOperationsResult");
            (file.error.clone(), Some(Source::Matrix(matrix.clone())))
        }
        (None, None) => (file.error.clone(), None),
    }
}

pub(crate) fn export(reader: &Reader, now: Moment) -> Result<Vec<Value>, StoreError> {
    let mut files = Vec::new();
    for operation in reader.all::<Operation>(&Collection::ROUTE_OPERATIONS)? {
        if operation.expires <= now {
            continue;
        }
        let (request, matrix) = match reader.get(&Collection::ROUTE_MATRICES, &operation.id)? {
            Some(Source::Request(body)) => (Some(body), None),
            Some(Source::Matrix(matrix)) => (None, Some(matrix)),
            None => (None, None),
        };
        let course = Course {
            created: operation.created,
            runs: operation.runs,
            ends: operation.ends,
        };
        let ended = match operation.error {
            Some(_) => Phase::Failed,
            None => Phase::Completed,
        };
        files.push(OperationFile {
            status: course.phase(now, ended),
            id: operation.id,
            kind: Some("RouteMatrix".to_owned()),
            created_at: Some(Stamp(operation.created)),
            last_action_at: None,
            runs_at: Some(Stamp(operation.runs)),
            ends_at: Some(Stamp(operation.ends)),
            expires_at: Some(Stamp(operation.expires)),
            result: None,
            error: operation.error,
            request,
            matrix,
        });
    }
    crate::state::values(&files)
}
