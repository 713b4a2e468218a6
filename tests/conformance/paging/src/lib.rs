//! Scenarios of the public test server, one module for each document and one test for each coverage key.
#![cfg(test)]

mod custom_base_url_paging;
mod paging;
