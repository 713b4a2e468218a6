//! Scenarios of `report.json`.

use report::ReportClient;
use testserver::Session;

fn client(session: &Session) -> ReportClient {
    ReportClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

#[tokio::test]
async fn the_report_counts_what_every_client_needs() {
    let session = Session::new();
    let counts = client(&session).get().qualifier("rust").await.unwrap();
    assert!(counts.len() >= 631, "{}", counts.len());
    assert!(counts.contains_key("getArrayEmpty"));
    assert_eq!(session.trail(), ["GET /report?qualifier=rust 200"]);
}

#[tokio::test]
async fn the_report_counts_what_a_client_may_do() {
    let session = Session::new();
    let counts = client(&session).get_optional_report().await.unwrap();
    assert!(counts.len() >= 43, "{}", counts.len());
    assert!(counts.contains_key("getDecimalBig"));
    assert_eq!(session.trail(), ["GET /report/optional 200"]);
}
