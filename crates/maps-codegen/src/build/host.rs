//! Where requests go and how they sign in.

use super::{Builder, docs};
use crate::diagnostics::{Diagnostic, did_you_mean};
use crate::fixups::is_header_name;
use crate::load::At;
use crate::model::{Docs, Host, HostParameter, KeyPlacement, Security, Type};
use crate::name::words::pascal;

/// The host of a service, and what comes before the paths of each document.
pub(super) struct Hosts {
    pub(super) host: Host,
    /// One for each document: its base path where documents differ.
    pub(super) prefixes: Vec<String>,
}

impl<'a> Builder<'a> {
    /// Refuses documents of another format.
    pub(super) fn format(&mut self, roots: &[At<'a>]) {
        for root in roots.iter().filter(|root| root.is_object()) {
            let version = root.get("swagger");
            if version.and_then(At::as_str) == Some("2.0") {
                continue;
            }
            let place = version.or(root.get("openapi")).unwrap_or(*root).place();
            let message = "the document does not say that it is OpenAPI 2.0";
            self.report(
                Diagnostic::error("unsupported-version", message)
                    .at(place)
                    .help("`\"swagger\": \"2.0\"` is the only version of the format that is read"),
            );
        }
    }

    /// Reads the host; all documents must have the same one.
    pub(super) fn host(&mut self, roots: &[At<'a>]) -> Hosts {
        let mut first: Option<(Host, At<'a>)> = None;
        for root in roots {
            let Some(host) = self.one_host(*root) else {
                continue;
            };
            match &first {
                None => first = Some((host, *root)),
                Some((known, _)) if said(known) == said(&host) => {}
                Some((known, _)) => {
                    let message = format!(
                        "the host is `{}` here and `{}` in the first document",
                        said(&host),
                        said(known)
                    );
                    let place = root
                        .get("x-ms-parameterized-host")
                        .or(root.get("host"))
                        .unwrap_or(*root)
                        .place();
                    let help =
                        "a client has one host: make services of them, or mend one by a fixup";
                    let found = Diagnostic::error("different-hosts", message);
                    self.report(found.at(place).help(help));
                }
            }
        }
        let base_paths: Vec<String> = roots
            .iter()
            .map(|root| {
                root.str("basePath")
                    .unwrap_or("")
                    .trim_end_matches('/')
                    .to_owned()
            })
            .collect();
        let shared = base_paths.windows(2).all(|pair| pair[0] == pair[1]);
        // Of a template with a path, that comes before the others.
        let root = first
            .as_ref()
            .map_or("", |(host, _)| host.base_path.as_str())
            .to_owned();
        let mut host = first.map_or_else(
            // The caller knows what no document says.
            || Host {
                template: "{endpoint}".to_owned(),
                parameters: vec![HostParameter {
                    name: "endpoint".to_owned(),
                    docs: Docs::default(),
                    ty: Type::String,
                    default: None,
                    is_endpoint: true,
                    in_path: false,
                }],
                base_path: String::new(),
            },
            |(host, _)| host,
        );
        if shared {
            let path = base_paths.first().map_or("", String::as_str);
            host.base_path = format!("{root}{path}");
            return Hosts {
                host,
                prefixes: vec![String::new(); roots.len()],
            };
        }
        Hosts {
            host,
            prefixes: base_paths,
        }
    }

    fn one_host(&mut self, root: At<'a>) -> Option<Host> {
        let schemes: Vec<&str> = root
            .get("schemes")
            .into_iter()
            .flat_map(At::items)
            .filter_map(At::as_str)
            .collect();
        let scheme = if schemes.is_empty() || schemes.contains(&"https") {
            "https"
        } else {
            schemes[0]
        };
        if let Some(parameterized) = root.get("x-ms-parameterized-host") {
            let Some(template) = parameterized.str("hostTemplate") else {
                let found = Diagnostic::warning(
                    "missing-host",
                    "`x-ms-parameterized-host` without `hostTemplate`",
                );
                let help = "a client needs its endpoint set; say it, for example `\"hostTemplate\": \"{endpoint}\"`";
                self.report(found.at(parameterized.place()).help(help));
                return None;
            };
            let has_scheme = parameterized.bool("useSchemePrefix") == Some(false);
            let mut parameters: Vec<HostParameter> = parameterized
                .get("parameters")
                .into_iter()
                .flat_map(At::items)
                .filter_map(|parameter| self.host_parameter(parameter, template, has_scheme))
                .collect();
            for name in template
                .split('{')
                .skip(1)
                .filter_map(|part| part.split('}').next())
            {
                if !parameters.iter().any(|parameter| parameter.name == name) {
                    let found = Diagnostic::warning(
                        "missing-parameter",
                        format!("the host's `{{{name}}}` is no parameter of it"),
                    );
                    let place = parameterized.get("hostTemplate").unwrap_or(parameterized);
                    let names = parameters.iter().map(|parameter| parameter.name.as_str());
                    let help = did_you_mean(name, names).unwrap_or_else(|| {
                        "it is taken as a text; declare it among `parameters`".to_owned()
                    });
                    self.report(found.at(place.place()).help(help));
                    parameters.push(HostParameter {
                        name: name.to_owned(),
                        docs: Docs::default(),
                        ty: Type::String,
                        default: None,
                        is_endpoint: has_scheme && split(template).0 == format!("{{{name}}}"),
                        in_path: !split(template).0.contains(&format!("{{{name}}}")),
                    });
                }
            }
            let (host, path) = split(template);
            let template = match has_scheme {
                true => host.to_owned(),
                false => format!("{scheme}://{host}"),
            };
            return Some(Host {
                template,
                parameters,
                base_path: path.trim_end_matches('/').to_owned(),
            });
        }
        let Some(host) = root.str("host") else {
            let mut paths = ["paths", "x-ms-paths"].iter();
            // Documents of shared parts alone have no host and need none.
            if paths.any(|paths| {
                root.get(paths)
                    .is_some_and(|at| at.members().next().is_some())
            }) {
                let found = Diagnostic::warning(
                    "missing-host",
                    "the document says neither `host` nor `x-ms-parameterized-host`",
                );
                let help = "a client needs its endpoint set; add one of them";
                self.report(found.at(root.place()).help(help));
            }
            return None;
        };
        Some(Host {
            template: format!("{scheme}://{host}"),
            parameters: Vec::new(),
            base_path: String::new(),
        })
    }

    fn host_parameter(
        &mut self,
        at: At<'a>,
        template: &str,
        has_scheme: bool,
    ) -> Option<HostParameter> {
        let resolved = self.resolver.follow(at)?;
        let Some(name) = resolved.string("name") else {
            let found = Diagnostic::warning("missing-name", "a parameter without `name`");
            let help = "it says nothing of the host; say what it is called in `hostTemplate`";
            self.report(found.at(at.place()).help(help));
            return None;
        };
        let (host, path) = split(template);
        let hole = format!("{{{name}}}");
        let is_endpoint = has_scheme && host == hole;
        let mut values = resolved.get("enum").into_iter().flat_map(At::items);
        let only = values.next().filter(|_| values.next().is_none());
        // The whole endpoint is a URL of the caller's choice, whatever values are listed; of one value there is none.
        let ty = if is_endpoint || only.is_some() {
            Type::String
        } else {
            self.parameter_ty(resolved.target, &format!("Host{}", pascal(&name)))
        };
        Some(HostParameter {
            docs: docs(resolved.layers().collect::<Vec<_>>().into_iter(), "title"),
            ty,
            default: resolved
                .string("default")
                .or_else(|| only?.as_str().map(str::to_owned)),
            in_path: path.contains(&hole) && !host.contains(&hole),
            is_endpoint,
            name,
        })
    }

    /// Reads `securityDefinitions`; all documents must agree on the place of the key.
    pub(super) fn security(&mut self, roots: &[At<'a>]) -> Security {
        let mut security = Security::default();
        for (name, scheme) in roots
            .iter()
            .filter_map(|root| root.get("securityDefinitions"))
            .flat_map(At::members)
        {
            match scheme.str("type") {
                Some("oauth2") => {
                    let declared = scheme.get("scopes").into_iter().flat_map(At::members);
                    let declared = declared.map(|(scope, _)| scope);
                    for scope in declared.chain(required_scopes(roots, name)) {
                        if !security.scopes.iter().any(|known| known == scope) {
                            security.scopes.push(scope.to_owned());
                        }
                    }
                }
                Some("apiKey") => self.api_key(name, scheme, &mut security),
                Some("basic") => security.basic = true,
                _ => {
                    let found = Diagnostic::warning(
                        "unsupported-security",
                        format!("the scheme `{name}` has no type known here"),
                    );
                    let place = scheme.get("type").unwrap_or(scheme).place();
                    let help = "no request is signed with it, a policy of the caller's own can; it is one of apiKey, oauth2, basic";
                    self.report(found.at(place).help(help));
                }
            }
        }
        security
    }

    fn api_key(&mut self, scheme_name: &str, scheme: At<'a>, security: &mut Security) {
        let key = scheme.string("name").unwrap_or_default();
        let placement = match scheme.str("in") {
            Some("header") if key.eq_ignore_ascii_case("authorization") => {
                security.sas = true;
                return;
            }
            Some("header") if !is_header_name(&key.clone().into()) => {
                let message = format!("`{key}` cannot be the name of a header");
                let found = Diagnostic::warning("illegal-header-name", message)
                    .at(scheme.get("name").unwrap_or(scheme).place());
                self.report(found.help("no request is signed with it; add a `sas-header` or `set` fixup in spec/services.toml"));
                return;
            }
            Some("header") => KeyPlacement::Header(key),
            Some("query") => KeyPlacement::Query(key),
            _ => {
                let found = Diagnostic::warning(
                    "missing-in",
                    format!("the key `{scheme_name}` says neither header nor query"),
                );
                let found = found.help(
                    "no request is signed with it; add `in` by a fixup in spec/services.toml",
                );
                self.report(found.at(scheme.place()));
                return;
            }
        };
        match &security.key {
            None => security.key = Some(placement),
            Some(known) if *known == placement => {}
            Some(known) => {
                let said = |placement: &KeyPlacement| match placement {
                    KeyPlacement::Header(name) => format!("the header `{name}`"),
                    KeyPlacement::Query(name) => format!("the query parameter `{name}`"),
                };
                let message = format!(
                    "a second place for the key: {} besides {}",
                    said(&placement),
                    said(known)
                );
                let found = Diagnostic::warning("second-key", message).at(scheme.place());
                self.report(found.help("the first one is used"));
            }
        }
    }
}

/// The host of a template, with its scheme where it has one, and the path behind it.
fn split(template: &str) -> (&str, &str) {
    let start = template.find("://").map_or(0, |at| at + "://".len());
    let end = template[start..].find('/').map(|at| start + at);
    template.split_at(end.unwrap_or(template.len()))
}

/// A host as its document says it.
fn said(host: &Host) -> String {
    format!("{}{}", host.template, host.base_path)
}

/// The scopes that documents ask of a scheme, which need not be among those that the scheme lists.
fn required_scopes<'a>(roots: &[At<'a>], scheme: &str) -> impl Iterator<Item = &'a str> {
    let requirements = roots.iter().filter_map(|root| root.get("security"));
    requirements
        .flat_map(At::items)
        .filter_map(move |requirement| requirement.get(scheme))
        .flat_map(At::items)
        .filter_map(At::as_str)
}
