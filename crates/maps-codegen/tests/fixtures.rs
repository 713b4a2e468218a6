//! One fixture for each feature of the input format: its output is read as a snapshot and compiled.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use maps_codegen::build::Options;
use maps_codegen::config::{ServiceConfig, VersionConfig};
use maps_codegen::diagnostics::{Diagnostic, Sources, Style, arrange};
use maps_codegen::generate::{Built, Package, Pair, check, one};
use maps_codegen::input::{CoreDependency, Workspace, manifest};
use maps_codegen::load::Documents;

/// Files that look the same for each feature but a few, which show them.
const SHOWN_ONLY_BY: &[(&str, &[&str])] = &[
    (
        "builder.rs",
        &[
            "parameterized_host",
            "host_paths",
            "basic_security",
            "client_parameters_of_one_name",
            "client_and_method_parameters",
            "defaults",
            "required_scopes",
        ],
    ),
    (
        "operations.rs",
        &[
            "key_in_query",
            "verb_paths",
            "long_running",
            "long_running_results",
            "pageable_variants",
            "parameterized_host",
            "recursion",
            "lists_everywhere",
            "number_enum",
            "query_paths",
            "merge_patch",
        ],
    ),
    ("mod.rs", &[]),
    ("round_trips.rs", &["nested_discriminators"]),
    (
        "exchanges.rs",
        &["examples", "examples_that_do_not_fit", "host_paths"],
    ),
];

#[test]
fn each_fixture_generates_what_its_snapshot_shows() {
    for path in fixtures() {
        let name = stem(&path);
        let (built, diagnostics) = build(&path);
        let mut text = String::new();
        for found in &diagnostics {
            text.push_str(&format!(
                "{}\n\n",
                found.render(&Sources::default(), Style::Plain)
            ));
        }
        for Package {
            name: package,
            files,
        } in pair().generate(&built).expect("the output is Rust")
        {
            for (path, content) in files {
                let file = path.rsplit('/').next().unwrap_or(&path);
                let is_shown = SHOWN_ONLY_BY
                    .iter()
                    .all(|(only, by)| *only != file || by.contains(&name.as_str()));
                if is_shown {
                    let content = content
                        .split_once("\n\n")
                        .map_or(content.as_str(), |(_, rest)| rest);
                    text.push_str(&format!("//// {package}: {path}\n\n{content}\n"));
                }
            }
        }
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, text);
        });
    }
}

/// A test that nothing generates: what the output shows of secrets.
const SECRETS: &str = r#"
#[cfg(test)]
mod tests {
    use crate::vsecrets::{Keys, Login};

    #[test]
    fn debug_shows_that_a_secret_is_there_and_not_the_secret() {
        let login = Login::new("alice", "hunter2").with_token("hunter2");
        let login = login.with_old(vec!["hunter2".to_owned()]);
        assert_eq!(
            format!("{login:?}"),
            "Login { user: \"alice\", password: ***, old: Value(***), second: None, token: Some(***), type: None }"
        );
        let keys = Keys::new().with_additional_properties([("first", "hunter2")]);
        assert_eq!(format!("{keys:?}"), "Keys { issued: None, additional_properties: *** }");
    }
}
"#;

#[test]
fn the_output_of_all_fixtures_compiles_without_warnings_and_keeps_values() {
    // None of them is the one that the root re-exports: examples name their module.
    let built: Vec<Built> = fixtures()
        .iter()
        .flat_map(|path| build_beside(path, "none").0)
        .collect();
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the workspace")
        .to_path_buf();
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixtures");
    let core = CoreDependency::Path(workspace.join("crates/maps-core"));
    for Package {
        name: package,
        files: generated,
    } in pair().generate(&built).expect("the output is Rust")
    {
        let folder = out.join(&package);
        let _ = fs::remove_dir_all(folder.join("src"));
        for (path, text) in manifest::files(&package, &pair(), &core, Workspace::Own, &built) {
            let text = if path == "src/lib.rs" {
                let root = "//! Output of all fixtures.\n#![deny(warnings, missing_docs, unreachable_pub, clippy::all)]\n\n/// Versions.\npub mod generated;\npub use generated::*;\n";
                let more = if package == pair().models {
                    SECRETS
                } else {
                    "pub use fixtures_models as models;\n"
                };
                root.to_owned() + more
            } else {
                text
            };
            write(&folder.join(path), &text);
        }
        for (path, text) in generated {
            let text = if path == "mod.rs" {
                without_features(&text)
            } else {
                text
            };
            write(&folder.join("src/generated").join(path), &text);
        }
        // The versions that the workspace was tested with, and nothing to download.
        fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock"))
            .expect("the workspace has a lock file");
    }
    let target = out.join("target");
    // Clippy reads a package alone, not those it depends on. Without TLS, which is most of what a client compiles.
    for (package, feature) in [(pair().models, "operations"), (pair().client, "blocking")] {
        cargo(
            &[
                "clippy",
                "--all-targets",
                "--no-default-features",
                "--features",
                feature,
            ],
            &out.join(package),
            &target,
        );
    }
    // The clients send and read what the examples show.
    cargo(
        &["test", "--lib", "--no-default-features"],
        &out.join(pair().client),
        &target,
    );
    // Each operation has an example that compiles.
    cargo(
        &["test", "--doc", "--no-default-features"],
        &out.join(pair().client),
        &target,
    );
    // Whatever prose definitions have, it is valid rustdoc.
    for package in [pair().models, pair().client] {
        cargo(
            &["doc", "--no-deps", "--no-default-features"],
            &out.join(package),
            &target,
        );
    }
    // The types keep what their schemas allow.
    cargo(
        &["test", "--lib", "--features", "operations"],
        &out.join(pair().models),
        &target,
    );
}

/// The versions whether their features are on or not.
fn without_features(text: &str) -> String {
    let lines = text.lines();
    let kept = lines.filter(|line| !line.starts_with("#[cfg(feature"));
    kept.flat_map(|line| [line, "\n"]).collect()
}

fn cargo(arguments: &[&str], folder: &Path, target: &Path) {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--quiet"])
        .env("CARGO_TARGET_DIR", target)
        .env_remove("RUSTFLAGS")
        .env("RUSTDOCFLAGS", "-D warnings")
        .current_dir(folder)
        .output()
        .expect("cargo starts");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_table_of_fixtures_names_each_of_them_and_no_other() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/README.md");
    let text = fs::read_to_string(readme).expect("the table is there");
    let rows = text.lines().filter_map(|line| line.strip_suffix("` |"));
    let mut named: Vec<&str> = rows.filter_map(|row| row.rsplit('`').next()).collect();
    named.sort_unstable();
    let present: Vec<String> = fixtures().iter().map(|path| stem(path)).collect();
    assert_eq!(named, present);
}

#[test]
fn every_renamed_item_is_reported_and_says_what_the_definition_calls_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/names_obstacle.json");
    let (built, diagnostics) = build(&path);
    let packages = pair().generate(&built).expect("the output is Rust");
    let texts = packages.iter().flat_map(|package| package.files.values());
    let texts: Vec<&str> = texts.map(String::as_str).collect();
    let renames = diagnostics.iter().filter(|found| found.code == "renamed");
    let mut count = 0;
    for note in renames {
        let parts: Vec<&str> = note.message.split('`').collect();
        let [what, wire, _, from, _, ident, _] = parts[..] else {
            panic!("{}", note.message);
        };
        let said = |docs: &str| {
            // No letter is no code; spaces and escapes read otherwise in docs.
            wire.trim().is_empty()
                || [wire, from]
                    .iter()
                    .any(|name| docs.contains(&format!("`{name}`")))
        };
        let is_documented = texts
            .iter()
            .any(|text| documented(text, ident).any(|docs| said(&docs)));
        assert!(is_documented, "{what}`{wire}`, in Rust `{ident}`");
        count += 1;
    }
    assert!(count > 30, "{count}");
}

/// The docs of each item, and of each argument, of this name.
fn documented(text: &str, ident: &str) -> impl Iterator<Item = String> {
    let raw = format!("r#{ident}");
    let mut docs = String::new();
    let mut found = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(doc) = line.strip_prefix("///") {
            if doc.contains(&format!("- `{ident}`")) {
                found.push(doc.to_owned());
            }
            docs.push_str(doc);
            continue;
        }
        if line.starts_with("#[") {
            continue;
        }
        let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '#'));
        if words.any(|word| word == ident || word == raw) {
            found.push(docs.clone());
        }
        docs.clear();
    }
    found.into_iter()
}

#[test]
fn generating_twice_gives_the_same_bytes() {
    for path in fixtures() {
        let once = pair()
            .generate(&build(&path).0)
            .expect("the output is Rust");
        let twice = pair()
            .generate(&build(&path).0)
            .expect("the output is Rust");
        assert_eq!(once, twice, "{}", path.display());
    }
}

/// A fixture as the only version of its service.
fn build(path: &Path) -> (Vec<Built>, Vec<Diagnostic>) {
    build_beside(path, &stem(path))
}

/// All fixtures are versions of one service, each named for its feature, so that one build compiles them all.
fn build_beside(path: &Path, default_version: &str) -> (Vec<Built>, Vec<Diagnostic>) {
    let name = stem(path);
    let mut documents = Documents::new(path.parent().expect("a fixture is in a folder"));
    let (position, mut diagnostics) = documents.read(path);
    diagnostics.extend(documents.read_referenced());
    diagnostics.extend(check(&documents));
    let service = ServiceConfig {
        name: "fixtures".to_owned(),
        default_version: default_version.to_owned(),
        ..ServiceConfig::default()
    };
    let version = VersionConfig {
        version: name,
        ..VersionConfig::default()
    };
    let mut built = Vec::new();
    if let Some(position) = position {
        diagnostics.extend(one(
            &documents,
            &[position],
            &service,
            &version,
            Options::default(),
            &mut built,
        ));
    }
    arrange(&mut diagnostics);
    (built, diagnostics)
}

fn pair() -> Pair {
    Pair {
        models: "fixtures-models".to_owned(),
        client: "fixtures".to_owned(),
    }
}

fn fixtures() -> Vec<PathBuf> {
    documents(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"))
}

fn documents(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("the entry can be read").path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    paths.sort();
    paths
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .and_then(|stem| stem.to_str())
        .expect("fixtures have plain names")
        .to_owned()
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a file is in a folder"))
        .expect("the folder can be made");
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::write(path, text).expect("the file can be written");
    }
}
