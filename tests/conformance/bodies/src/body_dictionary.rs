//! Scenarios of `body-dictionary.json`.

use std::collections::BTreeMap;

use body_dictionary::BodyDictionaryClient;
use body_dictionary::models::Widget;
use testserver::Session;
use time::UtcOffset;
use time::macros::{date, datetime, offset};

client!(BodyDictionaryClient);

/// A dictionary whose keys are `0`, `1` and so on.
fn numbered<T, const N: usize>(values: [T; N]) -> BTreeMap<String, T> {
    (0..)
        .zip(values)
        .map(|(key, value)| (i32::to_string(&key), value))
        .collect()
}

fn text<const N: usize>(values: [&str; N]) -> BTreeMap<String, String> {
    numbered(values.map(str::to_owned))
}

fn list(values: [&str; 3]) -> Vec<String> {
    values.map(str::to_owned).to_vec()
}

fn widget(integer: i64, string: &str) -> Widget {
    Widget::new().with_integer(integer).with_string(string)
}

fn words(pairs: [(&str, &str); 3]) -> BTreeMap<String, String> {
    pairs
        .map(|(key, word)| (key.to_owned(), word.to_owned()))
        .into()
}

fn one_two_three() -> BTreeMap<String, String> {
    words([("1", "one"), ("2", "two"), ("3", "three")])
}

fn four_five_six() -> BTreeMap<String, String> {
    words([("4", "four"), ("5", "five"), ("6", "six")])
}

fn seven_eight_nine() -> BTreeMap<String, String> {
    words([("7", "seven"), ("8", "eight"), ("9", "nine")])
}

gives! {
    get_dictionary_empty: get_empty() => BTreeMap::new();
    put_dictionary_empty: put_empty(&BTreeMap::new()) => ();
    get_dictionary_key_empty_string: get_empty_string_key() =>
        BTreeMap::from([(String::new(), "val1".to_owned())]);
    get_dictionary_boolean_valid: get_boolean_tfft() => numbered([true, false, false, true]);
    put_dictionary_boolean_valid: put_boolean_tfft(&numbered([true, false, false, true])) => ();
    get_dictionary_integer_valid: get_integer_valid() => numbered([1, -1, 3, 300]);
    put_dictionary_integer_valid: put_integer_valid(&numbered([1, -1, 3, 300])) => ();
    get_dictionary_long_valid: get_long_valid() => numbered([1, -1, 3, 300]);
    put_dictionary_long_valid: put_long_valid(&numbered([1, -1, 3, 300])) => ();
    get_dictionary_float_valid: get_float_valid() => numbered([0.0, -0.01, -1.2e20]);
    put_dictionary_float_valid: put_float_valid(&numbered([0.0, -0.01, -1.2e20])) => ();
    get_dictionary_double_valid: get_double_valid() => numbered([0.0, -0.01, -1.2e20]);
    put_dictionary_double_valid: put_double_valid(&numbered([0.0, -0.01, -1.2e20])) => ();
    get_dictionary_string_valid: get_string_valid() => text(["foo1", "foo2", "foo3"]);
    put_dictionary_string_valid: put_string_valid(&text(["foo1", "foo2", "foo3"])) => ();
    get_dictionary_date_valid: get_date_valid() =>
        numbered([date!(2000-12-01), date!(1980-01-02), date!(1492-10-12)]);
    put_dictionary_date_valid: put_date_valid(&numbered([
        date!(2000-12-01),
        date!(1980-01-02),
        date!(1492-10-12)
    ])) => ();
    // Given with the offsets that the answer of the same path has; times go out in UTC.
    put_dictionary_date_time_valid: put_date_time_valid(&numbered([
        datetime!(2000-12-01 00:00:01 UTC),
        datetime!(1980-01-02 00:11:35 +01:00),
        datetime!(1492-10-12 10:15:01 -08:00)
    ])) => ();
    get_dictionary_date_time_rfc1123_valid: get_date_time_rfc1123_valid() => numbered([
        datetime!(2000-12-01 00:00:01 UTC),
        datetime!(1980-01-02 00:11:35 UTC),
        datetime!(1492-10-12 10:15:01 UTC),
    ]);
    put_dictionary_date_time_rfc1123_valid: put_date_time_rfc1123_valid(&numbered([
        datetime!(2000-12-01 00:00:01 UTC),
        datetime!(1980-01-02 00:11:35 UTC),
        datetime!(1492-10-12 10:15:01 UTC)
    ])) => ();
    get_dictionary_duration_valid: get_duration_valid() => text(["P123DT22H14M12.011S", "P5DT1H"]);
    put_dictionary_duration_valid: put_duration_valid(&text(["P123DT22H14M12.011S", "P5DT1H"])) => ();
    get_dictionary_byte_valid: get_byte_valid() =>
        numbered([vec![255, 255, 255, 250], vec![1, 2, 3], vec![37, 41, 67]]);
    put_dictionary_byte_valid: put_byte_valid(&numbered([
        vec![255, 255, 255, 250],
        vec![1, 2, 3],
        vec![37, 41, 67]
    ])) => ();
    get_dictionary_base64_url: get_base64_url() => numbered([
        b"a string that gets encoded with base64url".to_vec(),
        b"test string".to_vec(),
        b"Lorem ipsum".to_vec(),
    ]);
    // The definition calls it nullable, so nothing is as good as `null`.
    get_dictionary_complex_null: get_complex_null() => None;
    get_dictionary_complex_empty: get_complex_empty() => BTreeMap::new();
    get_dictionary_complex_item_null: get_complex_item_null() =>
        numbered([Some(widget(1, "2")), None, Some(widget(5, "6"))]);
    get_dictionary_complex_item_empty: get_complex_item_empty() =>
        numbered([widget(1, "2"), Widget::new(), widget(5, "6")]);
    get_dictionary_complex_valid: get_complex_valid() =>
        numbered([widget(1, "2"), widget(3, "4"), widget(5, "6")]);
    put_dictionary_complex_valid: put_complex_valid(&numbered([
        widget(1, "2"),
        widget(3, "4"),
        widget(5, "6")
    ])) => ();
    get_dictionary_array_null: get_array_null() => None;
    get_dictionary_array_empty: get_array_empty() => BTreeMap::new();
    get_dictionary_array_item_null: get_array_item_null() =>
        numbered([Some(list(["1", "2", "3"])), None, Some(list(["7", "8", "9"]))]);
    get_dictionary_array_item_empty: get_array_item_empty() =>
        numbered([list(["1", "2", "3"]), vec![], list(["7", "8", "9"])]);
    get_dictionary_array_valid: get_array_valid() =>
        numbered([list(["1", "2", "3"]), list(["4", "5", "6"]), list(["7", "8", "9"])]);
    put_dictionary_array_valid: put_array_valid(&numbered([
        list(["1", "2", "3"]),
        list(["4", "5", "6"]),
        list(["7", "8", "9"])
    ])) => ();
    get_dictionary_dictionary_empty: get_dictionary_empty() => BTreeMap::new();
    get_dictionary_dictionary_item_null: get_dictionary_item_null() =>
        numbered([Some(one_two_three()), None, Some(seven_eight_nine())]);
    get_dictionary_dictionary_item_empty: get_dictionary_item_empty() =>
        numbered([one_two_three(), BTreeMap::new(), seven_eight_nine()]);
    get_dictionary_dictionary_valid: get_dictionary_valid() =>
        numbered([one_two_three(), four_five_six(), seven_eight_nine()]);
    put_dictionary_dictionary_valid: put_dictionary_valid(&numbered([
        one_two_three(),
        four_five_six(),
        seven_eight_nine()
    ])) => ();
}

misfits! {
    get_dictionary_null: get_null() => crate::EMPTY.0, crate::EMPTY.1;
    get_dictionary_null_value: get_null_value() => Some("key1"), "invalid type: null";
    get_dictionary_nullkey: get_null_key() => Some("?"), "key must be a string";
    get_dictionary_invalid: get_invalid() => None, "expected `:`";
    get_dictionary_boolean_with_null: get_boolean_invalid_null() => Some("1"), "invalid type: null";
    get_dictionary_boolean_with_string: get_boolean_invalid_string() =>
        Some("1"), "invalid type: string \"boolean\"";
    get_dictionary_integer_with_null: get_int_invalid_null() => Some("1"), "invalid type: null";
    get_dictionary_integer_with_string: get_int_invalid_string() =>
        Some("1"), "invalid type: string \"integer\"";
    get_dictionary_long_with_null: get_long_invalid_null() => Some("1"), "invalid type: null";
    get_dictionary_long_with_string: get_long_invalid_string() =>
        Some("1"), "invalid type: string \"integer\"";
    get_dictionary_float_with_null: get_float_invalid_null() => Some("1"), "invalid type: null";
    get_dictionary_float_with_string: get_float_invalid_string() =>
        Some("1"), "invalid type: string \"number\"";
    get_dictionary_double_with_null: get_double_invalid_null() => Some("1"), "invalid type: null";
    get_dictionary_double_with_string: get_double_invalid_string() =>
        Some("1"), "invalid type: string \"number\"";
    get_dictionary_string_with_null: get_string_with_null() => Some("1"), "invalid type: null";
    get_dictionary_string_with_number: get_string_with_invalid() =>
        Some("1"), "invalid type: integer `123`";
    get_dictionary_date_with_null: get_date_invalid_null() => Some("1"), "invalid type: null";
    get_dictionary_date_with_invalid_chars: get_date_invalid_chars() => Some("1"), "\"date\"";
    get_dictionary_date_time_with_null: get_date_time_invalid_null() => Some("1"), "invalid type: null";
    get_dictionary_date_time_with_invalid_chars: get_date_time_invalid_chars() =>
        Some("1"), "\"date-time\"";
    get_dictionary_byte_with_null: get_byte_invalid_null() => Some("1"), "invalid type: null";
    get_dictionary_dictionary_null: get_dictionary_null() => crate::EMPTY.0, crate::EMPTY.1;
}

#[tokio::test]
async fn get_dictionary_date_time_valid() {
    let session = Session::new();
    let times = client(&session).get_date_time_valid().await.unwrap();
    let expected = [
        datetime!(2000-12-01 00:00:01 UTC),
        datetime!(1980-01-02 00:11:35 +01:00),
        datetime!(1492-10-12 10:15:01 -08:00),
    ];
    assert_eq!(times, numbered(expected));
    // Times are equal by instant; the offsets are kept as well.
    let offsets: Vec<UtcOffset> = times.values().map(|time| time.offset()).collect();
    assert_eq!(offsets, [offset!(UTC), offset!(+1), offset!(-8)]);
    assert_eq!(session.count(), 1);
}
