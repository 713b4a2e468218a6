//! The dates of HTTP headers.

use time::format_description::well_known::Rfc2822;
use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

use super::utc;
use crate::wire::{Format, FormatError};

/// A date and time as HTTP headers have it: `Sun, 06 Nov 1994 08:49:37 GMT`.
#[derive(Debug, Clone, Copy)]
pub struct Rfc1123;

// Names in English whatever the language of the request, as RFC 9110 fixes them.
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

impl Format for Rfc1123 {
    type Value = OffsetDateTime;
    type Lent = OffsetDateTime;
    const EXPECTING: &'static str = "an RFC 1123 date and time";

    fn format(value: &OffsetDateTime) -> Result<String, FormatError> {
        let time = utc(value);
        if time.offset() != UtcOffset::UTC || !(0..=9999).contains(&time.year()) {
            return Err(FormatError(Self::EXPECTING));
        }
        let day = DAYS[usize::from(time.weekday().number_days_from_monday())];
        let month = MONTHS[usize::from(u8::from(time.month())) - 1];
        let (hour, minute, second) = time.to_hms();
        let (date, year) = (time.day(), time.year());
        Ok(format!(
            "{day}, {date:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT"
        ))
    }

    fn parse(text: &str) -> Result<OffsetDateTime, FormatError> {
        if let Some(time) = parse_fixed(text) {
            return Ok(time);
        }
        // Mail dates may hold comments, dates of HTTP may not; the parser recurses for each of them.
        if text.contains('(') {
            return Err(FormatError(Self::EXPECTING));
        }
        OffsetDateTime::parse(text, &Rfc2822).map_err(|_| FormatError(Self::EXPECTING))
    }
}

/// Reads the form that is written here, in any case; that of mail knows no year before 1900.
fn parse_fixed(text: &str) -> Option<OffsetDateTime> {
    let (day, rest) = text.split_once(", ")?;
    position(&DAYS, day)?;
    let mut words = rest.split(' ');
    let date = number(words.next()?, 2)?;
    let month = u8::try_from(position(&MONTHS, words.next()?)?).ok()? + 1;
    let year = number(words.next()?, 4)?;
    let mut clock = words.next()?.split(':').map(|part| number(part, 2));
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    let ends = clock.next().is_none() && words.next()?.eq_ignore_ascii_case("GMT");
    if !ends || words.next().is_some() {
        return None;
    }
    let small = |value: u16| u8::try_from(value).ok();
    let month = Month::try_from(month).ok()?;
    let date = Date::from_calendar_date(i32::from(year), month, small(date)?).ok()?;
    let time = Time::from_hms(small(hour)?, small(minute)?, small(second)?).ok()?;
    Some(date.with_time(time).assume_utc())
}

fn position(names: &[&str], name: &str) -> Option<usize> {
    names.iter().position(|it| it.eq_ignore_ascii_case(name))
}

/// A number of so many digits and nothing else.
fn number(text: &str, digits: usize) -> Option<u16> {
    let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn each_year_of_four_digits_is_read_and_written() {
        for (text, time) in [
            (
                "Mon, 01 Jan 0001 00:00:00 GMT",
                datetime!(0001-01-01 00:00:00 UTC),
            ),
            (
                "Wed, 12 Oct 1492 10:15:01 GMT",
                datetime!(1492-10-12 10:15:01 UTC),
            ),
            (
                "Sun, 06 Nov 1994 08:49:37 GMT",
                datetime!(1994-11-06 08:49:37 UTC),
            ),
            (
                "Fri, 31 Dec 9999 23:59:59 GMT",
                datetime!(9999-12-31 23:59:59 UTC),
            ),
        ] {
            assert_eq!(Rfc1123::parse(text), Ok(time), "{text}");
            assert_eq!(Rfc1123::format(&time).as_deref(), Ok(text));
        }
    }

    #[test]
    fn case_does_not_matter_for_reading() {
        let time = datetime!(1492-10-12 10:15:01 UTC);
        for text in [
            "wed, 12 oct 1492 10:15:01 gmt",
            "WED, 12 OCT 1492 10:15:01 GMT",
        ] {
            assert_eq!(Rfc1123::parse(text), Ok(time), "{text}");
        }
    }

    #[test]
    fn dates_of_mail_are_read() {
        let time = datetime!(1994-11-06 08:49:37 UTC);
        for text in [
            "6 Nov 1994 08:49:37 +0000",
            "Sun, 6 Nov 1994 09:49:37 +0100",
            "Sun, 06 Nov 94 08:49:37 GMT",
        ] {
            assert_eq!(Rfc1123::parse(text), Ok(time), "{text}");
        }
    }

    #[test]
    fn times_that_do_not_exist_are_refused() {
        for text in [
            "",
            ", ",
            "Mon, 00 Jan 0001 00:00:00 GMT",
            "Sat, 1 Jan 10000 00:00:00 GMT",
            "Tue, 01 Dec 2000 00:00:0A ABC",
            "Thu, 30 Feb 1492 10:15:01 GMT",
            "Wed, 12 Oct 1492 24:15:01 GMT",
            "Wed, 12 Oct 1492 10:15:01 GMT GMT",
            "Wed, 12 Oct 1492 10:15:01:00 GMT",
            "Wed, 12 Oct 1492 10:15 GMT",
            "Wed, +1 Oct 1492 10:15:01 GMT",
            "Wen, 12 Oct 1492 10:15:01 GMT",
            "Wed, 12 Okt 1492 10:15:01 GMT",
            "Wéd, 12 Oct 1492 10:15:01 GMT",
        ] {
            assert!(Rfc1123::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn instants_without_such_a_year_are_not_written() {
        for time in [
            datetime!(9999-12-31 23:59:59 -01:00),
            datetime!(-0001-12-31 23:59:59 UTC),
        ] {
            assert!(Rfc1123::format(&time).is_err(), "{time}");
        }
    }
}
