//! Scenarios of `body-date.json`.

use body_date::BodyDateClient;
use body_date::models::DateGetMinDateResult;
use time::macros::date;

client!(BodyDateClient);

gives! {
    get_date_null: get_null() => None;
    get_date_max: get_max_date() => date!(9999-12-31);
    put_date_max: put_max_date(date!(9999-12-31)) => ();
    // The definition names another day as the only value; what the server sends is kept as it is.
    get_date_min: get_min_date() => DateGetMinDateResult::from("0001-01-01");
    put_date_min: put_min_date(date!(0001-01-01)) => ();
}

misfits! {
    get_date_invalid: get_invalid_date() => None, "\"201O-18-90\"";
    get_date_overflow: get_overflow_date() => None, "\"10000000000-12-31\"";
    get_date_underflow: get_underflow_date() => None, "\"0000-00-00\"";
}
