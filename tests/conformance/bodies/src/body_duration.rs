//! Scenarios of `body-duration.json`.

use body_duration::BodyDurationClient;

client!(BodyDurationClient);

gives! {
    get_duration_null: get_null() => None;
    get_duration_positive: get_positive_duration() => "P3Y6M4DT12H30M5S".to_owned();
    put_duration_positive: put_positive_duration("P123DT22H14M12.011S") => ();
    // Texts of the format `duration` are texts, so that no answer is lost for one of them.
    get_duration_invalid: get_invalid() => "123ABC".to_owned();
}
