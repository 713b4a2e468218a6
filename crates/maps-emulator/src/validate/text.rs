//! Texts: length, pattern, known values, format.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use maps_types::operations::{Range, Text};
use regex_lite::Regex;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Faults, code};

/// Most known values that a message lists.
const LISTED_VALUES: usize = 12;

pub(super) fn check_text(text: &Text, value: &str, target: &str, faults: &mut Faults) {
    // Lengths are of characters, as JSON Schema counts them.
    let length = value.chars().count();
    if let Some(minimum) = text.min_length.filter(|minimum| length < *minimum) {
        let message = format!("The value has {length} characters, at least {minimum} are needed.");
        faults.add(code::INVALID, target, message);
    }
    if let Some(maximum) = text.max_length.filter(|maximum| length > *maximum) {
        let message = format!("The value has {length} characters, at most {maximum} are allowed.");
        faults.add(code::INVALID, target, message);
    }
    if let Some(pattern) = text.pattern.filter(|pattern| !matches(pattern, value)) {
        let message = format!("The value does not match the pattern {pattern}.");
        faults.add(code::INVALID, target, message);
    }
    if text.closed && !text.values.is_empty() && !text.values.contains(&value) {
        let listed = &text.values[..text.values.len().min(LISTED_VALUES)];
        let message = format!("The value is not one of: {}.", listed.join(", "));
        faults.add(code::INVALID, target, message);
    }
    if text.format == Some("date-time") && OffsetDateTime::parse(value, &Rfc3339).is_err() {
        let message = "The value is not a date and time with an offset (RFC 3339).";
        faults.add(code::INVALID, target, message);
    }
}

pub(super) fn check_number(range: &Range, value: f64, target: &str, faults: &mut Faults) {
    if range.closed && !range.values.contains(&value) {
        let known: Vec<String> = range.values.iter().map(ToString::to_string).collect();
        let message = format!("The value is not one of: {}.", known.join(", "));
        faults.add(code::INVALID, target, message);
    }
    let is_int32 = value >= f64::from(i32::MIN) && value <= f64::from(i32::MAX);
    if range.format == Some("int32") && !is_int32 {
        let message = format!("The value {value} is not a whole number of 32 bits.");
        faults.add(code::INVALID, target, message);
    }
    if let Some(minimum) = range.minimum
        && (value < minimum || (range.exclusive_minimum && value == minimum))
    {
        let than = if range.exclusive_minimum {
            "more than"
        } else {
            "at least"
        };
        let message = format!("The value {value} must be {than} {minimum}.");
        faults.add(code::INVALID, target, message);
    }
    if let Some(maximum) = range.maximum
        && (value > maximum || (range.exclusive_maximum && value == maximum))
    {
        let than = if range.exclusive_maximum {
            "less than"
        } else {
            "at most"
        };
        let message = format!("The value {value} must be {than} {maximum}.");
        faults.add(code::INVALID, target, message);
    }
}

/// Whether the pattern matches. One that the regex crate does not know matches everything, and is logged once.
fn matches(pattern: &'static str, value: &str) -> bool {
    static COMPILED: OnceLock<Mutex<HashMap<&'static str, Option<Regex>>>> = OnceLock::new();
    let compiled = COMPILED.get_or_init(Mutex::default);
    let mut compiled = compiled.lock().unwrap_or_else(PoisonError::into_inner);
    let regex = compiled.entry(pattern).or_insert_with(|| {
        Regex::new(pattern)
            .inspect_err(|err| tracing::warn!(pattern, error = %err, "pattern is not checked"))
            .ok()
    });
    regex.as_ref().is_none_or(|regex| regex.is_match(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: Text, value: &str) -> Vec<String> {
        let mut faults = Faults::default();
        check_text(&text, value, "id", &mut faults);
        faults.lines()
    }

    #[test]
    fn guid_pattern_refuses_other_forms() {
        let text = Text {
            pattern: Some("^[a-fA-F0-9]{8}-([a-fA-F0-9]{4}-){3}[a-fA-F0-9]{12}$"),
            ..Text::default()
        };
        let good = "8B1288FA-1958-4a2b-b68e-13a75af7d7c0";
        assert_eq!(lines(text, good), Vec::<String>::new());
        let braces = format!("{{{good}}}");
        let line_end = format!("{good}\n");
        for bad in [
            braces.as_str(),
            line_end.as_str(),
            &good[1..],
            "",
            "urn:uuid:x",
        ] {
            assert_eq!(lines(text, bad).len(), 1, "{bad:?}");
        }
    }

    #[test]
    fn an_unknown_kind_of_pattern_is_not_checked() {
        let text = Text {
            pattern: Some("^(?=x)"),
            ..Text::default()
        };
        assert!(lines(text, "y").is_empty());
    }

    #[test]
    fn only_closed_values_are_refused() {
        let values = &["a", "b"][..];
        let open = Text {
            values,
            ..Text::default()
        };
        let closed = Text {
            closed: true,
            ..open
        };
        assert!(lines(open, "c").is_empty());
        assert_eq!(
            lines(closed, "c"),
            ["InvalidValue id: The value is not one of: a, b."]
        );
    }

    #[test]
    fn lengths_count_characters() {
        let text = Text {
            min_length: Some(2),
            max_length: Some(3),
            ..Text::default()
        };
        assert!(lines(text, "äöü").is_empty());
        assert_eq!(lines(text, "ä").len(), 1);
        assert_eq!(lines(text, "äöüß").len(), 1);
    }

    #[test]
    fn date_times_need_an_offset() {
        let text = Text {
            format: Some("date-time"),
            ..Text::default()
        };
        assert!(lines(text, "2021-04-20T22:43:14.9401559+00:00").is_empty());
        assert_eq!(lines(text, "2021-04-20T22:43:14").len(), 1);
    }

    #[test]
    fn known_numbers_and_32_bits_are_limits_too() {
        let closed = Range {
            values: &[1.0, 2.0],
            closed: true,
            ..Range::ANY
        };
        let open = Range {
            closed: false,
            ..closed
        };
        for (range, value, count) in [
            (closed, 2.0, 0),
            (closed, 3.0, 1),
            (open, 3.0, 0),
            (Range::INT32, -2_147_483_648.0, 0),
            (Range::INT32, 2_147_483_648.0, 1),
        ] {
            let mut faults = Faults::default();
            check_number(&range, value, "n", &mut faults);
            assert_eq!(faults.lines().len(), count, "{value}");
        }
    }

    #[test]
    fn limits_are_inclusive_unless_they_say_otherwise() {
        let range = Range {
            minimum: Some(1.0),
            maximum: Some(6.0),
            exclusive_maximum: true,
            ..Range::ANY
        };
        for (value, count) in [(0.0, 1), (1.0, 0), (5.0, 0), (6.0, 1), (7.0, 1)] {
            let mut faults = Faults::default();
            check_number(&range, value, "n", &mut faults);
            assert_eq!(faults.lines().len(), count, "{value}");
        }
    }
}
