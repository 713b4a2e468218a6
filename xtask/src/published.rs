//! The crates that consumers compile: the runtime, and a pair for each service of `spec/services.toml`.

use std::fs;
use std::path::Path;

use maps_codegen::config::Config;

/// Names of the crates, each below those that it depends on.
pub(crate) fn crates(root: &Path) -> Result<Vec<String>, String> {
    let mut names = vec!["maps-types".to_owned(), "maps-core".to_owned()];
    for service in services(root)? {
        names.push(format!("maps-{service}-models"));
        names.push(format!("maps-{service}"));
    }
    Ok(names)
}

/// Names of the services, in the order of the file.
pub(crate) fn services(root: &Path) -> Result<Vec<String>, String> {
    let file = "spec/services.toml";
    let failed = |error: &dyn std::fmt::Display| format!("reading {file}: {error}");
    let text = fs::read_to_string(root.join(file)).map_err(|error| failed(&error))?;
    let config = Config::read(file, &text).map_err(|error| failed(&error))?;
    let services = config.service.into_iter();
    Ok(services.map(|service| service.name).collect())
}
