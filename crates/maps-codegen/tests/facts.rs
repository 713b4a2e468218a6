//! What the definitions say after fixups, one fact a line: a change of a definition shows as lines of its snapshot.

use std::path::Path;

use maps_codegen::facts;

#[test]
fn facts_of_every_document() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the workspace");
    let facts::Listed {
        facts,
        diagnostics: found,
        ..
    } = facts::spec(root).expect("services.toml can be read");
    assert_eq!(found, []);
    for facts in facts {
        let name = facts
            .document
            .trim_start_matches("spec/")
            .trim_end_matches(".json")
            .replace(['/', '.'], "_");
        let lines: Vec<&str> = facts.lines.iter().map(String::as_str).collect();
        insta::with_settings!({
            prepend_module_to_snapshot => false,
            omit_expression => true,
            snapshot_path => "snapshots/facts",
        }, {
            insta::assert_snapshot!(name, lines.join("\n"));
        });
    }
}
