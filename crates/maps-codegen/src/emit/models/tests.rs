//! What the emitters make of small values of the intermediate representation.

use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::emit::models::models;
use crate::model::*;
use crate::names::{Name, Names};

fn key(name: &str) -> TypeKey {
    TypeKey(name.to_owned())
}

fn named(name: &str) -> Type {
    Type::Named(key(name))
}

/// A service of a few types, named as they are.
#[derive(Default)]
struct Sample {
    types: IndexMap<TypeKey, TypeDef>,
    names: Names,
    operations: Vec<Operation>,
}

impl Sample {
    fn add(mut self, name: &str, kind: TypeKind, members: &[&str]) -> Self {
        let def = TypeDef {
            wire: name.to_owned(),
            client_name: None,
            docs: text(&format!("The {name}.")),
            document: "spec/sample.json".to_owned(),
            place: Place {
                pointer: format!("#/definitions/{name}"),
                ..Place::default()
            },
            kind,
            in_request: true,
            in_response: true,
            is_error: name.ends_with("Error"),
        };
        self.types.insert(key(name), def);
        let ident = |ident: &str| Name {
            ident: ident.to_owned(),
            renamed_from: None,
        };
        self.names.types.insert(key(name), ident(name));
        for (index, member) in members.iter().enumerate() {
            self.names.members.insert((key(name), index), ident(member));
        }
        self
    }

    fn structure(self, name: &str, fields: &[(&str, Property)]) -> Self {
        self.whole(name, fields, Struct::default())
    }

    fn whole(self, name: &str, fields: &[(&str, Property)], rest: Struct) -> Self {
        let members: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
        let properties = fields
            .iter()
            .map(|(_, property)| property.clone())
            .collect();
        self.add(
            name,
            TypeKind::Struct(Struct { properties, ..rest }),
            &members,
        )
    }

    fn tagged(self, name: &str, value: &str, fields: &[(&str, Property)]) -> Self {
        let tag = Some(Tag {
            property: "type".to_owned(),
            value: value.to_owned(),
        });
        self.whole(
            name,
            fields,
            Struct {
                tag,
                ..Struct::default()
            },
        )
    }

    fn enumeration(self, name: &str, base: EnumBase, values: &[(&str, Value)]) -> Self {
        let members: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
        let values = values.iter().map(|(_, value)| EnumValue {
            value: value.clone(),
            name: None,
            docs: Docs::default(),
        });
        self.add(
            name,
            TypeKind::Enum(Enum {
                base,
                values: values.collect(),
                closed: false,
            }),
            &members,
        )
    }

    fn union(self, name: &str, variants: &[(&str, &str)]) -> Self {
        let members: Vec<&str> = variants.iter().map(|(_, ty)| *ty).collect();
        let variants = variants.iter().map(|(value, ty)| Variant {
            value: (*value).to_owned(),
            ty: key(ty),
        });
        self.add(
            name,
            TypeKind::Union(Union {
                tag: "type".to_owned(),
                variants: variants.collect(),
                own: None,
            }),
            &members,
        )
    }

    /// The generated file of this name as text.
    fn file(self, file: &str) -> String {
        let mut names = self.names;
        names.module = "v1".to_owned();
        let service = Service {
            name: "sample".to_owned(),
            title: "Sample".to_owned(),
            version: "1.0".to_owned(),
            documents: vec!["spec/sample.json".to_owned()],
            docs: Docs::default(),
            retired: None,
            host: Host {
                template: String::new(),
                parameters: Vec::new(),
                base_path: String::new(),
            },
            security: Security {
                key: Some(KeyPlacement::Header("subscription-key".to_owned())),
                ..Security::default()
            },
            client_parameters: Vec::new(),
            groups: vec![Group {
                wire: "Sample".to_owned(),
                client: None,
                operations: self.operations,
            }],
            client: "SampleClient".to_owned(),
            xml: IndexMap::new(),
            types: self.types,
            unreachable: Vec::new(),
            parameter_groups: Vec::new(),
        };
        let files = models(&service, &names);
        let path = format!("v1/{file}.rs");
        let generated = files
            .into_iter()
            .find(|f| f.path == path)
            .expect("the file is generated");
        crate::format::rust(generated.tokens, &["spec/sample.json".to_owned()])
            .expect("the tokens are a file")
    }
}

fn text(description: &str) -> Docs {
    Docs {
        summary: None,
        description: Some(description.to_owned()),
    }
}

fn optional(wire: &str, ty: Type) -> Property {
    Property {
        wire: wire.to_owned(),
        client_name: None,
        docs: text(&format!("Its {wire}.")),
        ty,
        required: false,
        read_only: false,
        nullable: false,
        constant: None,
        default: None,
        constraints: Constraints::default(),
        flatten: false,
        secret: false,
        boxed: false,
    }
}

fn required(wire: &str, ty: Type) -> Property {
    Property {
        required: true,
        ..optional(wire, ty)
    }
}

#[test]
fn every_presence_has_its_field_type_and_attributes() {
    let file = Sample::default()
        .structure(
            "Thing",
            &[
                ("name", required("name", Type::String)),
                (
                    "geometry",
                    Property {
                        nullable: true,
                        ..required("geometry", Type::Object)
                    },
                ),
                ("created_at", optional("createdAt", Type::DateTime)),
                ("r#type", optional("type", Type::String)),
                ("md5", optional("contentMD5", Type::String)),
                (
                    "properties",
                    Property {
                        nullable: true,
                        ..optional("properties", Type::Object)
                    },
                ),
                (
                    "inner",
                    Property {
                        boxed: true,
                        ..optional("inner", named("Thing"))
                    },
                ),
            ],
        )
        .file("structs");
    insta::assert_snapshot!(file);
}

#[test]
fn constants_are_filled_in_by_new() {
    let constant = Property {
        constant: Some(json!("FeatureCollection")),
        ..required("type", named("Kind"))
    };
    let file = Sample::default()
        .enumeration(
            "Kind",
            EnumBase::String,
            &[("FeatureCollection", json!("FeatureCollection"))],
        )
        .structure("Thing", &[("r#type", constant)])
        .file("structs");
    assert!(file.contains("r#type: Kind::FeatureCollection"), "{file}");
    assert!(file.contains("pub fn new() -> Self"), "{file}");
    assert!(file.contains("impl Default for Thing"), "{file}");
    assert!(!file.contains("fn with_type"), "{file}");
}

#[test]
fn lists_are_taken_from_anything_that_iterates() {
    let numbers = Type::Array(Box::new(Type::F64));
    let file = Sample::default()
        .structure(
            "Thing",
            &[
                (
                    "names",
                    required("names", Type::Array(Box::new(Type::String))),
                ),
                (
                    "line",
                    required("line", Type::Array(Box::new(numbers.clone()))),
                ),
                ("bbox", optional("bbox", numbers)),
            ],
        )
        .file("structs");
    assert!(
        file.contains("names: impl IntoIterator<Item = impl Into<String>>"),
        "{file}"
    );
    assert!(
        file.contains("line: impl IntoIterator<Item = impl Into<Vec<f64>>>"),
        "{file}"
    );
    assert!(
        file.contains("bbox: impl IntoIterator<Item = f64>"),
        "{file}"
    );
}

#[test]
fn text_enumeration() {
    let file = Sample::default()
        .enumeration(
            "Status",
            EnumBase::String,
            &[
                ("NotStarted", json!("not-started")),
                ("None", json!("None")),
            ],
        )
        .file("enums");
    insta::assert_snapshot!(file);
}

#[test]
fn number_enumeration() {
    let file = Sample::default()
        .enumeration(
            "Days",
            EnumBase::I32,
            &[("Value1", json!(1)), ("ValueMinus5", json!(-5))],
        )
        .file("enums");
    insta::assert_snapshot!(file);
}

fn shapes() -> Sample {
    let wide: Vec<(String, Property)> = (0..8)
        .map(|n| {
            (
                format!("text{n}"),
                optional(&format!("text{n}"), Type::String),
            )
        })
        .collect();
    let mut wide: Vec<(&str, Property)> = wide
        .iter()
        .map(|(name, property)| (name.as_str(), property.clone()))
        .collect();
    wide.push(("length", optional("length", Type::F64)));
    Sample::default()
        .tagged("Line", "line", &wide)
        .tagged(
            "Point",
            "point",
            &[
                (
                    "secret",
                    Property {
                        read_only: true,
                        ..optional("secret", Type::String)
                    },
                ),
                ("length", optional("length", Type::F64)),
            ],
        )
        .union("Shape", &[("line", "Line"), ("point", "Point")])
}

#[test]
fn union_boxes_what_is_large_and_reads_what_all_have() {
    insta::assert_snapshot!(shapes().file("unions"));
}

#[test]
fn request_leaves_read_only_properties_out() {
    let file = shapes()
        .structure(
            "Body",
            &[
                (
                    "shapes",
                    optional("shapes", Type::Array(Box::new(named("Shape")))),
                ),
                ("id", required("id", Type::String)),
            ],
        )
        .file("structs");
    let writable: Vec<&str> = file.split("struct Writable").skip(1).collect();
    assert_eq!(writable.len(), 2, "{file}");
    assert!(
        !writable[0].split('}').next().unwrap().contains("secret"),
        "{file}"
    );
    assert!(
        writable[1].contains("impl ToRequest") || file.contains("ToRequest::serialize_request"),
        "{file}"
    );
    assert!(!file.contains("impl ToRequest for Line"), "{file}");
}

#[test]
fn errors_display_their_code_and_message() {
    let file = Sample::default()
        .structure(
            "DetailError",
            &[
                ("code", optional("code", Type::String)),
                ("message", required("message", Type::String)),
            ],
        )
        .structure(
            "OuterError",
            &[("error", required("error", named("DetailError")))],
        )
        .file("structs");
    assert!(
        file.contains("match (self.code.as_deref(), Some(self.message.as_str()))"),
        "{file}"
    );
    assert!(file.contains("fmt::Display::fmt(&self.error, f)"), "{file}");
    assert!(
        file.contains("impl std::error::Error for OuterError {}"),
        "{file}"
    );
}

#[test]
fn flattened_object_is_reached_through_its_owner() {
    let file = Sample::default()
        .structure(
            "Inner",
            &[
                ("name", optional("name", Type::String)),
                ("id", optional("id", Type::I64)),
            ],
        )
        .structure(
            "Outer",
            &[
                (
                    "inner",
                    Property {
                        flatten: true,
                        ..optional("inner", named("Inner"))
                    },
                ),
                ("id", optional("id", Type::I64)),
            ],
        )
        .file("structs");
    assert!(
        file.contains("pub fn name(&self) -> Option<&str>"),
        "{file}"
    );
    assert!(
        file.contains("self.inner.get_or_insert_default().name = Some(name.into());"),
        "{file}"
    );
    // The owner has an `id` of its own.
    assert!(!file.contains("pub fn id(&self)"), "{file}");
}

#[test]
fn undeclared_properties_are_kept_where_declared() {
    let file = Sample::default()
        .whole(
            "Open",
            &[("id", required("id", Type::I64))],
            Struct {
                additional: Some(Type::Any),
                ..Struct::default()
            },
        )
        .file("structs");
    assert!(
        file.contains(
            "#[serde(flatten)]\n    pub additional_properties: BTreeMap<String, serde_json::Value>"
        ),
        "{file}"
    );
    assert!(file.contains("use std::collections::BTreeMap;"), "{file}");
}

#[test]
fn operations_table_refers_to_types_that_contain_themselves() {
    let limits = Constraints {
        max_length: Some(36),
        pattern: Some("^a$".to_owned()),
        ..Constraints::default()
    };
    let mut sample = Sample::default()
        .enumeration("Kind", EnumBase::String, &[("A", json!("a"))])
        .structure(
            "Problem",
            &[
                ("kind", required("kind", named("Kind"))),
                (
                    "inner",
                    Property {
                        read_only: true,
                        boxed: true,
                        ..optional("inner", named("Problem"))
                    },
                ),
                (
                    "count",
                    Property {
                        constraints: Constraints {
                            maximum: Some(359.0),
                            ..Constraints::default()
                        },
                        ..optional("count", Type::I64)
                    },
                ),
            ],
        );
    sample.operations.push(Operation {
        id: "Sample_GetProblem".to_owned(),
        client_name: None,
        rust_name: None,
        docs: Docs::default(),
        method: "GET".to_owned(),
        path: "/problems/{id}".to_owned(),
        fixed_query: Vec::new(),
        document: "spec/sample.json".to_owned(),
        place: Place::default(),
        retired: None,
        deprecated: false,
        parameters: vec![Parameter {
            wire: "id".to_owned(),
            client_name: None,
            docs: Docs::default(),
            location: Location::Path,
            required: true,
            ty: Type::String,
            collection: Collection::Csv,
            constraints: limits,
            default: None,
            constant: None,
            role: Role::Plain,
            skip_url_encoding: false,
            header_prefix: None,
            secret: false,
            group: None,
        }],
        body: None,
        form: None,
        responses: vec![Response {
            status: Some(200),
            docs: Docs::default(),
            ty: Some(named("Problem")),
            nullable: false,
            xml: None,
            headers: vec![Header {
                wire: "Retry-After".to_owned(),
                client_name: None,
                docs: Docs::default(),
                ty: Type::I32,
            }],
            is_error: false,
        }],
        produces: vec!["application/json".to_owned()],
        coding: Coding::Json,
        success: Success::One(named("Problem")),
        error: None,
        kind: OperationKind::Plain,
        examples: vec![Example {
            name: "A problem".to_owned(),
            parameters: IndexMap::new(),
            responses: vec![ExampleResponse {
                status: 200,
                headers: Vec::new(),
                body: Some(json!({"kind": "a"})),
                fits: true,
            }],
            place: Place::default(),
            fits: true,
        }],
    });
    insta::assert_snapshot!(sample.file("operations"));
}
