use body_complex::models::{
    AnySalmon, DotFish, DotFishMarket, DotSalmon, Fish, GoblinSharkColor, Goblinshark, Salmon,
    Sawshark, Shark, SmartSalmon,
};
use maps_core::{ErrorKind, StatusCode};
use serde_json::{Value, json};
use testserver::Session;
use time::macros::datetime;

use super::client;

/// The fish that the server's salmon live with.
fn siblings() -> [Fish; 3] {
    [
        Shark::new(20.0, datetime!(2012-01-05 01:00:00 UTC))
            .with_species("predator")
            .with_age(6)
            .into(),
        Sawshark::new(10.0, datetime!(1900-01-05 01:00:00 UTC))
            .with_species("dangerous")
            .with_age(105)
            .with_picture([255, 255, 255, 255, 254])
            .into(),
        Goblinshark::new(30.0, datetime!(2015-08-08 00:00:00 UTC))
            .with_species("scary")
            .with_age(1)
            .with_jawsize(5)
            // A value that the definition does not name.
            .with_color(GoblinSharkColor::from("pinkish-gray"))
            .into(),
    ]
}

fn salmon() -> Salmon {
    Salmon::new(1.0)
        .with_species("king")
        .with_location("alaska")
        .with_iswild(true)
        .with_siblings(siblings())
}

fn smart_salmon() -> SmartSalmon {
    let undeclared = [
        ("additionalProperty1", json!(1)),
        ("additionalProperty2", json!(false)),
        ("additionalProperty3", json!("hello")),
        ("additionalProperty4", json!({ "a": 1, "b": 2 })),
        ("additionalProperty5", json!([1, 3])),
    ]
    .map(|(name, value)| (name.to_owned(), value));
    let mut salmon = SmartSalmon::new(1.0)
        .with_species("king")
        .with_location("alaska")
        .with_iswild(true)
        .with_siblings(siblings());
    salmon.additional_properties = undeclared.into();
    salmon
}

fn dot_salmon(location: &str, is_wild: bool) -> DotSalmon {
    DotSalmon::new()
        .with_species("king")
        .with_location(location)
        .with_iswild(is_wild)
}

gives! {
    get_complex_polymorphism_valid: polymorphism().get_valid() => Fish::from(salmon());
    put_complex_polymorphism_valid: polymorphism().put_valid(&Fish::from(salmon())) => ();
    get_complex_polymorphism_dot_syntax: polymorphism().get_dot_syntax() =>
        DotFish::from(dot_salmon("sweden", true));
    get_complex_polymorphism_complicated: polymorphism().get_complicated() => AnySalmon::from(smart_salmon());
    put_complex_polymorphism_complicated: polymorphism().put_complicated(&AnySalmon::from(smart_salmon())) => ();
    // The answer does not say that it is a salmon, which the definition asks for in its place.
    put_complex_polymorphism_no_discriminator: polymorphism().missing_discriminator(&AnySalmon::from(salmon())) =>
        AnySalmon::from(salmon());
    get_composed_with_discriminator: polymorphism().get_composed_with_discriminator() => DotFishMarket::new()
        .with_sample_salmon(dot_salmon("sweden", false))
        .with_salmons([dot_salmon("sweden", false), dot_salmon("atlantic", true)])
        .with_sample_fish(DotFish::from(dot_salmon("australia", false)))
        .with_fishes([
            DotFish::from(dot_salmon("australia", false)),
            DotFish::from(dot_salmon("canada", true)),
        ]);
}

#[tokio::test]
async fn get_composed_without_discriminator() {
    let session = Session::new();
    let market = client(&session)
        .polymorphism()
        .get_composed_without_discriminator()
        .await
        .unwrap();
    assert_eq!(market.sample_salmon, Some(dot_salmon("sweden", false)));
    assert_eq!(
        market.salmons,
        Some(vec![
            dot_salmon("sweden", false),
            dot_salmon("atlantic", true)
        ])
    );
    // Where any fish may stand, it is one of unknown kind with all that was said of it.
    let kept = |fish: &DotFish| match fish {
        DotFish::UnknownKind(object) => serde_json::to_value(object).unwrap(),
        other => panic!("{other:?}"),
    };
    let fish = |location: &str, is_wild: bool| json!({ "location": location, "iswild": is_wild, "species": "king" });
    assert_eq!(market.sample_fish.as_ref().map(DotFish::kind), Some(""));
    assert_eq!(
        market.sample_fish.as_ref().map(kept),
        Some(fish("australia", false))
    );
    let fishes: Option<Vec<Value>> = market.fishes.map(|all| all.iter().map(kept).collect());
    assert_eq!(
        fishes,
        Some(vec![fish("australia", false), fish("canada", true)])
    );
    assert_eq!(session.count(), 1);
}

/// What is required is an argument of `new`, so only an object of unknown kind can lack it; such a one goes out as it is,
/// and the server refuses it.
#[tokio::test]
async fn fish_without_what_is_required_is_an_error() {
    let session = Session::new();
    let lacking = json!({ "fishtype": "sawshark", "species": "snaggle toothed", "length": 18.5 });
    let error = serde_json::from_value::<Fish>(lacking).unwrap_err();
    assert!(
        error.to_string().contains("missing field `birthday`"),
        "{error}"
    );
    let unknown = json!({ "fishtype": "whale", "species": "blue" });
    let fish: Fish = serde_json::from_value(unknown).unwrap();
    let answer = client(&session)
        .polymorphism()
        .valid_missing_required(&fish)
        .await;
    let error = answer.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status(), Some(StatusCode::BAD_REQUEST));
    assert_eq!(session.count(), 1);
}
