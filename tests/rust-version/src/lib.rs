//! Depends on all published crates; `cargo xtask test rust-version` reads what comes with them.
