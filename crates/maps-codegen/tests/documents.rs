//! Several documents of one version, and what `services.toml` says about them.

use std::fs;
use std::path::Path;

use maps_codegen::diagnostics::Severity;
use maps_codegen::generate::{self, Front};
use maps_codegen::model::{OperationKind, ResultSource, Role, TypeKey};
use maps_codegen::pins;

/// Writes files below a new folder and runs the front of the generator over it.
fn run(files: &[(&str, &str)]) -> Front {
    let root = tempfile::tempdir().expect("a folder can be made");
    for (path, text) in files {
        let path = root.path().join("spec").join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))
            .expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    }
    // Whatever is wrong with the files is found again, and reported.
    let _ = pins::accept(root.path());
    generate::front(root.path()).expect("services.toml can be read")
}

fn document(paths: &str, definitions: &str) -> String {
    format!(
        r#"{{"swagger": "2.0", "info": {{"title": "T", "version": "1.0"}}, "host": "example.com",
        "paths": {{{paths}}}, "definitions": {{{definitions}}}}}"#
    )
}

fn get(path: &str, id: &str, schema: &str) -> String {
    format!(
        r##""{path}": {{"get": {{"operationId": "{id}", "responses": {{"200": {{"description": "d",
        "schema": {{"$ref": "#/definitions/{schema}"}}}}}}}}}}"##
    )
}

const SERVICES: &str = r#"
[[service]]
name = "twin"
default-version = "1.0"
[[service.version]]
version = "1.0"
[[service.version.documents]]
path = "one.json"
source = "made up"
[[service.version.documents]]
path = "two.json"
source = "made up"
"#;

fn errors(front: &Front) -> Vec<String> {
    let errors = front
        .diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error);
    errors
        .map(|found| format!("{}: {}", found.code, found.message))
        .collect()
}

#[test]
fn equal_definitions_become_one_type_and_unequal_ones_get_the_word_of_their_document() {
    let same = r#""Same": {"type": "object", "description": "One wording.", "properties": {"a": {"type": "string"}}}"#;
    let again = r#""Same": {"type": "object", "description": "Another.", "properties": {"a": {"type": "string"}}}"#;
    let one = format!(
        r##"{same}, "Other": {{"type": "object", "properties": {{"x": {{"type": "string"}}, "s": {{"$ref": "#/definitions/Same"}}}}}}"##
    );
    let two = format!(
        r##"{again}, "Other": {{"type": "object", "properties": {{"y": {{"type": "string"}}, "s": {{"$ref": "#/definitions/Same"}}}}}}"##
    );
    let front = run(&[
        ("services.toml", SERVICES),
        ("one.json", &document(&get("/a", "Ones_Get", "Other"), &one)),
        ("two.json", &document(&get("/b", "Twos_Get", "Other"), &two)),
    ]);
    assert_eq!(errors(&front), Vec::<String>::new());
    let service = &front.built[0].service;
    let keys: Vec<&str> = service.types.keys().map(|key| key.0.as_str()).collect();
    assert_eq!(keys, ["Other", "Same", "TwoOther"]);
    assert_eq!(
        front.built[0].names.types[&TypeKey("TwoOther".to_owned())].ident,
        "TwoOther"
    );
    assert!(
        front
            .diagnostics
            .iter()
            .any(|found| found.code == "renamed-type")
    );
    let groups: Vec<_> = service
        .groups
        .iter()
        .filter_map(|group| group.client.as_ref())
        .collect();
    assert_eq!(
        groups
            .iter()
            .map(|client| client.ty.as_str())
            .collect::<Vec<_>>(),
        ["OnesClient", "TwosClient"]
    );
}

#[test]
fn a_new_definition_takes_no_name_of_an_old_one() {
    let services = SERVICES.replace(
        "[[service.version.documents]]\npath = \"two.json\"\nsource = \"made up\"\n",
        "",
    );
    let one = |paths: &str, definitions: &str, lock: &str| {
        run(&[
            ("services.toml", &services),
            ("names.lock", lock),
            ("one.json", &document(paths, definitions)),
        ])
    };
    let definition = |name: &str, properties: &str| {
        format!(r#""{name}": {{"type": "object", "properties": {{{properties}}}}}"#)
    };
    let old = definition("my-model", r#""ID": {"type": "string"}"#);
    let first = one(&get("/a", "Get_a", "my-model"), &old, "");
    assert_eq!(errors(&first), Vec::<String>::new());

    // Without the lock both newcomers would be nearer to the contested names, and come first.
    let new = definition(
        "MyModel",
        r##""id": {"type": "string"}, "other": {"$ref": "#/definitions/my-model"}"##,
    );
    let both = format!(
        "{new}, {}",
        definition(
            "my-model",
            r#""id": {"type": "string"}, "ID": {"type": "string"}"#
        )
    );
    let paths = format!(
        "{}, {}",
        get("/b", "getA", "MyModel"),
        get("/a", "Get_a", "my-model")
    );
    let lock = first.lock().text();
    let second = one(&paths, &both, &lock);
    assert_eq!(errors(&second), Vec::<String>::new());
    let names = &second.built[0].names;
    let ident = |key: &str| names.types[&TypeKey(key.to_owned())].ident.as_str();
    assert_eq!(ident("my-model"), "MyModel");
    assert_eq!(ident("MyModel"), "MyModel2");
    let member = |at| {
        let key = TypeKey("my-model".to_owned());
        names.members[&(key, at)].ident.as_str()
    };
    // By name: `ID` comes before `id`.
    assert_eq!((member(0), member(1)), ("id", "id_2"));

    // What is locked and cannot be is an error, with a way out.
    let broken = lock.replace("\"ID\" = \"id\"", "\"ID\" = \"i d\"");
    assert_ne!(broken, lock);
    let third = one(&get("/a", "Get_a", "my-model"), &old, &broken);
    let fault = third
        .diagnostics
        .iter()
        .find(|found| found.code == "locked-name")
        .expect("the name is refused");
    assert!(fault.place.is_some() && fault.help.is_some());
}

#[test]
fn a_long_running_operation_of_spec_needs_its_entry() {
    let start = r#""/a": {"post": {"operationId": "Start", "x-ms-long-running-operation": true, "responses": {"202": {"description": "d"}}}}"#;
    let services = SERVICES.replace(
        "[[service.version.documents]]\npath = \"two.json\"\nsource = \"made up\"\n",
        "",
    );
    let front = run(&[
        ("services.toml", &services),
        ("one.json", &document(start, "")),
    ]);
    assert_eq!(
        errors(&front),
        [
            "missing-long-running-entry: `Start` is long-running and has no entry that names its status operation"
        ]
    );
}

#[test]
fn a_stale_fixup_and_a_misspelt_operation_are_reported_together() {
    let services = SERVICES.replace("path = \"two.json\"", "path = \"one.json\"");
    let services = format!(
        "{services}[service.version.operations.Gett]\nname = \"x\"\nreason = \"y\"\n\
         [[fixup]]\ndocument = \"one.json\"\nat = \"#/host\"\nkind = \"set\"\nexpect = \"old.com\"\nvalue = \"new.com\"\nreason = \"moved\"\n"
    );
    let front = run(&[
        ("services.toml", &services),
        ("one.json", &document("", "")),
    ]);
    let codes: Vec<&str> = front.diagnostics.iter().map(|found| found.code).collect();
    assert!(
        codes.contains(&"stale-fixup") && codes.contains(&"unknown-entry"),
        "{codes:?}"
    );
}

#[test]
fn the_three_operations_of_spec_are_what_services_toml_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the workspace");
    let front = generate::front(root).expect("services.toml can be read");
    assert_eq!(errors(&front), Vec::<String>::new());
    let mut seen = Vec::new();
    for built in &front.built {
        for operation in built
            .service
            .groups
            .iter()
            .flat_map(|group| &group.operations)
        {
            if let OperationKind::LongRunning(long_running) = &operation.kind {
                let status = long_running
                    .status
                    .as_ref()
                    .expect("the entry names the status operation");
                seen.push((
                    operation.id.as_str(),
                    status.operation.as_str(),
                    status.id_parameter.as_str(),
                    (
                        long_running.succeeded.join(" "),
                        long_running.failed.join(" "),
                    ),
                    long_running.result.clone(),
                    operation
                        .parameters
                        .iter()
                        .any(|parameter| parameter.role == Role::OperationId),
                ));
            }
        }
    }
    let words = |good: &str| (good.to_owned(), "Failed".to_owned());
    let expected = [
        (
            "Route_PostRouteMatrixAsync",
            "Route_GetRouteOperationsStatus",
            "id",
            words("Completed"),
            ResultSource::Link("/result/resultUrl".to_owned()),
            false,
        ),
        (
            "DataRegistry_RegisterOrReplace",
            "DataRegistry_GetOperation",
            "operationId",
            words("Completed"),
            ResultSource::OriginalUri,
            true,
        ),
        (
            "Dataset_Create",
            "Dataset_GetOperation",
            "operationId",
            words("Succeeded"),
            ResultSource::ResourceLocation,
            false,
        ),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn every_fixup_of_spec_fails_once_the_definition_is_right() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the workspace");
    let text = fs::read_to_string(workspace.join("spec/services.toml")).expect("the file is there");
    let start = text.find("[[fixup]]").expect("there are fixups");
    // What a fixup leaves behind is what a corrected definition would say.
    let mut files = vec![(
        "services.toml".to_owned(),
        format!("{text}\n{}", &text[start..]),
    )];
    for line in text.lines().filter_map(|line| {
        line.strip_prefix("document = ")
            .or(line.strip_prefix("path = "))
    }) {
        let path = line.trim_matches('"').to_owned();
        let document =
            fs::read_to_string(workspace.join("spec").join(&path)).expect("the document is there");
        files.push((path, document));
    }
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let front = run(&files);
    let stale = front
        .diagnostics
        .iter()
        .filter(|found| found.code == "stale-fixup");
    let stale: Vec<_> = stale.filter_map(|found| found.place.as_ref()).collect();
    let fixups = text.matches("[[fixup]]").count();
    assert_eq!(stale.len(), fixups, "{stale:#?}");
    let lines = text.lines().count();
    assert!(
        stale
            .iter()
            .all(|place| place.file == "spec/services.toml" && place.line > lines)
    );
}
