//! Examples of operations.

use indexmap::IndexMap;
use serde_json::Value;

use super::Builder;
use crate::diagnostics::Diagnostic;
use crate::load::At;
use crate::model::{Example, ExampleResponse};

impl<'a> Builder<'a> {
    /// Reads `x-ms-examples`, whose entries are references or stand inline.
    pub(super) fn examples(&mut self, operation: At<'a>) -> Vec<Example> {
        let entries: Vec<(&str, At<'a>)> = operation
            .get("x-ms-examples")
            .into_iter()
            .flat_map(At::members)
            .collect();
        entries
            .into_iter()
            .filter_map(|(name, at)| self.example(name, at))
            .collect()
    }

    fn example(&mut self, name: &str, at: At<'a>) -> Option<Example> {
        let example = self.resolver.follow(at)?.target;
        let parameters: IndexMap<String, Value> = example
            .get("parameters")
            .into_iter()
            .flat_map(At::members)
            .map(|(name, value)| (name.to_owned(), value.to_value()))
            .collect();
        let mut responses = Vec::new();
        for (key, response) in example.get("responses").into_iter().flat_map(At::members) {
            let Ok(status) = key.parse() else {
                if key != "default" {
                    self.report(
                        Diagnostic::warning("unknown-status", format!("`{key}` is no status"))
                            .at(response.place()),
                    );
                }
                continue;
            };
            let headers = response.get("headers").into_iter().flat_map(At::members);
            responses.push(ExampleResponse {
                status,
                headers: headers
                    .map(|(name, value)| (name.to_owned(), header_text(value)))
                    .collect(),
                body: response.get("body").map(At::to_value),
            });
        }
        Some(Example {
            name: name.to_owned(),
            parameters,
            responses,
        })
    }
}

fn header_text(value: At<'_>) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_value().to_string(), str::to_owned)
}
