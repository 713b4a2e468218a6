//! Generated Rust as items to compare: what is public in a folder of sources.
//!
//! The definitions behind it are not at hand, so that requests and answers are known by the fields and variants alone.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use quote::ToTokens;
use syn::{Attribute, Fields, ImplItem, Meta, Type, Visibility};

use super::Level;
use super::Side;
use super::item::{Item, Kind};

/// Everything public below `folder`: in folders called `generated`, where there are any.
///
/// # Errors
///
/// A message when a file cannot be read or is no Rust.
pub fn of(folder: &Path) -> Result<Item, String> {
    let mut files = Vec::new();
    list(folder, &mut files).map_err(|error| format!("listing {}: {error}", folder.display()))?;
    files.sort();
    // Beside generated code there may be any other; alone, it has no folder of that name.
    let is_generated = |file: &PathBuf| file.iter().any(|part| part == "generated");
    if files.iter().any(is_generated) {
        files.retain(is_generated);
    }
    let mut modules: BTreeMap<String, Module> = BTreeMap::new();
    for file in &files {
        let text = fs::read_to_string(file)
            .map_err(|error| format!("reading {}: {error}", file.display()))?;
        let parsed = syn::parse_file(&text)
            .map_err(|error| format!("reading {}: {error}", file.display()))?;
        let below = file.strip_prefix(folder).unwrap_or(file);
        let module = modules.entry(module_of(below)).or_default();
        parsed.items.iter().for_each(|item| module.add(item));
    }
    if modules.is_empty() {
        return Err(format!("no Rust below {}", folder.display()));
    }
    let mut root = Item::new(Kind::Service, "Rust");
    for (path, module) in modules {
        for mut item in module.finish() {
            if !path.is_empty() {
                item.wire = format!("{path}::{}", item.wire);
            }
            root.children.push(item);
        }
    }
    Ok(root)
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            if entry.file_name() != "target" {
                list(&path, files)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

/// Name of the package and of the modules that are folders: files within a module re-export to it.
fn module_of(below: &Path) -> String {
    let folder = below.parent().unwrap_or(Path::new(""));
    let parts = folder.iter().map(|part| part.to_string_lossy());
    let parts = parts.filter(|part| part != "src" && part != "generated");
    parts.collect::<Vec<_>>().join("::")
}

/// Public items of one module: types with what their `impl` blocks add.
#[derive(Debug, Default)]
struct Module {
    items: Vec<Item>,
    /// Methods and traits by the type that they are of.
    impls: Vec<(String, Item)>,
}

impl Module {
    fn add(&mut self, item: &syn::Item) {
        match item {
            syn::Item::Struct(item) if is_public(&item.vis) => {
                let name = item.ident.to_string();
                let mut out =
                    rust(Kind::Struct, &name).rust("generics", text(&item.generics), Level::Major);
                let camel = is_camel(&item.attrs);
                if let Fields::Named(fields) = &item.fields {
                    let public = fields.named.iter().filter(|field| is_public(&field.vis));
                    out.children
                        .extend(public.map(|field| field_of(field, camel)));
                }
                self.items.push(out);
            }
            syn::Item::Enum(item) if is_public(&item.vis) => {
                let mut out = rust(Kind::Enum, &item.ident.to_string());
                for variant in &item.variants {
                    let variant_item = rust(Kind::Variant, &variant.ident.to_string()).rust(
                        "type",
                        text(&variant.fields),
                        Level::Major,
                    );
                    out.children.push(variant_item);
                }
                self.items.push(out);
            }
            syn::Item::Impl(item) => {
                let Type::Path(of) = item.self_ty.as_ref() else {
                    return;
                };
                let Some(name) = of.path.segments.last() else {
                    return;
                };
                let name = name.ident.to_string();
                if let Some((path, _)) = &item.trait_ {
                    let implemented = rust(Kind::Rust, &format!("impl {}", text(path)));
                    self.impls.push((name, implemented));
                    return;
                }
                for member in &item.items {
                    if let ImplItem::Fn(function) = member
                        && is_public(&function.vis)
                    {
                        let method = function_of(&function.sig);
                        self.impls.push((name.clone(), method));
                    }
                }
            }
            syn::Item::Fn(item) if is_public(&item.vis) => self.items.push(function_of(&item.sig)),
            syn::Item::Const(item) if is_public(&item.vis) => {
                self.items.push(typed(&item.ident.to_string(), &item.ty));
            }
            syn::Item::Static(item) if is_public(&item.vis) => {
                self.items.push(typed(&item.ident.to_string(), &item.ty));
            }
            syn::Item::Type(item) if is_public(&item.vis) => {
                self.items.push(typed(&item.ident.to_string(), &item.ty));
            }
            _ => {}
        }
    }

    fn finish(self) -> Vec<Item> {
        let Self { mut items, impls } = self;
        for (of, item) in impls {
            if let Some(owner) = items.iter_mut().find(|owner| owner.wire == of) {
                owner.children.push(item);
            }
        }
        items
    }
}

/// A field under the name that it has in JSON.
fn field_of(field: &syn::Field, camel: bool) -> Item {
    let ident = field.ident.as_ref().map(text).unwrap_or_default();
    let plain = ident.strip_prefix("r#").unwrap_or(&ident);
    let wire = serde_value(&field.attrs, "rename").unwrap_or_else(|| match camel {
        true => camel_case(plain),
        false => plain.to_owned(),
    });
    let mut item = Item::new(Kind::Property, wire).wire("type", text(&field.ty), Level::Major);
    item.rust = Some(ident.clone());
    item.shape = Some(ident);
    item
}

fn function_of(signature: &syn::Signature) -> Item {
    rust(Kind::Function, &signature.ident.to_string()).rust(
        "signature",
        text(signature),
        Level::Major,
    )
}

fn typed(name: &str, ty: &Type) -> Item {
    rust(Kind::Rust, name).rust("type", text(ty), Level::Major)
}

fn rust(kind: Kind, name: &str) -> Item {
    let mut item = Item::new(kind, name);
    item.side = Side::Rust;
    item
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Tokens as a person would write them, nearly.
fn text(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    text.replace(" :: ", "::")
        .replace(" < ", "<")
        .replace(" >", ">")
        .replace(" (", "(")
        .replace("( ", "(")
        .replace(" )", ")")
        .replace(" ,", ",")
        .replace(" :", ":")
        .replace("& ", "&")
}

fn is_camel(attributes: &[Attribute]) -> bool {
    serde_value(attributes, "rename_all").as_deref() == Some("camelCase")
}

/// Text of `#[serde(key = "text")]`.
fn serde_value(attributes: &[Attribute], key: &str) -> Option<String> {
    let mut value = None;
    for attribute in attributes {
        let is_serde = attribute.path().is_ident("serde");
        if let (true, Meta::List(_)) = (is_serde, &attribute.meta) {
            // A form that is not read here has no name in it.
            let _ = attribute.parse_nested_meta(|meta| {
                let is_key = meta.path.is_ident(key);
                if meta.input.peek(syn::Token![=]) {
                    let text: syn::LitStr = meta.value()?.parse()?;
                    if is_key {
                        value = Some(text.value());
                    }
                }
                Ok(())
            });
        }
    }
    value
}

/// `next_link` as serde's camelCase has it.
fn camel_case(ident: &str) -> String {
    let mut out = String::new();
    let mut upper = false;
    for c in ident.chars() {
        match c {
            '_' => upper = true,
            c if upper => {
                out.extend(c.to_uppercase());
                upper = false;
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::{What, compare};
    use super::*;

    fn differences(old: &str, new: &str) -> Vec<(String, What, Side)> {
        let root = |text: &str| {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("a-models/src/generated/v1/structs.rs");
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
            of(folder.path()).unwrap()
        };
        let difference = compare(String::new(), &root(old), &root(new));
        difference
            .changes
            .into_iter()
            .map(|change| (change.item, change.what, change.side))
            .collect()
    }

    const OLD: &str = r#"
        #[derive(Serialize)] #[serde(rename_all = "camelCase")]
        pub struct Page { #[serde(rename = "odata.link", skip_serializing_if = "Option::is_none")] pub link: Option<String>, pub next_page: i32 }
        impl Page { pub fn new(next_page: i32) -> Self { todo!() } fn hidden(&self) {} }
        impl Default for Page { fn default() -> Self { todo!() } }
        struct Hidden;
    "#;

    #[test]
    fn a_renamed_field_is_a_matter_of_rust_and_a_retyped_one_of_the_wire() {
        let new = OLD
            .replace("pub link", "pub next_link")
            .replace("next_page: i32", "next_page: i64")
            .replace("struct Hidden", "struct StillHidden")
            .replace("impl Default for Page", "impl Other for Page");
        let text = |text: &str| text.to_owned();
        assert_eq!(
            differences(OLD, &new),
            [
                (
                    text("a-models::v1::Page.odata.link"),
                    What::Renamed {
                        from: text("link"),
                        to: text("next_link")
                    },
                    Side::Rust
                ),
                (
                    text("a-models::v1::Page.nextPage"),
                    What::Changed {
                        aspect: "type",
                        from: text("i32"),
                        to: text("i64")
                    },
                    Side::Wire
                ),
                (
                    text("a-models::v1::Page.new"),
                    What::Changed {
                        aspect: "signature",
                        from: text("fn new(next_page: i32) -> Self"),
                        to: text("fn new(next_page: i64) -> Self"),
                    },
                    Side::Rust
                ),
                (
                    text("a-models::v1::Page.impl Other"),
                    What::Added,
                    Side::Rust
                ),
                (
                    text("a-models::v1::Page.impl Default"),
                    What::Removed,
                    Side::Rust
                ),
            ]
        );
        assert_eq!(differences(OLD, OLD), []);
    }
}
