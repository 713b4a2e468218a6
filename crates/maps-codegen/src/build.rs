//! Builds the intermediate representation of one version of a service from its documents.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use crate::config::{ServiceConfig, VersionConfig};
use crate::diagnostics::{Diagnostic, did_you_mean};
use crate::load::{At, Documents};
use crate::model::{Docs, Service, Type, TypeDef, TypeKey, XmlType};
use crate::name::words::pascal;
use crate::resolve::Resolver;

mod all_of;
mod constraints;
mod entries;
mod enums;
mod equal;
mod example;
mod flags;
mod groups;
mod hierarchy;
mod host;
mod long_running;
mod media;
mod operation;
mod operation_id;
mod pageable;
mod parameter;
mod parameter_groups;
mod response;
mod schema;
mod structs;
mod xml;

use all_of::Shape;
use hierarchy::Hierarchy;
pub(crate) use schema::FORMATS;

/// What a run asks of the builder.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Whether each long-running operation must have its entry in `services.toml`.
    pub entries_required: bool,
}

/// Builds one version. `roots` are the positions of its documents, the leading one first.
pub fn service(
    documents: &Documents,
    roots: &[usize],
    service: &ServiceConfig,
    version: &VersionConfig,
    options: Options,
) -> (Option<Service>, Vec<Diagnostic>) {
    let roots: Vec<At<'_>> = roots
        .iter()
        .filter_map(|root| documents.get(*root))
        .map(|root| root.root())
        .collect();
    let Some(first) = roots.first().copied() else {
        return (
            None,
            vec![
                Diagnostic::error(
                    "no-document",
                    format!("{} {} has no document", service.name, version.version),
                )
                .help("list its documents under [[service.version.documents]]"),
            ],
        );
    };
    let resolver = Resolver::new(documents);
    let hierarchy = Hierarchy::of(documents, &roots, &resolver);
    let mut builder = Builder {
        resolver,
        hierarchy,
        version,
        options,
        types: IndexMap::new(),
        xml: IndexMap::new(),
        origins: HashMap::new(),
        named: HashMap::new(),
        aliases: Vec::new(),
        shapes: HashMap::new(),
        unfollowed: HashSet::new(),
        found: Vec::new(),
    };
    builder.format(&roots);
    let host = builder.host(&roots);
    let security = builder.security(&roots);
    let mut operations = builder.operations(&roots, &host.prefixes);
    builder.pageables(&mut operations);
    builder.long_running_operations(&mut operations);
    let listed = version.listed.iter();
    let listed: Vec<TypeKey> = listed
        .filter_map(|name| match builder.listed(name)? {
            Type::Named(key) => Some(key),
            _ => None,
        })
        .collect();
    let client_parameters = builder.client_parameters(&mut operations);
    let parameter_groups = builder.parameter_groups(&mut operations);
    let client = service
        .client
        .clone()
        .unwrap_or_else(|| format!("{}Client", pascal(&service.name)));
    let groups = builder.groups(operations, &client);
    builder.unknown_entries(&groups);
    let mut unreachable = builder.unreachable(&roots);
    unreachable.extend(flags::drop_unused(
        &mut builder.types,
        &groups,
        &host.host,
        &listed,
    ));
    media::keep_bytes_out(&mut builder.types);
    flags::mark(&mut builder.types, &groups, &host.host);
    let info = first.get("info");
    let mut built = Service {
        name: service.name.clone(),
        title: info
            .and_then(|info| info.string("title"))
            .unwrap_or_else(|| service.name.clone()),
        version: version.version.clone(),
        documents: roots
            .iter()
            .map(|root| root.document.shown.clone())
            .collect(),
        docs: Docs {
            summary: None,
            description: info.and_then(|info| info.string("description")),
        },
        retired: version.retired.clone(),
        host: host.host,
        security,
        client_parameters,
        groups,
        client,
        parameter_groups,
        types: builder.types,
        xml: builder.xml,
        unreachable,
    };
    let mut found = builder.found;
    found.extend(builder.resolver.take_diagnostics());
    found.extend(example::fit::check(&mut built));
    (Some(built), found)
}

/// Everything that is known while a service is built.
struct Builder<'a> {
    resolver: Resolver<'a>,
    hierarchy: Hierarchy<'a>,
    version: &'a VersionConfig,
    options: Options,
    /// Types in the order in which they were reached.
    types: IndexMap<TypeKey, TypeDef>,
    /// Where the properties of types are in XML.
    xml: IndexMap<TypeKey, XmlType>,
    /// The schema that each type was made from.
    origins: HashMap<TypeKey, At<'a>>,
    /// Types by the identity of their schema and whether the concrete one is meant.
    named: HashMap<(usize, bool), Type>,
    /// Schemas without a type of their own that are being read; meeting one again is a cycle.
    aliases: Vec<usize>,
    /// What the values of schemas are, by the identity of the schema.
    shapes: HashMap<usize, Shape<'a>>,
    /// Operations whose pages or states cannot be read, by `operationId`: they are plain ones.
    unfollowed: HashSet<String>,
    found: Vec<Diagnostic>,
}

impl<'a> Builder<'a> {
    fn report(&mut self, found: Diagnostic) {
        self.found.push(found);
    }

    /// Generates a definition that nothing reaches.
    fn listed(&mut self, name: &str) -> Option<Type> {
        let ty = self.definition(name);
        if ty.is_none() {
            let help = did_you_mean(name, self.hierarchy.names())
                .unwrap_or_else(|| "remove it from `listed`".to_owned());
            let listed = &self.version.listed;
            let at = listed.iter().position(|other| other == name);
            let place = at.and_then(|at| self.version.place("listed", &at.to_string()));
            self.report(
                Diagnostic::error(
                    "unknown-definition",
                    format!("`listed` names `{name}`, which is no definition"),
                )
                .at_maybe(place)
                .help(help),
            );
        }
        ty
    }

    /// Type of the definition of a name, in any document of the service.
    fn definition(&mut self, name: &str) -> Option<Type> {
        let at = self.hierarchy.find(name)?;
        Some(self.ty(at, name))
    }

    /// A key that no type has yet: `wanted`, or with `word` in front, or with a number behind.
    fn free_key(&self, wanted: &str, word: &str) -> TypeKey {
        let wanted = TypeKey(wanted.to_owned());
        if !self.types.contains_key(&wanted) {
            return wanted;
        }
        let prefixed = TypeKey(format!("{}{}", pascal(word), wanted.0));
        if !word.is_empty() && !self.types.contains_key(&prefixed) {
            return prefixed;
        }
        let mut number = 2;
        loop {
            let numbered = TypeKey(format!("{}{number}", wanted.0));
            if !self.types.contains_key(&numbered) {
                return numbered;
            }
            number += 1;
        }
    }

    /// Definitions of the service's own documents that nothing reaches.
    fn unreachable(&self, roots: &[At<'a>]) -> Vec<String> {
        let reached: HashSet<usize> = self
            .named
            .keys()
            .map(|(id, _)| *id)
            .chain(self.hierarchy.used())
            .collect();
        let definitions = roots.iter().filter_map(|root| root.get("definitions"));
        definitions
            .flat_map(At::members)
            .filter(|(name, at)| {
                !reached.contains(&at.id())
                    && !self.types.contains_key(&TypeKey((*name).to_owned()))
            })
            .map(|(name, _)| name.to_owned())
            .collect()
    }
}

/// Prose of a value.
fn docs<'a>(layers: impl DoubleEndedIterator<Item = At<'a>> + Clone, summary: &str) -> Docs {
    let text = |key: &str| {
        layers
            .clone()
            .find_map(|layer| layer.str(key))
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let mut description = text("description");
    // That of an operation is a line of its own.
    let is_value = summary == "title";
    let outer = layers.clone().next();
    if is_value && outer.is_some_and(|outer| outer.bool("deprecated") == Some(true)) {
        let said = "Its definition calls it deprecated.";
        description = Some(match description {
            Some(text) => format!("{text}\n\n{said}"),
            None => said.to_owned(),
        });
    }
    Docs {
        summary: text(summary),
        description,
    }
}
