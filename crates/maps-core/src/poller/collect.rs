//! Where the result of an operation is, once it has succeeded.

use std::borrow::Cow;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::machine::{Ended, Machine, link};
use crate::decode::from_json;
use crate::error::{Error, ErrorKind, Result, strip_bom};
use crate::response::RawResponse;
use crate::resume_token::Found;
use crate::service::ResultSource;
use crate::trust::{TrustedUrl, resolve};

/// How to come by the result.
pub(super) enum Plan {
    Here(Box<Output>),
    Fetch(TrustedUrl),
}

/// The result, not decoded.
pub(super) enum Output {
    /// There is none.
    Nothing,
    /// The body of an answer.
    Response(RawResponse),
    /// A part of the body of an answer.
    Part(Value, RawResponse),
}

impl Machine {
    /// # Errors
    ///
    /// The last status does not say where the result is, or the link in it cannot be followed.
    pub(super) fn plan(&self, ended: &Ended) -> Result<Plan> {
        let last = &ended.response;
        let body = || Ok(Plan::Here(Box::new(Output::Response(last.clone()))));
        match self.operation.result {
            ResultSource::None => Ok(Plan::Here(Box::new(Output::Nothing))),
            ResultSource::Monitor => body(),
            ResultSource::Property(pointer) => match self.at(last, pointer)? {
                Some(value) => Ok(Plan::Here(Box::new(Output::Part(value, last.clone())))),
                None => Err(self.missing(last, pointer)),
            },
            ResultSource::Link(pointer) => match self.at(last, pointer)? {
                Some(Value::String(link)) => self.fetch(&link, last),
                _ => Err(self.missing(last, pointer)),
            },
            ResultSource::ResourceLocation => match link(last.headers(), "resource-location") {
                Some(link) => self.fetch(&link, last),
                None => Err(self.missing(last, "Resource-Location")),
            },
            // What was polled is what was submitted: the resource, or an operation that a GET starts.
            ResultSource::OriginalUri | ResultSource::Resource if self.polls_original() => body(),
            // At the end a `Location` answers as the submit would have, with the resource or with nothing.
            ResultSource::Resource if self.found == Found::Location && !is_blank(last.bytes()) => {
                body()
            }
            ResultSource::OriginalUri | ResultSource::Resource => match &self.original {
                Some(original) => Ok(Plan::Fetch(TrustedUrl::clone(original))),
                None => Err(self.missing(last, "the URI of the submit")),
            },
            ResultSource::Location if self.found != Found::Monitor => body(),
            ResultSource::Location => {
                // Definitions say `location` also for services that name the header otherwise.
                match link(last.headers(), "location")
                    .or(self.location.as_deref().map(Cow::Borrowed))
                    .or(link(last.headers(), "resource-location"))
                {
                    Some(link) => self.fetch(&link, last),
                    None => Err(self.missing(last, "Location")),
                }
            }
        }
    }

    fn polls_original(&self) -> bool {
        match self.found {
            Found::Resource => true,
            Found::Location => {
                self.link.is_some() && self.link.as_ref() == self.original.as_deref()
            }
            Found::Monitor => false,
        }
    }

    fn fetch(&self, link: &str, last: &RawResponse) -> Result<Plan> {
        resolve(link, last.url(), &self.pipeline).map(Plan::Fetch)
    }

    /// What is at a JSON pointer of a body, unless it is null.
    fn at(&self, last: &RawResponse, pointer: &str) -> Result<Option<Value>> {
        let mut body: Value = last.decode()?;
        Ok(body
            .pointer_mut(pointer)
            .map(Value::take)
            .filter(|value| !value.is_null()))
    }

    #[cold]
    fn missing(&self, last: &RawResponse, what: &str) -> Error {
        let word = self.word.as_deref().unwrap_or("ended");
        let message = format!(
            "the operation is `{}`, but its last status does not give its result (`{what}`)",
            self.pipeline.redact(word)
        );
        self.pipeline
            .answer_error(ErrorKind::Operation, message, last)
    }
}

impl Output {
    /// Decodes the result; one without a body is read as `null`.
    pub(super) fn decode<T: DeserializeOwned>(&self) -> Result<T> {
        match self {
            Self::Nothing => from_json(b"null").map_err(|_| {
                Error::new(
                    ErrorKind::Decode,
                    "the operation gives no result, and its type needs one",
                )
            }),
            Self::Response(response) if is_blank(response.bytes()) => match from_json(b"null") {
                Ok(value) => Ok(value),
                Err(_) => response.decode(),
            },
            Self::Response(response) => response.decode(),
            Self::Part(value, response) => {
                let part = Bytes::from(value.to_string());
                from_json(&part).map_err(|fault| fault.into_error(response))
            }
        }
    }
}

pub(super) fn is_blank(body: &[u8]) -> bool {
    strip_bom(body).iter().all(u8::is_ascii_whitespace)
}
