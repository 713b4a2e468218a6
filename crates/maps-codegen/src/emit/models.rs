//! Rust of the models crates.

mod access;
mod attributes;
mod enums;
mod errors;
mod imports;
mod operations;
pub mod request;
mod round_trips;
mod setters;
mod size;
mod structs;
#[cfg(test)]
mod tests;
mod unions;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use self::{
    enums::EnumItem, imports::Imports, operations::Tables, round_trips::RoundTrips,
    structs::StructItem, unions::UnionItem,
};
use crate::emit::docs::{Doc, alias};
use crate::emit::types::Types;
use crate::model::{Service, TypeDef, TypeKey, TypeKind};
use crate::names::Names;
use crate::output::GeneratedFile;

/// Generates one version's module of a models crate.
pub fn models(service: &Service, names: &Names) -> Vec<GeneratedFile> {
    let cx = Context::new(service, names);
    let module = &names.module;
    let parts = [
        Part::new(&cx, "enums", |kind| matches!(kind, TypeKind::Enum(_))),
        Part::new(&cx, "structs", |kind| matches!(kind, TypeKind::Struct(_))),
        Part::new(&cx, "unions", |kind| matches!(kind, TypeKind::Union(_))),
    ];
    let parts: Vec<&Part> = parts
        .iter()
        .filter(|part| !part.exports.is_empty())
        .collect();
    let mut files = vec![GeneratedFile {
        path: format!("{module}.rs"),
        tokens: root(&cx, &parts),
    }];
    for part in parts {
        files.push(GeneratedFile {
            path: format!("{module}/{}.rs", part.module),
            tokens: part.tokens.clone(),
        });
    }
    if !service.types.is_empty() {
        files.push(GeneratedFile {
            path: format!("{module}/round_trips.rs"),
            tokens: RoundTrips::new(&cx).into_token_stream(),
        });
    }
    files.push(GeneratedFile {
        path: format!("{module}/operations.rs"),
        tokens: Tables::new(&cx).into_token_stream(),
    });
    files
}

/// What the emitters of types share.
struct Context<'a> {
    service: &'a Service,
    names: &'a Names,
    types: Types<'a>,
}

impl<'a> Context<'a> {
    fn new(service: &'a Service, names: &'a Names) -> Self {
        Self {
            service,
            names,
            types: Types::new(service, names),
        }
    }

    fn get(&self, key: &TypeKey) -> Option<&'a TypeDef> {
        self.service.types.get(key)
    }

    /// Name of a field, of an enum's value or of a union's variant.
    fn member(&self, key: &TypeKey, index: usize) -> &'a str {
        self.names
            .members
            .get(&(key.clone(), index))
            .map_or("missing_name", |name| name.ident.as_str())
    }

    /// The definition's name of a type that has another one in Rust, for rustdoc's search.
    fn type_alias(&self, key: &TypeKey, def: &TypeDef) -> Option<TokenStream> {
        let is_inline = !def.place.pointer.starts_with("#/definitions/");
        (!is_inline && self.types.name(key) != def.wire).then(|| alias(&def.wire))
    }

    /// The type's prose and where it comes from.
    fn type_docs(&self, key: &TypeKey, def: &TypeDef, fallback: &str) -> Doc {
        let mut doc = Doc::of(&def.docs, fallback);
        if let TypeKind::Union(body) = &def.kind {
            let tag = format!("`{}`", body.tag);
            let is_said = def
                .docs
                .description
                .as_deref()
                .is_some_and(|prose| prose.contains(&tag));
            if !is_said {
                doc = doc.paragraph(&format!("The property {tag} tells which kind it is."));
            }
        }
        if let Some(old) = self
            .names
            .types
            .get(key)
            .and_then(|name| name.renamed_from.as_deref())
        {
            doc = doc.paragraph(&format!("The definition's own name for it is `{old}`."));
        }
        let pointer = &def.place.pointer;
        let is_root = pointer.is_empty()
            || pointer
                .strip_prefix("#/definitions/")
                .is_some_and(|rest| !rest.contains('/'));
        let document = &def.document;
        doc.paragraph(&if is_root {
            format!("Definition `{}` of `{document}`.", def.wire)
        } else {
            format!("Inline type `{pointer}` of `{document}`.")
        })
    }
}

/// One file of types.
struct Part {
    module: &'static str,
    exports: Vec<Ident>,
    tokens: TokenStream,
}

impl Part {
    fn new(cx: &Context<'_>, module: &'static str, includes: fn(&TypeKind) -> bool) -> Self {
        let mut items = TokenStream::new();
        let mut exports = Vec::new();
        for (key, def) in cx
            .service
            .types
            .iter()
            .filter(|(_, def)| includes(&def.kind))
        {
            match &def.kind {
                TypeKind::Struct(body) => StructItem::new(cx, key, def, body).to_tokens(&mut items),
                TypeKind::Enum(body) => EnumItem::new(cx, key, def, body).to_tokens(&mut items),
                TypeKind::Union(body) => UnionItem::new(cx, key, def, body).to_tokens(&mut items),
            }
            exports.push(cx.types.name(key));
        }
        let imports = Imports::of(cx, &items, &exports);
        exports.sort();
        let about = match module {
            "structs" => "Objects with known properties.",
            "enums" => "Enumerations; each keeps values that its definition does not know.",
            _ => "Objects whose type depends on one of their properties.",
        };
        let about = Doc::new(about).inner();
        Self {
            module,
            exports,
            tokens: quote! { #about #imports #items },
        }
    }
}

/// The version's module.
fn root(cx: &Context<'_>, parts: &[&Part]) -> TokenStream {
    let service = cx.service;
    let mut docs = Doc::new(&format!(
        "{}, API version {}.",
        service.title, service.version
    ));
    if let Some(description) = &service.docs.description {
        docs = docs.prose(description);
    }
    let documents: Vec<String> = service
        .documents
        .iter()
        .map(|path| format!("`{path}`"))
        .collect();
    let docs = docs
        .paragraph(&format!("From {}.", documents.join(", ")))
        .inner();
    let modules = parts.iter().map(|part| {
        let module = crate::emit::types::ident(part.module);
        quote! { mod #module; }
    });
    let round_trips = (!service.types.is_empty()).then(|| {
        quote! { #[cfg(all(test, feature = "operations"))] mod round_trips; }
    });
    let exports = parts.iter().map(|part| {
        let module = crate::emit::types::ident(part.module);
        let exports = &part.exports;
        quote! { pub use self::#module::{#(#exports),*}; }
    });
    quote! {
        #docs
        #(#modules)*
        #[cfg(feature = "operations")]
        pub mod operations;
        #round_trips

        #(#exports)*
    }
}
