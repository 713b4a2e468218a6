//! Every public async item of the runtime and of the clients says what dropping it does.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{
    Attribute, Expr, ImplItemFn, ItemFn, ItemImpl, ItemMod, ItemStruct, Lit, Meta, ReturnType,
    Signature, TraitItemFn, Type, TypeParamBound, Visibility,
};

/// Crates whose public items are meant.
fn sources() -> Vec<PathBuf> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates");
    let mut files = Vec::new();
    for entry in fs::read_dir(crates).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let is_tool = [
            "maps-codegen",
            "maps-demo",
            "maps-emulator",
            "maps-examples",
        ];
        if name.starts_with("maps-") && !is_tool.contains(&name.as_str()) {
            collect(&path.join("src"), &mut files);
        }
    }
    files.sort();
    files
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Looks at the items of one file.
#[derive(Default)]
struct Items<'a> {
    file: &'a str,
    /// The type whose methods are looked at.
    of: String,
    seen: usize,
    silent: Vec<String>,
    public: BTreeSet<String>,
    /// Types with an async method of their own, which is checked.
    async_types: BTreeSet<String>,
    /// Types that can be awaited or are streams; their own method of the same effect has the section.
    awaited: BTreeSet<String>,
}

impl Items<'_> {
    fn check(&mut self, attributes: &[Attribute], signature: &Signature) {
        if signature.asyncness.is_none() && !gives_future(&signature.output) {
            return;
        }
        self.seen += 1;
        self.async_types.insert(self.of.clone());
        if !is_hidden(attributes) && !docs(attributes).contains("# Cancel safety") {
            let line = signature.ident.span().start().line;
            self.silent
                .push(format!("{}:{line}: {}", self.file, signature.ident));
        }
    }
}

impl<'ast> Visit<'ast> for Items<'_> {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        let is_test = module.attrs.iter().any(|attribute| {
            matches!(&attribute.meta, Meta::List(list)
                if list.path.is_ident("cfg") && list.tokens.to_string() == "test")
        });
        if !is_test {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        if matches!(function.vis, Visibility::Public(_)) {
            self.check(&function.attrs, &function.sig);
        }
    }

    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        if matches!(item.vis, Visibility::Public(_)) {
            self.public.insert(item.ident.to_string());
        }
    }

    fn visit_item_impl(&mut self, block: &'ast ItemImpl) {
        let of = implementor(&block.self_ty);
        match &block.trait_ {
            Some((path, _)) if ["IntoFuture", "Stream"].contains(&last(path).as_str()) => {
                self.awaited.insert(of);
            }
            // The docs of a trait's method stand in the trait.
            Some(_) => {}
            None => {
                self.of = of;
                visit::visit_item_impl(self, block);
                self.of.clear();
            }
        }
    }

    fn visit_impl_item_fn(&mut self, method: &'ast ImplItemFn) {
        if matches!(method.vis, Visibility::Public(_)) {
            self.check(&method.attrs, &method.sig);
        }
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        if matches!(item.vis, Visibility::Public(_)) {
            visit::visit_item_trait(self, item);
        }
    }

    fn visit_trait_item_fn(&mut self, method: &'ast TraitItemFn) {
        self.check(&method.attrs, &method.sig);
    }
}

/// Whether a function returns a boxed future, or `impl Future`.
fn gives_future(output: &ReturnType) -> bool {
    let ReturnType::Type(_, output) = output else {
        return false;
    };
    match &**output {
        Type::Path(path) => last(&path.path) == "BoxFuture",
        Type::ImplTrait(bounds) => bounds.bounds.iter().any(|bound| {
            matches!(bound, TypeParamBound::Trait(bound)
                if last(&bound.path) == "Future")
        }),
        _ => false,
    }
}

fn docs(attributes: &[Attribute]) -> String {
    let mut docs = String::new();
    for attribute in attributes {
        if let Meta::NameValue(doc) = &attribute.meta
            && doc.path.is_ident("doc")
            && let Expr::Lit(literal) = &doc.value
            && let Lit::Str(text) = &literal.lit
        {
            docs.push_str(&text.value());
            docs.push('\n');
        }
    }
    docs
}

fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        matches!(&attribute.meta, Meta::List(list)
            if list.path.is_ident("doc") && list.tokens.to_string() == "hidden")
    })
}

fn last(path: &syn::Path) -> String {
    path.segments
        .last()
        .map(|segment| segment.ident.to_string())
        .unwrap_or_default()
}

/// Name of the type that an `impl` is for.
fn implementor(mut of: &Type) -> String {
    while let Type::Reference(reference) = of {
        of = &reference.elem;
    }
    match of {
        Type::Path(path) => last(&path.path),
        _ => String::new(),
    }
}

#[test]
fn every_public_async_item_says_what_dropping_it_does() {
    let mut items = Items::default();
    let files = sources();
    for file in &files {
        items.file = file.to_str().unwrap();
        let source = fs::read_to_string(file).unwrap();
        items.visit_file(&syn::parse_file(&source).unwrap());
    }
    assert!(
        items.seen >= 30,
        "only {} async items were found",
        items.seen
    );
    let silent = items.silent.join("\n");
    assert!(silent.is_empty(), "without `# Cancel safety`:\n{silent}");
    let awaited = items.awaited.intersection(&items.public);
    let silent: Vec<&String> = awaited
        .filter(|of| !items.async_types.contains(*of))
        .collect();
    assert!(
        silent.is_empty(),
        "awaited, and no method says what dropping does: {silent:?}"
    );
}
