//! Scenarios of `body-time.json`.

use body_time::BodyTimeClient;

client!(BodyTimeClient);

gives! {
    body_time_get: get() => "11:34:56".to_owned();
    body_time_put: put("08:07:56") => "Nice job posting time".to_owned();
}
