//! Scenarios of `body-integer.json`.

use body_integer::BodyIntegerClient;
use time::macros::datetime;

client!(BodyIntegerClient);

gives! {
    get_integer_null: get_null() => None;
    put_integer_max: max32(2_147_483_647) => ();
    put_integer_min: min32(-2_147_483_648) => ();
    put_long_max: max64(9_223_372_036_854_775_807) => ();
    put_long_min: min64(-9_223_372_036_854_775_808) => ();
    get_unix_time: get_unix_time() => datetime!(2016-04-13 00:00:00 UTC);
    put_unix_time: unix_time_date(datetime!(2016-04-13 00:00:00 UTC)) => ();
    get_null_unix_time: get_null_unix_time() => None;
}

misfits! {
    get_integer_invalid: get_invalid() => None, "trailing characters";
    get_integer_overflow: get_overflow_int32() => None, "2147483656";
    get_integer_underflow: get_underflow_int32() => None, "-2147483656";
    get_long_overflow: get_overflow_int64() => None, "9223372036854775910";
    get_long_underflow: get_underflow_int64() => None, "floating point `-9.223372036854776e+18`";
    get_invalid_unix_time: get_invalid_unix_time() => None, "trailing characters";
}
