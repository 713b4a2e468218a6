use body_complex::models::{Basic, CmykColors};
use maps_core::Nullable;

use super::client;

gives! {
    get_complex_basic_valid: basic().get_valid() =>
        Basic::new().with_id(2).with_name("abc").with_color(CmykColors::Yellow);
    put_complex_basic_valid: basic().put_valid(
        &Basic::new().with_id(2).with_name("abc").with_color(CmykColors::Magenta)
    ) => ();
    get_complex_basic_empty: basic().get_empty() => Basic::new();
    // `id` may be null and keeps it; a name that is null reads as absent.
    get_complex_basic_null: basic().get_null() => Basic::new().with_id(Nullable::Null);
}

misfits! {
    get_complex_basic_invalid: basic().get_invalid() => Some("id"), "invalid type: string \"a\"";
    get_complex_basic_not_provided: basic().get_not_provided() => crate::EMPTY.0, crate::EMPTY.1;
}
