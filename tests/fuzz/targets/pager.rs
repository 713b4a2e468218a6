//! See `maps_fuzz::pager`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| maps_fuzz::pager::run(data));
