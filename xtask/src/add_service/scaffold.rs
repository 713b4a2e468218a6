//! Texts of the hand-written half of a pair of crates, as they begin.

use std::collections::BTreeMap;

/// A pair of crates that is to be.
#[derive(Debug)]
pub(super) struct Scaffold {
    /// The service, `data-registry`.
    pub(super) name: String,
    /// Its name for people.
    pub(super) title: String,
    /// Its default version.
    pub(super) version: String,
    /// The module of that version.
    pub(super) module: String,
    /// The type of its client.
    pub(super) client: String,
}

impl Scaffold {
    /// Name of the client's package.
    pub(super) fn package(&self) -> String {
        format!("maps-{}", self.name)
    }

    /// Name of the models' package.
    pub(super) fn models(&self) -> String {
        format!("maps-{}-models", self.name)
    }

    /// Every file by its path below the workspace.
    pub(super) fn files(&self) -> BTreeMap<String, String> {
        let (models, client) = (self.models(), self.package());
        [
            (&models, "Cargo.toml", MODELS_MANIFEST),
            (&models, "README.md", MODELS_README),
            (&models, "src/lib.rs", MODELS_ROOT),
            (&models, "tests/examples.rs", MODELS_TEST),
            (&client, "Cargo.toml", CLIENT_MANIFEST),
            (&client, "README.md", CLIENT_README),
            (&client, "src/lib.rs", CLIENT_ROOT),
            (&client, "tests/client.rs", CLIENT_TEST),
        ]
        .into_iter()
        .map(|(package, path, text)| (format!("crates/{package}/{path}"), self.fill(text)))
        .collect()
    }

    fn fill(&self, text: &str) -> String {
        text.replace("PACKAGE_IDENT", &self.package().replace('-', "_"))
            .replace("PACKAGE", &self.package())
            .replace("TITLE", &self.title)
            .replace("VERSION", &self.version)
            .replace("MODULE", &self.module)
            .replace("CLIENT", &self.client)
    }
}

const MODELS_MANIFEST: &str = r#"[package]
name = "PACKAGE-models"
description = "Types of the TITLE service, without HTTP."
keywords = ["azure", "maps", "api", "serde"]
categories = ["api-bindings", "data-structures"]
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
repository.workspace = true
readme = "README.md"

[lints]
workspace = true

[features]
default = []
# The table of the service's operations, for servers and tools.
operations = ["maps-types/operations"]

[dependencies]
maps-types.workspace = true
serde.workspace = true
serde_json.workspace = true
time.workspace = true

[dev-dependencies]
# Arbitrary values of the types.
maps-types = { workspace = true, features = ["arbitrary"] }

[package.metadata.docs.rs]
all-features = true

[[test]]
name = "examples"
required-features = ["operations"]
"#;

const MODELS_README: &str = "# PACKAGE-models

Types of the TITLE service, API version VERSION: the bodies of its requests and answers, with their errors. There is no HTTP in
this crate, so that servers, queues and tests can use it alone; the client is `PACKAGE`, which re-exports this crate as
`models`.

```sh
cargo add PACKAGE-models
```

- Every type can be built: `new` takes what the definition requires, `with_x` sets the rest, fields are public.
- What the definition does not know survives: enumerations keep unknown values.
- Properties that are read-only in the definition are left out of a client's requests, and written otherwise.

| feature | default | adds |
|---|---|---|
| `operations` | no | `operations::SERVICE`, a table of the service's operations for servers and tools |
";

const MODELS_ROOT: &str = "#![doc = include_str!(\"../README.md\")]

#[rustfmt::skip] // Formatted by the generator; keeps `cargo fmt --check` off the subtree.
mod generated;

pub use generated::MODULE::{self, *};
";

const MODELS_TEST: &str = r#"//! The table of operations, and the examples in it.

use PACKAGE_IDENT_models::operations::SERVICE;
use serde_json::Value;

#[test]
fn bodies_of_examples_are_json() {
    assert!(!SERVICE.operations.is_empty());
    for operation in SERVICE.operations {
        for body in operation.examples.iter().filter_map(|example| example.body) {
            let value: Result<Value, _> = serde_json::from_str(body);
            assert!(value.is_ok(), "{}: {value:?}", operation.id);
        }
    }
}
"#;

const CLIENT_MANIFEST: &str = r#"[package]
name = "PACKAGE"
description = "Client of the TITLE service."
keywords = ["azure", "maps", "api", "client", "async"]
categories = ["api-bindings", "asynchronous", "web-programming::http-client"]
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
repository.workspace = true
readme = "README.md"

[lints]
workspace = true

[features]
default = ["rustls", "http2"]
# TLS by rustls with the aws-lc-rs provider.
rustls = ["maps-core/rustls"]
# TLS by rustls with the ring provider.
rustls-ring = ["maps-core/rustls-ring"]
# TLS of the operating system.
native-tls = ["maps-core/native-tls"]
# HTTP/2 where the server offers it.
http2 = ["maps-core/http2"]
# A limit of the client's own for how often it sends.
rate-limit = ["maps-core/rate-limit"]
# Calls that block the thread, for programs without a runtime.
blocking = ["maps-core/blocking"]
# Credentials of azure_identity, and any other of azure_core.
azure-core = ["maps-core/azure-core"]

[dependencies]
maps-core.workspace = true
PACKAGE-models.workspace = true

[dev-dependencies]
# The examples of the definition are tests, with the expectations of its table of operations.
maps-core = { workspace = true, features = ["test-kit"] }
PACKAGE-models = { workspace = true, features = ["operations"] }
# Long bodies and dates of the examples in the docs.
serde_json.workspace = true
time = { workspace = true, features = ["macros"] }

[package.metadata.docs.rs]
all-features = true
"#;

const CLIENT_README: &str = "# PACKAGE

Client of the TITLE service, API version VERSION.

Types are in [`models`], which is the crate `PACKAGE-models`; errors, credentials and options in `maps-core`.

## Install

```sh
cargo add PACKAGE maps-core
cargo add tokio --features macros,rt-multi-thread
```

## Sign in

| credential of `maps-core` | for |
|---|---|
| `SubscriptionKey::new(key)` | the key of the account |
| `SasToken::new(token)` | a shared access signature |
| `EntraCredential::new(tokens).client_id(account)` | Microsoft Entra tokens of any `TokenCredential` |

## Features

| feature | default | adds |
|---|---|---|
| `rustls` | yes | TLS by rustls with aws-lc-rs |
| `rustls-ring` | no | TLS by rustls with ring; take `default-features = false` |
| `native-tls` | no | TLS of the operating system; take `default-features = false` |
| `http2` | yes | HTTP/2 where the server offers it |
| `rate-limit` | no | a limit of the client's own for how often it sends: `ClientOptions::rate_limit` |
| `blocking` | no | `send_blocking` and others, for programs without a runtime |
";

const CLIENT_ROOT: &str = "#![doc = include_str!(\"../README.md\")]

#[rustfmt::skip] // Formatted by the generator; keeps `cargo fmt --check` off the subtree.
mod generated;

pub use PACKAGE_IDENT_models as models;
pub use generated::MODULE::{self, CLIENT, CLIENTBuilder};
";

const CLIENT_TEST: &str = r#"//! The client as a caller begins with it.

use PACKAGE_IDENT::CLIENT;
use maps_core::SubscriptionKey;

#[test]
fn a_client_is_built_for_any_endpoint() {
    let client = CLIENT::builder()
        .endpoint("http://127.0.0.1:1")
        .credential(SubscriptionKey::new("key"))
        .build();
    assert!(client.is_ok(), "{client:?}");
}
"#;
