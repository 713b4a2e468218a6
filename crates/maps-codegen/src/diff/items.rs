//! A version of a service as items to compare.

use serde_json::Value;

use super::item::{Item, Kind};
use super::{Level, Side};
use crate::generate::Built;
use crate::model::{
    Constraints, Docs, EnumBase, Host, KeyPlacement, Location, LongRunning, Operation,
    OperationKind, Parameter, Property, Response, Role, Security, Success, Type, TypeDef, TypeKey,
    TypeKind,
};
use crate::names::{Name, Names, OperationName};

/// Everything that a version offers.
pub fn of(built: &Built) -> Item {
    let Built { service, names, .. } = built;
    let mut root = Item::new(Kind::Service, service.name.clone());
    root.children.extend(host(&service.host, names));
    root.children.extend(security(&service.security));
    let operations = service.groups.iter().flat_map(|group| {
        let accessor = group.client.as_ref().map(|client| client.accessor.as_str());
        group
            .operations
            .iter()
            .map(move |operation| self::operation(operation, accessor, names))
    });
    root.children.extend(operations);
    let types = service
        .types
        .iter()
        .map(|(key, definition)| type_def(key, definition, names));
    root.children.extend(types);
    root
}

fn host<'a>(host: &'a Host, names: &'a Names) -> impl Iterator<Item = Item> + 'a {
    let template = Item::new(Kind::Service, "host")
        .wire("template", &host.template, Level::Minor)
        .wire("base path", &host.base_path, Level::Minor);
    let parameters = host.parameters.iter().map(|parameter| {
        let mut item = Item::new(Kind::HostParameter, &parameter.name)
            .wire("type", shown(&parameter.ty), Level::Major)
            .wire(
                "default",
                text_or_none(parameter.default.as_deref()),
                Level::Minor,
            );
        item.rust = ident(names.host_parameters.get(&parameter.name));
        item
    });
    std::iter::once(template).chain(parameters)
}

fn security(security: &Security) -> Vec<Item> {
    let scheme = |name: &str, detail: String| {
        Item::new(Kind::Security, name).wire("place", detail, Level::Minor)
    };
    let mut items = Vec::new();
    match &security.key {
        Some(KeyPlacement::Header(name)) => items.push(scheme("key", format!("header {name}"))),
        Some(KeyPlacement::Query(name)) => items.push(scheme("key", format!("query {name}"))),
        None => {}
    }
    if security.sas {
        items.push(scheme("SAS token", "header Authorization".to_owned()));
    }
    if security.basic {
        items.push(scheme(
            "user name and password",
            "header Authorization".to_owned(),
        ));
    }
    if !security.scopes.is_empty() {
        items.push(scheme("Microsoft Entra token", security.scopes.join(" ")));
    }
    items
}

fn operation(operation: &Operation, accessor: Option<&str>, names: &Names) -> Item {
    let own = names.operations.get(&operation.id);
    let mut item = Item::new(Kind::Operation, &operation.id)
        .wire("method", &operation.method, Level::Minor)
        .wire("path", full_path(operation), Level::Minor)
        .wire("kind", kind(&operation.kind), Level::Major)
        .wire("answer", success(&operation.success), Level::Major)
        .wire(
            "errors",
            operation.error.as_ref().map_or("none".to_owned(), shown),
            Level::Minor,
        )
        .wire("produces", operation.produces.join(", "), Level::Minor)
        .rust("deprecated", yes(operation.deprecated), Level::Minor)
        .rust(
            "retired",
            text_or_none(operation.retired.as_deref()),
            Level::Patch,
        )
        .rust("documentation", docs(&operation.docs), Level::Patch);
    item.rust = own.map(|own| match accessor {
        Some(accessor) => format!("{accessor}().{}", own.method.ident),
        None => own.method.ident.clone(),
    });
    item.shape = Some(format!("{} {}", operation.method, full_path(operation)));
    let parameters = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.role != Role::ApiVersion);
    item.children
        .extend(parameters.map(|parameter| self::parameter(parameter, own)));
    if let Some(body) = &operation.body {
        let mut body_item = Item::new(Kind::Body, &body.wire)
            .wire("type", shown(&body.ty), Level::Major)
            .wire("presence", presence(body.required), Level::Major)
            .wire("media types", body.content_types.join(", "), Level::Minor)
            .rust("documentation", docs(&body.docs), Level::Patch);
        // There is one body at most, and its name is not sent.
        "body".clone_into(&mut body_item.wire);
        body_item.added = required(body.required);
        item.children.push(body_item);
    }
    let responses = operation.responses.iter();
    item.children
        .extend(responses.map(|response| self::response(response, own)));
    item
}

fn full_path(operation: &Operation) -> String {
    let pairs = operation
        .fixed_query
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    let query = pairs.collect::<Vec<_>>().join("&");
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{}{mark}{query}", operation.path)
}

fn parameter(parameter: &Parameter, names: Option<&OperationName>) -> Item {
    let location = match parameter.location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Form => "form",
        Location::Body => "body",
    };
    let mut item = Item::new(Kind::Parameter, format!("{location} {}", parameter.wire))
        .wire("type", shown(&parameter.ty), Level::Major)
        .wire("presence", presence(parameter.required), Level::Major)
        .wire("constant", value(parameter.constant.as_ref()), Level::Major)
        .wire("default", value(parameter.default.as_ref()), Level::Minor)
        .wire("limits", limits(&parameter.constraints), Level::Minor)
        .wire(
            "list format",
            format!("{:?}", parameter.collection),
            Level::Minor,
        )
        .wire(
            "skips URL encoding",
            yes(parameter.skip_url_encoding),
            Level::Minor,
        )
        .wire(
            "header prefix",
            text_or_none(parameter.header_prefix.as_deref()),
            Level::Minor,
        )
        .rust("set on", role(parameter.role), Level::Major)
        .rust("documentation", docs(&parameter.docs), Level::Patch);
    let key = (location, parameter.wire.clone());
    item.rust = ident(names.and_then(|names| names.parameters.get(&key)));
    item.shape.clone_from(&item.rust);
    item.added = required(
        parameter.required && parameter.role == Role::Plain && parameter.constant.is_none(),
    );
    item
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Client => "the client",
        Role::OperationId => "the operation, as its id",
        Role::Plain | Role::ApiVersion => "the operation",
    }
}

fn response(response: &Response, names: Option<&OperationName>) -> Item {
    let status = response
        .status
        .map_or("default".to_owned(), |status| status.to_string());
    let mut item = Item::new(Kind::Response, status)
        .wire(
            "body",
            response.ty.as_ref().map_or("none".to_owned(), shown),
            Level::Minor,
        )
        .wire("is an error", yes(response.is_error), Level::Major)
        .rust("documentation", docs(&response.docs), Level::Patch);
    // What it changes in Rust is the operation's `answer`.
    item.removed = Level::Minor;
    let headers = response.headers.iter().map(|header| {
        let mut header_item = Item::new(Kind::Header, &header.wire)
            .wire("type", shown(&header.ty), Level::Major)
            .rust("documentation", docs(&header.docs), Level::Patch);
        if response.is_error {
            // Headers of errors have no accessors.
            header_item.removed = Level::Minor;
        } else {
            header_item.rust = ident(names.and_then(|names| names.header_fields.get(&header.wire)));
        }
        header_item
    });
    item.children.extend(headers);
    item
}

fn kind(kind: &OperationKind) -> String {
    match kind {
        OperationKind::Plain => "plain".to_owned(),
        OperationKind::Pageable(pages) => format!(
            "pages of {} in `{}`, linked by {}",
            shown(&pages.item),
            pages.items,
            pages.next_link.as_deref().unwrap_or("nothing")
        ),
        OperationKind::LongRunning(operation) => {
            let LongRunning {
                monitor,
                result,
                result_type,
                ..
            } = operation.as_ref();
            let ty = result_type.as_ref().map_or("nothing".to_owned(), shown);
            format!(
                "long-running, watched by {}, giving {ty} from {result:?}",
                shown(monitor)
            )
        }
    }
}

fn success(success: &Success) -> String {
    match success {
        Success::Empty => "none".to_owned(),
        Success::One(ty) => shown(ty),
        Success::Optional(ty) => format!("{} or none", shown(ty)),
        Success::ByStatus(statuses) => {
            let one = |(status, ty): &(u16, Option<Type>)| {
                format!("{status}: {}", ty.as_ref().map_or("none".to_owned(), shown))
            };
            statuses.iter().map(one).collect::<Vec<_>>().join(", ")
        }
        Success::Exists => "whether it exists".to_owned(),
        Success::Bytes => "bytes".to_owned(),
    }
}

fn type_def(key: &TypeKey, definition: &TypeDef, names: &Names) -> Item {
    let member = |at: usize| ident(names.members.get(&(key.clone(), at)));
    let mut item = match &definition.kind {
        TypeKind::Struct(object) => {
            let extra = object.additional.as_ref();
            let tag = object.tag.as_ref();
            let mut item = Item::new(Kind::Struct, &key.0)
                .wire(
                    "undeclared properties",
                    extra.map_or("ignored".to_owned(), shown),
                    Level::Major,
                )
                .wire(
                    "discriminator",
                    tag.map_or("none".to_owned(), |tag| {
                        format!("{} = {}", tag.property, tag.value)
                    }),
                    Level::Major,
                );
            for (at, property) in object.properties.iter().enumerate() {
                item.children.push(self::property(property, member(at)));
            }
            item
        }
        TypeKind::Enum(values) => {
            let base = match values.base {
                EnumBase::String => "texts",
                EnumBase::I32 => "int32",
                EnumBase::I64 => "int64",
                EnumBase::F64 => "numbers",
            };
            let mut item = Item::new(Kind::Enum, &key.0).wire("values", base, Level::Major);
            for (at, value) in values.values.iter().enumerate() {
                let mut child = Item::new(Kind::Value, value.value.to_string()).rust(
                    "documentation",
                    docs(&value.docs),
                    Level::Patch,
                );
                child.rust = member(at);
                item.children.push(child);
            }
            item
        }
        TypeKind::Union(union) => {
            let mut item =
                Item::new(Kind::Union, &key.0).wire("discriminator", &union.tag, Level::Major);
            for (at, variant) in union.variants.iter().enumerate() {
                let mut child = Item::new(Kind::Variant, &variant.value).wire(
                    "type",
                    named(&variant.ty),
                    Level::Major,
                );
                child.rust = member(at);
                item.children.push(child);
            }
            item
        }
    };
    let sort = match definition.kind {
        TypeKind::Struct(_) => "object",
        TypeKind::Enum(_) => "enumeration",
        TypeKind::Union(_) => "polymorphic object",
    };
    item = item.wire("sort", sort, Level::Major).rust(
        "documentation",
        docs(&definition.docs),
        Level::Patch,
    );
    item.rust = ident(names.types.get(key));
    // A type is seen in requests and answers where something uses it, which is a change of its own.
    item.side = Side::Rust;
    item.shape = Some(shape(&item));
    item
}

fn property(property: &Property, rust: Option<String>) -> Item {
    let mut item = Item::new(Kind::Property, &property.wire)
        .wire("type", shown(&property.ty), Level::Major)
        .wire("presence", presence(property.required), Level::Major)
        .wire("may be null", yes(property.nullable), Level::Major)
        .wire("constant", value(property.constant.as_ref()), Level::Major)
        .wire("read-only", yes(property.read_only), Level::Minor)
        .wire("default", value(property.default.as_ref()), Level::Minor)
        .wire("limits", limits(&property.constraints), Level::Minor)
        .rust("flattened", yes(property.flatten), Level::Major)
        .rust("boxed", yes(property.boxed), Level::Major)
        .rust("documentation", docs(&property.docs), Level::Patch);
    item.rust = rust;
    item.shape.clone_from(&item.rust);
    // `new` takes what is required.
    item.added = required(property.required && property.constant.is_none());
    item
}

/// What two types of different names have in common when they are the same.
fn shape(item: &Item) -> String {
    let mut words: Vec<&str> = Vec::new();
    for child in &item.children {
        words.push(&child.wire);
        let telling = |name: &str| matches!(name, "presence" | "may be null");
        let aspects = child.aspects.iter().filter(|aspect| telling(aspect.name));
        words.extend(aspects.map(|aspect| aspect.value.as_str()));
    }
    words.join("\n")
}

/// A type for people. Names of types stand in `⟨⟩`, which reports take away.
fn shown(ty: &Type) -> String {
    match ty {
        Type::Named(key) => named(key),
        Type::Array(item) => format!("list of {}", shown(item)),
        Type::Map(item) => format!("map of {}", shown(item)),
        Type::Nullable(inner) => format!("{} or null", shown(inner)),
        plain => format!("{plain:?}").to_lowercase(),
    }
}

fn named(key: &TypeKey) -> String {
    format!("⟨{}⟩", key.0)
}

fn ident(name: Option<&Name>) -> Option<String> {
    name.map(|name| name.ident.clone())
}

fn presence(required: bool) -> &'static str {
    if required { "required" } else { "optional" }
}

fn required(required: bool) -> Level {
    if required { Level::Major } else { Level::Minor }
}

fn yes(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}

fn value(value: Option<&Value>) -> String {
    value.map_or("none".to_owned(), Value::to_string)
}

fn text_or_none(text: Option<&str>) -> String {
    text.unwrap_or("none").to_owned()
}

fn docs(docs: &Docs) -> String {
    let parts = [docs.summary.as_deref(), docs.description.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" / ")
}

fn limits(limits: &Constraints) -> String {
    let Constraints {
        minimum,
        maximum,
        exclusive_minimum,
        exclusive_maximum,
        multiple_of,
        min_length,
        max_length,
        pattern,
        pattern_checked: _,
        min_items,
        max_items,
        unique_items,
        format,
    } = limits;
    let open = |is: bool| if is { "exclusive " } else { "" };
    let mut parts = Vec::new();
    parts.extend(minimum.map(|limit| format!("{}minimum {limit}", open(*exclusive_minimum))));
    parts.extend(maximum.map(|limit| format!("{}maximum {limit}", open(*exclusive_maximum))));
    parts.extend(multiple_of.map(|limit| format!("multiple of {limit}")));
    parts.extend(min_length.map(|limit| format!("at least {limit} characters")));
    parts.extend(max_length.map(|limit| format!("at most {limit} characters")));
    parts.extend(
        pattern
            .as_ref()
            .map(|pattern| format!("pattern `{pattern}`")),
    );
    parts.extend(min_items.map(|limit| format!("at least {limit} items")));
    parts.extend(max_items.map(|limit| format!("at most {limit} items")));
    parts.extend(unique_items.then(|| "unique items".to_owned()));
    parts.extend(format.as_ref().map(|format| format!("format {format}")));
    match parts.is_empty() {
        true => "none".to_owned(),
        false => parts.join(", "),
    }
}
