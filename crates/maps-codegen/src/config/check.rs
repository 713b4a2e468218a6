//! What is wrong with `services.toml` whatever the definitions say.

use super::Config;
use crate::diagnostics::{Diagnostic, did_you_mean};

/// Finds entries that contradict each other and corrections that do not say why.
pub(super) fn check(config: &Config) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut report = |fault: Diagnostic, path: &str| {
        found.push(fault.at_maybe(config.places.get(path).cloned()));
    };
    for (s, service) in config.service.iter().enumerate() {
        let at = format!("/service/{s}");
        if config.service[..s]
            .iter()
            .any(|known| known.name == service.name)
        {
            let message = format!("a second service `{}`", service.name);
            let help = "its versions belong under the first one";
            report(
                Diagnostic::error("duplicate-service", message).help(help),
                &format!("{at}/name"),
            );
        }
        if !service
            .version
            .iter()
            .any(|version| version.version == service.default_version)
        {
            let message = format!(
                "the default version `{}` is none of the versions of `{}`",
                service.default_version, service.name
            );
            let known = service.version.iter();
            let known: Vec<&str> = known.map(|version| version.version.as_str()).collect();
            let help = did_you_mean(&service.default_version, known.iter().copied())
                .unwrap_or_else(|| format!("it has {}", known.join(", ")));
            report(
                Diagnostic::error("unknown-version", message).help(help),
                &format!("{at}/default-version"),
            );
        }
        for (v, version) in service.version.iter().enumerate() {
            let at = format!("{at}/version/{v}");
            if service.version[..v]
                .iter()
                .any(|known| known.version == version.version)
            {
                let message = format!(
                    "a second version `{}` of `{}`",
                    version.version, service.name
                );
                report(
                    Diagnostic::error("duplicate-version", message)
                        .help("its documents belong under the first one"),
                    &format!("{at}/version"),
                );
            }
            if version.documents.is_empty() {
                let message = format!("{} {} has no document", service.name, version.version);
                report(
                    Diagnostic::error("no-document", message)
                        .help("list its documents under [[service.version.documents]]"),
                    &format!("{at}/version"),
                );
            }
        }
    }
    for (path, reason) in reasons(config) {
        if reason.trim().is_empty() {
            let help = "say what the definition gets wrong, so that the entry can go when it no longer does";
            let fault = Diagnostic::error(
                "missing-reason",
                "an entry that does not say why it is there",
            );
            report(fault.help(help), &path);
        }
    }
    found
}

/// Every reason with its path.
fn reasons(config: &Config) -> Vec<(String, &str)> {
    let mut out = Vec::new();
    for (s, service) in config.service.iter().enumerate() {
        for (v, version) in service.version.iter().enumerate() {
            let at = format!("/service/{s}/version/{v}");
            for (d, document) in version.documents.iter().enumerate() {
                out.push((
                    format!("{at}/documents/{d}/source"),
                    document.source.as_str(),
                ));
            }
            for (id, entry) in &version.long_running {
                out.push((format!("{at}/long-running/{id}/reason"), &entry.reason));
            }
            for (table, renames) in [
                ("operations", &version.operations),
                ("types", &version.types),
            ] {
                for (name, rename) in renames {
                    out.push((format!("{at}/{table}/{name}/reason"), &rename.reason));
                }
            }
        }
    }
    for (f, fixup) in config.fixup.iter().enumerate() {
        out.push((format!("/fixup/{f}/reason"), &fixup.reason));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r##"
[[service]]
name = "a"
default-version = "2"
[[service.version]]
version = "1"
documents = [{ path = "a.json", source = " " }]
types.X = { name = "Y", reason = "" }
[[service.version]]
version = "1"
documents = []
[[service]]
name = "a"
default-version = "1"
version = [{ version = "1", documents = [{ path = "b.json", source = "s" }] }]
[[fixup]]
document = "a.json"
at = "#/x"
kind = "remove"
expect = 1
reason = ""
"##;

    #[test]
    fn contradictions_and_missing_reasons_are_reported_together_where_they_stand() {
        let config = Config::read("s.toml", TEXT).unwrap();
        let found: Vec<(&str, usize)> = check(&config)
            .iter()
            .map(|found| {
                (
                    found.code,
                    found.place.as_ref().map_or(0, |place| place.line),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("unknown-version", 4),
                ("duplicate-version", 10),
                ("no-document", 10),
                ("duplicate-service", 13),
                ("missing-reason", 7),
                ("missing-reason", 8),
                ("missing-reason", 21),
            ]
        );
    }
}
