//! Dates and times.

use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserializer, Serializer};
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime, UtcOffset};

use super::{Format, FormatError, with_module};

mod rfc1123;

pub use rfc1123::Rfc1123;

/// A date and time of RFC 3339, written in UTC.
#[derive(Debug, Clone, Copy)]
pub struct DateTime;

impl Format for DateTime {
    type Value = OffsetDateTime;
    type Lent = OffsetDateTime;
    const EXPECTING: &'static str = "an RFC 3339 date and time";

    fn format(value: &OffsetDateTime) -> Result<String, FormatError> {
        utc(value)
            .format(&Rfc3339)
            .map_err(|_| FormatError(Self::EXPECTING))
    }

    fn parse(text: &str) -> Result<OffsetDateTime, FormatError> {
        OffsetDateTime::parse(text, &Rfc3339).map_err(|_| FormatError(Self::EXPECTING))
    }
}

/// The same instant in UTC; at the ends of time, where there is none, as it was.
fn utc(value: &OffsetDateTime) -> OffsetDateTime {
    value.checked_to_offset(UtcOffset::UTC).unwrap_or(*value)
}

/// A date of RFC 3339 without a time.
// Read and written as the front of a whole date and time.
#[derive(Debug, Clone, Copy)]
pub struct DateOnly;

/// Characters of `2025-01-31`.
const DATE_LENGTH: usize = 10;

impl Format for DateOnly {
    type Value = Date;
    type Lent = Date;
    const EXPECTING: &'static str = "an RFC 3339 date";

    fn format(value: &Date) -> Result<String, FormatError> {
        let mut text = DateTime::format(&value.midnight().assume_utc())
            .map_err(|_| FormatError(Self::EXPECTING))?;
        text.truncate(DATE_LENGTH);
        Ok(text)
    }

    fn parse(text: &str) -> Result<Date, FormatError> {
        if text.len() != DATE_LENGTH {
            return Err(FormatError(Self::EXPECTING));
        }
        OffsetDateTime::parse(&format!("{text}T00:00:00Z"), &Rfc3339)
            .map(OffsetDateTime::date)
            .map_err(|_| FormatError(Self::EXPECTING))
    }
}

/// Whole seconds since 1970-01-01 in UTC, a number in JSON.
#[derive(Debug, Clone, Copy)]
pub struct UnixTime;

impl Format for UnixTime {
    type Value = OffsetDateTime;
    type Lent = OffsetDateTime;
    const EXPECTING: &'static str = "seconds since 1970";

    fn format(value: &OffsetDateTime) -> Result<String, FormatError> {
        Ok(value.unix_timestamp().to_string())
    }

    fn parse(text: &str) -> Result<OffsetDateTime, FormatError> {
        let seconds = text.parse().map_err(|_| FormatError(Self::EXPECTING))?;
        OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| FormatError(Self::EXPECTING))
    }

    fn write<S: Serializer>(value: &OffsetDateTime, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(value.unix_timestamp())
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<OffsetDateTime, D::Error> {
        deserializer.deserialize_i64(UnixVisitor)
    }
}

struct UnixVisitor;

impl Visitor<'_> for UnixVisitor {
    type Value = OffsetDateTime;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(UnixTime::EXPECTING)
    }

    fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<OffsetDateTime, E> {
        OffsetDateTime::from_unix_timestamp(seconds)
            .map_err(|_| E::invalid_value(de::Unexpected::Signed(seconds), &self))
    }

    fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<OffsetDateTime, E> {
        i64::try_from(seconds)
            .ok()
            .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
            .ok_or_else(|| E::invalid_value(de::Unexpected::Unsigned(seconds), &self))
    }
}

with_module!(
    /// RFC 3339 dates with times: any digits of a second up to nine, any offset; written in UTC.
    date_time, DateTime, OffsetDateTime, OffsetDateTime
);
with_module!(
    /// RFC 3339 dates without a time.
    date, DateOnly, Date, Date
);
with_module!(
    /// The dates of HTTP headers, for example `Sun, 06 Nov 1994 08:49:37 GMT`.
    date_time_rfc1123, Rfc1123, OffsetDateTime, OffsetDateTime
);
with_module!(
    /// Whole seconds since 1970-01-01 in UTC, a number in JSON.
    unix_time, UnixTime, OffsetDateTime, OffsetDateTime
);

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};
    use time::macros::{date, datetime};

    use super::*;
    use crate::Nullable;

    #[test]
    fn seven_fractional_digits_survive() {
        let created = date_time::parse("2021-04-20T22:43:14.9401559+00:00").expect("valid");
        assert_eq!(created, datetime!(2021-04-20 22:43:14.940_155_9 UTC));
        assert_eq!(date_time::format(&created), "2021-04-20T22:43:14.9401559Z");
    }

    #[test]
    fn offset_survives_reading_and_is_written_as_utc() {
        let time = date_time::parse("2021-04-20T22:43:14+02:00").expect("valid");
        assert_eq!(time.offset(), UtcOffset::from_hms(2, 0, 0).expect("valid"));
        assert_eq!(date_time::format(&time), "2021-04-20T20:43:14Z");
    }

    #[test]
    fn ends_of_time_do_not_panic() {
        let last = "9999-12-31T23:59:59.999999999-01:00";
        let time = date_time::parse(last).expect("valid");
        assert_eq!(date_time::format(&time), last);
        assert!(date_time::parse("0000-01-01T00:00:00+01:00").is_ok());
        assert_eq!(date_time_rfc1123::format(&time), "");
    }

    #[test]
    fn nested_comments_of_mail_dates_do_not_exhaust_the_stack() {
        // The parser recurses for each of them, and a header has room for a quarter of a million.
        let text = format!("Sun, 06 Nov 1994 08:49:37 {} GMT", "(".repeat(250_000));
        assert!(date_time_rfc1123::parse(&text).is_err());
        assert!(date_time_rfc1123::parse("Sun, (c) 06 Nov 1994 08:49:37 GMT").is_err());
    }

    #[test]
    fn malformed_dates_are_refused() {
        for text in [
            "",
            "2021",
            "2021-04-20",
            "2021-13-20T00:00:00Z",
            "2021-04-20T22:43:14",
            "now",
        ] {
            assert!(date_time::parse(text).is_err(), "{text}");
        }
        for text in [
            "",
            "2021-02-29",
            "2021-4-20",
            "20210420",
            "2021-04-20T",
            "äöüäö",
        ] {
            assert!(super::date::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn other_formats_read_what_they_write() {
        let time = datetime!(1994-11-06 08:49:37 UTC);
        assert_eq!(
            date_time_rfc1123::format(&time),
            "Sun, 06 Nov 1994 08:49:37 GMT"
        );
        assert_eq!(
            date_time_rfc1123::parse("Sun, 06 Nov 1994 08:49:37 GMT").expect("valid"),
            time
        );
        assert_eq!(unix_time::format(&time), "784111777");
        assert_eq!(unix_time::parse("784111777").expect("valid"), time);
        assert_eq!(super::date::format(&date!(2024 - 02 - 29)), "2024-02-29");
        assert_eq!(
            super::date::parse("2024-02-29").expect("valid"),
            date!(2024 - 02 - 29)
        );
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Holder {
        #[serde(with = "date_time")]
        plain: OffsetDateTime,
        #[serde(
            default,
            with = "date_time::option",
            skip_serializing_if = "Option::is_none"
        )]
        option: Option<OffsetDateTime>,
        #[serde(with = "super::date::vec")]
        list: Vec<Date>,
        #[serde(with = "unix_time::map")]
        map: BTreeMap<String, OffsetDateTime>,
        #[serde(
            default,
            with = "date_time_rfc1123::nullable",
            skip_serializing_if = "Nullable::is_absent"
        )]
        nullable: Nullable<OffsetDateTime>,
    }

    #[test]
    fn containers_keep_the_format() {
        for text in [
            r#"{"plain":"2021-04-20T22:43:14Z","option":"2021-04-20T22:43:14Z","list":["2021-04-20"],"map":{"a":-5},"nullable":null}"#,
            r#"{"plain":"2021-04-20T22:43:14Z","list":[],"map":{},"nullable":"Sun, 06 Nov 1994 08:49:37 GMT"}"#,
            r#"{"plain":"2021-04-20T22:43:14Z","list":[],"map":{}}"#,
        ] {
            let holder: Holder = serde_json::from_str(text).expect(text);
            assert_eq!(serde_json::to_string(&holder).expect(text), text);
        }
        let error = serde_json::from_str::<Holder>(r#"{"plain":"soon"}"#).expect_err("no date");
        assert!(error.to_string().contains("RFC 3339"), "{error}");
    }
}
