//! JSON bodies into types, with the path of what does not fit.

use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, strip_bom};
use crate::pipeline::Pipeline;
use crate::response::RawResponse;

/// Where decoding failed, and why.
#[derive(Debug)]
pub(crate) struct DecodeFault {
    path: Option<String>,
    message: String,
}

/// Decodes a body.
///
/// The path costs a tenth of the speed, so it is looked for only when decoding has failed.
pub(crate) fn from_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeFault> {
    let body = strip_bom(body);
    serde_json::from_slice(body).map_err(|error| find_fault::<T>(body, &error))
}

/// Decodes a value that was read from something else than JSON.
#[cfg(feature = "xml")]
pub(crate) fn from_value<T: DeserializeOwned>(value: serde_json::Value) -> Result<T, DecodeFault> {
    serde_path_to_error::deserialize(value)
        .map_err(|fault| DecodeFault::at(fault.path().to_string(), &fault.inner().to_string()))
}

#[cold]
fn find_fault<T: DeserializeOwned>(body: &[u8], error: &serde_json::Error) -> DecodeFault {
    if body.iter().all(u8::is_ascii_whitespace) {
        return DecodeFault {
            path: None,
            message: "the body is empty".to_owned(),
        };
    }
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let (outer, text) = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(fault) => (fault.path().to_string(), fault.inner().to_string()),
        // Well up to its end, with something behind it.
        Ok(_) => (String::new(), error.to_string()),
    };
    DecodeFault::at(outer, &text)
}

impl DecodeFault {
    /// A fault at a path; the message of a buffered object has the rest of it in front.
    fn at(outer: String, text: &str) -> Self {
        let (inner, message) = maps_types::private::split_path(text);
        let path = maps_types::private::join_path(&outer, inner.unwrap_or_default());
        Self {
            path: Some(path).filter(|path| !path.is_empty() && path != "."),
            message: message.to_owned(),
        }
    }

    /// A fault of the body as a whole.
    pub(crate) fn new(message: String) -> Self {
        Self {
            path: None,
            message,
        }
    }

    pub(crate) fn into_error(self, response: &RawResponse) -> Error {
        let pipeline = &response.pipeline;
        if let Some(message) = response.encoding_fault() {
            return pipeline.answer_error(ErrorKind::Decode, message, response);
        }
        let error = pipeline.answer_error(ErrorKind::Decode, self.describe(pipeline), response);
        self.locate(error, pipeline)
    }

    /// The error when only the body of the answer was kept.
    pub(crate) fn into_bare_error(self, pipeline: &Pipeline) -> Error {
        let error =
            Error::new(ErrorKind::Decode, self.describe(pipeline)).with_may_have_been_sent(true);
        self.locate(error, pipeline)
    }

    fn describe(&self, pipeline: &Pipeline) -> String {
        let message = pipeline.redact(&self.message);
        match &self.path {
            Some(path) => format!(
                "the answer does not fit its definition at `{}`: {message}",
                pipeline.redact(path)
            ),
            None => format!("the answer does not fit its definition: {message}"),
        }
    }

    fn locate(self, error: Error, pipeline: &Pipeline) -> Error {
        match self.path {
            Some(path) => error.with_json_path(pipeline.redact(&path)),
            None => error,
        }
    }
}
