//! See `maps_fuzz::decode`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| maps_fuzz::decode::run(data));
