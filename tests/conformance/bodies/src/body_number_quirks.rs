//! Scenarios of `body-number.quirks.json`.

use body_number_quirks::BodyNumberQuirksClient;
use body_number_quirks::models::{
    NumberGetBigDecimalNegativeDecimalResult, NumberGetBigDecimalPositiveDecimalResult,
    NumberGetBigDecimalResult, NumberGetBigDoubleNegativeDecimalResult,
    NumberGetBigDoublePositiveDecimalResult, NumberGetBigDoubleResult, NumberGetBigFloatResult,
    NumberGetSmallDecimalResult, NumberGetSmallDoubleResult, NumberGetSmallFloatResult,
};

client!(BodyNumberQuirksClient);

gives! {
    get_float_big_scientific_notation: get_big_float() => NumberGetBigFloatResult::Value3Point402823e20;
    put_float_big_scientific_notation: put_big_float(3.402823e20) => ();
    get_float_small_scientific_notation: get_small_float() => NumberGetSmallFloatResult::Value3Point402823eMinus20;
    put_float_small_scientific_notation: put_small_float(3.402823e-20) => ();
    get_double_big_scientific_notation: get_big_double() => NumberGetBigDoubleResult::Value2Point5976931e101;
    put_double_big_scientific_notation: put_big_double(2.5976931e101) => ();
    get_double_small_scientific_notation: get_small_double() =>
        NumberGetSmallDoubleResult::Value2Point5976931eMinus101;
    put_double_small_scientific_notation: put_small_double(2.5976931e-101) => ();
    get_double_big_positive_decimal: get_big_double_positive_decimal() =>
        NumberGetBigDoublePositiveDecimalResult::Value99999999Point99;
    put_double_big_positive_decimal: put_big_double_positive_decimal(99_999_999.99) => ();
    get_double_big_negative_decimal: get_big_double_negative_decimal() =>
        NumberGetBigDoubleNegativeDecimalResult::Minus99999999Point99;
    put_double_big_negative_decimal: put_big_double_negative_decimal(-99_999_999.99) => ();
    get_decimal_big: get_big_decimal() => NumberGetBigDecimalResult::Value2Point5976931e101;
    put_decimal_big: put_big_decimal(2.5976931e101) => ();
    get_decimal_small: get_small_decimal() => NumberGetSmallDecimalResult::Value2Point5976931eMinus101;
    put_decimal_small: put_small_decimal(2.5976931e-101) => ();
    get_decimal_big_positive_decimal: get_big_decimal_positive_decimal() =>
        NumberGetBigDecimalPositiveDecimalResult::Value99999999Point99;
    put_decimal_big_positive_decimal: put_big_decimal_positive_decimal(99_999_999.99) => ();
    get_decimal_big_negative_decimal: get_big_decimal_negative_decimal() =>
        NumberGetBigDecimalNegativeDecimalResult::Minus99999999Point99;
    put_decimal_big_negative_decimal: put_big_decimal_negative_decimal(-99_999_999.99) => ();
}

misfits! {
    get_number_null: get_null() => crate::EMPTY.0, crate::EMPTY.1;
    get_float_invalid: get_invalid_float() => None, "trailing characters";
    get_double_invalid: get_invalid_double() => None, "trailing characters";
}
