//! `--check` names what differs: in the definitions and in the output.

use std::fs;
use std::path::Path;

use maps_codegen::generate;
use maps_codegen::output::{Change, Tree};
use maps_codegen::pins;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder can be made");
    for entry in fs::read_dir(from).expect("the folder is there") {
        let entry = entry.expect("the entry can be read");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("the entry has a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("the file can be copied");
        }
    }
}

fn changes(root: &Path) -> Vec<Change> {
    let run = generate::spec(root).expect("the generator runs");
    assert!(!run.trees.is_empty(), "{:#?}", run.diagnostics);
    let changes = run.trees.iter().map(Tree::changes);
    changes
        .flat_map(|changes| changes.expect("the folder can be read"))
        .collect()
}

fn write(root: &Path) {
    for tree in generate::spec(root).expect("the generator runs").trees {
        tree.write().expect("the folder can be written");
    }
}

#[test]
fn every_difference_is_named_and_writing_mends_it() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the workspace");
    let temp = tempfile::tempdir().expect("a folder can be made");
    let root = temp.path();
    copy(&workspace.join("spec"), &root.join("spec"));
    write(root);
    assert_eq!(changes(root), []);

    let generated = root.join("crates/maps-data-registry-models/src/generated");
    let shown = "crates/maps-data-registry-models/src/generated";
    let file = "v2023_06_01/enums.rs";
    let text = fs::read_to_string(generated.join(file)).expect("the file is there");

    fs::write(generated.join(file), text.replace("pub enum", "pub  enum"))
        .expect("the file can be written");
    assert_eq!(changes(root), [Change::Stale(format!("{shown}/{file}"))]);
    fs::remove_file(generated.join(file)).expect("the file is there");
    assert_eq!(changes(root), [Change::Missing(format!("{shown}/{file}"))]);
    write(root);
    fs::write(generated.join("extra.rs"), "").expect("the file can be written");
    assert_eq!(
        changes(root),
        [Change::Orphaned(format!("{shown}/extra.rs"))]
    );
    write(root);
    assert_eq!(changes(root), []);

    let document = root.join("spec/data-registry/2023-06-01/data-registry.json");
    let text = fs::read_to_string(&document).expect("the document is there");
    for (what, from, to) in [
        (
            "a description",
            "A page of the account's entries.",
            "One page.",
        ),
        ("a type", "\"format\": \"int64\"", "\"format\": \"int32\""),
        ("a pattern", "{8}-", "{9}-"),
    ] {
        assert!(text.contains(from), "{from}");
        fs::write(&document, text.replace(from, to)).expect("the document can be written");
        let run = generate::spec(root).expect("the generator runs");
        assert!(
            run.trees.is_empty(),
            "{what}: a changed document is not accepted by itself"
        );
        pins::accept(root).expect("the file can be written");
        let changes = changes(root);
        let is_stale = |change: &Change| matches!(change, Change::Stale(path) if path.contains("data-registry"));
        assert!(
            !changes.is_empty() && changes.iter().all(is_stale),
            "{what}: {changes:?}"
        );
    }
}
