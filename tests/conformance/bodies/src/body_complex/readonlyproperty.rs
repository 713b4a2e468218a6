use body_complex::models::ReadonlyObj;
use serde_json::json;

use super::client;

/// With the value that only the server sets.
fn whole() -> ReadonlyObj {
    serde_json::from_value(json!({ "id": "1234", "size": 2 })).unwrap()
}

gives! {
    get_complex_read_only_property_valid: readonlyproperty().get_valid() => whole();
    // The server refuses an `id`, so a request leaves it out.
    put_complex_read_only_property_valid: readonlyproperty().put_valid(&whole()) => ();
}
