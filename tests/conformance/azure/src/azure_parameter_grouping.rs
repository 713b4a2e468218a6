//! Scenarios of `azure-parameter-grouping.json`.

use azure_parameter_grouping::models::EncryptionAlgorithmType;
use azure_parameter_grouping::{
    AzureParameterGroupingClient, FirstParameterGroup, Grouper,
    ParameterGroupingPostMultiParamGroupsSecondParamGroup, ParameterGroupingPostOptionalParameters,
    ParameterGroupingPostRequiredParameters, ParameterGroupingPostReservedWordsParameters,
};
use maps_core::ErrorKind;
use testserver::Session;

fn client(session: &Session) -> AzureParameterGroupingClient {
    AzureParameterGroupingClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

/// The value of a header of the only request.
fn header(session: &Session, name: &str) -> Option<String> {
    let exchanges = session.exchanges();
    assert_eq!(exchanges.len(), 1);
    let value = exchanges[0].headers.get(name)?;
    Some(value.to_str().unwrap().to_owned())
}

#[tokio::test]
async fn post_parameter_grouping_required_parameters() {
    let session = Session::new();
    let group = ParameterGroupingPostRequiredParameters::new("path", 1234)
        .with_custom_header("header")
        .with_query(21);
    client(&session).required(&group).await.unwrap();
    assert_eq!(header(&session, "customHeader").unwrap(), "header");
    assert_eq!(
        session.trail(),
        ["POST /parameterGrouping/postRequired/path?query=21 200"]
    );
}

#[tokio::test]
async fn required_parameters_alone() {
    let session = Session::new();
    let group = ParameterGroupingPostRequiredParameters::new("path", 1234);
    client(&session).required(&group).await.unwrap();
    assert_eq!(header(&session, "customHeader"), None);
    assert_eq!(
        session.trail(),
        ["POST /parameterGrouping/postRequired/path 200"]
    );
}

#[tokio::test]
async fn an_empty_path_is_refused_before_anything_is_sent() {
    let session = Session::new();
    let group = ParameterGroupingPostRequiredParameters::new("", 1234);
    let error = client(&session).required(&group).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(session.count(), 0);
}

#[tokio::test]
async fn post_parameter_grouping_optional_parameters() {
    let session = Session::new();
    let group = ParameterGroupingPostOptionalParameters::new()
        .with_custom_header("header")
        .with_query(21);
    client(&session)
        .optional()
        .parameter_grouping_post_optional_parameters(&group)
        .await
        .unwrap();
    assert_eq!(header(&session, "customHeader").unwrap(), "header");
    assert_eq!(
        session.trail(),
        ["POST /parameterGrouping/postOptional?query=21 200"]
    );
}

#[tokio::test]
async fn no_optional_parameters() {
    let session = Session::new();
    client(&session).optional().await.unwrap();
    assert_eq!(header(&session, "customHeader"), None);
    assert_eq!(
        session.trail(),
        ["POST /parameterGrouping/postOptional 200"]
    );
}

#[tokio::test]
async fn post_parameter_grouping_with_reserved_words() {
    let session = Session::new();
    let group = ParameterGroupingPostReservedWordsParameters::new()
        .with_from("bob")
        .with_accept("yes");
    client(&session)
        .reserved_words()
        .parameter_grouping_post_reserved_words_parameters(&group)
        .await
        .unwrap();
    assert_eq!(
        session.trail(),
        ["POST /parameterGrouping/postReservedWords?from=bob&accept=yes 200"]
    );
}

#[tokio::test]
async fn post_parameter_grouping_multiple_parameter_groups() {
    let session = Session::new();
    let first = FirstParameterGroup::new()
        .with_header_one("header")
        .with_query_one(21);
    let second = ParameterGroupingPostMultiParamGroupsSecondParamGroup::new()
        .with_header_two("header2")
        .with_query_two(42);
    client(&session)
        .multi_param_groups()
        .first_parameter_group(&first)
        .parameter_grouping_post_multi_param_groups_second_param_group(&second)
        .await
        .unwrap();
    assert_eq!(header(&session, "header-one").unwrap(), "header");
    assert_eq!(header(&session, "header-two").unwrap(), "header2");
    assert_eq!(
        session.trail(),
        ["POST /parameterGrouping/postMultipleParameterGroups?query-one=21&query-two=42 200"]
    );
}

#[tokio::test]
async fn post_parameter_grouping_shared_parameter_group_object() {
    let session = Session::new();
    let group = FirstParameterGroup::new()
        .with_header_one("header")
        .with_query_one(42);
    client(&session)
        .shared_parameter_group_object()
        .first_parameter_group(&group)
        .await
        .unwrap();
    assert_eq!(header(&session, "header-one").unwrap(), "header");
    assert_eq!(
        session.trail(),
        ["POST /parameterGrouping/sharedParameterGroupObject?query-one=42 200"]
    );
}

#[tokio::test]
async fn put_parameter_grouping_constant() {
    let session = Session::new();
    let group = Grouper::new()
        .with_grouped_constant(EncryptionAlgorithmType::Foo)
        .with_grouped_parameter("bar");
    client(&session)
        .group_with_constant()
        .grouper(&group)
        .await
        .unwrap();
    assert_eq!(header(&session, "groupedConstant").unwrap(), "foo");
    assert_eq!(header(&session, "groupedParameter").unwrap(), "bar");
    assert_eq!(
        session.trail(),
        ["PUT /parameterGrouping/groupWithConstant 200"]
    );
}
