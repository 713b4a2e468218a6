//! Scenarios of `body-formdata-urlencoded.json`.

use body_formdata_urlencoded::BodyFormdataUrlencodedClient;
use body_formdata_urlencoded::models::{PetFood, PetType};

client!(BodyFormdataUrlencodedClient);

gives! {
    update_pet_with_form: update_pet_with_form(1, PetType::Dog, PetFood::Meat, 42).name("Fido") => ();
    url_encoded_data_with_partial_constant_body: partial_constant_body("bar", "foo") => ();
}
