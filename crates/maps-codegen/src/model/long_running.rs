//! What watching a long-running operation takes.

use super::{Constraints, Type};

/// What watching a long-running operation takes.
#[derive(Debug, Clone)]
pub struct LongRunning {
    /// The operation that reads the status, where `services.toml` names one.
    pub status: Option<StatusOperation>,
    /// Type of the status monitor.
    pub monitor: Type,
    /// Words of success.
    pub succeeded: Vec<String>,
    /// Words of failure.
    pub failed: Vec<String>,
    /// How the result is collected.
    pub result: ResultSource,
    /// Type of the result; `None` when the operation has none.
    pub result_type: Option<Type>,
    /// Request header in which the caller may name the operation (`Operation-Id`).
    pub operation_id_header: Option<String>,
}

/// The operation that reads the status of a long-running one.
#[derive(Debug, Clone)]
pub struct StatusOperation {
    /// Its `operationId`.
    pub operation: String,
    /// Its path template.
    pub path: String,
    /// Its parameter that carries the id of the long-running operation.
    pub id_parameter: String,
    /// Constraints of the id.
    pub constraints: Constraints,
}

/// Where the result of a long-running operation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResultSource {
    /// There is none.
    None,
    /// The last status monitor is the result.
    Monitor,
    /// The value at this JSON pointer of the last status monitor.
    Property(String),
    /// Behind the URL at this JSON pointer of the last status monitor.
    Link(String),
    /// Behind the `Resource-Location` header of the last status answer.
    ResourceLocation,
    /// Behind the URL that started the operation.
    OriginalUri,
    /// The resource that was made or changed: at the end of a polled `Location`, otherwise behind the URL that started
    /// the operation.
    Resource,
    /// Behind the `Location` header.
    Location,
}

impl ResultSource {
    /// Whether the URL that started the operation may be needed for the result.
    pub(crate) fn needs_original(&self) -> bool {
        matches!(self, Self::OriginalUri | Self::Resource)
    }
}
