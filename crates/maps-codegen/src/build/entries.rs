//! Entries of `services.toml` about what no document has.

use super::Builder;
use crate::diagnostics::{Diagnostic, did_you_mean};
use crate::model::Group;

impl Builder<'_> {
    /// Reports entries that name no operation, group or type. Called when all of them are known.
    pub(super) fn unknown_entries(&mut self, groups: &[Group]) {
        let version = self.version;
        let operations: Vec<&str> = groups
            .iter()
            .flat_map(|group| &group.operations)
            .map(|operation| operation.id.as_str())
            .collect();
        let words: Vec<&str> = groups.iter().map(|group| group.wire.as_str()).collect();
        let types: Vec<&str> = self
            .types
            .iter()
            .flat_map(|(key, def)| [key.0.as_str(), def.wire.as_str()])
            .collect();
        let mut found = Vec::new();
        let mut compare = |table: &str, what: &str, names: Vec<&String>, known: &[&str]| {
            for name in names
                .into_iter()
                .filter(|name| !known.contains(&name.as_str()))
            {
                let message = format!(
                    "spec/services.toml speaks of `{name}`, which is no {what} of version {}",
                    version.version
                );
                let fault = Diagnostic::error("unknown-entry", message);
                let help = did_you_mean(name, known.iter().copied())
                    .unwrap_or_else(|| "correct the name, or remove the entry".to_owned());
                found.push(fault.at_maybe(version.place(table, name)).help(help));
            }
        };
        compare(
            "long-running",
            "operation",
            version.long_running.keys().collect(),
            &operations,
        );
        compare(
            "operations",
            "operation",
            version.operations.keys().collect(),
            &operations,
        );
        compare(
            "retired-operations",
            "operation",
            version.retired_operations.keys().collect(),
            &operations,
        );
        compare(
            "groups",
            "group of operations",
            version.groups.keys().collect(),
            &words,
        );
        compare(
            "types",
            "generated type",
            version.types.keys().collect(),
            &types,
        );
        self.found.extend(found);
    }
}
