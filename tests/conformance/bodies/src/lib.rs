//! Scenarios of the public test server, one module for each document and one test for each coverage key.
#![cfg(test)]

mod body_array;
mod body_binary;
mod body_boolean;
mod body_boolean_quirks;
mod body_byte;
mod body_complex;
mod body_date;
mod body_datetime;
mod body_datetime_rfc1123;
mod body_dictionary;
mod body_duration;
mod body_file;
mod body_formdata;
mod body_formdata_urlencoded;
mod body_integer;
mod body_number;
mod body_number_quirks;
mod body_string;
mod body_string_quirks;
mod body_time;
mod xml_service;
