use body_complex::models::{Fish, Salmon, Sawshark, Shark};
use time::macros::datetime;

use super::client;

fn shark() -> Shark {
    Shark::new(20.0, datetime!(2012-01-05 01:00:00 UTC))
        .with_species("predator")
        .with_age(6)
}

fn sawshark() -> Sawshark {
    Sawshark::new(10.0, datetime!(1900-01-05 01:00:00 UTC))
        .with_species("dangerous")
        .with_age(105)
        .with_picture([255, 255, 255, 255, 254])
}

fn big_fish() -> Fish {
    let alone = || Fish::from(sawshark().with_siblings([] as [Fish; 0]));
    let coho = Salmon::new(2.0)
        .with_species("coho")
        .with_location("atlantic")
        .with_iswild(true)
        .with_siblings([Fish::from(shark()), sawshark().into()]);
    let predator = shark().with_siblings([Fish::from(coho), alone()]);
    Salmon::new(1.0)
        .with_species("king")
        .with_location("alaska")
        .with_iswild(true)
        .with_siblings([Fish::from(predator), alone()])
        .into()
}

gives! {
    get_complex_polymorphic_recursive_valid: polymorphicrecursive().get_valid() => big_fish();
    put_complex_polymorphic_recursive_valid: polymorphicrecursive().put_valid(&big_fish()) => ();
}
