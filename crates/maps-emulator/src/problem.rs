//! What the emulator refuses, in the error bodies that the services document.

use axum::body::Body;
use axum::response::Response;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};

use crate::store::StoreError;

/// Most details that one answer lists.
const MAX_DETAILS: usize = 20;

const ERROR_CODE: HeaderName = HeaderName::from_static("x-ms-error-code");

/// The form in which a service writes errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// `MapsErrorResponse`, its code repeated in the header `x-ms-error-code`.
    MapsWithHeader,
    /// `MapsErrorResponse`.
    Maps,
    /// `ErrorResponse` of the types that all of Azure shares.
    Common,
}

/// A refused request, or a failed operation.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    status: StatusCode,
    allow: Option<String>,
    // Boxed, because results carry it on the good path too.
    fault: Box<Fault>,
}

/// What both error families can say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    pub(crate) code: String,
    pub(crate) message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) details: Vec<Fault>,
}

impl Fault {
    pub(crate) fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            target: None,
            details: Vec::new(),
        }
    }

    pub(crate) fn at(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }

    pub(crate) fn because(mut self, details: impl IntoIterator<Item = Self>) -> Self {
        self.details.extend(details);
        self.details.truncate(MAX_DETAILS);
        self
    }
}

impl Problem {
    pub(crate) fn new(status: StatusCode, fault: Fault) -> Self {
        Self {
            status,
            allow: None,
            fault: Box::new(fault),
        }
    }

    /// 400, for one or more faults of the request.
    pub(crate) fn invalid(details: impl IntoIterator<Item = Fault>) -> Self {
        let mut fault = Fault::new("InvalidRequest", "The request is not valid.").because(details);
        fault.target = fault.details.first().and_then(|first| first.target.clone());
        Self::new(StatusCode::BAD_REQUEST, fault)
    }

    /// 401.
    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            Fault::new("Unauthorized", message),
        )
    }

    /// 404 for a parameter that names nothing.
    pub(crate) fn not_found(target: &str, message: impl Into<String>) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            Fault::new("NotFound", message).at(target),
        )
    }

    /// 404 for a path that no definition has.
    pub(crate) fn no_such_path() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            Fault::new("NotFound", "No operation has this path."),
        )
    }

    /// 405, with the methods that the path has.
    pub(crate) fn no_such_method(methods: &[&str]) -> Self {
        let fault = Fault::new(
            "MethodNotAllowed",
            "The path has no operation of this method.",
        );
        Self {
            allow: Some(methods.join(", ")),
            ..Self::new(StatusCode::METHOD_NOT_ALLOWED, fault)
        }
    }

    /// 409 when the emulator holds as much as it may.
    pub(crate) fn full(what: &str) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            Fault::new(
                "StorageLimitExceeded",
                format!("The emulator holds as many {what} as it may."),
            ),
        )
    }

    /// What is wrong, in one line.
    pub(crate) fn message(&self) -> String {
        let details = self.fault.details.iter().map(|detail| &detail.message);
        let lines: Vec<_> = std::iter::once(&self.fault.message)
            .chain(details)
            .collect();
        lines
            .iter()
            .map(|line| line.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }

    pub(crate) fn into_response(self, family: Family) -> Response {
        let mut response = Response::new(Body::from(body(&self.fault, family)));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if family == Family::MapsWithHeader
            && let Ok(code) = HeaderValue::from_str(&self.fault.code)
        {
            headers.insert(ERROR_CODE, code);
        }
        if let Some(allow) = self
            .allow
            .and_then(|allow| HeaderValue::try_from(allow).ok())
        {
            headers.insert(ALLOW, allow);
        }
        response
    }
}

/// A failure of the database is a 500 whose cause only the log has.
impl From<StoreError> for Problem {
    fn from(err: StoreError) -> Self {
        tracing::error!(error = %err, "the database failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            Fault::new("InternalError", "The emulator could not use its database."),
        )
    }
}

fn body(fault: &Fault, family: Family) -> Vec<u8> {
    #[derive(Serialize)]
    struct Inner<'a> {
        code: &'a str,
    }
    #[derive(Serialize)]
    struct Detail<'a> {
        #[serde(flatten)]
        fault: &'a Fault,
        #[serde(skip_serializing_if = "Option::is_none")]
        innererror: Option<Inner<'a>>,
    }
    #[derive(Serialize)]
    struct ErrorBody<'a> {
        error: Detail<'a>,
    }
    let innererror = match family {
        Family::Maps | Family::MapsWithHeader => fault.details.first(),
        Family::Common => None,
    };
    let error = Detail {
        fault,
        innererror: innererror.map(|first| Inner { code: &first.code }),
    };
    serde_json::to_vec(&ErrorBody { error }).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invalid() -> Problem {
        Problem::invalid([Fault::new("InvalidValue", "No URL.").at("azureBlob.blobUrl")])
    }

    #[tokio::test]
    async fn families_differ_in_header_and_inner_error() {
        let cases = [
            (Family::MapsWithHeader, true, true),
            (Family::Maps, false, true),
            (Family::Common, false, false),
        ];
        for (family, header, inner) in cases {
            let response = invalid().into_response(family);
            assert_eq!(response.status(), 400);
            assert_eq!(response.headers().contains_key("x-ms-error-code"), header);
            let bytes = axum::body::to_bytes(response.into_body(), 4096)
                .await
                .unwrap();
            let body: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            assert_eq!(body["error"]["code"], "InvalidRequest");
            assert_eq!(body["error"]["target"], "azureBlob.blobUrl");
            assert_eq!(body["error"]["details"][0]["code"], "InvalidValue");
            assert_eq!(body["error"].get("innererror").is_some(), inner);
        }
    }

    #[test]
    fn details_are_limited() {
        let many = (0..100).map(|n| Fault::new("X", n.to_string()));
        assert_eq!(Problem::invalid(many).fault.details.len(), MAX_DETAILS);
    }
}
