//! The walk of CONTRIBUTING.md: a made-up version of a definition, from its document to crates that compile.

use std::fs;

mod support;

use support::{copy, read, workspace, workspace_copy, xtask};

const DOCUMENT: &str = "spec/data-registry/2023-06-01/data-registry.json";
const VERSION: &str = "2030-02-01-preview";

#[test]
fn a_made_up_version_goes_from_its_document_to_crates_that_compile() {
    let root = workspace_copy("add-version");
    let inbox = root.join("inbox");
    copy(&root.join("spec/data-registry/2023-06-01"), &inbox);
    let document = inbox.join("data-registry.json");
    let published = read(&document);
    // A new optional property, a new value, and an operation that is gone.
    let mut next: serde_json::Value = serde_json::from_str(&published).expect("it is JSON");
    next["info"]["version"] = VERSION.into();
    next["definitions"]["AzureBlob"]["properties"]["tier"] =
        serde_json::json!({ "type": "string", "description": "How fast the blob can be read." });
    let removed = next["paths"]["/dataRegistries/{udid}"]
        .as_object_mut()
        .and_then(|item| item.remove("delete"));
    assert!(removed.is_some());
    let write = |next: &serde_json::Value| {
        let text = serde_json::to_string_pretty(next).expect("it is JSON");
        fs::write(&document, text).expect("the document can be written");
    };
    write(&next);
    let doc = document.to_str().expect("the path is text");
    let add = ["add-version", "data-registry", VERSION, doc];

    let (code, said) = xtask(&root, &add);
    assert_eq!(code, 0, "{said}");
    for line in [
        "data-registry 2023-06-01 -> data-registry 2030-02-01-preview",
        "major wire  removed  operation DataRegistry_Unregister",
        "minor wire  added    property AzureBlob.tier",
        "verdict: major",
        "written  spec/data-registry/2030-02-01-preview/data-registry.json",
        "changed  crates/maps-data-registry/Cargo.toml",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let services = read(&root.join("spec/services.toml"));
    assert!(
        services.contains("version = \"2030-02-01-preview\""),
        "{services}"
    );
    let entry = "[service.version.long-running.DataRegistry_RegisterOrReplace]";
    assert_eq!(services.matches(entry).count(), 2, "entries are taken over");
    // The published version was retired; what comes after it is not.
    let retired = services.matches("retired = \"2025-09-30\"").count();
    assert_eq!(
        retired,
        read(&workspace().join("spec/services.toml"))
            .matches("retired = \"2025-09-30\"")
            .count()
    );
    let (code, said) = xtask(&root, &["codegen", "--check"]);
    assert_eq!(code, 0, "{said}");
    let feature = format!("v{VERSION}");
    support::cargo(&root, "check", &["-p", "maps-data-registry"]);
    support::cargo(
        &root,
        "check",
        &["-p", "maps-data-registry", "--features", &feature],
    );

    // The same again changes nothing.
    let (code, said) = xtask(&root, &add);
    assert_eq!(
        (code, said.contains("is this document already")),
        (0, true),
        "{said}"
    );
    assert_eq!(read(&root.join("spec/services.toml")), services);

    // The document changes while its version stays.
    next["definitions"]["AzureBlob"]["properties"]["tier"]["type"] = "boolean".into();
    write(&next);
    let (code, said) = xtask(&root, &add);
    assert_eq!(code, 1, "{said}");
    for line in [
        "retyped  property AzureBlob.tier: string to bool",
        "help: `--replace` takes the new document",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    assert_eq!(read(&root.join("spec/services.toml")), services);
    let [name, service, version, doc] = add;
    let (code, said) = xtask(&root, &[name, service, version, doc, "--replace"]);
    assert_eq!(code, 0, "{said}");
    let generated = "crates/maps-data-registry-models/src/generated/v2030_02_01_preview/structs.rs";
    assert!(read(&root.join(generated)).contains("pub tier: Option<bool>"));

    // Behind the back of the commands, a change is an error that names the pin.
    let there = root
        .join("spec/data-registry")
        .join(VERSION)
        .join("data-registry.json");
    let text = read(&there);
    fs::write(&there, text.replace("How fast", "How quickly")).expect("it can be written");
    let (code, said) = xtask(&root, &["codegen", "--check"]);
    assert_eq!(
        (code, said.contains("error[changed-document]")),
        (1, true),
        "{said}"
    );
    let (code, said) = xtask(&root, &["codegen", "--accept"]);
    assert_eq!(
        (code, said.contains("repinned spec/data-registry")),
        (0, true),
        "{said}"
    );
    fs::remove_dir_all(&root).expect("the folder can be removed");
}

#[test]
fn what_no_longer_applies_is_left_out_and_named() {
    let root = workspace_copy("add-version-entries");
    let inbox = root.join("inbox");
    copy(&root.join("spec/data-registry/2023-06-01"), &inbox);
    let document = inbox.join("data-registry.json");
    let mut next: serde_json::Value = serde_json::from_str(&read(&document)).expect("it is JSON");
    // Without the operation that registers, its entry has no use; with paging declared, the fixup has none.
    next["paths"]["/dataRegistries/{udid}"]
        .as_object_mut()
        .and_then(|item| item.remove("put"))
        .expect("the operation is there");
    next["paths"]["/dataRegistries"]["get"]["x-ms-pageable"] =
        serde_json::json!({ "nextLinkName": "nextLink", "itemName": "value" });
    fs::write(&document, next.to_string()).expect("the document can be written");
    let doc = document.to_str().expect("the path is text");
    let (code, said) = xtask(&root, &["add-version", "data-registry", VERSION, doc]);
    assert_eq!(code, 0, "{said}");
    for line in [
        "not taken over: `long-running` of DataRegistry_RegisterOrReplace",
        "not taken over: the fixup of #/paths/~1dataRegistries/get",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    fs::remove_dir_all(&root).expect("the folder can be removed");
}

#[test]
fn a_service_that_is_not_there_is_named() {
    let (code, said) = xtask(&workspace(), &["add-version", "rout", "1.0", DOCUMENT]);
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("no service `rout` but route, data-registry, creator"),
        "{said}"
    );
}
