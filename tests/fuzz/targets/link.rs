//! See `maps_fuzz::link`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| maps_fuzz::link::run(data));
