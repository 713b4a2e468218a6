use body_complex::models::{Dog, Siamese};

use super::client;

fn siamese() -> Siamese {
    Siamese::new()
        .with_id(2)
        .with_name("Siameeee")
        .with_breed("persian")
        .with_color("green")
        .with_hates([
            Dog::new()
                .with_id(1)
                .with_name("Potato")
                .with_food("tomato"),
            Dog::new()
                .with_id(-1)
                .with_name("Tomato")
                .with_food("french fries"),
        ])
}

gives! {
    get_complex_inheritance_valid: inheritance().get_valid() => siamese();
    put_complex_inheritance_valid: inheritance().put_valid(&siamese()) => ();
}
