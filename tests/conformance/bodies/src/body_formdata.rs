//! Scenarios of `body-formdata.json`.

use body_formdata::BodyFormdataClient;
use maps_core::{FormFile, StatusCode};
use testserver::Session;

client!(BodyFormdataClient);

const CONTENT: &str = "Now is the time for all good men to come to the aid of their country";

gives! {
    formdata_stream_upload_file: upload_file(FormFile::new(CONTENT).file_name("sample.txt"), "sample.txt") => CONTENT.into();
    stream_upload_file: upload_file_via_body(CONTENT) => CONTENT.into();
}

/// The server has no such path; the form goes out as one of several files all the same.
#[tokio::test]
async fn several_files_are_sent_to_a_server_that_wants_none() {
    let session = Session::new();
    let files = ["one", "two"].map(FormFile::new);
    let answer = client(&session).upload_files(files).await;
    assert_eq!(answer.unwrap_err().status(), Some(StatusCode::NOT_FOUND));
    let sent = &session.exchanges()[0].headers["content-type"];
    let kind = sent.to_str().unwrap().split(';').next();
    assert_eq!(kind, Some("multipart/form-data"));
    assert_eq!(session.count(), 1);
}
