//! Operations.

use super::equal::equal;
use super::operation_id::{Id, Ids};
use super::parameter::Argument;
use super::response;
use super::{Builder, docs};
use crate::diagnostics::{Diagnostic, did_you_mean};
use crate::load::At;
use crate::model::{
    Body, Coding, Collection, Constraints, Docs, Form, Location, Operation, OperationKind,
    Parameter, Response, Role, Success, Type,
};
use crate::resolve::Resolved;

/// Methods of a path item, as JSON writes them.
pub(crate) const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch"];

/// What becomes of pages and long-running operations of a kind that nobody has met.
const NOT_FOLLOWED: &str = "it is one call that gives what the service answers first; `request` of the client sends the others";

impl<'a> Builder<'a> {
    /// Reads every operation of the documents, in order.
    pub(super) fn operations(&mut self, roots: &[At<'a>], prefixes: &[String]) -> Vec<Operation> {
        let mut out: Vec<Operation> = Vec::new();
        let mut ids = Ids::default();
        for (root, prefix) in roots.iter().zip(prefixes) {
            for section in ["paths", "x-ms-paths"] {
                let paths = root.get(section).into_iter().flat_map(At::members);
                for (path, at) in paths.filter(|(path, _)| !path.starts_with("x-")) {
                    let Some(item) = self.resolver.follow(at) else {
                        continue;
                    };
                    let path = format!("{prefix}{}", self.path(path, at));
                    for (key, at) in item
                        .target
                        .members()
                        .filter(|(key, _)| METHODS.contains(key))
                    {
                        let id = ids.of(at, key, &path, &mut self.found);
                        out.push(self.operation(*root, &path, key, item.target, at, id));
                    }
                }
            }
        }
        out
    }

    /// A path as requests have it, from its slash on.
    fn path(&mut self, path: &'a str, at: At<'a>) -> String {
        if path.starts_with('/') {
            return path.to_owned();
        }
        let message = format!("the path `{path}` does not begin with a slash");
        let found = Diagnostic::warning("unknown-path", message).at(at.place());
        self.report(found.help("it is read as if it did"));
        format!("/{path}")
    }

    fn operation(
        &mut self,
        root: At<'a>,
        path: &str,
        key: &str,
        item: At<'a>,
        at: At<'a>,
        Id { id, other }: Id,
    ) -> Operation {
        let method = key.to_uppercase();
        let is_long_running = at.bool("x-ms-long-running-operation") == Some(true);
        let consumes = media_types(root, at, "consumes");
        let mut produces = media_types(root, at, "produces");
        let (path, fixed_query) = split_query(path);
        let (mut parameters, mut body) = self.arguments(item, at, &id, &path, is_long_running);
        let form = self.form(&consumes, &mut parameters, &mut body, at);
        self.match_path(&path, &mut parameters, at);
        let mut responses = self.responses(at, &id, &method);
        let mut success = response::success(&responses, &method, is_long_running);
        let schema = body.as_ref().and_then(|(_, schema)| *schema);
        let body = body.map(|(mut body, _)| {
            body.content_types = consumes;
            body.coding = self.coding(&mut body.content_types, &mut body.ty, at, "consumes");
            Self::without_ranges(&mut body.content_types, body.coding);
            // Of bytes, a parameter says what they are where there is one.
            let is_said = body.coding == Coding::Bytes && parameters.iter().any(is_content_type);
            if !is_said {
                body.other_content_types = Self::other_media(&body.content_types, body.coding);
                if !body.other_content_types.is_empty() {
                    // A body of several kinds is an argument that says which one it is.
                    self.ungroup(&mut body, at);
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
        if let Success::ByStatus(statuses) = &success {
            given_as_bytes(&mut responses, statuses);
        }
        self.xml_answers(at, &mut responses, coding, &produces);
        Operation {
            client_name: at.string("x-ms-client-name"),
            rust_name: self
                .version
                .operations
                .get(&id)
                .map(|rename| rename.name.clone()),
            docs: other.told(docs(std::iter::once(at), "summary")),
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
        path: &str,
        is_long_running: bool,
    ) -> (Vec<Parameter>, Option<(Body, Option<At<'a>>)>) {
        let mut resolved: Vec<Resolved<'a>> = Vec::new();
        for of in [item, at] {
            let above = resolved.len();
            for parameter in of.get("parameters").into_iter().flat_map(At::items) {
                let Some(parameter) = self.resolver.follow(parameter) else {
                    continue;
                };
                let place = |of: &Resolved<'a>| (of.string("name"), of.string("in"));
                let known = resolved
                    .iter()
                    .position(|known| place(known) == place(&parameter));
                let Some(known) = known else {
                    resolved.push(parameter);
                    continue;
                };
                if known >= above
                    && !equal(&self.resolver, resolved[known].target, parameter.target)
                {
                    let wire = parameter.string("name").unwrap_or_default();
                    let message =
                        format!("`{wire}` stands twice among the parameters, with two meanings");
                    let found = Diagnostic::warning("duplicate-parameter", message);
                    let help = "the last one counts; remove the other, or give it another name";
                    self.report(found.at(parameter.outer().place()).help(help));
                }
                resolved[known] = parameter;
            }
        }
        let (mut parameters, mut body) = (Vec::new(), None);
        for parameter in &resolved {
            match self.argument(parameter, id, path, is_long_running) {
                Some(Argument::Parameter(parameter)) => parameters.push(*parameter),
                Some(Argument::Body(first)) if body.is_none() => {
                    body = Some((*first, parameter.get("schema")));
                }
                Some(Argument::Body(_)) => {
                    let found = Diagnostic::warning("second-body", "an operation with two bodies");
                    let help = "the first one is sent: remove one, or make them properties of one";
                    self.report(found.at(parameter.outer().place()).help(help));
                }
                None => {}
            }
        }
        (parameters, body)
    }

    /// How the form is written that the parameters make, if they make one. Of a body and a form, the one is left that the
    /// media types carry.
    fn form<T>(
        &mut self,
        consumes: &[String],
        parameters: &mut Vec<Parameter>,
        body: &mut Option<T>,
        at: At<'a>,
    ) -> Option<Form> {
        let lists = |wanted: &str| {
            let mut essences = consumes.iter().filter_map(|media| media.split(';').next());
            essences.any(|essence| essence.trim().eq_ignore_ascii_case(wanted))
        };
        let is_field = |parameter: &Parameter| parameter.location == Location::Form;
        if body.is_some() && parameters.iter().any(is_field) {
            let is_form =
                lists("multipart/form-data") || lists("application/x-www-form-urlencoded");
            let sent = match is_form {
                true => {
                    *body = None;
                    "form"
                }
                false => {
                    parameters.retain(|parameter| !is_field(parameter));
                    "body"
                }
            };
            let message = "an operation with a body and a form";
            let found = Diagnostic::warning("second-body", message).at(at.place());
            self.report(found.help(format!(
                "the {sent} is sent, as `consumes` has it: remove the `body` or the `formData` parameters"
            )));
        }
        let mut fields = parameters.iter().filter(|of| is_field(of)).peekable();
        fields.peek()?;
        let has_files = fields.any(|field| is_file(&field.ty));
        let is_multipart = lists("multipart/form-data")
            && (has_files || !lists("application/x-www-form-urlencoded"));
        Some(if has_files || is_multipart {
            Form::Multipart
        } else {
            Form::UrlEncoded
        })
    }

    /// Takes a body out of its group.
    fn ungroup(&mut self, body: &mut Body, at: At<'a>) {
        if let Some(group) = body.group.take() {
            let message = format!("the body is not part of the group `{group}`");
            let help = "it is an argument of its own, which says its media type beside it";
            let found = Diagnostic::warning("ungrouped-body", message);
            self.report(found.at(at.place()).help(help));
        }
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

/// Notes which answers a client gives as they are, whatever their schema says.
fn given_as_bytes(responses: &mut [Response], statuses: &[(u16, Option<Type>)]) {
    for response in responses.iter_mut().filter(|response| !response.is_error) {
        let own = |(status, _): &&(u16, Option<Type>)| response.status == Some(*status);
        if let Some((_, Some(Type::Bytes))) = statuses.iter().find(own) {
            response.ty = Some(Type::Bytes);
        }
    }
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
