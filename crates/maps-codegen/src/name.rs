//! Makes Rust identifiers: one pass per scope, deterministic, each change that is more than casing reported.
//!
//! The rules, all of them here and below:
//!
//! - `words` splits a name where its case or punctuation says so, and joins the words: `ResultUrl`, `result_url`.
//! - `x-ms-client-name` and the names of `x-ms-enum` win over the wire; `services.toml` wins over both.
//! - `scope` settles one namespace at a time. Keywords are raw (`r#type`); a digit in front gets a word (`Value1`); what
//!   Rust or generated code uses itself gets a word behind (`OptionModel`). Of names that meet, the one that is its wire
//!   name to the letter stays, the others are numbered.
//! - `operations` drops the verb of a POST or PUT, and words that the client's type says already.
//! - `groups` names the clients of groups of operations and their accessors.
//! - `lock` keeps what an item was called in the last run, so that a new one never renames it.
//! - Schemas without a name take that of what holds them (`build` passes it down); equal names of unequal schemas get
//!   the document's word in front.

use std::collections::HashMap;

use crate::diagnostics::Diagnostic;
use crate::emit::types::RESERVED;
use crate::model::{EnumBase, Service, TypeKind};
use crate::names::{Name, Names};

mod groups;
pub mod lock;
mod operations;
mod scope;
pub mod words;

pub use groups::{group, same_group};
use lock::{Keeper, Locked};
use scope::{Case, Scope};
use words::pascal;

/// Names everything in a service. `renames` are the type names of `services.toml`, by name in the definition; `locked` are
/// the names that items had, those that they have now are in the result.
pub fn names(
    service: &Service,
    renames: &HashMap<String, String>,
    locked: Locked,
) -> (Names, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let mut keeper = Keeper::new(locked);
    let mut names = Names {
        module: module(&service.version),
        ..Names::default()
    };
    types(service, renames, &mut names, &mut keeper, &mut found);
    members(service, &mut names, &mut keeper, &mut found);
    operations::name(service, &mut names, &mut keeper, &mut found);
    names.locked = keeper.made;
    (names, found)
}

/// Module of an API version: `v2025_01_01`, `v2_0`, `v2022_09_01_preview`.
pub fn module(version: &str) -> String {
    let version = version.strip_prefix(['v', 'V']).unwrap_or(version);
    let words = version.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    format!("v{}", words.join("_"))
}

fn types(
    service: &Service,
    renames: &HashMap<String, String>,
    names: &mut Names,
    keeper: &mut Keeper,
    found: &mut Vec<Diagnostic>,
) {
    let mut scope = Scope::new(Case::Type, scope::TYPES);
    RESERVED.iter().for_each(|name| scope.reserve(name));
    for (key, def) in &service.types {
        match renames.get(&key.0).or_else(|| renames.get(&def.wire)) {
            Some(name) => scope.fixed(name, &key.0),
            // A name of two schemas was told apart in the key already.
            None => {
                let is_told_apart = def.wire != key.0;
                let name = def.client_name.as_deref().filter(|_| !is_told_apart);
                let item = Some(lock::type_item(def));
                scope.add_as(name.unwrap_or(&key.0), &key.0, Some(&def.place), item);
            }
        }
    }
    let idents = scope.finish("type", "type", keeper, found);
    names.types = service.types.keys().cloned().zip(idents).collect();
}

fn members(service: &Service, names: &mut Names, keeper: &mut Keeper, found: &mut Vec<Diagnostic>) {
    for (key, def) in &service.types {
        let item = lock::type_item(def);
        let idents = match &def.kind {
            TypeKind::Struct(definition) => {
                let mut scope = Scope::new(Case::Field, &[]);
                for property in &definition.properties {
                    scope.add(
                        property.client_name.as_deref().unwrap_or(&property.wire),
                        &property.wire,
                        Some(&def.place),
                    );
                }
                if definition.additional.is_some() {
                    scope.add(
                        "additionalProperties",
                        "additionalProperties",
                        Some(&def.place),
                    );
                }
                let mut idents = scope.finish(
                    &format!("field of {}", key.0),
                    &format!("field of {item}"),
                    keeper,
                    found,
                );
                if definition.additional.is_some() {
                    names
                        .additional
                        .extend(idents.pop().map(|name| (key.clone(), name)));
                }
                idents
            }
            TypeKind::Enum(definition) => {
                let mut scope = Scope::new(Case::Variant, scope::VARIANTS);
                for value in &definition.values {
                    let text = match &value.value {
                        serde_json::Value::String(text) => text.clone(),
                        other if definition.base == EnumBase::F64 => {
                            let number = other.to_string().replace('-', "Minus");
                            number.replace('.', "Point")
                        }
                        other => other.to_string(),
                    };
                    scope.add(
                        value.name.as_deref().unwrap_or(&text),
                        &text,
                        Some(&def.place),
                    );
                }
                scope.finish(
                    &format!("value of {}", key.0),
                    &format!("value of {item}"),
                    keeper,
                    found,
                )
            }
            TypeKind::Union(union) => {
                let mut scope = Scope::new(Case::Variant, scope::VARIANTS);
                for variant in &union.variants {
                    scope.add(&variant.value, &variant.value, Some(&def.place));
                }
                scope.finish(
                    &format!("kind of {}", key.0),
                    &format!("kind of {item}"),
                    keeper,
                    found,
                )
            }
        };
        names.members.extend(
            idents
                .into_iter()
                .enumerate()
                .map(|(at, name)| ((key.clone(), at), name)),
        );
    }
}

/// A name that needs no scope.
fn plain(ident: String) -> Name {
    Name {
        ident,
        renamed_from: None,
    }
}

/// The type of a request builder, named after its method.
fn type_of(method: &str) -> String {
    pascal(method.trim_start_matches("r#"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_named_in_snake_case_whatever_a_version_is() {
        for (version, expected) in [
            ("2025-01-01", "v2025_01_01"),
            ("2.0", "v2_0"),
            ("V1", "v1"),
            ("2022-09-01-Preview", "v2022_09_01_preview"),
            ("#/definitions/Pet", "vdefinitions_pet"),
            ("1..0--", "v1_0"),
            ("", "v"),
        ] {
            assert_eq!(module(version), expected);
        }
    }
}
