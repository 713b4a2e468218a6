//! Scenarios of `body-boolean.quirks.json`.

use body_boolean_quirks::BodyBooleanQuirksClient;

client!(BodyBooleanQuirksClient);

gives! {
    get_bool_true: get_true() => true;
    put_bool_true: put_true(true) => ();
    get_bool_false: get_false() => false;
    put_bool_false: put_false(false) => ();
}

misfits! {
    get_bool_null: get_null() => crate::EMPTY.0, crate::EMPTY.1;
    get_bool_invalid: get_invalid() => None, "trailing characters";
}
