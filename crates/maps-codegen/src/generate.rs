//! One run: from documents to files.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::build::{self, Options};
use crate::config::{Config, ServiceConfig, VersionConfig};
use crate::diagnostics::{Diagnostic, Sources, arrange, has_errors};
use crate::emit;
use crate::fixups;
use crate::format;
use crate::keywords;
use crate::load::Documents;
use crate::model::Service;
use crate::name;
use crate::name::lock::{Lock, Locked};
use crate::names::Names;
use crate::output::{GeneratedFile, Tree};
use crate::pins;
use crate::resolve;

/// One version of a service, ready to be emitted.
#[derive(Debug)]
pub struct Built {
    /// What it means.
    pub service: Service,
    /// What it is called.
    pub names: Names,
    /// Whether the crate compiles it without being asked.
    pub is_default: bool,
}

/// What the stages before `emit` make of definitions.
#[derive(Debug, Default)]
pub struct Front {
    /// Versions in the order of `services.toml`.
    pub built: Vec<Built>,
    /// Everything found on the way, in the order of the documents.
    pub diagnostics: Vec<Diagnostic>,
    /// What the findings quote from.
    pub sources: Sources,
}

impl Front {
    /// The names that all versions have.
    pub fn lock(&self) -> Lock {
        let mut lock = Lock::default();
        for Built { service, names, .. } in &self.built {
            lock.set(&service.name, &service.version, names.locked.clone());
        }
        lock
    }
}

/// What a run over `spec/` makes.
#[derive(Debug, Default)]
pub struct Run {
    /// Everything found on the way, in the order of the documents.
    pub diagnostics: Vec<Diagnostic>,
    /// What the findings quote from.
    pub sources: Sources,
    /// Definitions that nothing reaches, by document; empty when there were errors.
    pub unreachable: Vec<(String, Vec<String>)>,
    /// The folders to write; empty when there were errors.
    pub trees: Vec<Tree>,
}

/// Generates everything that `spec/` below `root` defines, without writing it.
///
/// # Errors
///
/// A message when `services.toml` cannot be read or the generator itself fails.
pub fn spec(root: &Path) -> Result<Run, String> {
    let front = front(root)?;
    let lock = front.lock();
    let Front {
        built,
        diagnostics,
        sources,
    } = front;
    if has_errors(&diagnostics) {
        return Ok(Run {
            diagnostics,
            sources,
            ..Run::default()
        });
    }
    let mut unreachable = Vec::new();
    let mut services: Vec<(String, Vec<Built>)> = Vec::new();
    for version in built {
        unreachable.push((
            version.service.documents.join(", "),
            version.service.unreachable.clone(),
        ));
        match services.last_mut() {
            Some((name, versions)) if *name == version.service.name => versions.push(version),
            _ => services.push((version.service.name.clone(), vec![version])),
        }
    }
    let mut trees = Vec::new();
    for (name, versions) in &services {
        let pair = Pair {
            models: format!("maps-{name}-models"),
            client: format!("maps-{name}"),
        };
        for Package { name, files } in pair.generate(versions)? {
            let shown = format!("crates/{name}/src/generated");
            trees.push(Tree {
                folder: root.join(&shown),
                shown,
                files,
                keeps_others: false,
            });
        }
    }
    trees.push(Tree {
        folder: root.join("spec"),
        shown: "spec".to_owned(),
        files: BTreeMap::from([(LOCK.to_owned(), lock.text())]),
        keeps_others: true,
    });
    Ok(Run {
        diagnostics,
        sources,
        unreachable,
        trees,
    })
}

/// Every definition of a workspace, with its fixups.
#[derive(Debug)]
pub struct Definitions {
    /// `services.toml`.
    pub config: Config,
    /// The documents and what they refer to.
    pub documents: Documents,
    /// Positions of the documents of `services.toml` by their path.
    pub positions: HashMap<PathBuf, usize>,
    /// What was wrong with them.
    pub diagnostics: Vec<Diagnostic>,
    /// What the findings quote from.
    pub sources: Sources,
}

/// Reads `services.toml` and its documents below `root`, and applies the fixups.
///
/// # Errors
///
/// A message when `services.toml` cannot be read.
pub fn definitions(root: &Path) -> Result<Definitions, String> {
    let folder = root.join("spec");
    let file = "spec/services.toml";
    let text =
        fs::read_to_string(root.join(file)).map_err(|error| format!("reading {file}: {error}"))?;
    let config = Config::read(file, &text).map_err(|error| format!("reading {file}: {error}"))?;

    let mut documents = Documents::new(root);
    let mut diagnostics = config.check();
    let mut positions: HashMap<PathBuf, usize> = HashMap::new();
    for version in config.service.iter().flat_map(|service| &service.version) {
        for (at, document) in version.documents.iter().enumerate() {
            let path = folder.join(&document.path);
            let (position, mut found) = documents.read(&path);
            positions.extend(position.map(|position| (path, position)));
            // A file that is not there has no place of its own.
            for fault in found.iter_mut().filter(|fault| fault.place.is_none()) {
                fault.place = version.document_place(at, "path");
            }
            diagnostics.extend(found);
        }
    }
    diagnostics.extend(documents.read_referenced());
    diagnostics.extend(fixups::apply(
        &mut documents,
        &config.fixup,
        &folder,
        file,
        &text,
    ));
    // A fixup may refer to a file that nothing referred to before.
    diagnostics.extend(documents.read_referenced());
    diagnostics.extend(pins::check(&config, &folder, &documents));
    diagnostics.extend(check(&documents));
    let mut sources = documents.sources().clone();
    sources.add(file, text);
    Ok(Definitions {
        config,
        documents,
        positions,
        diagnostics,
        sources,
    })
}

/// Reads `services.toml` and its documents below `root`, and builds every version.
///
/// # Errors
///
/// A message when `services.toml` cannot be read.
pub fn front(root: &Path) -> Result<Front, String> {
    let folder = root.join("spec");
    let Definitions {
        config,
        documents,
        positions,
        mut diagnostics,
        sources,
    } = definitions(root)?;
    let old = lock(&folder)?;
    let mut built = Vec::new();
    for service in &config.service {
        for version in &service.version {
            let paths = version
                .documents
                .iter()
                .map(|document| folder.join(&document.path));
            let roots: Vec<usize> = paths
                .filter_map(|path| positions.get(&path).copied())
                .collect();
            if roots.len() < version.documents.len() || roots.is_empty() {
                // Reported: without all of its documents nothing true can be said about a version.
                continue;
            }
            let options = Options {
                entries_required: true,
            };
            let locked = old.version(&service.name, &version.version);
            diagnostics.extend(one_of(
                &documents, &roots, service, version, options, locked, &mut built,
            ));
        }
    }
    arrange(&mut diagnostics);
    Ok(Front {
        built,
        diagnostics,
        sources,
    })
}

/// File below `spec/` that keeps names.
const LOCK: &str = "names.lock";

/// The names of the last run; there are none before the first.
fn lock(folder: &Path) -> Result<Lock, String> {
    let reading = |error: &dyn std::fmt::Display| format!("reading spec/{LOCK}: {error}");
    match fs::read_to_string(folder.join(LOCK)) {
        Ok(text) => Lock::read(&text).map_err(|error| reading(&error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Lock::default()),
        Err(error) => Err(reading(&error)),
    }
}

/// What can be said about documents before anything is built from them.
pub fn check(documents: &Documents) -> Vec<Diagnostic> {
    let mut found = keywords::check(documents);
    found.extend(resolve::check(documents));
    found
}

/// Builds and names one version; nothing is added to `out` when that finds errors.
pub fn one(
    documents: &Documents,
    roots: &[usize],
    service: &ServiceConfig,
    version: &VersionConfig,
    options: Options,
    out: &mut Vec<Built>,
) -> Vec<Diagnostic> {
    let locked = Locked::default();
    one_of(documents, roots, service, version, options, locked, out)
}

/// The same for a version whose items have names already.
fn one_of(
    documents: &Documents,
    roots: &[usize],
    service: &ServiceConfig,
    version: &VersionConfig,
    options: Options,
    locked: Locked,
    out: &mut Vec<Built>,
) -> Vec<Diagnostic> {
    let (model, mut diagnostics) = build::service(documents, roots, service, version, options);
    let Some(model) = model else {
        return diagnostics;
    };
    if has_errors(&diagnostics) {
        return diagnostics;
    }
    let renames = version
        .types
        .iter()
        .map(|(from, to)| (from.clone(), to.name.clone()))
        .collect();
    let (names, found) = name::names(&model, &renames, locked);
    diagnostics.extend(found);
    let is_default = service.default_version == version.version;
    out.push(Built {
        service: model,
        names,
        is_default,
    });
    diagnostics
}

/// Names of the two packages of a service.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The models.
    pub models: String,
    /// The client.
    pub client: String,
}

impl Pair {
    /// The two packages' files.
    ///
    /// # Errors
    ///
    /// A message when the generator made something that is no Rust.
    pub fn generate(&self, versions: &[Built]) -> Result<[Package; 2], String> {
        let (mut models, mut client) = (BTreeMap::new(), BTreeMap::new());
        for version in versions {
            let Built {
                service,
                names,
                is_default,
            } = version;
            let made = emit::models::models(service, names);
            formatted(made, &service.documents, &mut models)?;
            let made = emit::client::client(service, names, &self.models, *is_default);
            formatted(made, &service.documents, &mut client)?;
        }
        let all = versions
            .iter()
            .flat_map(|version| &version.service.documents);
        let mut documents: Vec<String> = all.cloned().collect();
        documents.dedup();
        for (files, what) in [(&mut models, "Types"), (&mut client, "Client")] {
            let file = GeneratedFile {
                path: "mod.rs".to_owned(),
                tokens: root_module(versions, what),
            };
            formatted(vec![file], &documents, files)?;
        }
        let package = |name: &str, files| Package {
            name: name.to_owned(),
            files,
        };
        Ok([package(&self.models, models), package(&self.client, client)])
    }
}

/// What the generator makes of one package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Texts by path below `src/generated`.
    pub files: BTreeMap<String, String>,
}

fn formatted(
    files: Vec<GeneratedFile>,
    sources: &[String],
    out: &mut BTreeMap<String, String>,
) -> Result<(), String> {
    for file in files {
        let text = format::rust(file.tokens, sources)
            .map_err(|error| format!("formatting {}: {error}", file.path))?;
        out.insert(file.path, text);
    }
    Ok(())
}

/// `src/generated/mod.rs`: a module for each version, those that are not the default one behind a feature.
fn root_module(versions: &[Built], what: &str) -> TokenStream {
    let modules = versions.iter().map(|version| {
        let module = format_ident!("{}", version.names.module);
        let doc = format!(
            " {what} of version {} of {}.",
            version.service.version, version.service.title
        );
        let feature = feature(&version.service.version);
        let cfg = (!version.is_default).then(|| quote!(#[cfg(feature = #feature)]));
        quote! { #[doc = #doc] #cfg pub mod #module; }
    });
    quote! { #(#modules)* }
}

/// Feature of a version that is not the default one: `v1-0`, `v2023-07-01`.
pub fn feature(version: &str) -> String {
    format!(
        "v{}",
        version
            .trim_start_matches(['v', 'V'])
            .replace(['.', '_'], "-")
            .to_lowercase()
    )
}
