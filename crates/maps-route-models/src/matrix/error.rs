//! Failures of single cells.

use std::fmt;

use crate::{CommonErrorDetail, RouteMatrixItemResult};

/// Why a route matrix has no result for one origin and destination.
#[derive(Debug, Clone, PartialEq)]
pub struct CellError {
    inner: Box<Inner>,
}

#[derive(Debug, Clone, PartialEq)]
struct Inner {
    origin: Option<usize>,
    destination: Option<usize>,
    failure: Option<Failure>,
}

/// What a failed cell says.
#[derive(Debug, Clone, PartialEq)]
struct Failure {
    status: Option<i32>,
    detail: Option<CommonErrorDetail>,
}

impl CellError {
    pub(super) fn missing(origin: usize, destination: usize) -> Self {
        Self {
            inner: Box::new(Inner {
                origin: Some(origin),
                destination: Some(destination),
                failure: None,
            }),
        }
    }

    pub(super) fn failed(cell: &RouteMatrixItemResult) -> Self {
        let index = |index: Option<i32>| index.and_then(|index| usize::try_from(index).ok());
        let failure = Failure {
            status: cell.status_code,
            detail: cell.error.as_deref().cloned(),
        };
        Self {
            inner: Box::new(Inner {
                origin: index(cell.origin_index),
                destination: index(cell.destination_index),
                failure: Some(failure),
            }),
        }
    }

    /// Index of the origin; `None` for a failed cell that does not say its own.
    pub fn origin(&self) -> Option<usize> {
        self.inner.origin
    }

    /// Index of the destination; `None` for a failed cell that does not say its own.
    pub fn destination(&self) -> Option<usize> {
        self.inner.destination
    }

    /// Whether the answer has no such cell. Otherwise the service found no route for it.
    pub fn is_missing(&self) -> bool {
        self.inner.failure.is_none()
    }

    /// The status code of the cell, in the way of HTTP.
    pub fn status_code(&self) -> Option<i32> {
        self.inner
            .failure
            .as_ref()
            .and_then(|failure| failure.status)
    }

    /// What the service says about the failure.
    pub fn detail(&self) -> Option<&CommonErrorDetail> {
        self.inner
            .failure
            .as_ref()
            .and_then(|failure| failure.detail.as_ref())
    }
}

impl fmt::Display for CellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.origin(), self.destination()) {
            (Some(origin), Some(destination)) => {
                write!(f, "cell of origin {origin} and destination {destination} ")?
            }
            _ => f.write_str("cell without indices ")?,
        }
        let Some(failure) = &self.inner.failure else {
            return f.write_str("is not in the matrix");
        };
        f.write_str("failed")?;
        if let Some(status) = failure.status {
            write!(f, " with status {status}")?;
        }
        let Some(detail) = &failure.detail else {
            return Ok(());
        };
        match (&detail.code, &detail.message) {
            (Some(code), Some(message)) => write!(f, " ({code}): {message}"),
            (Some(code), None) => write!(f, " ({code})"),
            (None, Some(message)) => write!(f, ": {message}"),
            (None, None) => Ok(()),
        }
    }
}

impl std::error::Error for CellError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failed_cell_says_its_place_status_and_reason() {
        let detail = CommonErrorDetail::new()
            .with_code("NoRoute")
            .with_message("no road leads there");
        let cell = RouteMatrixItemResult::new()
            .with_origin_index(2)
            .with_destination_index(7)
            .with_status_code(400)
            .with_error(detail);
        let error = CellError::failed(&cell);
        assert_eq!(
            error.to_string(),
            "cell of origin 2 and destination 7 failed with status 400 (NoRoute): no road leads there"
        );
        assert!(!error.is_missing());
        assert_eq!(error.status_code(), Some(400));
        assert_eq!(
            error.detail().and_then(|detail| detail.code.as_deref()),
            Some("NoRoute")
        );
    }

    #[test]
    fn failure_without_detail_is_still_one() {
        let cell = RouteMatrixItemResult::new().with_status_code(404);
        assert_eq!(
            CellError::failed(&cell).to_string(),
            "cell without indices failed with status 404"
        );
    }
}
