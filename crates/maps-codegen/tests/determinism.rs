//! Same input, same bytes: whatever order the keys of objects have, on however many threads. Lists mean something by their
//! order and keep it.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use maps_codegen::diagnostics::has_errors;
use maps_codegen::generate::{self, Run};
use maps_codegen::input::{self, CoreDependency};
use maps_codegen::pins;

/// Files by path and text.
type Files = Vec<(String, String)>;

#[test]
fn fixtures_with_shuffled_keys_give_the_same_bytes() {
    let folder = tests().join("fixtures");
    let mut shuffled = 0;
    for seed in 0..4 {
        let copy = tempfile::tempdir().expect("a folder can be made");
        shuffled += copy_shuffled(&folder, copy.path(), seed);
        for path in fixtures() {
            let name = path.file_name().expect("a name");
            let found = generate(&copy.path().join(name));
            assert_same(&generate(&path), &found, &format!("{name:?}, seed {seed}"));
        }
    }
    assert!(shuffled > 4 * 30, "{shuffled} documents");
}

#[test]
fn definitions_of_spec_with_shuffled_keys_give_the_same_bytes() {
    let root = tests().join("../../..");
    let expected = files(generate::spec(&root).expect("services.toml can be read"));
    for seed in 0..4 {
        let copy = tempfile::tempdir().expect("a folder can be made");
        let shuffled = copy_shuffled(&root.join("spec"), &copy.path().join("spec"), seed);
        assert!(shuffled > 3, "{shuffled} documents");
        pins::accept(copy.path()).expect("the documents can be pinned");
        let run = generate::spec(copy.path()).expect("services.toml can be read");
        assert!(!has_errors(&run.diagnostics), "{:#?}", run.diagnostics);
        assert_same(&expected, &files(run), &format!("seed {seed}"));
    }
}

fn assert_same(expected: &Files, found: &Files, what: &str) {
    let names =
        |files: &Files| -> Vec<String> { files.iter().map(|(name, _)| name.clone()).collect() };
    assert_eq!(names(expected), names(found), "{what}");
    for ((name, a), (_, b)) in expected.iter().zip(found) {
        let line = a.lines().zip(b.lines()).find(|(a, b)| a != b);
        assert!(a == b, "{what}: {name} differs: {line:?}");
    }
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
    files(run)
}

fn files(run: Run) -> Files {
    let trees = run.trees.into_iter();
    trees
        .flat_map(|tree| {
            let shown = tree.shown;
            let files = tree.files.into_iter();
            files.map(move |(path, text)| (format!("{shown}/{path}"), text))
        })
        .collect()
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn fixtures() -> Vec<PathBuf> {
    let entries = fs::read_dir(tests().join("fixtures")).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("the entry can be read").path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    paths.sort();
    paths
}

/// Copies a folder with the keys of its documents in another order, and says how many documents there are.
fn copy_shuffled(from: &Path, to: &Path, seed: u64) -> usize {
    let mut shuffled = 0;
    fs::create_dir_all(to).expect("the folder can be made");
    for entry in fs::read_dir(from).expect("the folder is there") {
        let entry = entry.expect("the entry can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            shuffled += copy_shuffled(&entry.path(), &target, seed);
            continue;
        }
        let text = fs::read_to_string(entry.path()).expect("the file can be read");
        let document = serde_json::from_str::<Tree>(&text).ok();
        shuffled += usize::from(document.is_some());
        // What has comments stays as it is, and so does what is no JSON.
        let mut random = fastrand::Rng::with_seed(seed);
        let text = document.map_or(text, |document| document.shuffled(&mut random).to_string());
        fs::write(target, text).expect("the file can be written");
    }
    shuffled
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
    /// The same value, its members in another order.
    fn shuffled(&self, random: &mut fastrand::Rng) -> Self {
        match self {
            Self::Object(members) => {
                let members = members.iter();
                let mut members: Vec<(String, Self)> = members
                    .map(|(name, value)| (name.clone(), value.shuffled(random)))
                    .collect();
                random.shuffle(&mut members);
                Self::Object(members.into_iter().collect())
            }
            Self::List(items) => {
                Self::List(items.iter().map(|item| item.shuffled(random)).collect())
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
