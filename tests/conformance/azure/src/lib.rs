//! Scenarios of the public test server, one module for each document and one test for each coverage key.
#![cfg(test)]

mod azure_parameter_grouping;
mod azure_report;
mod azure_resource;
mod azure_resource_x;
mod azure_special_properties;
mod client_enum;
mod report;
mod security_aad;
mod security_key;
mod storage;
mod subscription_id_api_version;
