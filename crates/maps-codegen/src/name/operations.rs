//! Names of operations, their request builders and parameters.

use std::collections::HashMap;

use super::lock::Keeper;
use super::scope::{Case, KEYWORDS, Scope, TYPES};
use super::words::{pascal, snake, snake_words, words};
use super::{plain, type_of};
use crate::diagnostics::Diagnostic;
use crate::model::{Group, Location, Operation, OperationKind, Parameter, Role, Service, Success};
use crate::names::{Name, Names, OperationName, ParameterGroupName};

/// Methods that every client has.
pub(super) const METHODS: &[&str] = &["builder", "clone", "new", "request"];

/// Methods that every request builder has.
const SETTERS: &[&str] = &[
    "body",
    "call_options",
    "clone",
    "into_future",
    "new",
    "send",
    "send_blocking",
];

/// Methods that pagers have besides.
const PAGES: &[&str] = &["into_pager", "iter_blocking", "next", "pages"];

/// Methods that every client builder has.
const BUILDER: &[&str] = &["build", "clone", "credential", "endpoint", "new", "options"];

/// Fields of a client and of its builder, beside those of options; a parameter of the host makes no field.
const FIELDS: &[&str] = &["host", "pipeline"];

/// Types that client modules use beside those of the prelude.
const CLIENT_TYPES: &[&str] = &[
    "BoxFuture",
    "CallOptions",
    "ClientOptions",
    "Collection",
    "Credential",
    "HostSettings",
    "LongRunning",
    "Method",
    "Operation",
    "Page",
    "Pager",
    "Pages",
    "Pin",
    "Pipeline",
    "Poll",
    "Poller",
    "RawRequest",
    "RawResponse",
    "Request",
    "Response",
    "ResumeToken",
    "Service",
    "StatusCode",
    "Stream",
];

pub(super) fn name(
    service: &Service,
    names: &mut Names,
    keeper: &mut Keeper,
    found: &mut Vec<Diagnostic>,
) {
    let mut scope = Scope::new(Case::Parameter, BUILDER);
    if service.is_versioned() {
        scope.reserve("api_version");
    }
    for parameter in &service.host.parameters {
        match parameter.is_endpoint {
            true => scope.fixed("endpoint", &parameter.name),
            false => scope.add(&parameter.name, &parameter.name, None),
        }
    }
    for field in FIELDS {
        let mut hosts = service.host.parameters.iter();
        if !hosts.any(|host| host.name.eq_ignore_ascii_case(field)) {
            scope.reserve(field);
        }
    }
    for parameter in &service.client_parameters {
        let others = service.client_parameters.iter();
        let is_alone = others.filter(|other| other.wire == parameter.wire).count() == 1;
        scope.add_as(
            parameter.client_name.as_deref().unwrap_or(&parameter.wire),
            &parameter.wire,
            None,
            Some(match is_alone {
                true => parameter.wire.clone(),
                false => item(parameter),
            }),
        );
        scope.or_behind(location(parameter));
    }
    let mut idents = scope.finish("client option", "client option", keeper, found);
    let client_parameters = idents.split_off(service.host.parameters.len());
    names.host_parameters = service
        .host
        .parameters
        .iter()
        .map(|parameter| parameter.name.clone())
        .zip(idents)
        .collect();
    names.client_parameters = service
        .client_parameters
        .iter()
        .map(|parameter| (location(parameter), parameter.wire.clone()))
        .zip(client_parameters)
        .collect();
    parameter_groups(service, names, keeper, found);
    for group in &service.groups {
        name_group(service, group, names, keeper, found);
    }
}

/// Names of the structs of parameters that are given together, and of their fields.
fn parameter_groups(
    service: &Service,
    names: &mut Names,
    keeper: &mut Keeper,
    found: &mut Vec<Diagnostic>,
) {
    let mut types = Scope::new(Case::Type, TYPES);
    CLIENT_TYPES.iter().for_each(|name| types.reserve(name));
    let clients = service
        .groups
        .iter()
        .filter_map(|group| group.client.as_ref());
    for ty in clients.map(|client| &client.ty).chain([&service.client]) {
        types.reserve(ty);
        types.reserve(&format!("{ty}Builder"));
    }
    for group in &service.parameter_groups {
        types.add(&group.wire, &group.wire, Some(&group.place));
    }
    let types = types.finish("group of parameters", "group of parameters", keeper, found);
    for (group, ty) in service.parameter_groups.iter().zip(types) {
        let mut fields = Scope::new(Case::Field, &["clone", "default", "new"]);
        for parameter in &group.parameters {
            fields.add_as(
                parameter.client_name.as_deref().unwrap_or(&parameter.wire),
                &parameter.wire,
                Some(&group.place),
                Some(item(parameter)),
            );
        }
        let what = format!("parameter of the group {}", group.wire);
        let fields = fields.finish(&what, &what, keeper, found);
        names
            .parameter_groups
            .insert(group.wire.clone(), ParameterGroupName { ty, fields });
    }
}

fn name_group(
    service: &Service,
    group: &Group,
    names: &mut Names,
    keeper: &mut Keeper,
    found: &mut Vec<Diagnostic>,
) {
    let client = group
        .client
        .as_ref()
        .map_or(&service.client, |client| &client.ty);
    let mut methods = Scope::new(Case::Method, METHODS);
    if group.client.is_none() {
        service
            .groups
            .iter()
            .filter_map(|group| group.client.as_ref())
            .for_each(|group| methods.reserve(&group.accessor));
    }
    let prefixed = |operation: &Operation, name: &str| match is_long_running(operation) {
        true => format!("begin_{name}"),
        false => name.to_owned(),
    };
    let short: Vec<String> = group
        .operations
        .iter()
        .map(|operation| match &operation.rust_name {
            Some(name) => prefixed(operation, name),
            None => prefixed(operation, &method(operation, client, group)),
        })
        .collect();
    for (operation, name) in group.operations.iter().zip(&short) {
        if is_long_running(operation) {
            let name = name.trim_start_matches("begin_");
            methods.reserve(&format!("attach_{name}"));
            methods.reserve(&format!("resume_{name}"));
        }
    }
    for (operation, name) in group.operations.iter().zip(&short) {
        let is_shared = short.iter().filter(|other| *other == name).count() > 1;
        match &operation.rust_name {
            Some(_) => methods.fixed(name, &operation.id),
            // The words that rules leave out tell these apart better than a number does.
            None if is_shared => {
                let name = prefixed(operation, &snake_words(&said_words(operation)));
                methods.add(&name, &operation.id, Some(&operation.place));
            }
            None => methods.add(name, &operation.id, Some(&operation.place)),
        }
    }
    let of = |what: &str| match group.wire.as_str() {
        "" => what.to_owned(),
        wire => format!("{what} of {wire}"),
    };
    let methods = methods.finish("operation", &of("operation"), keeper, found);

    let mut types = Scope::new(Case::Type, TYPES);
    CLIENT_TYPES.iter().for_each(|name| types.reserve(name));
    for ty in [client, &service.client] {
        types.reserve(ty);
        types.reserve(&format!("{ty}Builder"));
    }
    for group in names.parameter_groups.values() {
        types.reserve(&group.ty.ident);
    }
    for (operation, method) in group.operations.iter().zip(&methods) {
        let request = type_of(&method.ident);
        // A word of the prelude is no request builder: `Option` becomes `OptionRequest`.
        let is_taken =
            TYPES.contains(&request.as_str()) || CLIENT_TYPES.contains(&request.as_str());
        let request_name = format!("{request}{}", if is_taken { "Request" } else { "" });
        let has_headers = operation
            .responses
            .iter()
            .any(|response| !response.is_error && !response.headers.is_empty());
        let has_answer = matches!(operation.success, Success::ByStatus(_));
        for (name, what, is_there) in [
            (request_name, "request", true),
            (format!("{request}Headers"), "headers", has_headers),
            (format!("{request}Answer"), "answer", has_answer),
        ] {
            let item = is_there.then(|| format!("{what} of {}", operation.id));
            types.add_as(&name, &operation.id, Some(&operation.place), item);
        }
    }
    // Notes about the headers and answers that an operation does not have would be noise.
    let mut notes = Vec::new();
    let mut types = types
        .finish("request", &of("type"), keeper, &mut notes)
        .into_iter();
    found.extend(notes.into_iter().filter(|note| note.code != "renamed"));
    for (operation, mut method) in group.operations.iter().zip(methods) {
        if is_long_running(operation) {
            // The emitter puts `begin_`, `attach_` and `resume_` in front.
            method.ident = method.ident.trim_start_matches("begin_").to_owned();
        }
        let mut next = || types.next().unwrap_or_else(|| plain(String::new()));
        let (request, headers, answer) = (next(), next(), next());
        report(&request, operation, found);
        if matches!(operation.success, Success::ByStatus(_)) {
            report(&answer, operation, found);
        }
        let name = OperationName {
            parameters: parameters(operation, keeper, found),
            header_fields: headers_of(operation, keeper, found),
            method,
            request,
            headers,
            answer,
        };
        names.operations.insert(operation.id.clone(), name);
    }
}

fn report(name: &Name, operation: &Operation, found: &mut Vec<Diagnostic>) {
    if let Some(from) = &name.renamed_from {
        let message = format!(
            "request `{}`: `{from}` is called `{}`",
            operation.id, name.ident
        );
        found.push(Diagnostic::note("renamed", message).at(operation.place.clone()));
    }
}

/// The words that the definition calls an operation.
fn said_words(operation: &Operation) -> Vec<String> {
    let tail = |name: &str| {
        name.split_once('_')
            .map_or(name, |(_, tail)| tail)
            .to_owned()
    };
    let own = tail(&operation.id);
    // Some documents repeat the `operationId` as the client name, which says nothing.
    let said = operation
        .client_name
        .as_deref()
        .filter(|name| **name != operation.id)
        .map(tail);
    words(&said.unwrap_or(own))
}

/// The method that the rules give an operation.
fn method(operation: &Operation, client: &str, group: &Group) -> String {
    let mut words = said_words(operation);
    let is = |word: &String, other: &str| word.eq_ignore_ascii_case(other);
    if is_long_running(operation) {
        let kept: Vec<String> = words
            .iter()
            .filter(|word| !is(word, "async") && !is(word, "begin"))
            .cloned()
            .collect();
        words = if kept.is_empty() { words } else { kept };
    }
    let verb = match operation.method.as_str() {
        "POST" => "post",
        "PUT" => "put",
        _ => "",
    };
    // Without its verb, `PutTrue` would be `r#true`.
    let is_word = |rest: &[String]| !KEYWORDS.contains(&rest.concat().to_lowercase().as_str());
    if words.len() > 1
        && is(&words[0], verb)
        && is_word(&words[1..])
        && !has_other_verb(operation, group)
    {
        words.remove(0);
    }
    let said: Vec<String> = super::words::words(client.strip_suffix("Client").unwrap_or(client))
        .into_iter()
        .chain(super::words::words(&group.wire))
        .map(|word| singular(&word))
        .collect();
    if words.len() > 1 && words[1..].iter().all(|word| said.contains(&singular(word))) {
        words.truncate(1);
    }
    snake_words(&words)
}

/// Whether the group does something else to the same thing: beside `get_road`, `road` would read like another getter.
fn has_other_verb(operation: &Operation, group: &Group) -> bool {
    let rest = |operation: &Operation| {
        let words = said_words(operation);
        words
            .iter()
            .skip(1)
            .map(|word| word.to_lowercase())
            .collect()
    };
    let own: Vec<String> = rest(operation);
    // `begin_` says enough.
    !is_long_running(operation)
        && group
            .operations
            .iter()
            .any(|other| other.id != operation.id && rest(other) == own)
}

fn is_long_running(operation: &Operation) -> bool {
    matches!(operation.kind, OperationKind::LongRunning(_))
}

fn singular(word: &str) -> String {
    let word = word.to_lowercase();
    match word.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => word.strip_suffix('s').map(str::to_owned).unwrap_or(word),
    }
}

fn parameters(
    operation: &Operation,
    keeper: &mut Keeper,
    found: &mut Vec<Diagnostic>,
) -> HashMap<(&'static str, String), Name> {
    let mut keys: Vec<(&'static str, String)> = Vec::new();
    let mut scope = Scope::new(Case::Parameter, SETTERS);
    match &operation.kind {
        OperationKind::Pageable(_) => PAGES.iter().for_each(|name| scope.reserve(name)),
        OperationKind::LongRunning(long_running) if long_running.operation_id_header.is_some() => {
            scope.reserve("id");
        }
        OperationKind::Plain if matches!(operation.success, Success::Bytes) => {
            scope.reserve("download");
        }
        _ => {}
    }
    let mut groups: Vec<&String> = Vec::new();
    for parameter in &operation.parameters {
        if let Some(group) = &parameter.group {
            if !groups.contains(&group) {
                groups.push(group);
            }
            continue;
        }
        keys.push((location(parameter), parameter.wire.clone()));
        match parameter.role {
            // Never an argument: nobody sees the name.
            Role::ApiVersion => scope.fixed("api_version", &parameter.wire),
            // Arguments are locals and may be called like a method.
            _ if parameter.required
                && parameter.role == Role::Plain
                && snake(parameter.client_name.as_deref().unwrap_or(&parameter.wire)) == "id" =>
            {
                scope.fixed("id", &parameter.wire);
            }
            _ => scope.add_as(
                parameter.client_name.as_deref().unwrap_or(&parameter.wire),
                &parameter.wire,
                Some(&operation.place),
                parameter.constant.is_none().then(|| item(parameter)),
            ),
        }
        scope.or_behind(location(parameter));
    }
    if let Some(body) = &operation.body {
        match &body.group {
            Some(group) if groups.contains(&group) => {}
            Some(group) => groups.push(group),
            None => {
                keys.push(("body", body.wire.clone()));
                scope.fixed("body", &body.wire);
            }
        }
    }
    for group in groups {
        keys.push(("group", group.clone()));
        scope.add(group, group, Some(&operation.place));
    }
    let what = format!("parameter of {}", operation.id);
    let idents = scope.finish(&what, &what, keeper, found);
    keys.into_iter().zip(idents).collect()
}

fn location(parameter: &Parameter) -> &'static str {
    match parameter.location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Form => "form",
        Location::Body => "body",
    }
}

/// What the lock calls a parameter: the same name may be in the query and in a header.
fn item(parameter: &Parameter) -> String {
    format!("{} {}", location(parameter), parameter.wire)
}

fn headers_of(
    operation: &Operation,
    keeper: &mut Keeper,
    found: &mut Vec<Diagnostic>,
) -> HashMap<String, Name> {
    let mut wires: Vec<String> = Vec::new();
    let mut scope = Scope::new(Case::Field, &[]);
    for header in operation
        .responses
        .iter()
        .filter(|response| !response.is_error)
        .flat_map(|response| &response.headers)
    {
        if !wires.contains(&header.wire) {
            // `x-ms-request-id` is `request_id` to everyone.
            let short = header.wire.strip_prefix("x-ms-").unwrap_or(&header.wire);
            scope.add(
                header.client_name.as_deref().unwrap_or(short),
                &header.wire,
                Some(&operation.place),
            );
            wires.push(header.wire.clone());
        }
    }
    let what = format!("header of {}", pascal(&operation.id));
    let lock = format!("header of {}", operation.id);
    let idents = scope.finish(&what, &lock, keeper, found);
    wires.into_iter().zip(idents).collect()
}
