//! Parameters of operations.

use serde_json::Value;

use super::schema::TYPES;
use super::{Builder, docs};
use crate::diagnostics::{Diagnostic, did_you_mean};
use crate::load::At;
use crate::model::{Body, Coding, Collection, Location, Operation, Parameter, Role, Type};
use crate::name::words::pascal;
use crate::resolve::Resolved;

/// A parameter or the body.
pub(super) enum Argument {
    Parameter(Box<Parameter>),
    Body(Box<Body>),
}

impl<'a> Builder<'a> {
    /// Reads one parameter of an operation.
    pub(super) fn argument(
        &mut self,
        resolved: &Resolved<'a>,
        operation: &str,
        path: &str,
        is_long_running: bool,
    ) -> Option<Argument> {
        let wire = self.parameter_name(resolved)?;
        let context = format!("{}{}", pascal(operation), pascal(&wire));
        let location = self.location(resolved, &wire, path)?;
        if location == Location::Body {
            let body = self.body(resolved, wire, &context, operation);
            return Some(Argument::Body(Box::new(body)));
        }
        let with_schema = self.with_schema(resolved);
        let resolved = with_schema.as_ref().unwrap_or(resolved);
        let required = resolved.is("required") || location == Location::Path;
        let values: Vec<At<'a>> = resolved
            .get("enum")
            .into_iter()
            .flat_map(At::items)
            .collect();
        let constant = match values[..] {
            [only] if required => Some(only.to_value()),
            _ => None,
        };
        // A constant is never an argument, so nobody needs an enum for it.
        let ty = match (&constant, resolved.get("type").and_then(At::as_str)) {
            (Some(_), Some("string") | None) => Type::String,
            (Some(_), Some("integer")) => Type::I64,
            (Some(_), Some("number")) => Type::F64,
            (Some(_), Some("boolean")) => Type::Bool,
            _ => self.parameter_ty(resolved.target, &context),
        };
        let layers: Vec<At<'a>> = resolved.layers().collect();
        let role = self.role(
            resolved,
            &wire,
            location,
            constant.as_ref(),
            operation,
            is_long_running,
        );
        Some(Argument::Parameter(Box::new(Parameter {
            client_name: resolved.string("x-ms-client-name"),
            docs: docs(layers.iter().copied(), "title"),
            required,
            collection: self.collection(resolved),
            constraints: self.constraints(&layers),
            default: self.default_of(resolved, &ty),
            secret: self.is_secret(resolved),
            skip_url_encoding: resolved.is("x-ms-skip-url-encoding"),
            header_prefix: resolved.string("x-ms-header-collection-prefix"),
            group: group(resolved, operation).filter(|_| role == Role::Plain),
            wire,
            location,
            ty,
            constant,
            role,
        })))
    }

    /// What a request calls a parameter; `None` has been reported.
    fn parameter_name(&mut self, resolved: &Resolved<'a>) -> Option<String> {
        if let Some(name) = resolved.string("name").filter(|name| !name.is_empty()) {
            return Some(name);
        }
        // The name of a body goes nowhere.
        let is_body = resolved.get("in").and_then(At::as_str) == Some("body");
        let help = match is_body {
            true => "it is called `body`",
            false => "it is not sent: say what a request calls it",
        };
        let found = Diagnostic::warning("missing-name", "a parameter without `name`");
        self.report(found.at(resolved.outer().place()).help(help));
        is_body.then(|| "body".to_owned())
    }

    /// Where a request carries a parameter; `None` has been reported.
    fn location(&mut self, resolved: &Resolved<'a>, wire: &str, path: &str) -> Option<Location> {
        let declared = resolved.get("in").and_then(At::as_str);
        let location = match declared {
            Some("path") => return Some(Location::Path),
            Some("query") => return Some(Location::Query),
            Some("header") => return Some(Location::Header),
            Some("body") => return Some(Location::Body),
            Some("formData") => return Some(Location::Form),
            Some(_) => None,
            None if path.contains(&format!("{{{wire}}}")) => Some(Location::Path),
            None if resolved.get("schema").is_some() => Some(Location::Body),
            None => Some(Location::Query),
        };
        let taken = match location {
            Some(Location::Path) => "it is taken as a part of the path, where its name stands",
            Some(Location::Body) => "it is taken as the body, as it has a `schema`",
            Some(_) => "it is taken as a part of the query",
            None => "it is not sent",
        };
        let message = match declared {
            Some(other) => format!("`{wire}` is `in` `{other}`, which no request has a place for"),
            None => format!("`{wire}` does not say where a request carries it"),
        };
        let help = format!("{taken}; `in` is one of path, query, header, body, formData");
        let found = Diagnostic::warning("missing-in", message);
        self.report(found.at(resolved.outer().place()).help(help));
        location
    }

    /// A parameter or header whose type stands under `schema`, where only bodies have it, with that schema at the end.
    pub(super) fn with_schema(&mut self, resolved: &Resolved<'a>) -> Option<Resolved<'a>> {
        if resolved.get("type").is_some() {
            return None;
        }
        let at = resolved.get("schema")?;
        let schema = self.follow_schema(at)?;
        let found = Diagnostic::warning("unsupported-schema", "`schema` outside a body");
        let help =
            "what it says is read as if it stood here; say `type` here, or `\"in\": \"body\"`";
        self.report(found.at(resolved.outer().place()).help(help));
        Some(Resolved {
            target: schema.target,
            chain: resolved.layers().chain(schema.chain).collect(),
            root: resolved.root,
        })
    }

    /// Type of a parameter that is not the body, or of a header.
    pub(super) fn parameter_ty(&mut self, at: At<'a>, context: &str) -> Type {
        match at.str("type") {
            Some("object") => {
                self.report(
                    Diagnostic::warning("unsupported-schema", "an object that is no body")
                        .at(at.place())
                        .help("it is taken as a text; its `type` is one of string, number, integer, boolean, array"),
                );
                Type::String
            }
            Some(other) if !TYPES.contains(&other) => {
                let message = format!("`{other}` is no type");
                let help = did_you_mean(other, TYPES)
                    .unwrap_or_else(|| "it is taken as a text".to_owned());
                let place = at.get("type").unwrap_or(at).place();
                self.report(
                    Diagnostic::warning("unknown-type", message)
                        .at(place)
                        .help(help),
                );
                Type::String
            }
            None if at.get("enum").is_none() => {
                self.report(
                    Diagnostic::warning("missing-type", "a parameter or header without `type`")
                        .at(at.place())
                        .help("it is taken as a text; its `type` is one of string, number, integer, boolean, array, file"),
                );
                Type::String
            }
            _ => self.ty(at, context),
        }
    }

    fn body(
        &mut self,
        resolved: &Resolved<'a>,
        wire: String,
        context: &str,
        operation: &str,
    ) -> Body {
        let schema = resolved.get("schema");
        if schema.is_none() {
            let found = Diagnostic::warning("missing-schema", "a body without `schema`");
            let help = "it may be anything, as with `\"schema\": {}`";
            self.report(found.at(resolved.outer().place()).help(help));
        }
        let ty = schema.map_or(Type::Any, |schema| self.ty(schema, context));
        let schema_layers: Vec<At<'a>> = schema
            .and_then(|schema| self.follow_schema(schema))
            .into_iter()
            .flat_map(|schema| schema.layers().collect::<Vec<_>>())
            .collect();
        let own = docs(resolved.layers().collect::<Vec<_>>().into_iter(), "title");
        Body {
            client_name: resolved.string("x-ms-client-name"),
            docs: if own.description.is_some() {
                own
            } else {
                docs(schema_layers.into_iter(), "title")
            },
            required: resolved.is("required"),
            ty,
            coding: Coding::default(),
            xml: None,
            content_types: Vec::new(),
            other_content_types: Vec::new(),
            group: group(resolved, operation),
            wire,
        }
    }

    fn role(
        &mut self,
        resolved: &Resolved<'a>,
        wire: &str,
        location: Location,
        constant: Option<&Value>,
        operation: &str,
        is_long_running: bool,
    ) -> Role {
        let is_global = resolved
            .root
            .is_some_and(|(section, _)| section == "parameters");
        if location == Location::Query && wire.eq_ignore_ascii_case("api-version") {
            // Another version than the document's is that of the operation alone, and one that may be left out is the
            // caller's to give.
            let is_own = constant
                .and_then(Value::as_str)
                .is_some_and(|only| only != self.version.version);
            let is_always_there = is_global || resolved.is("required");
            let is_other =
                resolved.get("x-ms-api-version").is_some() && !resolved.is("x-ms-api-version");
            return match is_own || is_other || !is_always_there {
                true => Role::Plain,
                false => Role::ApiVersion,
            };
        }
        let configured = self
            .version
            .long_running
            .get(operation)
            .and_then(|entry| entry.operation_id_header.as_deref());
        let names_operation = configured
            .map_or(wire.eq_ignore_ascii_case("operation-id"), |header| {
                header.eq_ignore_ascii_case(wire)
            });
        if is_long_running && location == Location::Header && names_operation {
            return Role::OperationId;
        }
        match resolved.get("x-ms-parameter-location").and_then(At::as_str) {
            Some("client") => Role::Client,
            Some("method") => Role::Plain,
            // A body is never the client's, unless its definition says so.
            _ if location == Location::Form => Role::Plain,
            // Parameters kept at the root of a document belong to the client unless they say otherwise.
            _ if is_global => Role::Client,
            _ => Role::Plain,
        }
    }

    fn collection(&mut self, resolved: &Resolved<'a>) -> Collection {
        let Some(format) = resolved.get("collectionFormat") else {
            return Collection::Csv;
        };
        match format.as_str() {
            Some("csv") => Collection::Csv,
            Some("ssv") => Collection::Ssv,
            Some("tsv") => Collection::Tsv,
            Some("pipes") => Collection::Pipes,
            Some("multi") => Collection::Multi,
            other => {
                let message = format!("`{}` is no collectionFormat", other.unwrap_or_default());
                let help = "items are set apart by commas, as with csv; it is one of csv, ssv, tsv, pipes, multi";
                self.report(
                    Diagnostic::warning("unknown-format", message)
                        .at(format.place())
                        .help(help),
                );
                Collection::Csv
            }
        }
    }

    /// The client-level parameters of all operations, each once.
    pub(super) fn client_parameters(&mut self, operations: &mut [Operation]) -> Vec<Parameter> {
        let mut out: Vec<Parameter> = Vec::new();
        let mut found = Vec::new();
        for operation in operations {
            for parameter in operation.parameters.iter_mut().filter(|parameter| {
                // What has one possible value is sent with it, and is nobody's choice.
                parameter.role == Role::Client && parameter.constant.is_none()
            }) {
                match out.iter().find(|known| {
                    known.wire == parameter.wire && known.location == parameter.location
                }) {
                    Some(known) if known.ty == parameter.ty => {}
                    Some(_) => {
                        parameter.role = Role::Plain;
                        let message = format!("the client's `{}` has two types", parameter.wire);
                        let help = "this operation takes its own; declare it the same everywhere, or say `\"x-ms-parameter-location\": \"method\"`";
                        let fault = Diagnostic::warning("different-parameters", message);
                        found.push(fault.at(operation.place.clone()).help(help));
                    }
                    None => out.push(parameter.clone()),
                }
            }
        }
        self.found.extend(found);
        out
    }
}

/// Name of the group that callers give a parameter in, as the extension makes it: a name, or the operation's with a word
/// behind it.
fn group(resolved: &Resolved<'_>, operation: &str) -> Option<String> {
    let grouping = resolved.get("x-ms-parameter-grouping")?;
    let text = |key: &str| grouping.str(key).filter(|text| !text.is_empty());
    let derived = |word: &str| format!("{}{}", pascal(operation), pascal(word));
    Some(match (text("name"), text("postfix")) {
        (Some(name), _) => name.to_owned(),
        (None, Some(postfix)) => derived(postfix),
        (None, None) => derived("Parameters"),
    })
}
