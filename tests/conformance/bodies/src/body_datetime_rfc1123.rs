//! Scenarios of `body-datetime-rfc1123.json`.

use body_datetime_rfc1123::BodyDatetimeRfc1123Client;
use body_datetime_rfc1123::models::Datetimerfc1123GetUtcMinDateTimeResult;
use time::macros::datetime;

client!(BodyDatetimeRfc1123Client);

gives! {
    get_date_time_rfc1123_null: get_null() => None;
    put_date_time_rfc1123_max: utc_max_date_time(datetime!(9999-12-31 23:59:59 UTC)) => ();
    get_date_time_rfc1123_max_utc_lowercase: get_utc_lowercase_max_date_time() =>
        datetime!(9999-12-31 23:59:59 UTC);
    get_date_time_rfc1123_max_utc_uppercase: get_utc_uppercase_max_date_time() =>
        datetime!(9999-12-31 23:59:59 UTC);
    put_date_time_rfc1123_min: put_utc_min_date_time(datetime!(0001-01-01 00:00:00 UTC)) => ();
    get_date_time_rfc1123_min_utc: get_utc_min_date_time() =>
        Datetimerfc1123GetUtcMinDateTimeResult::from("Mon, 01 Jan 0001 00:00:00 GMT");
}

misfits! {
    get_date_time_rfc1123_invalid: get_invalid() => None, "\"Tue, 01 Dec 2000 00:00:0A ABC\"";
    get_date_time_rfc1123_overflow: get_overflow() => None, "\"Sat, 1 Jan 10000 00:00:00 GMT\"";
    get_date_time_rfc1123_underflow: get_underflow() => None, "\"Tue, 00 Jan 0000 00:00:00 GMT\"";
}
