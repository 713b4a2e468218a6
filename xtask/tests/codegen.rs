//! `cargo xtask codegen` as people and CI run it: exit codes, what is named, and where it is said.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use maps_codegen::pins;

/// A copy of what the generator reads and writes of this workspace.
struct Workspace {
    folder: tempfile::TempDir,
}

impl Workspace {
    fn copied() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .expect("the workspace");
        copy(&workspace.join("spec"), &folder.path().join("spec"));
        for entry in fs::read_dir(workspace.join("crates")).expect("the folder is there") {
            let entry = entry.expect("the entry can be read");
            let generated = entry.path().join("src/generated");
            if generated.is_dir() {
                let target = folder.path().join("crates").join(entry.file_name());
                copy(&generated, &target.join("src/generated"));
            }
        }
        copy(
            &workspace.join("crates/maps-codegen/docs"),
            &folder.path().join("crates/maps-codegen/docs"),
        );
        Self { folder }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.path(path), text).expect("the file can be written");
    }

    fn codegen(&self, arguments: &[&str]) -> Ran {
        let root = self.folder.path().to_str().expect("the path is text");
        codegen(&[&["--root", root], arguments].concat())
    }

    /// Accepts the documents as they are.
    fn pin(&self) {
        pins::accept(self.folder.path()).expect("the documents are there");
    }

    fn check(&self) -> Ran {
        self.codegen(&["--check"])
    }
}

/// How a run ended and what it said.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn codegen(arguments: &[&str]) -> Ran {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("codegen")
        .args(arguments)
        .output()
        .expect("the command starts");
    Ran {
        code: status.code(),
        stdout: String::from_utf8(stdout).expect("the output is text"),
        stderr: String::from_utf8(stderr).expect("the output is text"),
    }
}

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

const REGISTRY: &str = "spec/data-registry/2023-06-01/data-registry.json";
const GENERATED: &str = "crates/maps-data-registry-models/src/generated/v2023_06_01";

#[test]
fn check_of_the_workspace_as_committed_is_clean_and_says_so_on_stderr() {
    let ran = Workspace::copied().check();
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{ran:?}");
    assert!(
        ran.stderr.contains("generated code is up to date"),
        "{ran:?}"
    );
}

#[test]
fn check_names_the_files_that_a_changed_definition_makes_stale_and_writing_mends_them() {
    // What changes in the definition, and files that must then be named.
    let changes: [(&str, &str, &str, &[&str]); 3] = [
        (
            "a description",
            "A page of the account's entries.",
            "One page.",
            &["structs.rs"],
        ),
        (
            "a type",
            "\"format\": \"int64\"",
            "\"format\": \"int32\"",
            &["structs.rs"],
        ),
        ("a pattern", "{8}-", "{9}-", &["operations.rs"]),
    ];
    let workspace = Workspace::copied();
    let original = workspace.read(REGISTRY);
    for (what, from, to, files) in changes {
        assert!(original.contains(from), "{what}: {from}");
        workspace.write(REGISTRY, &original.replace(from, to));
        let ran = workspace.check();
        assert_eq!(ran.code, Some(1), "{what}: {ran:?}");
        assert!(
            ran.stdout.contains("error[changed-document]"),
            "{what}: {ran:?}"
        );
        workspace.pin();
        let ran = workspace.check();
        assert_eq!(ran.code, Some(1), "{what}: {ran:?}");
        for file in files {
            let line = format!("stale     {GENERATED}/{file}\n");
            assert!(ran.stdout.contains(&line), "{what}: {ran:?}");
        }
        assert!(ran.stdout.contains("help: run `cargo xtask codegen`"));

        // Writing names the same files and mends them; going back does so too.
        let written = workspace.codegen(&[]);
        assert_eq!(written.code, Some(0), "{what}: {written:?}");
        assert!(
            written
                .stdout
                .contains(&format!("changed  {GENERATED}/{}", files[0]))
        );
        assert_eq!(workspace.check().code, Some(0), "{what}");
        workspace.write(REGISTRY, &original);
        assert_eq!(workspace.codegen(&["--accept"]).code, Some(0), "{what}");
    }
    assert_eq!(workspace.check().code, Some(0));
}

#[test]
fn check_names_an_edited_a_deleted_and_an_extra_generated_file_and_leaves_them_alone() {
    let workspace = Workspace::copied();
    let file = format!("{GENERATED}/enums.rs");
    let text = workspace.read(&file);

    workspace.write(&file, &text.replacen("pub enum", "pub  enum", 1));
    let ran = workspace.check();
    assert_eq!(ran.code, Some(1));
    assert_eq!(lines(&ran), [format!("stale     {file}")]);
    assert_ne!(workspace.read(&file), text);

    fs::remove_file(workspace.path(&file)).expect("the file is there");
    let ran = workspace.check();
    assert_eq!(ran.code, Some(1));
    assert_eq!(lines(&ran), [format!("missing   {file}")]);
    assert!(!workspace.path(&file).exists());

    workspace.write(&file, &text);
    let extra = format!("{GENERATED}/extra.rs");
    workspace.write(&extra, "");
    let ran = workspace.check();
    assert_eq!(ran.code, Some(1));
    assert_eq!(lines(&ran), [format!("orphaned  {extra}")]);
    assert!(workspace.path(&extra).exists());

    let written = workspace.codegen(&[]);
    assert_eq!(
        (written.code, written.stdout),
        (Some(0), format!("removed  {extra}\n"))
    );
    assert_eq!(workspace.check().code, Some(0));
}

/// The lines of a check but its last, which names the command.
fn lines(ran: &Ran) -> Vec<String> {
    let mut lines: Vec<String> = ran.stdout.lines().map(str::to_owned).collect();
    assert_eq!(
        lines.pop().as_deref(),
        Some("help: run `cargo xtask codegen`")
    );
    lines
}

#[test]
fn every_problem_of_a_broken_document_is_printed_with_its_place_and_nothing_is_written() {
    let workspace = Workspace::copied();
    let text = workspace
        .read(REGISTRY)
        .replacen("\"Operation-Location\": {", "\"Operation Location\": {", 1)
        .replace(
            "#/definitions/DataRegistry\"",
            "#/definitions/DataRegistri\"",
        )
        .replacen("\"operationId\"", "\"operationID\"", 1);
    workspace.write(REGISTRY, &text);
    let ran = workspace.codegen(&[]);
    assert_eq!(ran.code, Some(1));
    for part in [
        "error[unresolved-ref]: `#/definitions/DataRegistri` names nothing",
        "help: did you mean `DataRegistry`?",
        "warning[unhandled-keyword]: `operationID` means nothing at an operation",
        "help: did you mean `operationId`?",
    ] {
        assert!(ran.stdout.contains(part), "{part}\n{ran:?}");
    }
    let lines: Vec<&str> = ran.stdout.lines().collect();
    let at = lines
        .iter()
        .position(|line| line.trim_start().starts_with("--> "))
        .expect("a place is printed");
    let position: Vec<&str> = lines[at].trim().rsplitn(3, ':').collect();
    assert_eq!(position[2], format!("--> {REGISTRY}"));
    let quoted = format!("{} |", position[1]);
    assert!(lines[at + 2].starts_with(&quoted), "{ran:?}");
    assert!(lines[at + 3].contains("^^^"), "{ran:?}");
    assert!(ran.stdout.contains("= pointer: #/"), "{ran:?}");
    assert!(!ran.stdout.contains('\u{1b}'), "no colours in a pipe");

    workspace.write(
        REGISTRY,
        &fs::read_to_string(original(REGISTRY)).expect("readable"),
    );
    assert_eq!(workspace.check().code, Some(0), "nothing was written");
}

#[test]
fn an_unknown_extension_is_a_warning_and_refused_where_that_is_asked() {
    let workspace = Workspace::copied();
    let text = workspace.read(REGISTRY);
    workspace.write(REGISTRY, &text.replacen('{', "{\"x-ms-new\": true,", 1));
    assert_eq!(workspace.codegen(&["--accept"]).code, Some(0));
    let ran = workspace.check();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let message = "[unhandled-keyword]: `x-ms-new` means nothing at a document";
    assert!(ran.stdout.contains(&format!("warning{message}")), "{ran:?}");
    let ran = workspace.codegen(&["--check", "--deny-unhandled"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stdout.contains(&format!("error{message}")), "{ran:?}");
}

#[test]
fn the_page_of_keywords_is_checked_and_written() {
    let workspace = Workspace::copied();
    let page = "crates/maps-codegen/docs/keywords.md";
    let text = workspace.read(page);
    workspace.write(page, "");
    assert_eq!(lines(&workspace.check()), [format!("stale     {page}")]);
    assert_eq!(workspace.codegen(&[]).code, Some(0));
    assert_eq!(workspace.read(page), text);
}

fn original(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

#[test]
fn malformed_json_is_refused_with_line_and_column() {
    let workspace = Workspace::copied();
    workspace.write(REGISTRY, "{\n  \"swagger\": \"2.0\"\n  \"info\": {}\n}\n");
    let ran = workspace.codegen(&["--check"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stdout.contains(&format!("--> {REGISTRY}:2:19\n")),
        "{ran:?}"
    );
    // What depends on the document is not reported as a fault of its own.
    assert_eq!(ran.stdout.matches("error[").count(), 1, "{ran:?}");
}

#[test]
fn a_folder_that_cannot_be_read_and_a_wrong_command_line_exit_with_2() {
    let ran = codegen(&["--check", "--root", "no/such/folder"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
    assert!(ran.stderr.contains("services.toml"), "{ran:?}");
    assert_eq!(codegen(&["--no-such-option"]).code, Some(2));
    assert_eq!(codegen(&["--input", "x.json"]).code, Some(2), "no --name");
    let missing = codegen(&["--input", "no/such.json", "--name", "n", "--out", "no"]);
    assert_eq!(missing.code, Some(2));
    assert!(missing.stderr.contains("no/such.json"), "{missing:?}");

    // A file stands where the generator's folder should be.
    let workspace = Workspace::copied();
    let folder = "crates/maps-creator/src/generated";
    fs::remove_dir_all(workspace.path(folder)).expect("the folder is there");
    workspace.write(folder, "");
    let ran = workspace.check();
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains(folder), "{ran:?}");
}

#[test]
fn an_outside_document_becomes_a_pair_and_a_broken_one_does_not() {
    let out = tempfile::tempdir().expect("a folder can be made");
    let folder = out.path().to_str().expect("the path is text");
    let fixtures = original("crates/maps-codegen/tests");
    let run = |document: &str, more: &[&str]| {
        let document = fixtures.join(document);
        let input = document.to_str().expect("the path is text");
        let arguments = ["--input", input, "--name", "things", "--out", folder];
        codegen(&[&arguments[..], more].concat())
    };
    let ran = run("fixtures/pageable_next_link.json", &[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(out.path().join("things/Cargo.toml").is_file());
    assert!(
        out.path()
            .join("things-models/src/generated/mod.rs")
            .is_file()
    );
    assert_eq!(
        run("fixtures/pageable_next_link.json", &["--check"]).code,
        Some(0)
    );
    assert_eq!(run("fixtures/open_enum.json", &["--check"]).code, Some(1));
    let broken = run("broken/ref_cycle.json", &[]);
    assert_eq!(broken.code, Some(1));
    assert!(broken.stdout.contains("ref_cycle.json:"), "{broken:?}");
}
