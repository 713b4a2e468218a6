//! Operations.

use super::parameter::Argument;
use super::response;
use super::{Builder, docs};
use crate::diagnostics::{Diagnostic, did_you_mean};
use crate::load::At;
use crate::model::{
    Body, Coding, Collection, Constraints, Docs, Form, Location, Operation, OperationKind,
    Parameter, Response, Role, Type,
};
use crate::name::words::pascal;
use crate::resolve::Resolved;

/// Methods of a path item, as JSON writes them.
pub(crate) const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch"];

/// What becomes of pages and long-running operations of a kind that nobody has met.
const NOT_FOLLOWED: &str = "it is one call that gives what the service answers first; `request` of the client sends the others";

impl<'a> Builder<'a> {
    /// Reads every operation of the documents, in order.
    pub(super) fn operations(&mut self, roots: &[At<'a>], prefixes: &[String]) -> Vec<Operation> {
        let mut out: Vec<Operation> = Vec::new();
        for (root, prefix) in roots.iter().zip(prefixes) {
            for section in ["paths", "x-ms-paths"] {
                let paths = root.get(section).into_iter().flat_map(At::members);
                for (path, item) in paths.filter(|(path, _)| path.starts_with('/')) {
                    let Some(item) = self.resolver.follow(item) else {
                        continue;
                    };
                    for (key, at) in item
                        .target
                        .members()
                        .filter(|(key, _)| METHODS.contains(key))
                    {
                        let built =
                            self.operation(*root, &format!("{prefix}{path}"), key, item.target, at);
                        if let Some(known) = out.iter().find(|known| known.id == built.id) {
                            let message = format!(
                                "`{}` is the operationId of {} {} too",
                                built.id, known.method, known.path
                            );
                            let found = Diagnostic::error("duplicate-operation", message);
                            let place = at.get("operationId").unwrap_or(at).place();
                            let help = "give one of them another name by a fixup";
                            self.report(found.at(place).help(help));
                            continue;
                        }
                        out.push(built);
                    }
                }
            }
        }
        out
    }

    fn operation(
        &mut self,
        root: At<'a>,
        path: &str,
        key: &str,
        item: At<'a>,
        at: At<'a>,
    ) -> Operation {
        let method = key.to_uppercase();
        let id = at.string("operationId").unwrap_or_else(|| {
            let derived = format!("{}{}", pascal(key), pascal(path));
            let found = Diagnostic::warning(
                "missing-operation-id",
                format!("an operation without `operationId`; `{derived}` is used"),
            );
            let help =
                "clients are named for it: add one, which keeps the name when the path changes";
            self.report(found.at(at.place()).help(help));
            derived
        });
        let is_long_running = at.bool("x-ms-long-running-operation") == Some(true);
        let consumes = media_types(root, at, "consumes");
        let mut produces = media_types(root, at, "produces");
        let (mut parameters, body) = self.arguments(item, at, &id, is_long_running);
        let form = self.form(&consumes, &parameters, body.is_some(), at);
        let (path, fixed_query) = split_query(path);
        self.match_path(&path, &mut parameters, at);
        let mut responses = self.responses(at, &id, &method);
        let mut success = response::success(&responses, &method, is_long_running);
        let schema = body.as_ref().and_then(|(_, schema)| *schema);
        let body = body.map(|(mut body, _)| {
            body.content_types = consumes;
            body.coding = self.coding(&mut body.content_types, &mut body.ty, at, "consumes");
            // Of bytes, a parameter says what they are where there is one.
            let is_said = body.coding == Coding::Bytes && parameters.iter().any(is_content_type);
            if !is_said {
                body.other_content_types = Self::other_media(&body.content_types, body.coding);
                if !body.other_content_types.is_empty() {
                    // A body of several kinds is an argument that says which one it is.
                    body.group = None;
                }
            }
            if body.coding == Coding::Xml {
                body.xml = schema.and_then(|schema| self.xml_root(schema, &body.wire));
            }
            body
        });
        let bodies = responses.iter().filter(|response| !response.is_error);
        let mut bodies = bodies.filter_map(|response| response.ty.as_ref());
        if is_long_running && bodies.any(Type::is_formatted) {
            let found = Diagnostic::warning(
                "unsupported-body",
                "a long-running operation whose status or result is a date, bytes or a list of them",
            );
            self.report(found.at(at.place()).help(NOT_FOLLOWED));
            self.unfollowed.insert(id.clone());
            success = response::success(&responses, &method, false);
        }
        let mut coding = self.answer_coding(&mut produces, &mut success, at);
        let is_followed = is_long_running || at.get("x-ms-pageable").is_some();
        if is_followed && coding != Coding::Json && !self.unfollowed.contains(&id) {
            let found = Diagnostic::warning(
                "unsupported-media-type",
                "pages or a long-running operation whose answers are not JSON",
            );
            let place = at.get("produces").unwrap_or(at).place();
            self.report(found.at(place).help(NOT_FOLLOWED));
            self.unfollowed.insert(id.clone());
            success = response::success(&responses, &method, false);
            coding = self.answer_coding(&mut produces, &mut success, at);
        }
        self.xml_answers(at, &mut responses, coding, &produces);
        Operation {
            client_name: at.string("x-ms-client-name"),
            rust_name: self
                .version
                .operations
                .get(&id)
                .map(|rename| rename.name.clone()),
            docs: docs(std::iter::once(at), "summary"),
            method,
            path,
            fixed_query,
            document: root.document.shown.clone(),
            place: at.place(),
            retired: self
                .version
                .retired_operations
                .get(&id)
                .or(self.version.retired.as_ref())
                .cloned(),
            deprecated: at.bool("deprecated") == Some(true),
            parameters,
            body,
            form,
            produces,
            coding,
            success,
            error: error_type(&responses),
            responses,
            kind: OperationKind::Plain,
            examples: self.examples(root, item, at),
            id,
        }
    }

    /// Parameters of the path item and of the operation, which win; the body with its schema.
    fn arguments(
        &mut self,
        item: At<'a>,
        at: At<'a>,
        id: &str,
        is_long_running: bool,
    ) -> (Vec<Parameter>, Option<(Body, Option<At<'a>>)>) {
        let mut resolved: Vec<Resolved<'a>> = Vec::new();
        for parameter in [item, at]
            .into_iter()
            .filter_map(|of| of.get("parameters"))
            .flat_map(At::items)
        {
            let Some(parameter) = self.resolver.follow(parameter) else {
                continue;
            };
            let place = |of: &Resolved<'a>| (of.string("name"), of.string("in"));
            match resolved
                .iter_mut()
                .find(|known| place(known) == place(&parameter))
            {
                Some(known) => *known = parameter,
                None => resolved.push(parameter),
            }
        }
        let (mut parameters, mut body) = (Vec::new(), None);
        for parameter in &resolved {
            match self.argument(parameter, id, is_long_running) {
                Some(Argument::Parameter(parameter)) => parameters.push(*parameter),
                Some(Argument::Body(first)) if body.is_none() => {
                    body = Some((*first, parameter.get("schema")));
                }
                Some(Argument::Body(_)) => {
                    let found = Diagnostic::error("second-body", "an operation with two bodies");
                    let help = "a request has one body: remove one, or make them properties of one";
                    self.report(found.at(parameter.outer().place()).help(help));
                }
                None => {}
            }
        }
        (parameters, body)
    }

    /// How the form is written that the parameters make, if they make one.
    fn form(
        &mut self,
        consumes: &[String],
        parameters: &[Parameter],
        has_body: bool,
        at: At<'a>,
    ) -> Option<Form> {
        let mut fields = parameters
            .iter()
            .filter(|parameter| parameter.location == Location::Form)
            .peekable();
        fields.peek()?;
        if has_body {
            let found = Diagnostic::error("second-body", "an operation with a body and a form");
            let help = "a request has one body: remove the `body` or the `formData` parameters";
            self.report(found.at(at.place()).help(help));
        }
        let lists = |wanted: &str| {
            let mut essences = consumes.iter().filter_map(|media| media.split(';').next());
            essences.any(|essence| essence.trim().eq_ignore_ascii_case(wanted))
        };
        let has_files = fields.any(|field| is_file(&field.ty));
        let is_multipart = lists("multipart/form-data")
            && (has_files || !lists("application/x-www-form-urlencoded"));
        Some(if has_files || is_multipart {
            Form::Multipart
        } else {
            Form::UrlEncoded
        })
    }

    /// Checks the names in a path against its parameters.
    fn match_path(&mut self, path: &str, parameters: &mut Vec<Parameter>, at: At<'a>) {
        for name in path
            .split('{')
            .skip(1)
            .filter_map(|part| part.split_once('}'))
            .map(|(name, _)| name)
        {
            if !parameters
                .iter()
                .any(|parameter| parameter.location == Location::Path && parameter.wire == name)
            {
                let found = Diagnostic::warning(
                    "missing-parameter",
                    format!("`{{{name}}}` of the path is no path parameter"),
                );
                let known = parameters
                    .iter()
                    .filter(|parameter| parameter.location == Location::Path);
                let known = known.map(|parameter| parameter.wire.as_str());
                let help = did_you_mean(name, known).unwrap_or_else(|| {
                    format!("it is taken as a text; declare `{name}` with `\"in\": \"path\"` and `\"required\": true`")
                });
                self.report(found.at(at.place()).help(help));
                parameters.push(undeclared(name));
            }
        }
        let placeholders = path.split('{').skip(1);
        let placeholders = placeholders.filter_map(|part| Some(part.split_once('}')?.0));
        let placeholders: Vec<&str> = placeholders.collect();
        parameters.retain(|parameter| {
            let is_lost = parameter.location == Location::Path
                && !path.contains(&format!("{{{}}}", parameter.wire));
            if is_lost {
                let message = format!(
                    "the path parameter `{}` does not stand in the path",
                    parameter.wire
                );
                let help = did_you_mean(&parameter.wire, placeholders.iter().copied())
                    .unwrap_or_else(|| {
                        "it is not sent; remove it, or say `\"in\": \"query\"`".to_owned()
                    });
                let found = Diagnostic::warning("unknown-parameter", message);
                self.found.push(found.at(at.place()).help(help));
            }
            !is_lost
        });
    }
}

/// A parameter that only the path knows.
fn undeclared(name: &str) -> Parameter {
    Parameter {
        wire: name.to_owned(),
        client_name: None,
        docs: Docs::default(),
        location: Location::Path,
        ty: Type::String,
        required: true,
        collection: Collection::Csv,
        constraints: Constraints::default(),
        default: None,
        constant: None,
        skip_url_encoding: false,
        header_prefix: None,
        secret: false,
        role: Role::Plain,
        group: None,
    }
}

/// Whether a parameter is the media type of the body.
fn is_content_type(parameter: &Parameter) -> bool {
    parameter.location == Location::Header && parameter.wire.eq_ignore_ascii_case("content-type")
}

fn media_types(root: At<'_>, at: At<'_>, keyword: &str) -> Vec<String> {
    let list = |of: At<'_>| -> Option<Vec<String>> {
        Some(
            of.get(keyword)?
                .items()
                .filter_map(At::as_str)
                .map(str::to_owned)
                .collect(),
        )
    };
    let mut types = list(at).or_else(|| list(root)).unwrap_or_default();
    if types.is_empty() {
        types.push("application/json".to_owned());
    }
    types
}

/// Whether a field of a form holds files.
fn is_file(ty: &Type) -> bool {
    match ty {
        Type::Array(item) => is_file(item),
        ty => *ty == Type::Bytes,
    }
}

/// Schema of the errors of an operation: that of `default`, else the first declared.
fn error_type(responses: &[Response]) -> Option<Type> {
    let errors = || responses.iter().filter(|response| response.is_error);
    let default = errors()
        .find(|response| response.status.is_none())
        .and_then(|response| response.ty.clone());
    default.or_else(|| errors().find_map(|response| response.ty.clone()))
}

/// `/x?comp=list` has a fixed query.
fn split_query(path: &str) -> (String, Vec<(String, String)>) {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let pairs = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (name.to_owned(), value.to_owned())
        });
    (path.to_owned(), pairs.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_in_a_path_is_split_off() {
        assert_eq!(
            split_query("/a/{b}?comp=list&x"),
            (
                "/a/{b}".to_owned(),
                vec![
                    ("comp".to_owned(), "list".to_owned()),
                    ("x".to_owned(), String::new())
                ]
            )
        );
        assert_eq!(split_query("/a:b"), ("/a:b".to_owned(), vec![]));
    }
}
