//! Scenarios of the public test server, one module for each document and one test for each coverage key.
#![cfg(test)]

mod custom_base_url;
mod custom_base_url_more_options;
mod parameterized_endpoint;
mod required_optional;
mod url;
mod url_multi_collection_format;
mod validation;
