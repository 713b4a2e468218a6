//! Scenarios of `body-datetime.json`.

use body_datetime::BodyDatetimeClient;
use body_datetime::models::{
    DatetimeGetLocalNegativeOffsetMinDateTimeResult,
    DatetimeGetLocalPositiveOffsetMinDateTimeResult, DatetimeGetUtcMinDateTimeResult,
};
use time::macros::datetime;

client!(BodyDatetimeClient);

gives! {
    get_date_time_null: get_null() => None;
    // Past the year 9999 in UTC, so that it can only be kept with its offset.
    get_date_time_overflow: get_overflow() => datetime!(9999-12-31 23:59:59.999 -14:00);
    put_date_time_max_utc: utc_max_date_time(datetime!(9999-12-31 23:59:59.999 UTC)) => ();
    put_date_time_max_utc7_ms: utc_max_date_time7_digits(datetime!(9999-12-31 23:59:59.9999999 UTC)) => ();
    get_date_time_max_utc_lowercase: get_utc_lowercase_max_date_time() =>
        datetime!(9999-12-31 23:59:59.999 UTC);
    get_date_time_max_utc_uppercase: get_utc_uppercase_max_date_time() =>
        datetime!(9999-12-31 23:59:59.999 UTC);
    get_date_time_max_utc7_ms_uppercase: get_utc_uppercase_max_date_time7_digits() =>
        datetime!(9999-12-31 23:59:59.9999999 UTC);
    put_date_time_max_local_positive_offset: local_positive_offset_max_date_time(
        datetime!(9999-12-31 23:59:59.999 +14:00)
    ) => ();
    get_date_time_max_local_positive_offset_lowercase: get_local_positive_offset_lowercase_max_date_time() =>
        datetime!(9999-12-31 23:59:59.999 +14:00);
    get_date_time_max_local_positive_offset_uppercase: get_local_positive_offset_uppercase_max_date_time() =>
        datetime!(9999-12-31 23:59:59.999 +14:00);
    put_date_time_max_local_negative_offset: local_negative_offset_max_date_time(
        datetime!(9999-12-31 23:59:59.999 -14:00)
    ) => ();
    get_date_time_max_local_negative_offset_uppercase: get_local_negative_offset_uppercase_max_date_time() =>
        datetime!(9999-12-31 23:59:59.999 -14:00);
    get_date_time_max_local_negative_offset_lowercase: get_local_negative_offset_lowercase_max_date_time() =>
        datetime!(9999-12-31 23:59:59.999 -14:00);
    put_date_time_min_utc: put_utc_min_date_time(datetime!(0001-01-01 00:00:00 UTC)) => ();
    get_date_time_min_utc: get_utc_min_date_time() =>
        DatetimeGetUtcMinDateTimeResult::Value0001_01_01t00_00_00z;
    put_date_time_min_local_positive_offset: put_local_positive_offset_min_date_time(
        datetime!(0001-01-01 00:00:00 +14:00)
    ) => ();
    // The definition writes its only value with a small `t`; what the server sends is kept as it is.
    get_date_time_min_local_positive_offset: get_local_positive_offset_min_date_time() =>
        DatetimeGetLocalPositiveOffsetMinDateTimeResult::from("0001-01-01T00:00:00+14:00");
    put_date_time_min_local_negative_offset: put_local_negative_offset_min_date_time(
        datetime!(0001-01-01 00:00:00 -14:00)
    ) => ();
    get_date_time_min_local_negative_offset: get_local_negative_offset_min_date_time() =>
        DatetimeGetLocalNegativeOffsetMinDateTimeResult::from("0001-01-01T00:00:00-14:00");
}

misfits! {
    get_date_time_invalid: get_invalid() => None, "\"201O-18-90D00:89:56.9AX\"";
    get_date_time_underflow: get_underflow() => None, "\"0000-00-00T00:00:00.000+00:00\"";
    // RFC 3339 asks for an offset, and no instant is made up without one.
    get_date_time_min_local_no_offset: get_local_no_offset_min_date_time() => None, "\"0001-01-01T00:00:00\"";
}
