//! Scenarios of `multiple-inheritance.json`.

use multiple_inheritance::MultipleInheritanceClient;
use multiple_inheritance::models::{Cat, Feline, Horse, Kitten, Pet};
use testserver::Session;

fn client(session: &Session) -> MultipleInheritanceClient {
    MultipleInheritanceClient::builder()
        .endpoint(testserver::endpoint())
        .options(session.options())
        .build()
        .unwrap()
}

#[tokio::test]
async fn multiple_inheritance_pet_get() {
    let session = Session::new();
    let expected = Pet::new("Peanut");
    assert_eq!(client(&session).get_pet().await.unwrap(), expected);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn multiple_inheritance_pet_put() {
    let session = Session::new();
    let pet = Pet::new("Butter");
    let answer = client(&session).put_pet(&pet).await.unwrap();
    assert_eq!(answer, "Pet was correct!");
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn multiple_inheritance_horse_get() {
    let session = Session::new();
    let expected = Horse::new("Fred").with_is_a_show_horse(true);
    assert_eq!(client(&session).get_horse().await.unwrap(), expected);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn multiple_inheritance_horse_put() {
    let session = Session::new();
    let horse = Horse::new("General").with_is_a_show_horse(false);
    let answer = client(&session).put_horse(&horse).await.unwrap();
    assert_eq!(answer, "Horse was correct!");
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn multiple_inheritance_feline_get() {
    let session = Session::new();
    let expected = Feline::new().with_meows(true).with_hisses(true);
    assert_eq!(client(&session).get_feline().await.unwrap(), expected);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn multiple_inheritance_feline_put() {
    let session = Session::new();
    let feline = Feline::new().with_meows(false).with_hisses(true);
    let answer = client(&session).put_feline(&feline).await.unwrap();
    assert_eq!(answer, "Feline was correct!");
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn multiple_inheritance_cat_get() {
    let session = Session::new();
    let expected = Cat::new("Whiskers")
        .with_likes_milk(true)
        .with_meows(true)
        .with_hisses(true);
    assert_eq!(client(&session).get_cat().await.unwrap(), expected);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn multiple_inheritance_cat_put() {
    let session = Session::new();
    let cat = Cat::new("Boots")
        .with_likes_milk(false)
        .with_meows(true)
        .with_hisses(false);
    let answer = client(&session).put_cat(&cat).await.unwrap();
    assert_eq!(answer, "Cat was correct!");
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn multiple_inheritance_kitten_get() {
    let session = Session::new();
    let expected = Kitten::new("Gatito")
        .with_likes_milk(true)
        .with_meows(true)
        .with_hisses(true)
        .with_eats_mice_yet(false);
    assert_eq!(client(&session).get_kitten().await.unwrap(), expected);
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn multiple_inheritance_kitten_put() {
    let session = Session::new();
    let kitten = Kitten::new("Kitty")
        .with_likes_milk(false)
        .with_meows(true)
        .with_hisses(false)
        .with_eats_mice_yet(true);
    let answer = client(&session).put_kitten(&kitten).await.unwrap();
    assert_eq!(answer, "Kitten was correct!");
    assert_eq!(session.count(), 1);
}
