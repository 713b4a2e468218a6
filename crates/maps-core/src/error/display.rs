//! What an error shows: one line for operators, fields for those who mend the program.

use std::error::Error as StdError;
use std::fmt::{self, Write as _};

use super::Error;

/// Writes a text of the service as one line: a line end would forge a line of a log, an escape a terminal's text.
struct OneLine<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl fmt::Write for OneLine<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some((at, odd)) = rest.char_indices().find(|(_, c)| c.is_control()) {
            self.0.write_str(&rest[..at])?;
            write!(self.0, "{}", odd.escape_default())?;
            rest = &rest[at + odd.len_utf8()..];
        }
        self.0.write_str(rest)
    }
}

/// One line: what happened, the service's code and explanation, and in brackets what finds the call in logs.
///
/// ```text
/// status 404 (Not Found) (NotFound: no such operation) [operation Route_GetRouteOperationsStatus, request id 4bf9…, client request id 7d0c…]
/// ```
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut f = OneLine(f);
        f.write_str(&self.0.message)?;
        match (self.code(), self.message()) {
            (Some(code), Some(message)) => write!(f, " ({code}: {message})")?,
            (Some(word), None) | (None, Some(word)) => write!(f, " ({word})")?,
            (None, None) => {}
        }
        let marks = [
            ("operation", self.operation()),
            ("operation id", self.operation_id()),
            ("request id", self.request_id()),
            ("client request id", self.client_request_id()),
        ];
        let mut before = " [";
        for (name, mark) in marks {
            if let Some(mark) = mark.filter(|mark| !mark.is_empty()) {
                write!(f, "{before}{name} {mark}")?;
                before = ", ";
            }
        }
        if before == ", " {
            f.write_char(']')?;
        }
        Ok(())
    }
}

/// The fields that are set; of headers and body only their size, because a log is no place for them.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        let mut debug = f.debug_struct("Error");
        debug
            .field("kind", &inner.kind)
            .field("message", &inner.message);
        if let Some(operation) = inner.operation {
            debug.field("operation", &operation);
        }
        if let Some(answer) = &inner.answer {
            debug
                .field("status", &answer.status.as_u16())
                .field("code", &inner.service.code)
                .field("service_message", &inner.service.message)
                .field("request_id", &self.request_id())
                .field("body_bytes", &answer.body.len());
        }
        if let Some(id) = &inner.client_request_id {
            debug.field("client_request_id", id);
        }
        if let Some(wait) = &inner.retry_after {
            debug.field("retry_after", wait);
        }
        if let Some(path) = &inner.json_path {
            debug.field("json_path", path);
        }
        if let Some(id) = &inner.operation_id {
            debug.field("operation_id", id);
        }
        debug.field("may_have_been_sent", &inner.may_have_been_sent);
        if let Some(source) = &inner.source {
            debug.field("source", source);
        }
        debug.finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source: &(dyn StdError + 'static) = self.0.source.as_deref()?;
        Some(source)
    }
}
