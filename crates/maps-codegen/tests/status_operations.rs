//! The client code of the three status operations that the project starts from, read as code in review.

use std::collections::BTreeMap;
use std::path::Path;

use maps_codegen::emit::client::client;
use maps_codegen::generate;
use quote::{ToTokens, quote};
use syn::{File, ImplItem, Item, Type};

/// What one version's client module has for one operation: its method, the items named for it, and its constants.
fn code_of(service: &str, method: &str, types: &[&str], constants: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let front = generate::front(&root).expect("spec/ can be read");
    let built = front
        .built
        .iter()
        .find(|built| built.service.name == service);
    let built = built.expect("the service is in spec/");
    let models_crate = format!("maps-{service}-models");

    let mut code = BTreeMap::new();
    for file in client(&built.service, &built.names, &models_crate, true) {
        let parsed: File = syn::parse2(file.tokens).expect("the output is Rust");
        let items = parsed.items.into_iter();
        let items: Vec<Item> = items
            .filter_map(|item| only(item, method, types, constants))
            .collect();
        if !items.is_empty() {
            let tokens = quote!(#(#items)*);
            let text = maps_codegen::format::rust(tokens, std::slice::from_ref(&file.path));
            code.insert(file.path, text.expect("the items are a file"));
        }
    }
    code.into_values().collect::<Vec<_>>().join("\n")
}

/// The item, or of the client's methods the one asked for.
fn only(item: Item, method: &str, types: &[&str], constants: &[&str]) -> Option<Item> {
    match item {
        Item::Struct(item) if types.contains(&item.ident.to_string().as_str()) => {
            Some(Item::Struct(item))
        }
        Item::Static(item) if constants.contains(&item.ident.to_string().as_str()) => {
            Some(Item::Static(item))
        }
        Item::Impl(mut item) => {
            if types.contains(&name(&item.self_ty).as_str()) {
                return Some(Item::Impl(item));
            }
            item.items.retain(
                |item| matches!(item, ImplItem::Fn(function) if function.sig.ident == method),
            );
            let is_client = item.trait_.is_none() && name(&item.self_ty).ends_with("Client");
            (is_client && !item.items.is_empty()).then_some(Item::Impl(item))
        }
        _ => None,
    }
}

fn name(ty: &Type) -> String {
    ty.to_token_stream().to_string()
}

#[test]
fn route_operation_status() {
    insta::assert_snapshot!(code_of(
        "route",
        "get_route_operations_status",
        &["GetRouteOperationsStatus"],
        &["GET_ROUTE_OPERATIONS_STATUS", "ID_FORM"],
    ));
}

#[test]
fn data_registry_operation_status() {
    insta::assert_snapshot!(code_of(
        "data-registry",
        "get_operation",
        &["GetOperation", "GetOperationHeaders"],
        &["GET_OPERATION", "OPERATION_ID_FORM"],
    ));
}

#[test]
fn dataset_operation_status() {
    insta::assert_snapshot!(code_of(
        "creator",
        "get_operation",
        &["GetOperation", "GetOperationHeaders"],
        &["GET_OPERATION"],
    ));
}
