//! Scenarios of `azure-report.json`.

use azure_report::AzureReportClient;
use testserver::Session;

#[tokio::test]
async fn the_report_counts_what_clients_of_azure_need() {
    let session = Session::new();
    let client = AzureReportClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap();
    let counts = client.get().qualifier("rust").await.unwrap();
    assert_eq!(counts.len(), 145);
    assert!(counts.contains_key("LROPutInlineComplete"));
    assert_eq!(session.trail(), ["GET /report/azure?qualifier=rust 200"]);
}
