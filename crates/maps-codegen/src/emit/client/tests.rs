//! Clients of a service made by hand: what the files hold, whatever the earlier stages do.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde_json::json;

use super::client;
use crate::model::*;
use crate::names::{Name, Names, OperationName};

fn name(ident: &str) -> Name {
    Name {
        ident: ident.to_owned(),
        renamed_from: None,
    }
}

fn docs(text: &str) -> Docs {
    Docs {
        summary: None,
        description: Some(text.to_owned()),
    }
}

fn parameter(wire: &str, location: Location, ty: Type) -> Parameter {
    Parameter {
        wire: wire.to_owned(),
        client_name: None,
        docs: docs(&format!("The {wire} of the thing.")),
        location,
        required: location == Location::Path,
        ty,
        collection: Collection::Csv,
        constraints: Constraints::default(),
        default: None,
        constant: None,
        role: Role::Plain,
        skip_url_encoding: false,
        header_prefix: None,
        secret: false,
        group: None,
    }
}

fn response(status: Option<u16>, ty: Option<Type>, is_error: bool) -> Response {
    Response {
        status,
        docs: docs("What came."),
        ty,
        nullable: false,
        xml: None,
        headers: Vec::new(),
        is_error,
    }
}

fn operation(id: &str, method: &str, path: &str, success: Success) -> Operation {
    Operation {
        id: id.to_owned(),
        client_name: None,
        rust_name: None,
        docs: docs("Does one thing. And then it is done."),
        method: method.to_owned(),
        path: path.to_owned(),
        fixed_query: Vec::new(),
        document: "spec/things/1.0/things.json".to_owned(),
        place: Place::default(),
        retired: None,
        deprecated: false,
        parameters: Vec::new(),
        body: None,
        form: None,
        responses: vec![response(Some(200), None, false), response(None, None, true)],
        produces: vec!["application/json".to_owned()],
        coding: Coding::Json,
        success,
        error: None,
        kind: OperationKind::Plain,
        examples: Vec::new(),
    }
}

fn example(parameters: serde_json::Value) -> Vec<Example> {
    let serde_json::Value::Object(members) = parameters else {
        return Vec::new();
    };
    vec![Example {
        name: "One".to_owned(),
        parameters: members.into_iter().collect(),
        responses: Vec::new(),
        place: Place::default(),
        fits: true,
    }]
}

fn thing() -> Type {
    Type::Named(TypeKey("Thing".to_owned()))
}

fn types() -> IndexMap<TypeKey, TypeDef> {
    let def = |wire: &str, kind| TypeDef {
        wire: wire.to_owned(),
        client_name: None,
        docs: docs("Of the service."),
        document: "spec/things/1.0/things.json".to_owned(),
        place: Place::default(),
        kind,
        in_request: true,
        in_response: true,
        is_error: false,
    };
    let property = |wire: &str, ty, read_only| Property {
        wire: wire.to_owned(),
        client_name: None,
        docs: Docs::default(),
        ty,
        required: false,
        read_only,
        nullable: false,
        constant: None,
        default: None,
        constraints: Constraints::default(),
        flatten: false,
        secret: false,
        boxed: false,
    };
    let structure = |properties| {
        TypeKind::Struct(Struct {
            properties,
            ..Struct::default()
        })
    };
    let values = ["near", "far"].map(|value| EnumValue {
        value: json!(value),
        name: None,
        docs: Docs::default(),
    });
    let body = Enum {
        base: EnumBase::String,
        values: values.to_vec(),
        closed: false,
    };
    [
        (
            "Thing",
            structure(vec![
                property("id", Type::String, true),
                property("size", Type::F64, false),
            ]),
        ),
        (
            "Page",
            structure(vec![
                property("value", Type::Array(Box::new(thing())), false),
                property("nextLink", Type::String, false),
            ]),
        ),
        ("Place", TypeKind::Enum(body)),
    ]
    .into_iter()
    .map(|(wire, kind)| (TypeKey(wire.to_owned()), def(wire, kind)))
    .collect()
}

/// A service with one operation of each kind.
fn service() -> Service {
    let id_limits = Constraints {
        min_length: Some(2),
        pattern: Some("^[a-z]+$".to_owned()),
        pattern_checked: true,
        ..Constraints::default()
    };
    let language = Parameter {
        role: Role::Client,
        ..parameter("Accept-Language", Location::Header, Type::String)
    };

    let mut get = operation("Things_Get", "GET", "/things/{id}", Success::One(thing()));
    let place = Type::Named(TypeKey("Place".to_owned()));
    get.parameters = vec![
        Parameter {
            constraints: id_limits.clone(),
            ..parameter("id", Location::Path, Type::String)
        },
        parameter(
            "near",
            Location::Query,
            Type::Array(Box::new(place.clone())),
        ),
        parameter("since", Location::Query, Type::DateTime),
        parameter("place", Location::Query, place),
        language.clone(),
    ];
    get.responses[0].headers.push(Header {
        wire: "Retry-After".to_owned(),
        client_name: None,
        docs: docs("Seconds to wait."),
        ty: Type::I32,
    });
    get.examples = example(json!({ "id": "abc", "near": ["near", "far"] }));

    let mut list = operation(
        "Things_List",
        "GET",
        "/things",
        Success::One(Type::Named(TypeKey("Page".to_owned()))),
    );
    list.parameters = vec![parameter("top", Location::Query, Type::I32)];
    list.kind = OperationKind::Pageable(Pageable {
        next_link: Some("nextLink".to_owned()),
        items: "value".to_owned(),
        item: thing(),
        page: TypeKey("Page".to_owned()),
        following: None,
    });
    list.examples = example(json!({ "top": 10 }));

    let mut make = operation("Things_Make", "PUT", "/things/{id}", Success::One(thing()));
    make.parameters = vec![
        Parameter {
            constraints: id_limits.clone(),
            ..parameter("id", Location::Path, Type::String)
        },
        Parameter {
            role: Role::OperationId,
            ..parameter("Operation-Id", Location::Header, Type::String)
        },
    ];
    make.body = Some(Body {
        wire: "thing".to_owned(),
        client_name: None,
        docs: docs("What to make."),
        required: true,
        ty: thing(),
        coding: Coding::Json,
        xml: None,
        content_types: vec!["application/json".to_owned()],
        other_content_types: Vec::new(),
        group: None,
    });
    make.kind = OperationKind::LongRunning(Box::new(LongRunning {
        status: Some(StatusOperation {
            operation: "Things_Get".to_owned(),
            path: "/things/{id}".to_owned(),
            id_parameter: "id".to_owned(),
            constraints: id_limits,
        }),
        monitor: thing(),
        succeeded: vec!["Done".to_owned()],
        failed: vec!["Failed".to_owned()],
        result: ResultSource::OriginalUri,
        result_type: Some(thing()),
        operation_id_header: Some("Operation-Id".to_owned()),
    }));
    make.examples = example(json!({ "id": "abc", "thing": { "size": 3 } }));

    let mut check = operation("Things_Check", "HEAD", "/things/{n}", Success::Exists);
    check.parameters = vec![parameter("n", Location::Path, Type::I32)];
    check.examples = example(json!({ "n": 3 }));

    let statuses = vec![(200, Some(thing())), (204, None)];
    let read = operation("Things_Read", "GET", "/read", Success::ByStatus(statuses));

    Service {
        name: "things".to_owned(),
        title: "Things".to_owned(),
        version: "1.0".to_owned(),
        documents: vec!["spec/things/1.0/things.json".to_owned()],
        docs: docs("Keeps things."),
        retired: None,
        host: Host {
            template: "https://things.example".to_owned(),
            parameters: Vec::new(),
            base_path: String::new(),
        },
        security: Security {
            key: Some(KeyPlacement::Header("key".to_owned())),
            sas: true,
            basic: false,
            scopes: Vec::new(),
        },
        client_parameters: vec![language],
        groups: vec![Group {
            wire: "Things".to_owned(),
            client: None,
            operations: vec![get, list, make, check, read],
        }],
        client: "ThingsClient".to_owned(),
        types: types(),
        xml: IndexMap::new(),
        unreachable: Vec::new(),
        parameter_groups: Vec::new(),
    }
}

fn names(service: &Service) -> Names {
    let mut names = Names {
        module: "v1_0".to_owned(),
        ..Names::default()
    };
    for (key, def) in &service.types {
        names.types.insert(key.clone(), name(&key.0));
        let members = match &def.kind {
            TypeKind::Struct(body) => body
                .properties
                .iter()
                .map(|property| snake(&property.wire))
                .collect(),
            TypeKind::Enum(_) => vec!["Near".to_owned(), "Far".to_owned()],
            TypeKind::Union(_) => Vec::new(),
        };
        for (index, member) in members.iter().enumerate() {
            names.members.insert((key.clone(), index), name(member));
        }
    }
    for operation in service.groups.iter().flat_map(|group| &group.operations) {
        let word = operation.id.replace("Things_", "");
        let begin = if matches!(operation.kind, OperationKind::LongRunning(_)) {
            "Begin"
        } else {
            ""
        };
        let mut parameters: HashMap<_, _> = operation
            .parameters
            .iter()
            .map(|parameter| {
                let key = (
                    super::parameter::location_key(parameter.location),
                    parameter.wire.clone(),
                );
                (key, name(&snake(&parameter.wire)))
            })
            .collect();
        parameters.extend(
            operation
                .body
                .iter()
                .map(|body| (("body", body.wire.clone()), name(&body.wire))),
        );
        let operation_name = OperationName {
            method: name(&snake(&word)),
            request: name(&format!("{begin}{word}")),
            headers: name(&format!("{word}Headers")),
            answer: name(&format!("{word}Answer")),
            parameters,
            header_fields: HashMap::from([("Retry-After".to_owned(), name("retry_after"))]),
        };
        names
            .operations
            .insert(operation.id.clone(), operation_name);
    }
    names.client_parameters.insert(
        ("header", "Accept-Language".to_owned()),
        name("accept_language"),
    );
    names
}

fn snake(wire: &str) -> String {
    let mut out = String::new();
    for char in wire.chars() {
        if char.is_uppercase() && !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
        out.push(if char == '-' {
            '_'
        } else {
            char.to_ascii_lowercase()
        });
    }
    out
}

/// The files of the service by path, formatted.
fn files(service: &Service) -> IndexMap<String, String> {
    let files = client(service, &names(service), "maps-things-models", true);
    let format = |tokens| prettyplease::unparse(&syn::parse2(tokens).expect("the output parses"));
    files
        .into_iter()
        .map(|file| (file.path, format(file.tokens)))
        .collect()
}

#[test]
fn files_of_a_service_without_groups_stand_in_its_module() {
    let files = files(&service());
    let paths: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            "v1_0.rs",
            "v1_0/builder.rs",
            "v1_0/client.rs",
            "v1_0/requests.rs",
            "v1_0/headers.rs",
            "v1_0/answers.rs",
            "v1_0/operations.rs",
        ]
    );
}

#[test]
fn groups_have_modules_of_their_own() {
    let mut service = service();
    service.groups[0].client = Some(GroupClient {
        accessor: "things".to_owned(),
        ty: "AllThingsClient".to_owned(),
    });
    let files = files(&service);
    assert!(files.contains_key("v1_0/things.rs") && files.contains_key("v1_0/things/requests.rs"));
    assert!(files["v1_0/client.rs"].contains("pub fn things(&self) -> AllThingsClient"));
    assert!(files["v1_0/things/client.rs"].contains("client.things().get(\"abc\")"));
}

#[test]
fn path_value_is_checked_as_its_definition_says() {
    let files = files(&service());
    assert!(
        files["v1_0/requests.rs"]
            .contains("request.path(\"id\", id.as_ref(), Some(&operations::ID_FORM));")
    );
    let operations = &files["v1_0/operations.rs"];
    assert_eq!(
        operations.matches("static ID_FORM:").count(),
        1,
        "{operations}"
    );
    assert!(operations.contains("Pattern::new(\"^[a-z]+$\")"));
}

#[test]
fn body_with_read_only_properties_is_sent_without_them() {
    assert!(
        files(&service())["v1_0/requests.rs"]
            .contains("request.json(\"application/json\", &AsRequest(thing));")
    );
}

#[test]
fn attach_makes_the_original_request_where_the_result_is_behind_it() {
    let client = &files(&service())["v1_0/client.rs"];
    let client: String = client.split_whitespace().collect();
    assert!(client.contains("fnattach_make(&self,id:implAsRef<str>,operation_id:implAsRef<str>"));
    assert!(client.contains("request.path(\"id\",id.as_ref(),Some(&operations::ID_FORM));"));
    assert!(
        client.contains(".attach(&operations::WATCH_MAKE,Some(request),operation_id.as_ref())")
    );
}

#[test]
fn imported_name_that_a_request_has_too_is_written_as_a_path() {
    let mut service = service();
    service.groups[0]
        .operations
        .retain(|operation| operation.id == "Things_Get");
    service.groups[0].operations[0].id = "Things_Poller".to_owned();
    let files = files(&service);
    assert!(files["v1_0/requests.rs"].contains("pub struct Poller"));
    assert!(!files["v1_0/requests.rs"].contains("use maps_core::{CallOptions, Pipeline, Poller"));
}
