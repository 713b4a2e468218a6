//! See `maps_fuzz::error_body`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| maps_fuzz::error_body::run(data));
