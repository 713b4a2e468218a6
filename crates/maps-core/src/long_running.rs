//! What a definition says about a long-running operation, as constants of a generated client.

use crate::service::Check;

/// How one long-running operation is found again, read and collected.
///
/// A generated client holds one `static` of these for each operation that its definition marks as long-running, and
/// hands it to [`Pipeline::begin`](crate::Pipeline::begin), [`attach`](crate::Pipeline::attach) and
/// [`resume`](crate::Pipeline::resume).
///
/// Where the operation's state is found needs no entry: the answer to the submit says it, by its `Operation-Location`,
/// `Azure-AsyncOperation` or `Location` header, or by the provisioning state of the resource in its body.
///
/// # Examples
///
/// ```
/// use maps_core::service::{LongRunning, ResultSource, StatusOperation};
///
/// static ROUTE_MATRIX: LongRunning = LongRunning {
///     operation: "Route_PostRouteMatrixAsync",
///     status: Some(StatusOperation { path: "/route/operations/{id}", id: "id", check: None }),
///     succeeded: &["Completed"],
///     failed: &["Failed"],
///     result: ResultSource::Link("/result/resultUrl"),
/// };
/// ```
#[derive(Debug)]
pub struct LongRunning {
    /// The `operationId` of the operation that submits; a resume token belongs to it.
    pub operation: &'static str,
    /// The operation that reads the state by id; without it there is no attaching by id.
    pub status: Option<StatusOperation>,
    /// Words of success, compared in any case. `Succeeded` and `Completed` count as well, unless [`failed`](Self::failed)
    /// names them.
    pub succeeded: &'static [&'static str],
    /// Words of failure, compared in any case. `Failed`, `Canceled` and `Cancelled` count as well, unless
    /// [`succeeded`](Self::succeeded) names them.
    pub failed: &'static [&'static str],
    /// Where the final result is once the operation has succeeded.
    pub result: ResultSource,
}

/// The operation that reads the state of a long-running operation by its id.
#[derive(Debug)]
pub struct StatusOperation {
    /// Path template, for example `/route/operations/{id}`.
    pub path: &'static str,
    /// Name of the path parameter that takes the operation's id.
    pub id: &'static str,
    /// Constraints on the id, tried before anything is sent.
    pub check: Option<&'static Check>,
}

/// Where the result of a long-running operation is once it has succeeded.
///
/// JSON pointers are those of RFC 6901, such as `/result/resultUrl`, and point into the body of the last status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResultSource {
    /// There is none: the result is `()` or an absent value.
    None,
    /// The body of the last status itself.
    Monitor,
    /// The part of the last status at this JSON pointer.
    Property(&'static str),
    /// Behind the link at this JSON pointer of the last status.
    Link(&'static str),
    /// Behind the `Resource-Location` header of the last status.
    ResourceLocation,
    /// Behind the URI that the submit went to.
    OriginalUri,
    /// The resource that the submit makes or changes: the body of the last poll for an operation that is polled at a
    /// `Location` and has one in the end, otherwise behind the URI that the submit went to.
    Resource,
    /// Behind the `Location` header, or `Resource-Location` where there is none; for an operation that is polled
    /// there, the body of the last poll.
    Location,
}

impl ResultSource {
    /// Whether the result may be behind the URI that the submit went to.
    pub(crate) fn needs_original(self) -> bool {
        matches!(self, Self::OriginalUri | Self::Resource)
    }
}
