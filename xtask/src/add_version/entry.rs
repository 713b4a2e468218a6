//! The entry of a version in `services.toml`: that of the version which it continues, without what no longer applies.

use maps_codegen::config::Config;
use maps_codegen::diagnostics::Diagnostic;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use super::Addition;

/// Words of an entry that are about one version and not about what comes after it.
const OF_ONE_VERSION: &[&str] = &["retired", "retired-operations"];

/// Adds the version with its document, or the document to the version.
pub(super) fn add(
    file: &mut DocumentMut,
    addition: &Addition<'_>,
    source: &str,
) -> Result<(), String> {
    let versions = versions(file, &addition.arguments.service)?;
    let wanted = match addition.has_version {
        true => &addition.arguments.version,
        false => &addition.model,
    };
    let model = versions
        .iter_mut()
        .find(|table| is(table, "version", wanted))
        .ok_or_else(|| format!("spec/services.toml has no version {wanted}"))?;
    let mut document = Table::new();
    document["path"] = value(&addition.path);
    document["source"] = value(source);
    if addition.has_version {
        if let Some(documents) = model
            .get_mut("documents")
            .and_then(Item::as_array_of_tables_mut)
        {
            documents.push(document);
            return Ok(());
        }
        return Err("the documents of the version are no tables of their own".to_owned());
    }
    let mut version = model.clone();
    forget_positions(&mut version);
    for key in OF_ONE_VERSION {
        version.remove(key);
    }
    version["version"] = value(&addition.arguments.version);
    let mut documents = ArrayOfTables::new();
    documents.push(document);
    version["documents"] = Item::ArrayOfTables(documents);
    versions.push(version);
    if let Some(forerunner) = &addition.forerunner {
        copy_fixups(file, forerunner, &addition.path);
    }
    Ok(())
}

/// Copies the fixups of one document for another one. Those that do not apply are left out later.
fn copy_fixups(file: &mut DocumentMut, from: &str, to: &str) {
    let Some(fixups) = file.get_mut("fixup").and_then(Item::as_array_of_tables_mut) else {
        return;
    };
    let copies: Vec<Table> = fixups
        .iter()
        .filter(|table| is(table, "document", from))
        .cloned()
        .collect();
    for mut copy in copies {
        forget_positions(&mut copy);
        copy["document"] = value(to);
        fixups.push(copy);
    }
}

/// Removes the entries of the new version that diagnostics complain of, and says which.
pub(super) fn leave_out(
    file: &mut DocumentMut,
    config: &Config,
    text: &str,
    addition: &Addition<'_>,
    found: &[Diagnostic],
) -> Vec<String> {
    let mut out = Vec::new();
    let lines: Vec<usize> = found
        .iter()
        .filter(|found| matches!(found.code, "unknown-entry" | "stale-fixup"))
        .filter_map(|found| found.place.as_ref())
        .filter(|place| place.file == "spec/services.toml")
        .map(|place| place.line)
        .collect();
    if let Some(fixups) = file.get_mut("fixup").and_then(Item::as_array_of_tables_mut) {
        for (at, fixup) in config.fixup.iter().enumerate().rev() {
            let place = fixup.place("spec/services.toml", text);
            if fixup.document == addition.path && lines.contains(&place.line) {
                fixups.remove(at);
                out.push(format!("the fixup of {} ({})", place.pointer, fixup.reason));
            }
        }
    }
    let new = config
        .service
        .iter()
        .filter(|service| service.name == addition.arguments.service)
        .flat_map(|service| &service.version)
        .find(|version| version.version == addition.arguments.version);
    let table = versions(file, &addition.arguments.service)
        .ok()
        .and_then(|versions| {
            versions
                .iter_mut()
                .find(|table| is(table, "version", &addition.arguments.version))
        });
    if let (Some(new), Some(table)) = (new, table) {
        for (path, place) in &new.places {
            let parts: Vec<&str> = path.split('/').skip(1).collect();
            let [section, name] = parts[..] else {
                continue;
            };
            if !lines.contains(&place.line) {
                continue;
            }
            let name = name.replace("~1", "/").replace("~0", "~");
            if let Some(entries) = table.get_mut(section).and_then(Item::as_table_like_mut)
                && entries.remove(&name).is_some()
            {
                out.push(format!("`{section}` of {name}"));
            }
        }
        // `listed` has no place of its own for each name: the message quotes it.
        let unknown = found
            .iter()
            .filter(|found| found.code == "unknown-definition");
        for found in unknown {
            let listed = table.get_mut("listed").and_then(Item::as_array_mut);
            if let Some(listed) = listed {
                let before = listed.len();
                listed.retain(|name| {
                    name.as_str()
                        .is_none_or(|name| !found.message.contains(&format!("`{name}`")))
                });
                if listed.len() < before {
                    out.push(found.message.clone());
                }
            }
        }
    }
    out
}

fn versions<'f>(file: &'f mut DocumentMut, service: &str) -> Result<&'f mut ArrayOfTables, String> {
    file.get_mut("service")
        .and_then(Item::as_array_of_tables_mut)
        .and_then(|services| services.iter_mut().find(|table| is(table, "name", service)))
        .and_then(|table| table.get_mut("version"))
        .and_then(Item::as_array_of_tables_mut)
        .ok_or_else(|| format!("spec/services.toml has no `[[service.version]]` of {service}"))
}

fn is(table: &Table, key: &str, text: &str) -> bool {
    table.get(key).and_then(Item::as_str) == Some(text)
}

/// A copy of a table stands where it is put, and not where its original stands.
fn forget_positions(table: &mut Table) {
    table.set_position(None);
    for (_, item) in table.iter_mut() {
        match item {
            Item::Table(table) => forget_positions(table),
            Item::ArrayOfTables(tables) => tables.iter_mut().for_each(forget_positions),
            _ => {}
        }
    }
}
