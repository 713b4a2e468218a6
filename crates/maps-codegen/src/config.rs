//! `spec/services.toml`: which documents make which crates, and what definitions cannot say.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;

use crate::diagnostics::Diagnostic;
use crate::model::Place;

mod check;
mod places;

/// The whole file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Config {
    /// Services in the order in which they are generated.
    #[serde(default)]
    pub service: Vec<ServiceConfig>,
    /// What the documents refer to.
    #[serde(default)]
    pub part: Vec<PartConfig>,
    /// Corrections of definitions.
    #[serde(default)]
    pub fixup: Vec<Fixup>,
    /// Where entries stand, by path: `/service/0/name`.
    #[serde(skip)]
    places: BTreeMap<String, Place>,
}

/// One service: a pair of crates.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ServiceConfig {
    /// Crates are `maps-<name>` and `maps-<name>-models`.
    pub name: String,
    /// Type of the client; the name in PascalCase with `Client` by default.
    pub client: Option<String>,
    /// The version that is compiled always.
    pub default_version: String,
    /// Its versions.
    #[serde(default)]
    pub version: Vec<VersionConfig>,
}

/// One API version of a service: a module.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct VersionConfig {
    /// The version as `api-version` has it.
    pub version: String,
    /// Its documents, the leading one first.
    pub documents: Vec<DocumentConfig>,
    /// Day on which the service was retired.
    pub retired: Option<String>,
    /// Whether there is one client for each group of operations although there is only one group.
    #[serde(default)]
    pub grouped: bool,
    /// Names of groups by the prefix of their operations.
    #[serde(default)]
    pub groups: IndexMap<String, GroupConfig>,
    /// What long-running operations need beyond their definition, by `operationId`.
    #[serde(default)]
    pub long_running: IndexMap<String, LongRunningConfig>,
    /// Method names by `operationId`.
    #[serde(default)]
    pub operations: BTreeMap<String, Rename>,
    /// Names of types by their name in the definition.
    #[serde(default)]
    pub types: BTreeMap<String, Rename>,
    /// Definitions to generate although no operation reaches them.
    #[serde(default)]
    pub listed: Vec<String>,
    /// Retired operations with the day.
    #[serde(default)]
    pub retired_operations: BTreeMap<String, String>,
    /// Where its entries stand, by path: `/types/Foo`.
    #[serde(skip)]
    pub places: BTreeMap<String, Place>,
}

/// One document.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DocumentConfig {
    /// Its path below `spec/`.
    pub path: String,
    /// Where its facts come from.
    pub source: String,
    /// SHA-256 of its text, which [`pins`](crate::pins) compares.
    pub sha256: Option<String>,
}

/// A file that no version lists, and that documents refer to.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PartConfig {
    /// Its path below `spec/`.
    pub path: String,
    /// SHA-256 of its text, which [`pins`](crate::pins) compares.
    pub sha256: String,
}

/// Names of a group.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct GroupConfig {
    /// Method on the service's client, and module.
    pub accessor: String,
    /// Type of the group's client.
    pub client: String,
}

/// A name that rules do not find.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rename {
    /// The name in Rust.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// What a long-running operation needs beyond its definition.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LongRunningConfig {
    /// `operationId` of the operation that reads the status.
    pub status: Option<String>,
    /// The parameter of that operation which is the id.
    pub id: Option<String>,
    /// Words of success, where the enum of the definition does not tell.
    pub succeeded: Option<Vec<String>>,
    /// Words of failure.
    pub failed: Option<Vec<String>>,
    /// Where the result is.
    pub result: Option<ResultConfig>,
    /// Definition that the result is of.
    pub result_type: Option<String>,
    /// Request header in which the caller names the operation.
    pub operation_id_header: Option<String>,
    /// Why the definition does not say it.
    pub reason: String,
}

/// Where the result of a long-running operation is.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum ResultConfig {
    /// There is none.
    None,
    /// The last status is the result.
    Monitor,
    /// At this JSON pointer of the last status.
    Property(String),
    /// Behind the URL at this JSON pointer of the last status.
    Link(String),
    /// Behind `Resource-Location` of the last status answer.
    ResourceLocation,
    /// Behind the URL that started the operation.
    OriginalUri,
    /// Behind `Location`.
    Location,
}

/// One correction of one definition. Which of the optional members it needs depends on its kind.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Fixup {
    /// Path of the document below `spec/`.
    pub document: String,
    /// JSON pointer of the value to correct.
    pub at: Spanned<String>,
    /// What to do there.
    pub kind: FixupKind,
    /// What must stand there before.
    pub expect: Option<serde_json::Value>,
    /// What stands there after.
    pub value: Option<serde_json::Value>,
    /// Property with the link of the next page.
    pub next_link: Option<String>,
    /// Property with the items of a page.
    pub items: Option<String>,
    /// Reference to the definition that the one at `at` is a kind of.
    pub base: Option<String>,
    /// Why the definition is wrong about the service.
    pub reason: String,
}

/// Kinds of fixups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FixupKind {
    /// Replaces the value `expect` by `value`.
    Set,
    /// Adds the member that `at` names, with `value`.
    Add,
    /// Removes the value `expect`.
    Remove,
    /// Marks an operation as pageable, with `next-link` and `items`.
    Pageable,
    /// A SAS token goes into `Authorization`, whatever header the scheme at `at` names.
    SasHeader,
    /// The array at `at` is limited by `minimum` and `maximum` where the number of its items is meant.
    ItemLimits,
    /// The parameter at `at` is an enum of one value, which is its default and not its only value.
    SingleValueDefault,
    /// The definition at `at` is a kind of the one that `base` refers to.
    Base,
}

impl Config {
    /// Reads the text of the file that is shown as `file`.
    ///
    /// # Errors
    ///
    /// A message with line and column.
    pub fn read(file: &str, text: &str) -> Result<Self, String> {
        let mut config: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        config.places = places::places(file, text);
        for (s, service) in config.service.iter_mut().enumerate() {
            for (v, version) in service.version.iter_mut().enumerate() {
                let prefix = format!("/service/{s}/version/{v}");
                version.places = config
                    .places
                    .iter()
                    .filter_map(|(path, place)| {
                        let rest = path.strip_prefix(&prefix)?;
                        rest.starts_with('/')
                            .then(|| (rest.to_owned(), place.clone()))
                    })
                    .collect();
            }
        }
        Ok(config)
    }

    /// What is wrong with the file whatever the definitions say.
    pub fn check(&self) -> Vec<Diagnostic> {
        check::check(self)
    }

    /// Where an entry about a part stands.
    pub fn part_place(&self, at: usize, entry: &str) -> Option<Place> {
        self.places.get(&format!("/part/{at}/{entry}")).cloned()
    }
}

impl VersionConfig {
    /// Where an entry of a table stands: `("types", "Foo")`.
    pub fn place(&self, table: &str, name: &str) -> Option<Place> {
        let name = name.replace('~', "~0").replace('/', "~1");
        self.places.get(&format!("/{table}/{name}")).cloned()
    }

    /// Where an entry about a document stands.
    pub fn document_place(&self, at: usize, entry: &str) -> Option<Place> {
        self.places
            .get(&format!("/documents/{at}/{entry}"))
            .cloned()
    }
}

impl Fixup {
    /// Where in `services.toml` the fixup stands.
    pub fn place(&self, file: &str, text: &str) -> Place {
        places::place(file, text, self.at.span(), self.at.get_ref().clone())
    }
}
