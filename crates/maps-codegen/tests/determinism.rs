//! Same input, same bytes: whatever the order of keys that mean nothing by it, on however many threads.
//!
//! Where readers look for the author's order, output follows the document: fields of a struct (`properties`), kinds of a
//! union and types (`definitions`), operations of a client (`paths` and the methods of a path), headers of an answer, and
//! `x-ms-examples`, whose first one is shown. The order of all other keys does not reach the output.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use maps_codegen::input::{self, CoreDependency};

/// Keys under which the order of members is the author's and kept.
const ORDERED: &[&str] = &[
    "properties",
    "definitions",
    "paths",
    "x-ms-paths",
    "headers",
    "x-ms-examples",
];

/// Files by path and text.
type Files = Vec<(String, String)>;

#[test]
fn shuffled_keys_give_the_same_bytes() {
    let mut differing = Vec::new();
    for path in fixtures() {
        let text = fs::read_to_string(&path).expect("the fixture can be read");
        let Ok(document) = serde_json::from_str::<Tree>(&text) else {
            continue;
        };
        let folder = tempfile::tempdir().expect("a folder can be made");
        copy(path.parent().expect("a folder"), folder.path());
        let shuffled = folder.path().join(path.file_name().expect("a name"));
        let expected = generate(&path);
        for seed in 0..4 {
            let mut random = fastrand::Rng::with_seed(seed);
            let text = document.shuffled("", &mut random).to_string();
            fs::write(&shuffled, text).expect("the file can be written");
            let found = generate(&shuffled);
            let pairs = expected.iter().zip(&found);
            differing.extend(
                pairs
                    .filter(|(a, b)| a != b)
                    .map(|((name, _), _)| format!("{}: {name}", path.display())),
            );
            assert_eq!(expected.len(), found.len(), "{}", path.display());
        }
    }
    differing.dedup();
    assert_eq!(differing, Vec::<String>::new());
}

#[test]
fn eight_threads_at_once_give_the_same_bytes_as_one() {
    let paths = fixtures();
    let alone: Vec<Files> = paths.iter().map(|path| generate(path)).collect();
    for threads in [2, 8] {
        thread::scope(|scope| {
            for worker in 0..threads {
                let (paths, alone) = (&paths, &alone);
                scope.spawn(move || {
                    for (at, path) in paths.iter().enumerate().skip(worker).step_by(threads) {
                        assert_eq!(generate(path), alone[at], "{}", path.display());
                    }
                });
            }
        });
    }
}

fn generate(path: &Path) -> Files {
    let core = CoreDependency::Version("0.1".to_owned());
    let run = input::pair(path, "things", Path::new("out"), &core).expect("the output is Rust");
    assert!(!run.trees.is_empty(), "{}", path.display());
    let trees = run.trees.into_iter();
    trees
        .flat_map(|tree| {
            let shown = tree.shown;
            let files = tree.files.into_iter();
            files.map(move |(path, text)| (format!("{shown}/{path}"), text))
        })
        .collect()
}

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let entries = fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("the entry can be read").path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    paths.sort();
    paths
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder can be made");
    for entry in fs::read_dir(from).expect("the folder is there") {
        let entry = entry.expect("the entry can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("the file can be copied");
        }
    }
}

/// JSON whose members keep their order, which `serde_json::Value` does not.
#[derive(Clone, serde::Deserialize)]
#[serde(untagged)]
enum Tree {
    Object(indexmap::IndexMap<String, Tree>),
    List(Vec<Tree>),
    Value(serde_json::Value),
}

impl Tree {
    /// The same value, its members in another order unless they stand under a key of [`ORDERED`] or are HTTP methods.
    fn shuffled(&self, key: &str, random: &mut fastrand::Rng) -> Self {
        match self {
            Self::Object(members) => {
                let mut members: Vec<(String, Self)> = members
                    .iter()
                    .map(|(name, value)| (name.clone(), value.shuffled(name, random)))
                    .collect();
                if !ORDERED.contains(&key) && !key.starts_with('/') {
                    random.shuffle(&mut members);
                }
                Self::Object(members.into_iter().collect())
            }
            Self::List(items) => {
                Self::List(items.iter().map(|item| item.shuffled("", random)).collect())
            }
            Self::Value(value) => Self::Value(value.clone()),
        }
    }
}

impl std::fmt::Display for Tree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Object(members) => {
                f.write_str("{")?;
                for (at, (name, value)) in members.iter().enumerate() {
                    let comma = if at > 0 { "," } else { "" };
                    write!(f, "{comma}{}:{value}", serde_json::json!(name))?;
                }
                f.write_str("}")
            }
            Self::List(items) => {
                f.write_str("[")?;
                for (at, item) in items.iter().enumerate() {
                    let comma = if at > 0 { "," } else { "" };
                    write!(f, "{comma}{item}")?;
                }
                f.write_str("]")
            }
            Self::Value(value) => write!(f, "{value}"),
        }
    }
}
