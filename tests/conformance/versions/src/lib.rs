//! Scenarios of the public test server, one module for each document and one test for each coverage key.
#![cfg(test)]

mod dpg_customization;
mod dpg_initial;
mod dpg_update1;
mod multiapi_v0;
mod multiapi_v1;
mod multiapi_v1_custom_base_url;
mod multiapi_v2;
mod multiapi_v2_custom_base_url;
mod multiapi_v3;
