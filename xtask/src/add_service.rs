//! `cargo xtask add-service`: the hand-written half of a new pair of crates, around what the generator makes.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use maps_codegen::config::Config;
use maps_codegen::diagnostics::has_errors;
use maps_codegen::name::{module, words::pascal};
use maps_codegen::{generate, pins};
use toml_edit::{DocumentMut, Item};

use crate::add_version::staged::{Staged, copy, read, title};
use crate::{Outcome, codegen, findings, root, rust_version};

mod scaffold;

use scaffold::Scaffold;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The service: its crates are maps-NAME and maps-NAME-models.
    name: String,
    /// Its first version, when spec/services.toml does not have the service.
    #[arg(requires = "doc")]
    version: Option<String>,
    /// The document of that version.
    doc: Option<PathBuf>,
    /// The name that people know the service by, for example `Azure Maps Weather`.
    #[arg(long)]
    title: Option<String>,
    /// The workspace to work on; this one by default.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, String> {
    let root = arguments.root.clone().map_or_else(root, Ok)?;
    let name = &arguments.name;
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !is_name {
        return Err(format!(
            "`{name}` cannot be the name of a service: lower case letters, digits and `-`"
        ));
    }
    let staged = Staged::of(&root)?;
    let config = staged.config()?;
    let known = config.service.iter().find(|known| known.name == *name);
    let (version, client) = match (known, &arguments.version, &arguments.doc) {
        (Some(known), None, None) => (known.default_version.clone(), known.client.clone()),
        (None, Some(version), Some(doc)) => {
            // A changed document would be pinned along with the new one.
            let before = generate::front(&root)?;
            if has_errors(&before.diagnostics) {
                let shown = findings::errors(&before.diagnostics, &before.sources);
                anstream::print!("{shown}");
                return Ok(Outcome::Failed);
            }
            enter(&staged, name, version, doc)?;
            (version.clone(), None)
        }
        (None, _, _) => {
            return Err(format!(
                "spec/services.toml has no service `{name}`: give its first VERSION and DOC"
            ));
        }
        (Some(_), _, _) => {
            return Err(format!(
                "spec/services.toml has the service `{name}`; `cargo xtask add-version` adds versions"
            ));
        }
    };
    let scaffold = Scaffold {
        name: name.clone(),
        title: arguments
            .title
            .clone()
            .unwrap_or_else(|| format!("Azure Maps {}", name.replace('-', " "))),
        module: module(&version),
        version,
        client: client.unwrap_or_else(|| format!("{}Client", pascal(name))),
    };
    let files = scaffold.files();
    if let Some(path) = files.keys().find(|path| root.join(path).exists()) {
        return Err(format!("{path} is there already: nothing was written"));
    }
    for path in staged.publish(&root)? {
        println!("written  {path}");
    }
    for (path, text) in files {
        write(&root, &path, &text)?;
        println!("written  {path}");
    }
    for package in [scaffold.models(), scaffold.package()] {
        copy(
            &root.join("LICENSE"),
            &root.join("crates").join(&package).join("LICENSE"),
        )?;
    }
    let manifest = read(&root.join("Cargo.toml"))?;
    write(
        &root,
        "Cargo.toml",
        &with_dependencies(&manifest, &scaffold)?,
    )?;
    println!("changed  Cargo.toml");
    let manifest = read(&root.join(rust_version::MANIFEST))?;
    let with_both =
        rust_version::with_dependencies(&manifest, &scaffold.package(), &scaffold.models())?;
    write(&root, rust_version::MANIFEST, &with_both)?;
    println!("changed  {}", rust_version::MANIFEST);

    let run = generate::spec(&root)?;
    codegen::report(&run, false);
    if has_errors(&run.diagnostics) {
        println!("help: add what is missing to spec/services.toml, then run `cargo xtask codegen`");
        return Ok(Outcome::Failed);
    }
    let outcome = codegen::write(&run.trees)?;
    println!(
        "next: write both READMEs, and run `cargo update --workspace --manifest-path {}`",
        rust_version::MANIFEST
    );
    Ok(outcome)
}

/// Puts the document where it belongs, and an entry for the service into the staged services.toml.
fn enter(staged: &Staged, name: &str, version: &str, doc: &Path) -> Result<(), String> {
    let file = doc
        .file_name()
        .and_then(|file| file.to_str())
        .ok_or_else(|| format!("{} names no file", doc.display()))?;
    let path = format!("{name}/{version}/{file}");
    let target = staged.spec().join(&path);
    copy(doc, &target)?;
    staged.bring_along(doc, &target)?;
    let quoted = |text: &str| toml_edit::value(text).to_string();
    let entry = format!(
        "[[service]]\nname = {}\ndefault-version = {version}\n\n[[service.version]]\nversion = {version}\n\n\
         [[service.version.documents]]\npath = {}\nsource = {}\n\n",
        quoted(name),
        quoted(&path),
        quoted(&title(doc)?),
        version = quoted(version),
    );
    // Behind the services and before the fixups.
    let text = staged.text()?;
    let at = text.find("[[fixup]]").unwrap_or(text.len());
    let gap = if text[..at].ends_with("\n\n") || at == 0 {
        ""
    } else {
        "\n"
    };
    let text = format!("{}{gap}{entry}{}", &text[..at], &text[at..]);
    Config::read("spec/services.toml", &text)
        .map_err(|error| format!("adding to spec/services.toml: {error}"))?;
    let file = staged.spec().join("services.toml");
    fs::write(&file, text).map_err(|error| format!("writing spec/services.toml: {error}"))?;
    pins::accept(staged.root()).map(|_| ())
}

fn write(root: &Path, path: &str, text: &str) -> Result<(), String> {
    let file = root.join(path);
    let failed = |error| format!("writing {path}: {error}");
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(&file, text).map_err(failed)
}

/// The manifest of the workspace with both crates among its dependencies, in the order of the alphabet.
fn with_dependencies(manifest: &str, scaffold: &Scaffold) -> Result<String, String> {
    let parsed: DocumentMut = manifest
        .parse()
        .map_err(|error| format!("reading Cargo.toml: {error}"))?;
    let version = parsed
        .get("workspace")
        .and_then(|workspace| workspace.get("package")?.get("version"))
        .and_then(Item::as_str)
        .ok_or("Cargo.toml has no version of the workspace")?;
    let mut lines: Vec<String> = manifest.lines().map(str::to_owned).collect();
    let start = lines
        .iter()
        .position(|line| line == "[workspace.dependencies]")
        .ok_or("Cargo.toml has no `[workspace.dependencies]`")?
        + 1;
    for (package, pin) in [(scaffold.package(), ""), (scaffold.models(), "=")] {
        let line =
            format!("{package} = {{ path = \"crates/{package}\", version = \"{pin}{version}\" }}");
        let own = lines[start..]
            .iter()
            .take_while(|line| line.starts_with("maps-"));
        let before = own.take_while(|other| **other < line).count();
        lines.insert(start + before, line);
    }
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_of_the_workspace_stay_in_order() {
        let scaffold = Scaffold {
            name: "jobs".to_owned(),
            title: String::new(),
            version: String::new(),
            module: String::new(),
            client: String::new(),
        };
        let text = "[workspace.package]\nversion = \"0.3.0\"\n\n[workspace.dependencies]\n\
                    maps-core = { path = \"crates/maps-core\" }\nmaps-types = { path = \"crates/maps-types\" }\n\naxum = \"0.8\"\n";
        assert_eq!(
            with_dependencies(text, &scaffold).unwrap(),
            "[workspace.package]\nversion = \"0.3.0\"\n\n[workspace.dependencies]\n\
             maps-core = { path = \"crates/maps-core\" }\n\
             maps-jobs = { path = \"crates/maps-jobs\", version = \"0.3.0\" }\n\
             maps-jobs-models = { path = \"crates/maps-jobs-models\", version = \"=0.3.0\" }\n\
             maps-types = { path = \"crates/maps-types\" }\n\naxum = \"0.8\"\n"
        );
    }
}
