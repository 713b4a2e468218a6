//! What the hand-written half of a pair of crates says about a version: its feature, and that it exports the module.

use std::fs;
use std::path::Path;

use maps_codegen::generate;
use toml_edit::{Array, DocumentMut, Item, Table, value};

use super::staged::read;

/// Adds the feature of a version to both crates of a service, and exports its module behind it.
pub(super) fn add(root: &Path, service: &str, version: &str) -> Result<Vec<String>, String> {
    let feature = generate::feature(version);
    let (models, client) = (format!("maps-{service}-models"), format!("maps-{service}"));
    let mut changed = Vec::new();
    for (package, needs) in [(&models, None), (&client, Some(&models))] {
        let manifest = format!("crates/{package}/Cargo.toml");
        change(root, &manifest, &mut changed, |text| {
            with_feature(text, &feature, version, needs.map(String::as_str))
        })?;
        let lib = format!("crates/{package}/src/lib.rs");
        change(root, &lib, &mut changed, |text| with_export(text, &feature))?;
    }
    Ok(changed)
}

fn change(
    root: &Path,
    path: &str,
    changed: &mut Vec<String>,
    with: impl Fn(&str) -> Result<String, String>,
) -> Result<(), String> {
    let file = root.join(path);
    let before = read(&file)?;
    let after = with(&before).map_err(|error| format!("changing {path}: {error}"))?;
    if after != before {
        fs::write(&file, after).map_err(|error| format!("writing {path}: {error}"))?;
        changed.push(path.to_owned());
    }
    Ok(())
}

/// A manifest with the feature; a client's asks for the models' feature of the same name.
fn with_feature(
    text: &str,
    feature: &str,
    version: &str,
    models: Option<&str>,
) -> Result<String, String> {
    let mut manifest: DocumentMut = text.parse().map_err(|error| format!("{error}"))?;
    let features = manifest
        .entry("features")
        .or_insert_with(|| Item::Table(Table::new()))
        .as_table_mut()
        .ok_or("`features` is no table")?;
    if features.contains_key(feature) {
        return Ok(text.to_owned());
    }
    let mut needs = Array::new();
    needs.extend(models.map(|models| format!("{models}/{feature}")));
    features.insert(feature, value(needs));
    if let Some(mut key) = features.key_mut(feature) {
        let what = format!("# API version {version}, in a module of its own.\n");
        key.leaf_decor_mut().set_prefix(what);
    }
    Ok(manifest.to_string())
}

/// A root module that exports the version's behind the feature, after the default one's.
fn with_export(text: &str, feature: &str) -> Result<String, String> {
    let module = feature.replace('-', "_");
    let export = format!("#[cfg(feature = \"{feature}\")]\npub use generated::{module};\n");
    if text.contains(&export) {
        return Ok(text.to_owned());
    }
    let start = text
        .rfind("pub use generated::")
        .ok_or("it has no `pub use generated::…;`")?;
    let end = text[start..]
        .find(";\n")
        .map(|at| start + at + 2)
        .ok_or("`pub use generated::` has no end")?;
    Ok(format!("{}{export}{}", &text[..end], &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_goes_behind_the_others_and_the_rest_of_the_manifest_stays() {
        let text = "[package]\nname = \"a\" # why\n\n[features]\ndefault = []\n\n[dependencies]\n";
        assert_eq!(
            with_feature(text, "v1-0", "1.0", Some("a-models")).unwrap(),
            "[package]\nname = \"a\" # why\n\n[features]\ndefault = []\n# API version 1.0, in a module of its own.\n\
             v1-0 = [\"a-models/v1-0\"]\n\n[dependencies]\n"
        );
        let once = with_feature(text, "v1-0", "1.0", None).unwrap();
        assert!(once.contains("\nv1-0 = []\n"), "{once}");
        assert_eq!(with_feature(&once, "v1-0", "1.0", None).unwrap(), once);
    }

    #[test]
    fn a_version_is_exported_after_those_that_are() {
        let text = "mod generated;\n\npub use generated::v2::{self, *};\npub use m as models;\n";
        let once = with_export(text, "v1-0").unwrap();
        assert_eq!(
            once,
            "mod generated;\n\npub use generated::v2::{self, *};\n#[cfg(feature = \"v1-0\")]\npub use generated::v1_0;\npub use m as models;\n"
        );
        assert_eq!(with_export(&once, "v1-0").unwrap(), once);
        assert!(with_export("mod generated;\n", "v1-0").is_err());
    }
}
