//! Every command that reads definitions shows what is wrong with them in the same way.

use std::fs;
use std::path::Path;
use std::process::Command;

mod support;

use support::{copy, read, text, workspace};

const DOCUMENT: &str = "spec/data-registry/2023-06-01/data-registry.json";
const WRONG: &str = "\"$ref\": \"#/definitions/DataRegistri\"";

#[test]
fn every_command_quotes_the_line_that_a_finding_is_about() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let root = folder.path();
    copy(&workspace().join("spec"), &root.join("spec"));
    let right = root.join("right.json");
    copy(&root.join(DOCUMENT), &right);
    let broken = root.join(DOCUMENT);
    let said = read(&broken);
    let right_one = WRONG.replace("DataRegistri", "DataRegistry");
    assert!(said.contains(&right_one));
    fs::write(&broken, said.replacen(&right_one, WRONG, 1)).expect("it can be written");
    // A document outside `spec/` has nobody to apply fixups to it.
    let alone = root.join("alone/alone.json");
    fs::create_dir_all(root.join("alone")).expect("a folder can be made");
    let small = format!(
        "{{\n\"swagger\": \"2.0\",\n\"info\": {{\"title\": \"t\", \"version\": \"1\"}},\n\"host\": \"h.example\",\n\
         \"paths\": {{\"/a\": {{\"get\": {{\"operationId\": \"A_Get\", \"responses\": {{\"200\": {{\"description\": \"a\", \"schema\": {{\n\
         {WRONG}\n}}}}}}}}}}}},\n\"definitions\": {{\"DataRegistry\": {{}}}}}}"
    );
    fs::write(&alone, small).expect("it can be written");

    let shown = |path: &Path| path.to_string_lossy().into_owned();
    let (root, right, alone) = (shown(root), shown(&right), shown(&alone));
    let lone = shown(Path::new(&alone).parent().expect("a folder"));
    let at = ["--root", &root];
    let commands: [Vec<&str>; 7] = [
        [&["codegen"], &at[..]].concat(),
        [&["codegen", "--accept"], &at[..]].concat(),
        [&["facts"], &at[..]].concat(),
        [
            &["add-version", "data-registry", "2030-01-01", &right],
            &at[..],
        ]
        .concat(),
        [&["add-service", "weather", "1.0", &right], &at[..]].concat(),
        vec!["api-diff", &alone, &alone],
        vec!["corpus", &lone],
    ];
    for arguments in commands {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(&arguments)
            .output()
            .expect("xtask starts");
        let said = text(&output);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}\n{said}");
        for part in [
            "error[unresolved-ref]: `#/definitions/DataRegistri` names nothing",
            "json:",
            WRONG,
            "^^^",
            "= pointer: #/",
            "= help: did you mean `DataRegistry`?",
        ] {
            assert!(said.contains(part), "{arguments:?} lacks {part}\n{said}");
        }
        assert!(!said.contains('\u{1b}'), "no colours in a pipe");
    }
}
