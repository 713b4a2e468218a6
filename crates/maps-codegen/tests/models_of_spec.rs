//! The Rust of the models that everything else leans on, as the definitions in `spec/` give it. Read like code.

use std::path::Path;

use maps_codegen::emit::models::models;
use maps_codegen::generate;
use quote::ToTokens;
use syn::{File, Item};

/// A struct of a service with all its implementations.
fn structure(service: &str, name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let front = generate::front(&root).expect("services.toml is readable");
    let built = front
        .built
        .iter()
        .find(|built| built.service.name == service)
        .expect("the service is in services.toml");
    let files = models(&built.service, &built.names);
    let structs = files
        .into_iter()
        .find(|file| file.path.ends_with("/structs.rs"))
        .expect("the service has structs");
    let file: File = syn::parse2(structs.tokens).expect("the tokens are a file");
    let is_part = |item: &Item| match item {
        Item::Struct(item) => item.ident == name,
        Item::Impl(item) => item.self_ty.to_token_stream().to_string() == name,
        _ => false,
    };
    let items = file
        .items
        .into_iter()
        .filter(is_part)
        .map(|item| item.into_token_stream());
    maps_codegen::format::rust(items.collect(), &built.service.documents)
        .expect("the items are a file")
}

#[test]
fn route_operation() {
    insta::assert_snapshot!(structure("route", "RouteOperation"));
}

#[test]
fn data_registry_operation() {
    insta::assert_snapshot!(structure("data-registry", "LongRunningOperationResult"));
}

#[test]
fn creator_operation() {
    insta::assert_snapshot!(structure("creator", "LongRunningOperationResult"));
}

#[test]
fn maps_error_response() {
    insta::assert_snapshot!(structure("data-registry", "MapsErrorResponse"));
}
