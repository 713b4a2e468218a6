//! See `maps_fuzz::status`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| maps_fuzz::status::run(data));
