//! Responses and the shape of a success.

use super::{Builder, docs};
use crate::diagnostics::Diagnostic;
use crate::load::At;
use crate::model::{Header, Response, Success, Type};
use crate::name::words::pascal;

impl<'a> Builder<'a> {
    /// Reads the responses of an operation.
    pub(super) fn responses(&mut self, operation: At<'a>, id: &str, method: &str) -> Vec<Response> {
        let mut out: Vec<Response> = Vec::new();
        let Some(responses) = operation.get("responses") else {
            let found =
                Diagnostic::warning("missing-responses", "an operation without `responses`");
            let help =
                "any answer below 400 is taken, and its body left unread; list at least `default`";
            self.report(found.at(operation.place()).help(help));
            return out;
        };
        let declared: Vec<(&str, At<'a>)> = responses
            .members()
            .filter(|(key, _)| !key.starts_with("x-"))
            .collect();
        let only_default = declared.iter().all(|(key, _)| *key == "default");
        for (key, at) in declared {
            let status = match key {
                "default" => None,
                key => match key.parse::<u16>() {
                    Ok(status) if (100..600).contains(&status) => Some(status),
                    _ => {
                        let found =
                            Diagnostic::warning("unknown-status", format!("`{key}` is no status"));
                        self.report(found.at(at.place()).help(
                            "it is left out; a response is under its status code or under `default`",
                        ));
                        continue;
                    }
                },
            };
            let Some(resolved) = self.resolver.follow(at) else {
                continue;
            };
            let context = format!(
                "{}{}",
                pascal(id),
                status.map_or("Default".to_owned(), response_word)
            );
            let schema = resolved.get("schema");
            let ty = match schema {
                Some(schema) if method == "HEAD" => {
                    let message = "an answer to HEAD has no body, whatever its schema says";
                    let found = Diagnostic::note("body-of-head", message);
                    self.report(found.at(schema.place()));
                    None
                }
                schema => schema.map(|schema| self.ty(schema, &context)),
            };
            let nullable = schema
                .and_then(|schema| self.follow_schema(schema))
                .is_some_and(|schema| schema.is("x-nullable"));
            let headers = resolved.get("headers").into_iter().flat_map(At::members);
            let headers = headers
                .map(|(name, header)| self.header(name, header, &context))
                .collect();
            let is_probe = method == "HEAD" && status == Some(404);
            let marked =
                resolved.get("x-ms-error-response").is_some() && resolved.is("x-ms-error-response");
            out.push(Response {
                status,
                docs: docs(resolved.layers().collect::<Vec<_>>().into_iter(), "summary"),
                ty,
                nullable,
                xml: None,
                headers,
                is_error: marked
                    || (!is_probe && status.map_or(!only_default, |status| status >= 400)),
            });
        }
        out
    }

    fn header(&mut self, wire: &str, at: At<'a>, context: &str) -> Header {
        let resolved = self.resolver.follow(at);
        let resolved = resolved.map(|of| self.with_schema(&of).unwrap_or(of));
        let target = resolved.as_ref().map_or(at, |resolved| resolved.target);
        Header {
            wire: wire.to_owned(),
            client_name: at.string("x-ms-client-name"),
            docs: docs(std::iter::once(target), "title"),
            ty: self.parameter_ty(target, &format!("{context}{}", pascal(wire))),
        }
    }
}

/// What a success gives. `first` narrows the statuses down, for the first answer of a long-running operation.
pub(super) fn success(responses: &[Response], method: &str, is_long_running: bool) -> Success {
    let good: Vec<&Response> = responses
        .iter()
        .filter(|response| !response.is_error)
        .collect();
    if method == "HEAD" && good.iter().any(|response| response.status == Some(404)) {
        return Success::Exists;
    }
    // The other successes of an operation that says 202 are what a client sees at the end of polling.
    let first: Vec<&Response> = match good.iter().find(|response| response.status == Some(202)) {
        Some(accepted) if is_long_running => vec![*accepted],
        _ => good,
    };

    let bodies: Vec<&Type> = first
        .iter()
        .filter_map(|response| response.ty.as_ref())
        .collect();
    let Some(body) = bodies.first().copied() else {
        return Success::Empty;
    };
    if bodies.iter().any(|other| *other != body) {
        return Success::ByStatus(
            first
                .iter()
                .map(|response| (response.status.unwrap_or(200), response.ty.clone()))
                .collect(),
        );
    }
    let always = bodies.len() == first.len() && !first.iter().any(|response| response.nullable);
    match (body, always) {
        (Type::Bytes, _) => Success::Bytes,
        (body, true) => Success::One(body.clone()),
        (body, false) => Success::Optional(body.clone()),
    }
}

/// A word for the types that a response declares inline.
fn response_word(status: u16) -> String {
    match status {
        200..300 => "Result".to_owned(),
        404 => "NotFound".to_owned(),
        _ => format!("Status{status}"),
    }
}
