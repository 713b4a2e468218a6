//! Scenarios of `body-array.json`.

use std::collections::BTreeMap;

use body_array::BodyArrayClient;
use body_array::models::{
    ArrayGetStringEnumValidResultItem, ArrayPutStringEnumValidArrayBodyItem, FooEnum, Product,
};
use testserver::Session;
use time::UtcOffset;
use time::macros::{date, datetime, offset};

client!(BodyArrayClient);

fn text(values: [&str; 3]) -> Vec<String> {
    values.map(str::to_owned).to_vec()
}

fn product(integer: i64, string: &str) -> Product {
    Product::new().with_integer(integer).with_string(string)
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
    get_array_empty: get_empty() => vec![];
    put_array_empty: put_empty(&[]) => ();
    get_array_boolean_valid: get_boolean_tfft() => vec![true, false, false, true];
    put_array_boolean_valid: put_boolean_tfft(&[true, false, false, true]) => ();
    get_array_integer_valid: get_integer_valid() => vec![1, -1, 3, 300];
    put_array_integer_valid: put_integer_valid(&[1, -1, 3, 300]) => ();
    get_array_long_valid: get_long_valid() => vec![1, -1, 3, 300];
    put_array_long_valid: put_long_valid(&[1, -1, 3, 300]) => ();
    get_array_float_valid: get_float_valid() => vec![0.0, -0.01, -1.2e20];
    put_array_float_valid: put_float_valid(&[0.0, -0.01, -1.2e20]) => ();
    get_array_double_valid: get_double_valid() => vec![0.0, -0.01, -1.2e20];
    put_array_double_valid: put_double_valid(&[0.0, -0.01, -1.2e20]) => ();
    get_array_string_valid: get_string_valid() => text(["foo1", "foo2", "foo3"]);
    put_array_string_valid: put_string_valid(&text(["foo1", "foo2", "foo3"])) => ();
    get_array_enum_valid: get_enum_valid() => vec![FooEnum::Foo1, FooEnum::Foo2, FooEnum::Foo3];
    put_array_enum_valid: put_enum_valid(&[FooEnum::Foo1, FooEnum::Foo2, FooEnum::Foo3]) => ();
    get_array_string_enum_valid: get_string_enum_valid() => vec![
        ArrayGetStringEnumValidResultItem::Foo1,
        ArrayGetStringEnumValidResultItem::Foo2,
        ArrayGetStringEnumValidResultItem::Foo3,
    ];
    put_array_string_enum_valid: put_string_enum_valid(&[
        ArrayPutStringEnumValidArrayBodyItem::Foo1,
        ArrayPutStringEnumValidArrayBodyItem::Foo2,
        ArrayPutStringEnumValidArrayBodyItem::Foo3
    ]) => ();
    get_array_string_with_null: get_string_with_null() =>
        vec![Some("foo".to_owned()), None, Some("foo2".to_owned())];
    get_array_uuid_valid: get_uuid_valid() => text([
        "6dcc7237-45fe-45c4-8a6b-3a8a3f625652",
        "d1399005-30f7-40d6-8da6-dd7c89ad34db",
        "f42f6aa1-a5bc-4ddf-907e-5f915de43205",
    ]);
    put_array_uuid_valid: put_uuid_valid(&text([
        "6dcc7237-45fe-45c4-8a6b-3a8a3f625652",
        "d1399005-30f7-40d6-8da6-dd7c89ad34db",
        "f42f6aa1-a5bc-4ddf-907e-5f915de43205"
    ])) => ();
    // Texts of the format `uuid` are texts, so that no answer is lost for one of them.
    get_array_uuid_with_invalid_chars: get_uuid_invalid_chars() =>
        vec!["6dcc7237-45fe-45c4-8a6b-3a8a3f625652".to_owned(), "foo".to_owned()];
    get_array_date_valid: get_date_valid() =>
        vec![date!(2000-12-01), date!(1980-01-02), date!(1492-10-12)];
    put_array_date_valid: put_date_valid(&[date!(2000-12-01), date!(1980-01-02), date!(1492-10-12)]) => ();
    put_array_date_time_valid: put_date_time_valid(&[
        datetime!(2000-12-01 00:00:01 UTC),
        datetime!(1980-01-02 00:11:35 UTC),
        datetime!(1492-10-12 10:15:01 UTC)
    ]) => ();
    get_array_date_time_rfc1123_valid: get_date_time_rfc1123_valid() => vec![
        datetime!(2000-12-01 00:00:01 UTC),
        datetime!(1980-01-02 00:11:35 UTC),
        datetime!(1492-10-12 10:15:01 UTC),
    ];
    put_array_date_time_rfc1123_valid: put_date_time_rfc1123_valid(&[
        datetime!(2000-12-01 00:00:01 UTC),
        datetime!(1980-01-02 00:11:35 UTC),
        datetime!(1492-10-12 10:15:01 UTC)
    ]) => ();
    get_array_duration_valid: get_duration_valid() =>
        vec!["P123DT22H14M12.011S".to_owned(), "P5DT1H0M0S".to_owned()];
    put_array_duration_valid: put_duration_valid(&["P123DT22H14M12.011S".to_owned(), "P5DT1H".to_owned()]) => ();
    get_array_byte_valid: get_byte_valid() => vec![vec![255, 255, 255, 250], vec![1, 2, 3], vec![37, 41, 67]];
    put_array_byte_valid: put_byte_valid(&[vec![255, 255, 255, 250], vec![1, 2, 3], vec![37, 41, 67]]) => ();
    get_array_base64_url: get_base64_url() => vec![
        b"a string that gets encoded with base64url".to_vec(),
        b"test string".to_vec(),
        b"Lorem ipsum".to_vec(),
    ];
    get_array_complex_empty: get_complex_empty() => vec![];
    get_array_complex_item_null: get_complex_item_null() =>
        vec![Some(product(1, "2")), None, Some(product(5, "6"))];
    get_array_complex_item_empty: get_complex_item_empty() =>
        vec![product(1, "2"), Product::new(), product(5, "6")];
    get_array_complex_valid: get_complex_valid() => vec![product(1, "2"), product(3, "4"), product(5, "6")];
    put_array_complex_valid: put_complex_valid(&[product(1, "2"), product(3, "4"), product(5, "6")]) => ();
    get_array_array_empty: get_array_empty() => Vec::<Vec<String>>::new();
    get_array_array_item_null: get_array_item_null() =>
        vec![Some(text(["1", "2", "3"])), None, Some(text(["7", "8", "9"]))];
    get_array_array_item_empty: get_array_item_empty() =>
        vec![text(["1", "2", "3"]), vec![], text(["7", "8", "9"])];
    get_array_array_valid: get_array_valid() =>
        vec![text(["1", "2", "3"]), text(["4", "5", "6"]), text(["7", "8", "9"])];
    put_array_array_valid: put_array_valid(&[text(["1", "2", "3"]), text(["4", "5", "6"]), text(["7", "8", "9"])]) => ();
    get_array_dictionary_empty: get_dictionary_empty() => vec![];
    get_array_dictionary_item_null: get_dictionary_item_null() =>
        vec![Some(one_two_three()), None, Some(seven_eight_nine())];
    get_array_dictionary_item_empty: get_dictionary_item_empty() =>
        vec![one_two_three(), BTreeMap::new(), seven_eight_nine()];
    get_array_dictionary_valid: get_dictionary_valid() =>
        vec![one_two_three(), four_five_six(), seven_eight_nine()];
    put_array_dictionary_valid: put_dictionary_valid(&[one_two_three(), four_five_six(), seven_eight_nine()]) => ();
}

misfits! {
    get_array_null: get_null() => crate::EMPTY.0, crate::EMPTY.1;
    get_array_invalid: get_invalid() => None, "EOF while parsing a list";
    get_array_boolean_with_null: get_boolean_invalid_null() => Some("[1]"), "invalid type: null";
    get_array_boolean_with_string: get_boolean_invalid_string() => Some("[1]"), "invalid type: string \"boolean\"";
    get_array_integer_with_null: get_int_invalid_null() => Some("[1]"), "invalid type: null";
    get_array_integer_with_string: get_int_invalid_string() => Some("[1]"), "invalid type: string \"integer\"";
    get_array_long_with_null: get_long_invalid_null() => Some("[1]"), "invalid type: null";
    get_array_long_with_string: get_long_invalid_string() => Some("[1]"), "invalid type: string \"integer\"";
    get_array_float_with_null: get_float_invalid_null() => Some("[1]"), "invalid type: null";
    get_array_float_with_string: get_float_invalid_string() => Some("[1]"), "invalid type: string \"number\"";
    get_array_double_with_null: get_double_invalid_null() => Some("[1]"), "invalid type: null";
    get_array_double_with_string: get_double_invalid_string() => Some("[1]"), "invalid type: string \"number\"";
    get_array_string_with_number: get_string_with_invalid() => Some("[1]"), "invalid type: integer `123`";
    get_array_date_with_null: get_date_invalid_null() => Some("[1]"), "invalid type: null";
    get_array_date_with_invalid_chars: get_date_invalid_chars() => Some("[1]"), "\"date\"";
    get_array_date_time_with_null: get_date_time_invalid_null() => Some("[1]"), "invalid type: null";
    get_array_date_time_with_invalid_chars: get_date_time_invalid_chars() => Some("[1]"), "\"date-time\"";
    get_array_byte_with_null: get_byte_invalid_null() => Some("[1]"), "invalid type: null";
    get_array_complex_null: get_complex_null() => crate::EMPTY.0, crate::EMPTY.1;
    get_array_array_null: get_array_null() => crate::EMPTY.0, crate::EMPTY.1;
    get_array_dictionary_null: get_dictionary_null() => crate::EMPTY.0, crate::EMPTY.1;
}

#[tokio::test]
async fn get_array_date_time_valid() {
    let session = Session::new();
    let times = client(&session).get_date_time_valid().await.unwrap();
    assert_eq!(
        times,
        [
            datetime!(2000-12-01 00:00:01 UTC),
            datetime!(1980-01-02 00:11:35 +01:00),
            datetime!(1492-10-12 10:15:01 -08:00),
        ]
    );
    // Times are equal by instant; the offsets are kept as well.
    let offsets: Vec<UtcOffset> = times.iter().map(|time| time.offset()).collect();
    assert_eq!(offsets, [offset!(UTC), offset!(+1), offset!(-8)]);
    assert_eq!(session.count(), 1);
}
