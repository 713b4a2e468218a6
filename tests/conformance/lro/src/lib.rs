//! Scenarios of the public test server, one module for each document and one test for each coverage key.
#![cfg(test)]

mod lro;
mod lro_parameterized_endpoints;
