//! What stands around `src/generated` in a pair of crates made from an outside document.

use std::collections::BTreeMap;
use std::path::Path;

use super::{CoreDependency, Workspace};
use crate::generate::{Built, Pair};

/// Manifest, root module and README of one package of the pair.
pub fn files(
    package: &str,
    pair: &Pair,
    core: &CoreDependency,
    workspace: Workspace,
    built: &[Built],
) -> BTreeMap<String, String> {
    let is_client = package == pair.client;
    let (title, module) = built.first().map_or(("", ""), |built| {
        (built.service.title.as_str(), built.names.module.as_str())
    });
    let title = title.replace(['\n', '\r'], " ");
    let manifest = if is_client {
        client_manifest(pair, core, built)
    } else {
        models_manifest(pair, core)
    };
    let manifest = match workspace {
        Workspace::Own => format!("[workspace]\n\n{manifest}"),
        Workspace::Member => manifest,
    };
    let (readme, root) = if is_client {
        (
            format!("# {package}\n\nClient of {title}.\n"),
            client_root(pair, module),
        )
    } else {
        (
            format!("# {package}\n\nTypes of {title}, without HTTP.\n"),
            models_root(
                module,
                built.iter().all(|built| built.service.types.is_empty()),
            ),
        )
    };
    [
        ("Cargo.toml", manifest),
        ("README.md", readme),
        ("src/lib.rs", root),
    ]
    .into_iter()
    .map(|(path, text)| (path.to_owned(), text))
    .collect()
}

fn package(name: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\nrust-version = \"1.85\"\npublish = false\n"
    )
}

fn models_manifest(pair: &Pair, core: &CoreDependency) -> String {
    let types = runtime("maps-types", core);
    format!(
        "{}\n[features]\n# The table of the service's operations, for servers and tools.\noperations = [\"maps-types/operations\"]\n\n\
         [dependencies]\nmaps-types = {{ {types} }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\n\
         serde_json = \"1\"\ntime = {{ version = \"0.3\", default-features = false }}\n\n\
         [dev-dependencies]\n# Arbitrary values of the types.\nmaps-types = {{ {types}, features = [\"arbitrary\"] }}\n",
        package(&pair.models)
    )
}

fn client_manifest(pair: &Pair, core: &CoreDependency, built: &[Built]) -> String {
    let has_xml = built.iter().any(|built| !built.service.xml.is_empty());
    let xml = if has_xml {
        ", features = [\"xml\"]"
    } else {
        ""
    };
    format!(
        "{}
[features]
default = [\"rustls\", \"http2\"]
# TLS by rustls with the aws-lc-rs provider.
rustls = [\"maps-core/rustls\"]
# TLS by rustls with the ring provider.
rustls-ring = [\"maps-core/rustls-ring\"]
# TLS of the operating system.
native-tls = [\"maps-core/native-tls\"]
# HTTP/2 where the server offers it.
http2 = [\"maps-core/http2\"]
# A limit of the client's own for how often it sends.
rate-limit = [\"maps-core/rate-limit\"]
# Calls that block the thread, for programs without a runtime.
blocking = [\"maps-core/blocking\"]
# Credentials of azure_identity, and others that are made for azure_core. Needs Rust 1.88.
azure-core = [\"maps-core/azure-core\"]

[dependencies]
maps-core = {{ {core}, default-features = false{xml} }}
{models} = {{ path = \"../{models}\" }}
serde_json = \"1\"

[dev-dependencies]
# The examples of the definition are tests, with the expectations of its table of operations.
maps-core = {{ {core}, default-features = false, features = [\"test-kit\"] }}
{models} = {{ path = \"../{models}\", features = [\"operations\"] }}
# Dates of the examples in the docs.
time = {{ version = \"0.3\", default-features = false, features = [\"macros\"] }}
",
        package(&pair.client),
        core = runtime("maps-core", core),
        models = pair.models,
    )
}

/// Where a runtime crate is.
fn runtime(name: &str, core: &CoreDependency) -> String {
    match core {
        // Exactly one version: what is generated writes out structs that another one may add fields to.
        CoreDependency::Version(version) if version.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("version = \"={version}\"")
        }
        CoreDependency::Version(version) => format!("version = \"{version}\""),
        CoreDependency::Path(core) => {
            let path = core.parent().unwrap_or(Path::new(".")).join(name);
            format!("path = {:?}", path.to_string_lossy().replace('\\', "/"))
        }
    }
}

fn models_root(module: &str, is_empty: bool) -> String {
    // An empty module has nothing to import, which the compiler warns of.
    let items = if is_empty {
        module.to_owned()
    } else {
        format!("{module}::{{self, *}}")
    };
    format!(
        "#![doc = include_str!(\"../README.md\")]\n\n#[rustfmt::skip]\nmod generated;\n\npub use generated::{items};\n"
    )
}

fn client_root(pair: &Pair, module: &str) -> String {
    let models = pair.models.replace('-', "_");
    let mut exports = [
        format!("pub use generated::{module}::{{self, *}};"),
        format!("pub use {models} as models;"),
    ];
    // As rustfmt has them.
    exports.sort();
    format!(
        "#![doc = include_str!(\"../README.md\")]\n\n#[rustfmt::skip]\nmod generated;\n\n{}\n",
        exports.join("\n")
    )
}
