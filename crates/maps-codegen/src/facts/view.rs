//! A value with the siblings of the references that lead to it, as facts read it.

use serde_json::Value;

use crate::load::{At, Json};
use crate::resolve::Resolved;

const LIMITS: &[&str] = &[
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
];

/// Values that say something together, the outermost first.
#[derive(Debug, Clone)]
pub(super) struct View<'a> {
    layers: Vec<At<'a>>,
    /// The value at the end of the references.
    pub(super) target: At<'a>,
    /// Its name in a section of its document.
    pub(super) name: Option<&'a str>,
}

impl<'a> View<'a> {
    /// A value and what its references lead to.
    pub(super) fn new(at: At<'a>, resolved: Option<Resolved<'a>>) -> Self {
        match resolved {
            Some(resolved) => Self {
                layers: resolved.layers().collect(),
                target: resolved.target,
                name: resolved.root.map(|(_, name)| name),
            },
            None => Self {
                layers: vec![at],
                target: at,
                name: None,
            },
        }
    }

    /// The same without the value at the end, unless there is no reference.
    pub(super) fn beside(mut self) -> Self {
        if self.layers.len() > 1 {
            self.layers.pop();
        }
        self
    }

    /// Whether references lead here.
    pub(super) fn is_reference(&self) -> bool {
        self.layers.len() > 1 || self.layers[0].get("$ref").is_some()
    }

    pub(super) fn get(&self, key: &str) -> Option<At<'a>> {
        self.layers.iter().find_map(|layer| layer.get(key))
    }

    pub(super) fn str(&self, key: &str) -> Option<&'a str> {
        self.get(key).and_then(At::as_str)
    }

    pub(super) fn is(&self, key: &str) -> bool {
        matches!(
            self.get(key).map(|at| &at.node.json),
            Some(Json::Bool(true))
        )
    }

    /// Whether it is an object with properties of its own or of others.
    pub(super) fn has_members(&self) -> bool {
        let words = ["properties", "allOf", "discriminator"];
        words.iter().any(|word| self.get(word).is_some())
    }

    /// What values it allows, and what else is said about a value.
    pub(super) fn limits(&self) -> String {
        let mut out: Vec<String> = LIMITS
            .iter()
            .filter_map(|key| Some(format!("{key}={}", shown(&self.get(key)?.to_value()))))
            .collect();
        let default = self.get("default");
        out.extend(default.map(|value| format!("default={}", shown(&value.to_value()))));
        for (key, word) in [
            ("readOnly", "read-only"),
            ("x-nullable", "nullable"),
            ("x-ms-client-flatten", "flatten"),
        ] {
            if self.is(key) {
                out.push(word.to_owned());
            }
        }
        if let Some(mutability) = self.get("x-ms-mutability") {
            let words: Vec<&str> = mutability.items().filter_map(At::as_str).collect();
            out.push(format!("mutability={}", words.join(",")));
        }
        out.join(" ")
    }
}

/// A value as compact JSON, its keys sorted.
pub(super) fn shown(value: &Value) -> String {
    value.to_string()
}
