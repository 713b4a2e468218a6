//! Sentences that the generator adds to the docs of clients and request builders.

use super::arguments::Arguments;
use super::example::Example;
use super::scope::{Scope, Surface};
use crate::emit::docs::Doc;
pub(super) use crate::emit::docs::code;
use crate::model::{Docs, Operation, OperationKind, Service, Success, Type, TypeKind};

/// Widest line of a list item.
const WIDTH: usize = 96;

/// Prose and facts of a value in one line, `None` when there is nothing to say.
pub(super) fn line(docs: &Docs, facts: &str) -> Option<String> {
    let text = docs
        .description
        .as_deref()
        .or(docs.summary.as_deref())
        .unwrap_or_default();
    // Paragraphs would end the list that the line goes into.
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.ends_with(|last: char| last.is_alphanumeric() || matches!(last, ')' | '`')) {
        text.push('.');
    }
    if !facts.is_empty() {
        text = format!("{text} {facts}");
    }
    let text = text.trim();
    (!text.is_empty()).then(|| decapitalised(text))
}

/// A sentence that goes on after a colon; names and abbreviations keep their capitals.
fn decapitalised(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second))
            if first.is_uppercase() && (second.is_lowercase() || second == ' ') =>
        {
            first.to_lowercase().chain(text.chars().skip(1)).collect()
        }
        _ => text.to_owned(),
    }
}

/// A list item in lines of even width.
pub(super) fn list_item(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is a first line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() > WIDTH
            && !word.starts_with(['#', '>', '|', '=', '-', '+', '*'])
        {
            lines.push(format!("  {word}"));
        } else {
            line.push(' ');
            line.push_str(word);
        }
    }
    lines.join("\n")
}

/// What of a path argument is checked, and what the docs say about it.
pub(super) const REFUSALS: [(Option<&str>, &str); 4] = [
    (Some("pattern or length"), "breaks its pattern or length"),
    (Some("pattern"), "breaks its pattern"),
    (Some("length"), "breaks its length"),
    (None, "is empty, `.` or `..`"),
];

/// Documentation of one operation, as it stands on the client's method.
pub(super) struct OperationDocs<'a> {
    pub(super) scope: &'a Scope<'a>,
    pub(super) surface: &'a Surface<'a>,
    pub(super) operation: &'a Operation,
    pub(super) arguments: &'a Arguments<'a>,
}

impl OperationDocs<'_> {
    /// Docs of the method that makes the request.
    pub(super) fn method(&self) -> Doc {
        let Self {
            scope,
            surface,
            operation,
            arguments,
        } = self;
        let mut doc = Doc::of_operation(
            &operation.docs,
            &format!("Operation {}.", code(&operation.id)),
        )
        .with_links(|wire| self.property_link(wire));
        let lines: Vec<String> = arguments
            .required
            .iter()
            .filter_map(|argument| argument.line())
            .chain(arguments.required_groups().map(|group| group.line()))
            .chain(arguments.body.iter().filter_map(|body| body.line()))
            .map(|line| list_item(&line))
            .collect();
        if !lines.is_empty() {
            doc = doc.prose(&lines.join("\n"));
        }
        for paragraph in self.kind() {
            doc = doc.paragraph(&paragraph);
        }
        doc = doc.section("Errors", &self.errors());
        if let Some(example) = Example::of_operation(scope, surface, operation, arguments) {
            doc = doc
                .section("Examples", "")
                .example("no_run", &example.lines());
        }
        if let Some(line) = retired(scope.service, operation) {
            doc = doc.paragraph(&line);
        }
        if operation.deprecated {
            doc = doc.paragraph("Its definition calls it deprecated.");
        }
        doc.paragraph(&source(operation))
    }

    /// The field that a property of the request's body, or else of the answer, has become.
    fn property_link(&self, wire: &str) -> Option<(String, String)> {
        let answer = match (&self.operation.kind, &self.operation.success) {
            (OperationKind::LongRunning(long_running), _) => Some(&long_running.monitor),
            (_, Success::One(ty) | Success::Optional(ty)) => Some(ty),
            _ => None,
        };
        let body = self.operation.body.as_ref().map(|body| &body.ty);
        body.into_iter().chain(answer).find_map(|ty| {
            let Type::Named(key) = ty else { return None };
            let TypeKind::Struct(body) = &self.scope.service.types.get(key)?.kind else {
                return None;
            };
            let index = body
                .properties
                .iter()
                .position(|property| property.wire == wire)?;
            let field = &self.scope.names.members.get(&(key.clone(), index))?.ident;
            let field = field.trim_start_matches("r#");
            let ty = &self.scope.names.types.get(key)?.ident;
            let module = &self.scope.names.module;
            let models = &self.scope.models_crate;
            Some((
                field.to_owned(),
                format!("{models}::{module}::{ty}::{field}"),
            ))
        })
    }

    /// What awaiting the request gives, where that is more than its answer.
    fn kind(&self) -> Vec<String> {
        let names = self.scope.operation(self.operation);
        match &self.operation.kind {
            OperationKind::Plain => Vec::new(),
            OperationKind::Pageable(_) => vec![format!(
                "What it returns is a stream of the items of all pages, asked for as they are needed; \
                 [`pages`]({request}::pages) gives the pages themselves.",
                request = format_args!("super::{}", names.request.ident),
            )],
            OperationKind::LongRunning(long_running) => {
                let method = names.method.ident.trim_start_matches("r#");
                let mut text = format!(
                    "Awaiting the request submits the operation and gives a {}: await that for the result, or watch it \
                     with its `next`. Dropping it cancels nothing on the service.",
                    self.scope.core_link("Poller"),
                );
                if long_running.status.is_some() {
                    text.push_str(&format!(
                        " An operation that was started elsewhere is watched by its id with \
                         [`attach_{method}`](Self::attach_{method}), or with its resume token by \
                         [`resume_{method}`](Self::resume_{method})."
                    ));
                } else {
                    text.push_str(&format!(
                        " [`resume_{method}`](Self::resume_{method}) goes on with an operation in another process."
                    ));
                }
                vec![text]
            }
        }
    }

    /// Body of the section `# Errors`.
    fn errors(&self) -> String {
        let security = &self.scope.service.security;
        let refusal = if security.key.is_some() {
            ", for example 401 for a bad key"
        } else if !security.scopes.is_empty() || security.sas {
            ", for example 401 for a bad token"
        } else if security.basic {
            ", for example 401 for a bad password"
        } else {
            ""
        };
        let mut paragraphs = vec![format!(
            "[`Error::status`](maps_core::Error::status) is set when the service refused the request{refusal}."
        )];
        for response in self
            .operation
            .responses
            .iter()
            .filter(|response| response.is_error)
        {
            let text = response
                .docs
                .description
                .as_deref()
                .or(response.docs.summary.as_deref());
            if let (Some(status), Some(text)) = (response.status, text) {
                let text = line(
                    &Docs {
                        summary: None,
                        description: Some(text.to_owned()),
                    },
                    "",
                )
                .unwrap_or_default();
                paragraphs[0].push_str(&format!(" Status {status}: {text}"));
            }
        }
        if let Some(Type::Named(key)) = &self.operation.error {
            let name = &self.scope.names.types[key].ident;
            let path = format!(
                "{}::{}::{name}",
                self.scope.models_crate, self.scope.names.module
            );
            paragraphs[0].push_str(&format!(
                " [`Error::body_as`](maps_core::Error::body_as) reads its answer as [`{name}`]({path})."
            ));
        }
        let mut refused = Vec::new();
        for (wanted, text) in REFUSALS {
            let names: Vec<String> = self
                .paths()
                .filter(|(_, words)| *words == wanted)
                .map(|(name, _)| name)
                .collect();
            if !names.is_empty() {
                refused.push(format!("whose {} {text}", names.join(" or ")));
            }
        }
        if !refused.is_empty() {
            paragraphs.push(format!(
                "A request {} fails before anything is sent, with \
                 [`ErrorKind::InvalidArgument`](maps_core::ErrorKind::InvalidArgument).",
                refused.join(", or ")
            ));
        }
        if let OperationKind::LongRunning(_) = self.operation.kind {
            paragraphs.push(
                "When submitting fails, [`Error::may_have_been_sent`](maps_core::Error::may_have_been_sent) tells whether \
                 the operation may have started all the same. An operation that fails is \
                 [`ErrorKind::Operation`](maps_core::ErrorKind::Operation), with the service's \
                 [`code`](maps_core::Error::code) and [`message`](maps_core::Error::message). Every error of the poller \
                 has the operation's [`id`](maps_core::Error::operation_id), its \
                 [`last_status`](maps_core::Error::last_status) and a \
                 [`resume_token`](maps_core::Error::resume_token)."
                    .to_owned(),
            );
        }
        paragraphs.join("\n\n")
    }

    /// Path arguments, and what of each is checked.
    fn paths(&self) -> impl Iterator<Item = (String, Option<&'static str>)> {
        self.arguments.path().map(|argument| {
            let parameter = argument.parameter();
            let words = self
                .scope
                .statics
                .checked_words(&parameter.wire, &parameter.constraints);
            (format!("`{}`", argument.name), words)
        })
    }
}

/// What a client proves identity with.
pub(super) fn credential(service: &Service) -> String {
    let security = &service.security;
    let mut ways = Vec::new();
    if service.is_azure_maps() {
        ways.extend([
            "a subscription key",
            "a SAS token",
            "Microsoft Entra tokens",
        ]);
    } else {
        ways.extend(security.key.is_some().then_some("a key"));
        ways.extend(security.sas.then_some("a SAS token"));
        ways.extend(security.basic.then_some("a user name and a password"));
        ways.extend((!security.scopes.is_empty()).then_some("access tokens"));
    }
    let ways = match ways.split_last() {
        None => String::new(),
        Some((one, [])) => format!(": {one}"),
        Some((last, others)) => format!(": {} or {last}", others.join(", ")),
    };
    format!("Sets what proves identity{ways}.")
}

/// Where the definition of an operation is.
pub(super) fn source(operation: &Operation) -> String {
    format!(
        "Operation {} of {}.",
        code(&operation.id),
        code(&operation.document)
    )
}

/// The line about retirement.
pub(super) fn retired(service: &Service, operation: &Operation) -> Option<String> {
    let day = operation.retired.as_ref().or(service.retired.as_ref())?;
    Some(format!(
        "**Retired** on {day}: the service no longer answers it."
    ))
}

/// Body of `# Cancel safety` of what sends a request.
pub(super) fn cancel_safety(operation: &Operation) -> &'static str {
    match (&operation.kind, operation.method.as_str()) {
        (OperationKind::LongRunning(long_running), _)
            if long_running.operation_id_header.is_some() =>
        {
            "Dropping the future before it ends may leave an operation that was started. Keep its [`id`](Self::id) \
             beforehand: with that it can be attached to."
        }
        (OperationKind::LongRunning(_), _) => {
            "Dropping the future before it ends may leave an operation that was started and that nobody watches. Once it \
             has given a poller, nothing is lost."
        }
        (_, "GET" | "HEAD" | "OPTIONS") => {
            "Dropping the future abandons the answer and changes nothing."
        }
        _ => {
            "Dropping the future abandons the answer; the service may have carried out the request."
        }
    }
}
