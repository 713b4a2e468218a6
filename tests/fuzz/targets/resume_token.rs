//! See `maps_fuzz::resume_token`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| maps_fuzz::resume_token::run(data));
