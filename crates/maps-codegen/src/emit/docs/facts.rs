//! What a definition says about a value besides prose, in one line of docs.

use serde_json::Value;

use crate::model::{Constraints, Docs, Type};

/// Facts of a property or parameter. As text they are short sentences, in one paragraph.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Whether the definition requires it, and the caller is the one who gives it.
    pub required: bool,
    /// Whether only answers carry it.
    pub read_only: bool,
    /// Whether it is not to be shown.
    pub secret: bool,
    /// Value that the service assumes.
    pub default: Option<&'a Value>,
    /// Type, for the words of its limits.
    pub ty: &'a Type,
    /// Limits.
    pub constraints: &'a Constraints,
    /// The prose beside the facts: a limit that it tells is not told again.
    pub prose: &'a Docs,
}

impl Facts<'_> {
    /// The sentences; empty when there is nothing to say.
    pub fn text(&self) -> String {
        let mut sentences = Vec::new();
        if self.required {
            sentences.push("Required.".to_owned());
        }
        if self.read_only {
            sentences.push("Read-only.".to_owned());
        }
        if self.secret {
            sentences.push("A secret, which `Debug` hides.".to_owned());
        }
        if let Some(default) = self.default {
            sentences.push(format!("Default: {}.", literal(default)));
        }
        let limits = limits(self.constraints, self.ty);
        sentences.extend(limits.into_iter().filter(|limit| !self.is_said(limit)));
        sentences.join(" ")
    }

    /// Whether the prose has a limit in the same words, or nearly.
    fn is_said(&self, limit: &str) -> bool {
        let prose = self.prose.description.as_deref();
        let prose = prose.or(self.prose.summary.as_deref()).unwrap_or_default();
        let prose = prose.split_whitespace().collect::<Vec<_>>().join(" ");
        let prose = prose.to_lowercase();
        let limit = limit.trim_end_matches('.').to_lowercase();
        let mut wordings = vec![limit.clone()];
        if let Some(number) = limit.strip_prefix("at most ") {
            wordings.push(format!("up to {number}"));
        }
        if let Some(range) = limit.strip_prefix("from ") {
            wordings.push(range.to_owned());
        }
        wordings.iter().any(|wording| {
            prose.match_indices(wording.as_str()).any(|(at, _)| {
                // `at most 1` is not said by `at most 1,000`, nor `1 to 6` by `11 to 6`.
                let after = &prose.as_bytes()[at + wording.len()..];
                let is_whole = match after {
                    [b',' | b'.', next, ..] => !next.is_ascii_digit(),
                    [next, ..] => !next.is_ascii_alphanumeric(),
                    [] => true,
                };
                is_whole && !prose[..at].ends_with(|c: char| c.is_ascii_alphanumeric())
            })
        })
    }
}

/// Limits of a value as sentences.
fn limits(limits: &Constraints, ty: &Type) -> Vec<String> {
    let mut sentences = Vec::new();
    let unit = if matches!(ty, Type::Array(_)) {
        "each item "
    } else {
        ""
    };
    let low = limits
        .minimum
        .map(|n| (number(n), limits.exclusive_minimum));
    let high = limits
        .maximum
        .map(|n| (number(n), limits.exclusive_maximum));
    match (low, high) {
        (Some((low, false)), Some((high, false))) => {
            sentences.push(format!("{unit}from {low} to {high}"))
        }
        (low, high) => {
            let low = low.map(|(n, exclusive)| {
                format!("{} {n}", if exclusive { "more than" } else { "at least" })
            });
            let high = high.map(|(n, exclusive)| {
                format!("{} {n}", if exclusive { "less than" } else { "at most" })
            });
            let both: Vec<String> = low.into_iter().chain(high).collect();
            if !both.is_empty() {
                sentences.push(format!("{unit}{}", both.join(" and ")));
            }
        }
    }
    if let Some(step) = limits.multiple_of {
        sentences.push(format!("{unit}a multiple of {}", number(step)));
    }
    sentences.extend(counted(limits.min_length, limits.max_length, "character"));
    sentences.extend(counted(limits.min_items, limits.max_items, "item"));
    if limits.format.as_deref() == Some("decimal") && !matches!(ty, Type::String) {
        sentences.push(format!(
            "{unit}a decimal, of which an `f64` keeps 15 digits"
        ));
    }
    if limits.unique_items {
        sentences.push("no item twice".to_owned());
    }
    if let Some(pattern) = &limits.pattern {
        sentences.push(format!("pattern {}", code(pattern)));
    }
    sentences
        .iter()
        .map(|sentence| capitalised(sentence) + ".")
        .collect()
}

/// `From 1 to 3 characters`, `At most 1,024 characters`, `Exactly 36 characters`.
fn counted(low: Option<usize>, high: Option<usize>, unit: &str) -> Option<String> {
    let units = |n: usize| {
        let plural = if n == 1 { "" } else { "s" };
        format!("{} {unit}{plural}", grouped(&n.to_string()))
    };
    match (low.filter(|n| *n > 0), high) {
        (None, None) => None,
        (Some(low), None) => Some(format!("at least {}", units(low))),
        (None, Some(high)) => Some(format!("at most {}", units(high))),
        (Some(low), Some(high)) if low == high => Some(format!("exactly {}", units(low))),
        (Some(low), Some(high)) => Some(format!(
            "from {} to {}",
            grouped(&low.to_string()),
            units(high)
        )),
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// A JSON value as inline code; a text without its quotes.
fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => code(text),
        Value::Array(items)
            if items
                .iter()
                .all(|item| !item.is_array() && !item.is_object()) =>
        {
            let items: Vec<String> = items.iter().map(literal).collect();
            if items.is_empty() {
                "none".to_owned()
            } else {
                items.join(", ")
            }
        }
        other => code(&other.to_string()),
    }
}

/// Text as inline code, with as many backticks around as it needs.
fn code(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        "the empty text".to_owned()
    } else if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}

/// A number for people: `1,000,000`, `0.5`.
fn number(value: f64) -> String {
    grouped(&value.to_string())
}

/// Groups the digits before the point by thousands.
fn grouped(number: &str) -> String {
    let (sign, digits) = number
        .strip_prefix('-')
        .map_or(("", number), |digits| ("-", digits));
    let (whole, fraction) = digits
        .split_once('.')
        .map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mut out = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(ty: &Type, constraints: &Constraints, default: Option<&Value>) -> String {
        Facts {
            required: false,
            read_only: false,
            secret: false,
            default,
            ty,
            constraints,
            prose: &Docs::default(),
        }
        .text()
    }

    #[test]
    fn limit_that_the_prose_tells_is_not_repeated() {
        let limits = Constraints {
            minimum: Some(1.0),
            maximum: Some(6.0),
            ..Constraints::default()
        };
        let told = |description: &str| {
            Facts {
                required: true,
                read_only: false,
                secret: false,
                default: None,
                ty: &Type::I64,
                constraints: &limits,
                prose: &Docs {
                    summary: None,
                    description: Some(description.to_owned()),
                },
            }
            .text()
        };
        assert_eq!(told("How many: 1 to 6. No more."), "Required.");
        assert_eq!(told("How many: 1 to 60."), "Required. From 1 to 6.");
    }

    #[test]
    fn maximum_is_grouped_by_thousands() {
        let limits = Constraints {
            maximum: Some(1_000_000.0),
            ..Constraints::default()
        };
        assert_eq!(text(&Type::I64, &limits, None), "At most 1,000,000.");
    }

    #[test]
    fn range_default_and_pattern_are_sentences() {
        let limits = Constraints {
            minimum: Some(1.0),
            maximum: Some(6.0),
            pattern: Some("^a`$".to_owned()),
            ..Constraints::default()
        };
        assert_eq!(
            text(&Type::I64, &limits, Some(&json!(2))),
            "Default: `2`. From 1 to 6. Pattern `` ^a`$ ``."
        );
    }

    #[test]
    fn equal_lengths_are_exact() {
        let limits = Constraints {
            min_length: Some(36),
            max_length: Some(36),
            ..Constraints::default()
        };
        assert_eq!(text(&Type::String, &limits, None), "Exactly 36 characters.");
    }

    #[test]
    fn list_default_names_its_items() {
        let default = json!(["a", "b"]);
        assert_eq!(
            text(&Type::String, &Constraints::default(), Some(&default)),
            "Default: `a`, `b`."
        );
    }
}
