//! Scenarios of `xml-service.json`.

use maps_core::{Error, ErrorKind, StatusCode};
use testserver::Session;
use time::macros::datetime;
use xml_service::XmlServiceClient;
use xml_service::models::{
    AccessPolicy, AppleBarrel, Banana, ComplexTypeNoMeta, ComplexTypeWithMeta, JsonInput,
    JsonOutput, Logging, Metrics, ModelWithByteProperty, ModelWithUrlProperty,
    ObjectWithXmsTextProperty, RetentionPolicy, RootWithRefAndMeta, RootWithRefAndNoMeta,
    SignedIdentifier, Slide, Slideshow, StorageServiceProperties,
};

client!(XmlServiceClient);

fn without_meta() -> RootWithRefAndNoMeta {
    RootWithRefAndNoMeta::new()
        .with_ref_to_model(ComplexTypeNoMeta::new().with_id("myid"))
        .with_something("else")
}

fn with_meta() -> RootWithRefAndMeta {
    RootWithRefAndMeta::new()
        .with_ref_to_model(ComplexTypeWithMeta::new().with_id("myid"))
        .with_something("else")
}

fn slideshow() -> Slideshow {
    let first = Slide::new()
        .with_type("all")
        .with_title("Wake up to WonderWidgets!")
        // A list without an element around it is empty where there is none of its items.
        .with_items([""; 0]);
    let second = Slide::new()
        .with_type("all")
        .with_title("Overview")
        .with_items(["Why WonderWidgets are great", "", "Who buys WonderWidgets"]);
    Slideshow::new()
        .with_title("Sample Slide Show")
        .with_date("Date of publication")
        .with_author("Yours Truly")
        .with_slides([first, second])
}

fn barrel() -> AppleBarrel {
    AppleBarrel::new()
        .with_good_apples(["Fuji", "Gala"])
        .with_bad_apples(["Red Delicious"])
}

fn empty_barrel() -> AppleBarrel {
    AppleBarrel::new()
        .with_good_apples([""; 0])
        .with_bad_apples([""; 0])
}

fn banana(name: &str, flavor: &str) -> Banana {
    Banana::new()
        .with_name(name)
        .with_flavor(flavor)
        .with_expiration(datetime!(2018-02-28 00:40:00.123 UTC))
}

fn bananas() -> Vec<Banana> {
    vec![banana("Cavendish", "Sweet"), banana("Plantain", "Savory")]
}

fn bland_banana() -> Banana {
    Banana::new()
        .with_name("Unknown Banana")
        .with_flavor("")
        .with_expiration(datetime!(2012-02-24 00:53:52.789 UTC))
}

fn properties() -> StorageServiceProperties {
    let week = || RetentionPolicy::new(true).with_days(7);
    let metrics = |include_apis: bool| {
        Metrics::new(true)
            .with_version("1.0")
            .with_include_apis(include_apis)
            .with_retention_policy(week())
    };
    StorageServiceProperties::new()
        .with_logging(Logging::new("1.0", true, false, true, week()))
        .with_hour_metrics(metrics(false))
        .with_minute_metrics(metrics(true))
}

fn identifiers() -> Vec<SignedIdentifier> {
    let policy = AccessPolicy::new(
        datetime!(2009-09-28 08:49:37.123 UTC),
        datetime!(2009-09-29 08:49:37.123 UTC),
        "rwd",
    );
    vec![SignedIdentifier::new(
        "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=",
        policy,
    )]
}

gives! {
    get_root_with_ref_and_no_meta_xml: get_complex_type_ref_no_meta() => without_meta();
    put_root_with_ref_and_no_meta_xml: put_complex_type_ref_no_meta(&without_meta()) => ();
    get_root_with_ref_and_meta_xml: get_complex_type_ref_with_meta() => with_meta();
    put_root_with_ref_and_meta_xml: put_complex_type_ref_with_meta(&with_meta()) => ();
    get_simple_xml: get_simple() => slideshow();
    put_simple_xml: put_simple(&slideshow()) => ();
    get_wrapped_xml_list: get_wrapped_lists() => barrel();
    put_wrapped_xml_list: put_wrapped_lists(&barrel()) => ();
    get_empty_xml_list: get_empty_list() => Slideshow::new().with_slides([]);
    put_empty_xml_list: put_empty_list(&Slideshow::new().with_slides([])) => ();
    get_empty_wrapped_xml_list: get_empty_wrapped_lists() => empty_barrel();
    put_empty_wrapped_xml_list: put_empty_wrapped_lists(&empty_barrel()) => ();
    get_xml_list_at_root: get_root_list() => bananas();
    put_xml_list_at_root: put_root_list(&bananas()) => ();
    get_xml_list_at_root_single: get_root_list_single_item() => vec![banana("Cavendish", "Sweet")];
    put_xml_list_at_root_single: put_root_list_single_item(&[banana("Cavendish", "Sweet")]) => ();
    get_empty_xml_list_at_root: get_empty_root_list() => vec![];
    put_empty_xml_list_at_root: put_empty_root_list(&[]) => ();
    get_xml_empty_node: get_empty_child_element() => bland_banana();
    put_xml_empty_node: put_empty_child_element(&bland_banana()) => ();
    storage_get_service_properties_xml: get_service_properties() => properties();
    storage_put_service_properties_xml: put_service_properties(&properties()) => ();
    storage_get_container_acl_xml: get_acls() => identifiers();
    storage_put_container_acl_xml: put_acls(&identifiers()) => ();
    json_input_in_xml_swagger: json_input(&JsonInput::new().with_id(42)) => ();
    json_output_in_xml_swagger: json_output() => JsonOutput::new().with_id(42);
    get_with_xms_text: get_xms_text() => ObjectWithXmsTextProperty::new()
        .with_language("english")
        .with_content("I am text");
    xml_get_bytes: get_bytes() => ModelWithByteProperty::new().with_bytes(*b"Hello world");
    xml_put_bytes: binary(&ModelWithByteProperty::new().with_bytes(*b"Hello world")) => ();
    xml_get_url: get_uri() => ModelWithUrlProperty::new().with_url("https://myaccount.blob.core.windows.net/");
    xml_put_url: put_uri(&ModelWithUrlProperty::new().with_url("https://myaccount.blob.core.windows.net/")) => ();
}

/// The definition requires what the server leaves out.
fn assert_lacks(error: &Error, path: Option<&str>, lacking: &str, session: &Session) {
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.status(), Some(StatusCode::OK));
    assert_eq!(error.json_path(), path);
    let message = error.to_string();
    assert!(
        message.contains(&format!("missing field `{lacking}`")),
        "{message}"
    );
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn storage_list_containers_xml() {
    let session = Session::new();
    let error = client(&session).list_containers().await.unwrap_err();
    assert_lacks(&error, None, "Prefix", &session);
    // The answer is at hand all the same.
    let text = std::str::from_utf8(error.body().unwrap()).unwrap();
    for name in ["audio", "images", "textfiles"] {
        assert!(text.contains(&format!("<Name>{name}</Name>")), "{text}");
    }
}

#[tokio::test]
async fn storage_list_blobs_xml() {
    let session = Session::new();
    let error = client(&session).list_blobs().await.unwrap_err();
    assert_lacks(&error, Some("Blobs.Blob[0]"), "Deleted", &session);
    let text = std::str::from_utf8(error.body().unwrap()).unwrap();
    for name in ["blob1.txt", "blob2.txt", "blob3.txt"] {
        assert!(text.contains(&format!("<Name>{name}</Name>")), "{text}");
    }
}

#[tokio::test]
async fn headers_of_an_answer_without_body_are_typed() {
    let session = Session::new();
    let answer = client(&session).get_headers().send().await.unwrap();
    let headers = answer.typed_headers();
    assert_eq!(
        headers.custom_header().unwrap().as_deref(),
        Some("custom-value")
    );
    assert_eq!(session.count(), 1);
}
