//! Scenarios of `body-byte.json`.

use body_byte::BodyByteClient;

client!(BodyByteClient);

const NON_ASCII: [u8; 10] = [255, 254, 253, 252, 251, 250, 249, 248, 247, 246];

gives! {
    get_byte_empty: get_empty() => vec![];
    get_byte_non_ascii: get_non_ascii() => NON_ASCII.to_vec();
    put_byte_non_ascii: put_non_ascii(&NON_ASCII) => ();
}

misfits! {
    get_byte_null: get_null() => crate::EMPTY.0, crate::EMPTY.1;
    get_byte_invalid: get_invalid() => None, "\"::::SWAGGER::::\"";
}
