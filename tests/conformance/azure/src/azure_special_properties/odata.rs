//! Scenarios of `odata` of `azure-special-properties.json`.

use testserver::Session;

use super::client;

#[tokio::test]
async fn azure_odata_filter() {
    let session = Session::new();
    let client = client(&session).odata();
    client
        .get_with_filter()
        .filter("id gt 5 and name eq 'foo'")
        .top(10)
        .orderby("id")
        .await
        .unwrap();
    let query = "%24filter=id%20gt%205%20and%20name%20eq%20%27foo%27&%24top=10&%24orderby=id";
    assert_eq!(
        session.trail(),
        [format!("GET /azurespecials/odata/filter?{query} 200")]
    );
}
