//! Examples of operations.

pub(super) mod fit;

use indexmap::IndexMap;
use serde_json::Value;

use super::Builder;
use crate::diagnostics::{Diagnostic, did_you_mean};
use crate::load::At;
use crate::model::{Example, ExampleResponse};

impl<'a> Builder<'a> {
    /// Reads `x-ms-examples`, whose entries are references or stand inline: those that succeed first.
    pub(super) fn examples(
        &mut self,
        root: At<'a>,
        item: At<'a>,
        operation: At<'a>,
    ) -> Vec<Example> {
        let host = root.get("x-ms-parameterized-host");
        let declared: Vec<String> = [host, Some(item), Some(operation)]
            .into_iter()
            .filter_map(|of| of?.get("parameters"))
            .flat_map(At::items)
            .filter_map(|at| self.resolver.follow(at)?.string("name"))
            .collect();
        let entries: Vec<(&str, At<'a>)> = operation
            .get("x-ms-examples")
            .into_iter()
            .flat_map(At::members)
            .collect();
        let examples = entries.into_iter();
        let mut examples: Vec<Example> = examples
            .filter_map(|(name, at)| self.example(name, at, &declared))
            .collect();
        // The docs show the first: one that the service answers as asked.
        let fails = |response: &ExampleResponse| response.status >= 400;
        examples.sort_by_key(|example| example.responses.iter().all(fails));
        examples
    }

    fn example(&mut self, name: &str, at: At<'a>, declared: &[String]) -> Option<Example> {
        let example = self.resolver.follow_quietly(at)?.target;
        for (name, value) in example.get("parameters").into_iter().flat_map(At::members) {
            if !declared.iter().any(|known| known == name) {
                let message = format!("`{name}` is no parameter of the operation");
                let help = did_you_mean(name, declared.iter().map(String::as_str))
                    .unwrap_or_else(|| "declare it, or remove it from the example".to_owned());
                self.report(
                    Diagnostic::warning("unhandled-argument", message)
                        .at(value.place())
                        .help(help),
                );
            }
        }
        let parameters: IndexMap<String, Value> = example
            .get("parameters")
            .into_iter()
            .flat_map(At::members)
            .map(|(name, value)| (name.to_owned(), value.to_value()))
            .collect();
        let mut responses = Vec::new();
        for (key, response) in example.get("responses").into_iter().flat_map(At::members) {
            let status = key
                .parse()
                .ok()
                .filter(|status| (200..600).contains(status));
            let Some(status) = status else {
                if key != "default" {
                    self.report(
                        Diagnostic::warning("unknown-status", format!("`{key}` is no status"))
                            .at(response.place())
                            .help("a response is under its status code, for example `200`"),
                    );
                }
                continue;
            };
            let headers = response.get("headers").into_iter().flat_map(At::members);
            let mut headers: Vec<(String, String)> = headers
                .map(|(name, value)| (name.to_owned(), header_text(value)))
                .collect();
            headers.sort();
            responses.push(ExampleResponse {
                status,
                headers,
                body: response.get("body").map(At::to_value),
                fits: true,
            });
        }
        // The order of a document's keys says nothing.
        responses.sort_by_key(|response| response.status);
        Some(Example {
            name: name.to_owned(),
            parameters,
            responses,
            place: example.place(),
            fits: true,
        })
    }
}

fn header_text(value: At<'_>) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_value().to_string(), str::to_owned)
}
