//! Arbitrary JSON of a schema, the same for the same seed: what a type must decode, and encode again without loss.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::operations::{Kind, Property, Range, Schema, Text};

/// Depth below which values are as small as they go.
const DEEPEST: usize = 6;

/// Makes values of schemas.
///
/// Texts follow their format and known values, and not their pattern or length; numbers and lists keep their limits.
#[derive(Debug, Clone)]
pub struct Arbitrary {
    state: u64,
}

impl Arbitrary {
    /// A source of values; equal seeds give equal values.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A value that the schema allows.
    pub fn value(&mut self, schema: &Schema) -> Value {
        self.at(schema, 0)
    }

    fn at(&mut self, schema: &Schema, depth: usize) -> Value {
        if schema.nullable && self.one_in(4) {
            return Value::Null;
        }
        match &schema.kind {
            Kind::Any => self.any(depth),
            Kind::Boolean => self.one_in(2).into(),
            Kind::Integer(range) => self.integer(range).into(),
            Kind::Number(range) => self.number(range).into(),
            Kind::String(text) => self.text(text).into(),
            Kind::Array {
                items,
                min_items,
                max_items,
            } => {
                let more = if depth < DEEPEST { self.below(3) } else { 0 };
                let least = min_items.unwrap_or(0);
                let count = (least + more)
                    .min(max_items.unwrap_or(usize::MAX))
                    .max(least);
                (0..count).map(|_| self.at(items, depth + 1)).collect()
            }
            Kind::Object {
                properties,
                additional,
            } => self.object(properties, *additional, depth).into(),
            Kind::Tagged { tag, variants } => self.tagged(tag, variants, depth),
        }
    }

    fn object(
        &mut self,
        properties: &[Property],
        additional: Option<&Schema>,
        depth: usize,
    ) -> Map<String, Value> {
        let mut members = Map::new();
        for property in properties {
            if property.required || depth < DEEPEST && self.one_in(2) {
                let value = self.at(property.schema, depth + 1);
                members.insert(property.name.to_owned(), value);
            }
        }
        if let Some(schema) = additional.filter(|_| depth < DEEPEST) {
            for _ in 0..self.below(3) {
                let name = format!("undeclared {}", self.word());
                members.insert(name, self.at(schema, depth + 1));
            }
        }
        members
    }

    /// An object of a known kind, or of one that the definition does not name.
    fn tagged(&mut self, tag: &str, variants: &[(&str, &Schema)], depth: usize) -> Value {
        let at = self.below(variants.len() + 1);
        let known = variants.get(at).filter(|_| depth < DEEPEST);
        let (kind, mut members) = match known {
            Some((kind, schema)) => {
                let object = Schema {
                    nullable: false,
                    ..**schema
                };
                (
                    (*kind).to_owned(),
                    match self.at(&object, depth + 1) {
                        Value::Object(members) => members,
                        _ => Map::new(),
                    },
                )
            }
            None => (
                format!("unheard of {}", self.word()),
                self.object(&[], Some(&Schema::ANY), depth),
            ),
        };
        members.insert(tag.to_owned(), kind.into());
        members.into()
    }

    fn any(&mut self, depth: usize) -> Value {
        match self.below(if depth < DEEPEST { 6 } else { 4 }) {
            0 => Value::Null,
            1 => self.one_in(2).into(),
            2 => self.integer(&Range::ANY).into(),
            3 => self.word().into(),
            4 => (0..self.below(3)).map(|_| self.any(depth + 1)).collect(),
            _ => self.object(&[], Some(&Schema::ANY), depth).into(),
        }
    }

    fn integer(&mut self, range: &Range) -> i64 {
        if let Some(value) = self.known(range) {
            return value as i64;
        }
        let (low, high) = match range.format {
            Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
            // The years 1 to 9999.
            Some("unixtime") => (-62_135_596_800, 253_402_300_799),
            _ => (i64::MIN, i64::MAX),
        };
        let low = range
            .minimum
            .map_or(low, |least| low.max(least.ceil() as i64));
        let high = range
            .maximum
            .map_or(high, |most| high.min(most.floor() as i64));
        let width = i128::from(high) - i128::from(low) + 1;
        let value = i128::from(low) + i128::from(self.next()).rem_euclid(width.max(1));
        i64::try_from(value).unwrap_or(low)
    }

    fn number(&mut self, range: &Range) -> f64 {
        if let Some(value) = self.known(range) {
            return value;
        }
        let low = range.minimum.unwrap_or(-1e9);
        let high = range.maximum.unwrap_or(1e9).max(low);
        let value = low + (high - low) * (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        // Half of them whole, the others with few digits: more of them serde_json reads only nearly.
        let steps = if self.one_in(2) { 1.0 } else { 1e4 };
        ((value * steps).round() / steps).clamp(low, high)
    }

    fn known(&mut self, range: &Range) -> Option<f64> {
        let is_known = !range.values.is_empty() && (range.closed || !self.one_in(4));
        is_known.then(|| range.values[self.below(range.values.len())])
    }

    fn text(&mut self, text: &Text) -> String {
        if !text.values.is_empty() && (text.closed || !self.one_in(4)) {
            return text.values[self.below(text.values.len())].to_owned();
        }
        let (a, b) = (self.below(28) + 1, self.below(60));
        match text.format {
            Some("date-time") => {
                let offset = ["Z", "+02:00", "-11:30"][self.below(3)];
                let fraction = ["", ".5", ".123456789"][self.below(3)];
                format!(
                    "{}-02-{a:02}T23:{b:02}:07{fraction}{offset}",
                    1000 + self.below(9000)
                )
            }
            Some("date") => format!("{}-02-{a:02}", 1000 + self.below(9000)),
            Some("date-time-rfc1123") => format!("Sun, 06 Nov 1994 08:{b:02}:37 GMT"),
            Some("byte") => ["", "aGVsbG8=", "+/+/", "AA=="][self.below(4)].to_owned(),
            Some("base64url") => ["", "aGVsbG8", "-_-_", "AA"][self.below(4)].to_owned(),
            Some("unixtime") => self.integer(&Range::INT32).to_string(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> String {
        const PIECES: &[&str] = &[
            "a", "Z", "0", " ", "\"", "\\", "\n", "\u{0}", "é", "地", "🗺", "/", "<",
        ];
        (0..self.below(6))
            .map(|_| PIECES[self.below(PIECES.len())])
            .collect()
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// SplitMix64: every seed is a good one.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// Decodes and encodes `count` values of a schema as `T`, and compares them as JSON.
///
/// # Errors
///
/// The first value that `T` refuses or changes, with what became of it.
pub fn round_trips<T: DeserializeOwned + Serialize>(
    schema: &Schema,
    seed: u64,
    count: usize,
) -> Result<(), String> {
    let mut arbitrary = Arbitrary::new(seed);
    for _ in 0..count {
        let value = arbitrary.value(schema);
        let text = value.to_string();
        let decoded: T =
            serde_json::from_str(&text).map_err(|error| format!("{text} is refused: {error}"))?;
        let encoded = serde_json::to_value(&decoded)
            .map_err(|error| format!("{text} cannot be encoded: {error}"))?;
        if !is_same(&value, &encoded) {
            return Err(format!("{text} becomes {encoded}"));
        }
    }
    Ok(())
}

/// Whether two values are the same as JSON: `1` and `1.0` are one number, and requests write points in time in UTC.
#[must_use]
pub fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            a == b || (a.is_f64() || b.is_f64()) && a.as_f64() == b.as_f64()
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let has = |(name, value): (&String, &Value)| {
                b.get(name).is_some_and(|other| is_same(value, other))
            };
            a.len() == b.len() && a.iter().all(has)
        }
        (Value::String(a), Value::String(b)) if a != b => {
            let instant = |text| OffsetDateTime::parse(text, &Rfc3339).ok();
            instant(a).is_some() && instant(a) == instant(b)
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Point {
        x: f64,
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    }

    const fn property(name: &'static str, required: bool, schema: &'static Schema) -> Property {
        Property {
            name,
            required,
            schema,
        }
    }

    const fn object(properties: &'static [Property]) -> Schema {
        Schema {
            kind: Kind::Object {
                properties,
                additional: None,
            },
            ..Schema::ANY
        }
    }

    #[test]
    fn what_is_kept_is_no_fault() {
        static POINT: Schema = object(&[
            property("x", true, &Schema::NUMBER),
            property("name", false, &Schema::STRING),
        ]);
        assert_eq!(round_trips::<Point>(&POINT, 1, 200), Ok(()));
    }

    #[test]
    fn what_is_lost_or_refused_is_shown() {
        static MORE: Schema = object(&[
            property("x", true, &Schema::NUMBER),
            property("y", true, &Schema::BOOLEAN),
        ]);
        let fault = round_trips::<Point>(&MORE, 1, 1).expect_err("y is lost");
        assert!(
            fault.contains("\"y\"") && fault.contains(" becomes {\"x\""),
            "{fault}"
        );
        static LESS: Schema = object(&[]);
        let fault = round_trips::<Point>(&LESS, 1, 1).expect_err("x is missing");
        assert!(
            fault.starts_with("{} is refused: missing field `x`"),
            "{fault}"
        );
    }

    #[test]
    fn a_seed_gives_the_same_values_within_their_limits() {
        static COUNT: Schema = Schema {
            kind: Kind::Integer(Range {
                minimum: Some(-3.0),
                maximum: Some(3.0),
                ..Range::INT32
            }),
            ..Schema::ANY
        };
        let values = |seed| {
            let mut arbitrary = Arbitrary::new(seed);
            (0..50).map(|_| arbitrary.value(&COUNT)).collect::<Vec<_>>()
        };
        assert_eq!(values(7), values(7));
        assert_ne!(values(7), values(8));
        let inside = |value: &Value| {
            value
                .as_i64()
                .is_some_and(|value| (-3..=3).contains(&value))
        };
        assert!(values(7).iter().all(inside));
    }
}
