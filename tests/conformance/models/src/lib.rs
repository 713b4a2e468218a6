//! Scenarios of the public test server, one module for each document and one test for each coverage key.
#![cfg(test)]

mod additional_properties;
mod any_type;
mod complex_model;
mod constants;
mod extensible_enums_swagger;
mod merge_patch;
mod model_flattening;
mod multiple_inheritance;
mod no_operations;
mod non_string_enum;
mod object_type;
mod parameter_flattening;
mod reserved_words;
