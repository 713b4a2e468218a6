//! Scenarios of `body-boolean.json`.

use body_boolean::BodyBooleanClient;

client!(BodyBooleanClient);

gives! {
    get_bool_true: get_true() => true;
    put_bool_true: put_true(true) => ();
    get_bool_false: get_false() => false;
    put_bool_false: put_false(false) => ();
    get_bool_null: get_null() => None;
}

misfits! {
    get_bool_invalid: get_invalid() => None, "trailing characters";
}
