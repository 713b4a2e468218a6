//! Scenarios of `body-complex.json`.

use body_complex::BodyComplexClient;

client!(BodyComplexClient);

mod array;
mod basic;
mod dictionary;
mod flattencomplex;
mod inheritance;
mod polymorphicrecursive;
mod polymorphism;
mod primitive;
mod readonlyproperty;
