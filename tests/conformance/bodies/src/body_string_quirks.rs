//! Scenarios of `body-string.quirks.json`.

use body_string_quirks::BodyStringQuirksClient;
use body_string_quirks::models::{
    Colors, RefColorConstant, StringGetEmptyResult, StringGetMbcsResult, StringGetWhitespaceResult,
};

client!(BodyStringQuirksClient);

/// Holds compatibility characters, which any normalisation would change.
const MULTIBYTE: &str = "啊齄丂狛狜隣郎隣兀﨩ˊ〞〡￤℡㈱‐ー﹡﹢﹫、〓ⅰⅹ⒈€㈠㈩ⅠⅫ！￣ぁんァヶΑ︴АЯаяāɡㄅㄩ─╋︵﹄︻︱︳︴ⅰⅹɑɡ〇〾⿻⺁䜣€";

const WHITESPACE: &str =
    "    Now is the time for all good men to come to the aid of their country    ";

const ENCODED: &[u8] = b"a string that gets encoded with base64url";

gives! {
    put_string_null: string().put_null() => ();
    get_string_empty: string().get_empty() => StringGetEmptyResult::from("");
    put_string_empty: string().put_empty("") => ();
    get_string_multi_byte_characters: string().get_mbcs() => StringGetMbcsResult::from(MULTIBYTE);
    put_string_multi_byte_characters: string().put_mbcs(MULTIBYTE) => ();
    get_string_with_leading_and_trailing_whitespace: string().get_whitespace() =>
        StringGetWhitespaceResult::from(WHITESPACE);
    put_string_with_leading_and_trailing_whitespace: string().put_whitespace(WHITESPACE) => ();
    get_string_base64_encoded: string().get_base64_encoded() =>
        b"a string that gets encoded with base64".to_vec();
    get_string_base64_url_encoded: string().get_base64_url_encoded() => ENCODED.to_vec();
    put_string_base64_url_encoded: string().put_base64_url_encoded(ENCODED) => ();
    get_enum_not_expandable: enum_group().get_not_expandable() => Colors::RedColor;
    put_enum_not_expandable: enum_group().put_not_expandable(&Colors::RedColor) => ();
    get_enum_referenced: enum_group().get_referenced() => Colors::RedColor;
    put_enum_referenced_constant: enum_group().put_referenced_constant(&RefColorConstant::new()) => ();
    put_enum_referenced: enum_group().put_referenced(&Colors::RedColor) => ();
}

misfits! {
    get_enum_referenced_constant: enum_group().get_referenced_constant() => None, "missing field `ColorConstant`";
    get_string_null: string().get_null() => crate::EMPTY.0, crate::EMPTY.1;
    get_string_null_base64_url_encoding: string().get_null_base64_url_encoded() => crate::EMPTY.0, crate::EMPTY.1;
    get_string_not_provided: string().get_not_provided() => crate::EMPTY.0, crate::EMPTY.1;
}
