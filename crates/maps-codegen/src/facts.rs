//! What definitions say, one fact a line, without their prose: operations, parameters, responses, headers, definitions,
//! properties, enumerations and ways to sign in, with types and limits.
//!
//! Where something is declared makes no difference: in place, behind a `$ref` or in another document. Fixups are applied.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use serde_json::Value;

use crate::diagnostics::{Diagnostic, Sources};
use crate::generate::{self, Definitions, Front};
use crate::load::{At, Json};
use crate::resolve::Resolver;

mod view;

use view::{View, shown};

const METHODS: &[&str] = &["get", "put", "post", "patch", "delete", "head", "options"];

/// Facts of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The document, as shown to people.
    pub document: String,
    /// Its facts and those of what it refers to, sorted.
    pub lines: BTreeSet<String>,
}

/// What [`spec`] finds.
#[derive(Debug)]
pub struct Listed {
    /// Facts of each document, in the order of `services.toml`.
    pub facts: Vec<Facts>,
    /// What was wrong on the way.
    pub diagnostics: Vec<Diagnostic>,
    /// What the findings quote from.
    pub sources: Sources,
}

/// Facts of every document that `services.toml` below `root` names.
///
/// # Errors
///
/// A message when `services.toml` cannot be read.
pub fn spec(root: &Path) -> Result<Listed, String> {
    let Definitions {
        documents,
        positions,
        config,
        ..
    } = generate::definitions(root)?;
    // Whether a fault counts depends on what operations reach, which is known when everything was built.
    let Front {
        diagnostics,
        sources,
        ..
    } = generate::front(root)?;
    let resolver = Resolver::new(&documents);
    let paths = config
        .service
        .iter()
        .flat_map(|service| &service.version)
        .flat_map(|version| &version.documents)
        .map(|document| root.join("spec").join(&document.path));
    let known = paths.filter_map(|path| documents.get(*positions.get(&path)?));
    let facts = known
        .map(|document| of(document.root(), &resolver))
        .collect();
    Ok(Listed {
        facts,
        diagnostics,
        sources,
    })
}

/// Facts of one document.
pub fn of<'a>(root: At<'a>, resolver: &Resolver<'a>) -> Facts {
    let mut collector = Collector {
        resolver,
        lines: BTreeSet::new(),
        seen: HashSet::new(),
    };
    collector.document(root);
    Facts {
        document: root.document.shown.clone(),
        lines: collector.lines,
    }
}

struct Collector<'a, 'r> {
    resolver: &'r Resolver<'a>,
    lines: BTreeSet<String>,
    /// Definitions that were listed, by the identity of their schema.
    seen: HashSet<usize>,
}

impl<'a> Collector<'a, '_> {
    /// Adds a line of the words that are not empty.
    fn add<const N: usize>(&mut self, words: [&str; N]) {
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        self.lines.insert(words.join(" "));
    }

    /// What is behind references; they were checked before, so that one which leads nowhere says nothing.
    fn view(&self, at: At<'a>) -> View<'a> {
        View::new(at, self.resolver.follow(at))
    }

    fn document(&mut self, root: At<'a>) {
        let version = root.get("info").and_then(|info| info.str("version"));
        self.add(["version", version.unwrap_or_default()]);
        if let Some(host) = root.str("host") {
            self.add(["host", host, root.str("basePath").unwrap_or_default()]);
        }
        if let Some(host) = root.get("x-ms-parameterized-host") {
            self.add([
                "host-template",
                host.str("hostTemplate").unwrap_or_default(),
            ]);
            for parameter in host.get("parameters").into_iter().flat_map(At::items) {
                self.parameter("host", parameter);
            }
        }
        for (name, scheme) in members(root, "securityDefinitions") {
            let scopes: Vec<&str> = members(scheme, "scopes").map(|(scope, _)| scope).collect();
            self.add([
                "security",
                name,
                scheme.str("type").unwrap_or_default(),
                scheme.str("in").unwrap_or_default(),
                &scheme
                    .get("name")
                    .map_or(String::new(), |name| shown(&name.to_value())),
                scheme.str("flow").unwrap_or_default(),
                scheme.str("authorizationUrl").unwrap_or_default(),
                &scopes.join(","),
            ]);
        }
        for (path, item) in ["paths", "x-ms-paths"]
            .into_iter()
            .flat_map(|section| members(root, section))
        {
            for method in METHODS {
                if let Some(operation) = item.get(method) {
                    self.operation(root, path, method, operation, item);
                }
            }
        }
        for (name, definition) in members(root, "definitions") {
            self.definition(name, definition);
        }
    }

    fn operation(&mut self, root: At<'a>, path: &str, method: &str, at: At<'a>, item: At<'a>) {
        let method = method.to_uppercase();
        let id = at
            .string("operationId")
            .unwrap_or_else(|| format!("{method} {path}"));
        let media = |key: &str| {
            let types = at.get(key).or_else(|| root.get(key));
            let types = types.into_iter().flat_map(At::items);
            let types: Vec<&str> = types.filter_map(At::as_str).collect();
            format!("{key}={}", types.join(","))
        };
        let has_body = matches!(method.as_str(), "POST" | "PUT" | "PATCH");
        let is_long_running = at.bool("x-ms-long-running-operation") == Some(true);
        let via = at.get("x-ms-long-running-operation-options");
        let via = |key: &str| via.and_then(|options| options.str(key));
        let pages = at.get("x-ms-pageable").filter(|pages| !is_empty(*pages));
        self.add([
            "op",
            &id,
            &method,
            path,
            &if has_body {
                media("consumes")
            } else {
                String::new()
            },
            &media("produces"),
            if is_long_running { "long-running" } else { "" },
            &labelled("final-state-via", via("final-state-via")),
            &labelled(
                "final-state-schema",
                via("final-state-schema").map(|schema| schema.rsplit('/').next().unwrap_or(schema)),
            ),
            &pages.map_or(String::new(), |pages| {
                let next = pages.str("nextLinkName").unwrap_or("None");
                let items = pages.str("itemName").unwrap_or("value");
                format!("pageable(next={next},items={items})")
            }),
            if at.bool("deprecated") == Some(true) {
                "deprecated"
            } else {
                ""
            },
            &labelled("client-name", at.str("x-ms-client-name")),
        ]);
        let key = |view: &View<'a>| (view.str("in"), view.str("name"));
        let own: Vec<At<'a>> = at
            .get("parameters")
            .into_iter()
            .flat_map(At::items)
            .collect();
        let keys: Vec<_> = own.iter().map(|own| key(&self.view(*own))).collect();
        let shared = item.get("parameters").into_iter().flat_map(At::items);
        let shared: Vec<At<'a>> = shared
            .filter(|shared| !keys.contains(&key(&self.view(*shared))))
            .collect();
        for parameter in own.into_iter().chain(shared) {
            self.parameter(&id, parameter);
        }
        for (code, response) in members(at, "responses") {
            let response = self.view(response);
            let ty = match response.get("schema") {
                Some(schema) => self.type_of(schema, &format!("{id}.{code}")),
                None => "empty".to_owned(),
            };
            let error = if response.is("x-ms-error-response") {
                "error"
            } else {
                ""
            };
            self.add(["response", &id, code, &ty, error]);
            for (header, at) in response.get("headers").into_iter().flat_map(At::members) {
                let ty = self.inline(&self.view(at), &format!("{id}.{code}.{header}"));
                self.add(["header", &id, code, header, &ty]);
            }
        }
    }

    fn parameter(&mut self, owner: &str, at: At<'a>) {
        let view = self.view(at);
        let (place, name) = (
            view.str("in").unwrap_or("?"),
            view.str("name").unwrap_or_default(),
        );
        let label = format!("{owner}.{name}");
        let ty = match (place, view.get("schema")) {
            ("body", Some(schema)) => self.type_of(schema, &label),
            ("body", None) => "any".to_owned(),
            _ => self.inline(&view, &label),
        };
        self.add([
            "param",
            owner,
            place,
            name,
            &ty,
            if view.is("required") {
                "required"
            } else {
                "optional"
            },
            &labelled("client-name", view.str("x-ms-client-name")),
            if view.is("x-ms-skip-url-encoding") {
                "no-url-encoding"
            } else {
                ""
            },
            &labelled("header-prefix", view.str("x-ms-header-collection-prefix")),
            if view.get("x-ms-parameter-grouping").is_some() {
                "grouped"
            } else {
                ""
            },
            &view.limits(),
        ]);
    }

    /// A type as facts name it: a definition by its name, anything else by what it is.
    fn type_of(&mut self, at: At<'a>, place: &str) -> String {
        let view = self.view(at);
        if let (Some(name), true) = (view.name, view.is_reference()) {
            self.definition(name, view.target);
            return name.to_owned();
        }
        let target = View::new(view.target, None);
        self.inline(&target, place)
    }

    fn inline(&mut self, view: &View<'a>, place: &str) -> String {
        if let Some(values) = view.get("enum") {
            let x = view.get("x-ms-enum");
            let named: Vec<(Value, &str)> = x
                .and_then(|x| x.get("values"))
                .into_iter()
                .flat_map(At::items)
                .filter_map(|value| Some((value.get("value")?.to_value(), value.str("name")?)))
                .collect();
            let one = |value: At<'a>| {
                let value = value.to_value();
                let name = named.iter().find(|(known, _)| *known == value);
                let name = name.map_or(String::new(), |(_, name)| format!(":{name}"));
                format!("{}{name}", shown(&value))
            };
            let listed: Vec<String> = values.items().map(one).collect();
            let label = x.and_then(|x| x.str("name")).unwrap_or(place);
            let open = x.is_some_and(|x| x.bool("modelAsString") == Some(true));
            let base = view.str("type").unwrap_or("string");
            let kind = if open { "extensible" } else { "fixed" };
            self.add(["enum", label, base, kind, &listed.join(",")]);
            return format!("enum:{label}");
        }
        let items = view.get("items");
        if view.str("type") == Some("array") || items.is_some() {
            let format = view.str("collectionFormat");
            let format = format.map_or(String::new(), |format| format!("({format})"));
            let item = items.map_or("any".to_owned(), |items| {
                self.type_of(items, &format!("{place}[]"))
            });
            return format!("array{format}<{item}>");
        }
        if view.has_members() {
            self.members(place, view, "");
            return format!("object:{place}");
        }
        if let Some(extra) = view.get("additionalProperties") {
            return format!("map<{}>", self.additional(extra, place));
        }
        match (view.str("type"), view.str("format")) {
            (None, _) => "any".to_owned(),
            (Some(ty), None) => ty.to_owned(),
            (Some(ty), Some(format)) => format!("{ty}({format})"),
        }
    }

    fn additional(&mut self, extra: At<'a>, place: &str) -> String {
        match &extra.node.json {
            Json::Bool(true) => "any".to_owned(),
            Json::Bool(false) => "none".to_owned(),
            _ if is_empty(extra) => "any".to_owned(),
            _ => self.type_of(extra, &format!("{place}{{}}")),
        }
    }

    fn definition(&mut self, name: &str, at: At<'a>) {
        if !self.seen.insert(at.id()) {
            return;
        }
        let own = View::new(at, None);
        let rename = labelled("client-name", at.str("x-ms-client-name"));
        let notes = [rename, own.limits()].join(" ");
        if own.has_members() {
            self.members(name, &own, notes.trim());
        } else {
            let ty = match own.is_reference() {
                true => self.type_of(at, name),
                false => self.inline(&own, name),
            };
            self.add(["def", name, &ty, notes.trim()]);
        }
    }

    fn members(&mut self, name: &str, view: &View<'a>, notes: &str) {
        let mut words = Vec::new();
        for (at, base) in view
            .get("allOf")
            .into_iter()
            .flat_map(At::items)
            .enumerate()
        {
            words.push(format!(
                "allOf={}",
                self.type_of(base, &format!("{name}#{at}"))
            ));
        }
        words.extend(
            view.str("discriminator")
                .map(|tag| format!("discriminator={tag}")),
        );
        let value = view.str("x-ms-discriminator-value");
        words.extend(value.map(|value| format!("discriminator-value={value}")));
        if let Some(extra) = view.get("additionalProperties") {
            words.push(format!("additional={}", self.additional(extra, name)));
        }
        self.add(["def", name, "object", &words.join(" "), notes]);
        let required: Vec<&str> = view
            .get("required")
            .into_iter()
            .flat_map(At::items)
            .filter_map(At::as_str)
            .collect();
        for (property, schema) in view.get("properties").into_iter().flat_map(At::members) {
            let ty = self.type_of(schema, &format!("{name}.{property}"));
            let beside = self.view(schema).beside();
            let is_required = required.contains(&property);
            self.add([
                "prop",
                &format!("{name}.{property}"),
                &ty,
                if is_required { "required" } else { "optional" },
                &labelled("client-name", beside.str("x-ms-client-name")),
                &beside.limits(),
            ]);
        }
    }
}

fn members<'a>(at: At<'a>, key: &str) -> impl Iterator<Item = (&'a str, At<'a>)> {
    at.get(key).into_iter().flat_map(At::members)
}

fn is_empty(at: At<'_>) -> bool {
    !matches!(&at.node.json, Json::Object(members) if !members.is_empty())
}

fn labelled(label: &str, text: Option<&str>) -> String {
    text.map_or(String::new(), |text| format!("{label}={text}"))
}
