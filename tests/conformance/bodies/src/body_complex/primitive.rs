use body_complex::models::{
    BooleanWrapper, ByteWrapper, DateWrapper, DatetimeWrapper, Datetimerfc1123Wrapper,
    DoubleWrapper, DurationWrapper, FloatWrapper, IntWrapper, LongWrapper, StringWrapper,
};
use time::macros::{date, datetime};

use super::client;

const BYTES: [u8; 10] = [255, 254, 253, 252, 0, 250, 249, 248, 247, 246];

fn ints() -> IntWrapper {
    IntWrapper::new().with_field1(-1).with_field2(2)
}

fn longs() -> LongWrapper {
    LongWrapper::new()
        .with_field1(1_099_511_627_775)
        .with_field2(-999_511_627_788)
}

fn floats() -> FloatWrapper {
    FloatWrapper::new().with_field1(1.05).with_field2(-0.003)
}

fn doubles() -> DoubleWrapper {
    DoubleWrapper::new()
        .with_field1(3e-100)
        .with_field_56_zeros_after_the_dot_and_negative_zero_before_dot_and_this_is_a_long_field_name_on_purpose(-5e-57)
}

fn booleans() -> BooleanWrapper {
    BooleanWrapper::new()
        .with_field_true(true)
        .with_field_false(false)
}

fn strings() -> StringWrapper {
    StringWrapper::new()
        .with_field("goodrequest")
        .with_empty("")
}

fn dates() -> DateWrapper {
    DateWrapper::new()
        .with_field(date!(0001 - 01 - 01))
        .with_leap(date!(2016 - 02 - 29))
}

fn times() -> DatetimeWrapper {
    DatetimeWrapper::new()
        .with_field(datetime!(0001-01-01 00:00:00 UTC))
        .with_now(datetime!(2015-05-18 18:38:00 UTC))
}

fn header_times() -> Datetimerfc1123Wrapper {
    Datetimerfc1123Wrapper::new()
        .with_field(datetime!(0001-01-01 00:00:00 UTC))
        .with_now(datetime!(2015-05-18 11:38:00 UTC))
}

fn duration() -> DurationWrapper {
    DurationWrapper::new().with_field("P123DT22H14M12.011S")
}

fn bytes() -> ByteWrapper {
    ByteWrapper::new().with_field(BYTES)
}

gives! {
    get_complex_primitive_integer: primitive().get_int() => ints();
    put_complex_primitive_integer: primitive().put_int(&ints()) => ();
    get_complex_primitive_long: primitive().get_long() => longs();
    put_complex_primitive_long: primitive().put_long(&longs()) => ();
    get_complex_primitive_float: primitive().get_float() => floats();
    put_complex_primitive_float: primitive().put_float(&floats()) => ();
    get_complex_primitive_double: primitive().get_double() => doubles();
    put_complex_primitive_double: primitive().put_double(&doubles()) => ();
    get_complex_primitive_bool: primitive().get_bool() => booleans();
    put_complex_primitive_bool: primitive().put_bool(&booleans()) => ();
    // The server sends a null as well, which reads as absent.
    get_complex_primitive_string: primitive().get_string() => strings();
    put_complex_primitive_string: primitive().put_string(&strings()) => ();
    get_complex_primitive_date: primitive().get_date() => dates();
    put_complex_primitive_date: primitive().put_date(&dates()) => ();
    get_complex_primitive_date_time: primitive().get_date_time() => times();
    put_complex_primitive_date_time: primitive().put_date_time(&times()) => ();
    get_complex_primitive_date_time_rfc1123: primitive().get_date_time_rfc1123() => header_times();
    put_complex_primitive_date_time_rfc1123: primitive().put_date_time_rfc1123(&header_times()) => ();
    get_complex_primitive_duration: primitive().get_duration() => duration();
    put_complex_primitive_duration: primitive().put_duration(&duration()) => ();
    get_complex_primitive_byte: primitive().get_byte() => bytes();
    put_complex_primitive_byte: primitive().put_byte(&bytes()) => ();
}
