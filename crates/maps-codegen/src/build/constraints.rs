//! Limits of values.

use regex_lite::Regex;

use super::Builder;
use crate::diagnostics::Diagnostic;
use crate::load::At;
use crate::model::Constraints;

impl<'a> Builder<'a> {
    /// Limits that the values of a chain of references declare, the outermost deciding.
    pub(super) fn constraints(&mut self, layers: &[At<'a>]) -> Constraints {
        let number = |key: &str| layers.iter().find_map(|layer| layer.f64(key));
        let count = |key: &str| layers.iter().find_map(|layer| layer.usize(key));
        let is = |key: &str| {
            layers
                .iter()
                .find_map(|layer| layer.bool(key))
                .unwrap_or(false)
        };
        let pattern = layers.iter().find_map(|layer| layer.get("pattern"));
        Constraints {
            minimum: number("minimum"),
            maximum: number("maximum"),
            exclusive_minimum: is("exclusiveMinimum"),
            exclusive_maximum: is("exclusiveMaximum"),
            multiple_of: number("multipleOf"),
            min_length: count("minLength"),
            max_length: count("maxLength"),
            min_items: count("minItems"),
            max_items: count("maxItems"),
            unique_items: is("uniqueItems"),
            format: layers.iter().find_map(|layer| layer.string("format")),
            pattern_checked: pattern.is_some_and(|pattern| self.is_known_pattern(pattern)),
            pattern: pattern.and_then(At::as_str).map(str::to_owned),
        }
    }

    /// Tries a pattern with the crate that clients check it with.
    fn is_known_pattern(&mut self, pattern: At<'a>) -> bool {
        match Regex::new(pattern.as_str().unwrap_or_default()) {
            Ok(_) => true,
            Err(error) => {
                let message = format!("clients cannot check this pattern: {error}");
                let help =
                    "it is documented as unchecked; a fixup may put an equal one in its place";
                self.report(
                    Diagnostic::warning("unchecked-pattern", message)
                        .at(pattern.place())
                        .help(help),
                );
                false
            }
        }
    }
}
