//! `cargo xtask demo`: generates, then runs the package `maps-demo`.

use crate::{Outcome, codegen, test};

pub(crate) fn run() -> Result<Outcome, String> {
    if let Outcome::Failed = codegen::run(&codegen::Arguments::default())? {
        return Ok(Outcome::Failed);
    }
    test::cargo(&["run", "--quiet", "--package", "maps-demo"], &[])
}
