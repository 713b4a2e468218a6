//! `Exchange` sees what a client does otherwise than its definition shows.

use std::panic::{AssertUnwindSafe, catch_unwind};

use maps_core::service::{self, HostSettings};
use maps_core::test_kit::Exchange;
use maps_core::{Method, Pipeline, Request};
use maps_types::operations::{
    Body, Collection, Example, Kind, Location, Operation, Parameter, Property, Response, Schema,
    Service,
};
use serde_json::Value;

static THING: Schema = Schema {
    kind: Kind::Object {
        properties: &[Property {
            name: "size",
            required: true,
            schema: &Schema::INTEGER,
        }],
        additional: None,
    },
    ..Schema::ANY
};

const fn parameter(name: &'static str, location: Location) -> Parameter {
    Parameter {
        name,
        location,
        required: false,
        collection: Collection::Csv,
        schema: &Schema::STRING,
    }
}

static TABLE: Service = Service {
    name: "things",
    api_version: "1.0",
    key: None,
    operations: &[Operation {
        id: "Things_Put",
        method: "PUT",
        path: "/things/{id}",
        parameters: &[
            parameter("api-version", Location::Query),
            parameter("id", Location::Path),
            parameter("tags", Location::Query),
            parameter("x-note", Location::Header),
        ],
        body: Some(Body {
            name: "thing",
            required: true,
            content_types: &["application/json"],
            schema: &THING,
        }),
        responses: &[
            Response {
                status: Some(200),
                headers: &[],
                schema: Some(&THING),
            },
            Response {
                status: None,
                headers: &[],
                schema: None,
            },
        ],
        long_running: false,
        examples: &[
            Example {
                name: "Made",
                parameters: PARAMETERS,
                status: 200,
                headers: &[],
                body: Some(r#"{"size":3}"#),
            },
            Example {
                name: "Refused",
                parameters: PARAMETERS,
                status: 409,
                headers: &[],
                body: None,
            },
        ],
    }],
};

const PARAMETERS: &[(&str, &str)] = &[
    ("id", r#""a/b""#),
    ("tags", r#"["x","y"]"#),
    ("x-note", "7"),
    ("thing", r#"{"size":3,"undeclared":1}"#),
];

static SERVICE: service::Service = service::Service {
    name: "things",
    version: "0.1.0",
    api_version: "1.0",
    host: "https://things.example",
    host_parameters: &[],
    base_path: "",
    key: None,
    scopes: &[],
};

static PUT: service::Operation = service::Operation {
    id: "Things_Put",
    method: Method::PUT,
    path: "/things/{id}",
    accept: "application/json",
    redirects: &[],
};

/// What a good client does.
fn good(request: &mut Request) {
    request.path("id", "a/b", None);
    request.query_list("tags", ["x", "y"], service::Collection::Csv);
    request.header("x-note", 7);
    request.json("application/json", &serde_json::json!({"size": 3}));
}

/// Whether the examples hold for a client that does something else on top, and reads the body with a change.
fn holds(change: impl Fn(&mut Request), read: impl Fn(Value) -> Value) -> bool {
    let check = || {
        for example in Exchange::all(&TABLE, "Things_Put") {
            let settings = HostSettings::new();
            let pipeline = Pipeline::new(&SERVICE, &settings, None, None, example.options());
            let pipeline = pipeline.expect("the pipeline is complete");
            let mut request = pipeline.request(&PUT);
            good(&mut request);
            change(&mut request);
            let answer = example.run(pipeline.send(request));
            let body = answer.and_then(|answer| answer.json::<Value, maps_core::HeaderMap>());
            example.check::<Value>(body.map(|answer| Some(read(answer.into_body()))));
        }
    };
    catch_unwind(AssertUnwindSafe(check)).is_ok()
}

#[test]
fn a_client_like_its_definition_passes() {
    assert!(holds(|_| {}, |body| body));
}

/// What a client does on top of what it should.
type Change = fn(&mut Request);

#[test]
fn every_deviation_is_seen() {
    let same = |body: Value| body;
    let changes: [(&str, Change); 7] = [
        ("path", |request| request.path("id", "a-b", None)),
        ("query", |request| request.query("tags", "x")),
        ("undeclared", |request| request.query("other", "x")),
        ("header", |request| request.header("x-note", 8)),
        ("body", |request| {
            request.json("application/json", &serde_json::json!({"size": 4}));
        }),
        ("content type", |request| {
            request.header("content-type", "text/json")
        }),
        ("argument", |request| request.missing("id")),
    ];
    for (name, change) in changes {
        assert!(!holds(change, same), "{name}");
    }
    assert!(!holds(|_| {}, |_| Value::Null), "answer");
}
